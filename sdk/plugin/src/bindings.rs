//! What `wit-bindgen` makes of `wit/`; nothing here is written by hand.
//!
//! Public only because the macro [`export!`](crate::export) has to reach it from a plugin's crate: use the
//! names that the crate's root offers.

wit_bindgen::generate!({
    path: ["../../wit/0.2/view", "../../wit/0.2/plugin"],
    world: "stoa:plugin/widget-plugin",
    pub_export_macro: true,
    export_macro_name: "export_widget",
    default_bindings_module: "stoa_plugin::bindings",
    additional_derives: [PartialEq],
    with: { "stoa:view/nodes@0.2.0": stoa_view::nodes },
    generate_all,
});
