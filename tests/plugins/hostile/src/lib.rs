//! A plugin that does everything a plugin must not do. The parameter `case` of a view, or the verb of an action, says
//! what. Written against the border itself: hostile code does not use the SDK.
#![cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "generated: the component ABI passes pointers")
)]

mod act;
mod bindings {
    //! What `wit-bindgen` makes of `wit/`.

    wit_bindgen::generate!({
        path: ["../../../wit/0.2/view", "../../../wit/0.2/plugin"],
        world: "stoa:plugin/widget-plugin",
        generate_all,
    });
}
mod views;

use bindings::exports::stoa::plugin::widget::{
    Action, Description, Failure, Guest, Refusal, Request, Verb, VerbClass, ViewTree,
};
use bindings::stoa::plugin::settings;

struct Hostile;

impl Guest for Hostile {
    fn describe() -> Description {
        let verb = |name: &str| Verb { name: name.to_owned(), class: VerbClass::Create, seen: false };
        let Some(settings::Value::Text(how)) = settings::get("describe") else {
            return Description { verbs: vec![verb("no-settings")] };
        };
        match how.as_str() {
            "loop" => views::spin(),
            "panic" => views::fall(),
            "twice" => Description { verbs: vec![verb("post"), verb("post")] },
            "many" => Description { verbs: (0..33).map(|n| verb(&"a".repeat(n + 1))).collect() },
            "shout" => Description { verbs: vec![verb("POST!")] },
            "host" => Description { verbs: vec![verb("host-approve")] },
            _ => Description { verbs: vec![verb("post"), Verb { seen: true, ..verb("edit") }] },
        }
    }

    fn view(request: Request) -> Result<ViewTree, Failure> {
        let case = request.parameters.iter().find(|one| one.name == "case");
        views::show(case.map_or("", |one| one.value.as_str()), &request)
    }

    fn act(_request: Request, action: Action) -> Result<(), Refusal> {
        act::decide(&action)
    }
}

// Only where these are the names of a component's exports: a linker for this machine's own libraries refuses them.
#[cfg(target_arch = "wasm32")]
bindings::export!(Hostile with_types_in bindings);
