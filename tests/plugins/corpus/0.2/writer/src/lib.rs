//! Writes entries, the page and its private space.

use stoa_plugin::view::{FieldKind, View, ViewBuilder, label};
use stoa_plugin::{
    Action, Class, Condition, Context, Failure, Otherwise, Outcome, Refusal, Verb, Wakes, Widget, text,
};

struct Writer;

stoa_plugin::export!(Writer);

impl Widget for Writer {
    const VERBS: &'static [Verb] = &[
        Verb::new("write", Class::Create),
        Verb::new("correct", Class::Edit).seen(),
        Verb::new("close", Class::Moderate),
    ];

    fn view(context: &Context) -> Result<View, Failure> {
        let mut v = ViewBuilder::new();
        if context.may_write() {
            v.form("write", label("heading")).draft("note").key("form").with(|v| {
                v.field(FieldKind::Line, "title", label("heading"));
                v.composer("body", label("heading"), 500);
            });
        }
        v.button("close", label("heading"));
        Ok(v.finish())
    }

    fn act(_: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        match action.verb() {
            "write" => {
                let body = action.field("body").unwrap_or_default();
                if body.is_empty() {
                    return Err(Refusal::field("body", text("refused").text("why", "empty")));
                }
                let id = outcome.create("note").field("title", "A note").field("body", body).record()?;
                outcome.create("note").parent(&id).field("body", "A reply").record()?;
                outcome.put_value("last", Some(id.as_bytes()), Wakes::Page)?;
                outcome.navigate("note", "new");
                outcome.announce(text("heading").number("count", 1));
                outcome.focus(&id);
            }
            "correct" => {
                let id = action.subject().unwrap_or_default();
                let seen = action.seen().unwrap_or_default();
                outcome.require(Condition::field(id, "done", false), Otherwise::refuse("refused"))?;
                outcome.require(Condition::version(id, seen), Otherwise::Rerun)?;
                outcome.change(id).seen(seen).field("body", "Corrected").field("done", true).record()?;
                outcome.delete(id, seen)?;
            }
            _ => {
                let id = action.subject().unwrap_or_default();
                outcome.set_pinned(id, true)?;
                outcome.close_page(true)?;
            }
        }
        Ok(())
    }
}
