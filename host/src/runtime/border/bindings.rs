//! What `bindgen!` makes of `wit/`; nothing here is written by hand.

wasmtime::component::bindgen!({
    path: ["../wit/view", "../wit/plugin"],
    world: "stoa:plugin/widget-plugin",
    imports: {
        "stoa:plugin/clock.now": trappable,
        "stoa:plugin/random.next": trappable,
        "stoa:plugin/settings.get": trappable,
        "stoa:plugin/log.write": trappable,
        "stoa:plugin/entries-write.create": trappable,
        "stoa:plugin/entries-write.change": trappable,
        "stoa:plugin/entries-write.delete": trappable,
        "stoa:plugin/entries-write.set-pinned": trappable,
        "stoa:plugin/marks-write.put": trappable,
        "stoa:plugin/marks-write.delete": trappable,
        "stoa:plugin/pages-write.set-closed": trappable,
        "stoa:plugin/kv-write.put": trappable,
        "stoa:plugin/conditions.require": trappable,
        "stoa:plugin/outcome.navigate": trappable,
        "stoa:plugin/outcome.announce": trappable,
        "stoa:plugin/outcome.focus": trappable,
        default: async | trappable,
    },
    exports: { default: async },
    trappable_error_type: { "stoa:plugin/types.error" => crate::runtime::call::HostError },
});
