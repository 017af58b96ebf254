//! What `wit-bindgen` makes of `wit/`; nothing here is written by hand.
#![expect(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    unused_lifetimes,
    clippy::allow_attributes_without_reason,
    reason = "generated: the component ABI passes pointers"
)]

wit_bindgen::generate!({
    path: ["../../wit/view", "../../wit/plugin"],
    world: "stoa:plugin/widget-plugin",
    pub_export_macro: true,
    export_macro_name: "export_widget",
    default_bindings_module: "stoa_plugin::bindings",
    additional_derives: [PartialEq],
    with: { "stoa:view/nodes@0.1.0": stoa_view::nodes },
    generate_all,
});
