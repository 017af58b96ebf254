//! What `bindgen!` makes of `wit/`; nothing here is written by hand.

wasmtime::component::bindgen!({
    path: ["../wit/view", "../wit/plugin"],
    world: "stoa:plugin/widget-plugin",
    imports: {
        "stoa:plugin/clock.now": trappable,
        "stoa:plugin/random.next": trappable,
        "stoa:plugin/settings.get": trappable,
        "stoa:plugin/log.write": trappable,
        "stoa:plugin/entries.reserve-id": trappable,
        default: async | trappable,
    },
    exports: { default: async },
    trappable_error_type: { "stoa:plugin/types.error" => crate::runtime::call::Halt },
});
