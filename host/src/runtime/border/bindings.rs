//! What `bindgen!` makes of `wit/`; nothing here is written by hand.
#![expect(
    clippy::too_many_lines,
    clippy::missing_errors_doc,
    clippy::doc_markdown,
    clippy::allow_attributes_without_reason,
    clippy::allow_attributes,
    reason = "generated from wit/, where every item is documented"
)]

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
