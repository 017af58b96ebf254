//! Short tips from colleagues, on any page; others say which helped them.

use stoa_plugin::view::{ToggleKind, View, ViewBuilder, label, message};
use stoa_plugin::{Action, Class, Context, Failure, Order, Outcome, Query, Refusal, Verb, Widget, text};

/// The plugin.
#[derive(Debug)]
pub struct Tips;

stoa_plugin::export!(Tips);

impl Widget for Tips {
    const VERBS: &'static [Verb] = &[Verb::new("share", Class::Create), Verb::new("helped", Class::Mark)];

    fn view(context: &Context) -> Result<View, Failure> {
        let tips = context.entries().list(&Query::new(Order::Top, 50))?;
        let length_max = context.settings().count("length_max", 280);
        let mut v = ViewBuilder::new();
        v.section(message("heading").number("count", tips.total.unwrap_or(0))).with(|v| {
            if context.may_write() {
                v.form("share", label("share")).draft("tip").key("form").with(|v| {
                    v.composer("body", label("your-tip"), length_max);
                });
            }
            v.feed(label("tips")).total(tips.total).key("tips").with(|v| {
                for tip in &tips.entries {
                    let post = v.post(&tip.id, tip.created_at, &[("tip", &tip.id)]).key(&tip.id);
                    post.author(tip.author.as_deref()).body().with(|v| {
                        if context.person().is_some() && !context.wrote(tip) {
                            v.toggle(ToggleKind::Plain, "helped", label("helped"))
                                .on(tip.mine("helped").is_some())
                                .count(tip.count("helped", "1"));
                        }
                    });
                }
            });
        });
        Ok(v.finish())
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        match action.verb() {
            "share" => {
                let tip = action.field("body").unwrap_or_default().trim();
                let length_max = context.settings().count("length_max", 280);
                if tip.is_empty() {
                    return Err(Refusal::field("body", "tip-empty"));
                }
                if tip.chars().count() > length_max as usize {
                    return Err(Refusal::field("body", text("tip-long").number("most", length_max)));
                }
                let id = outcome.create("tip").field("body", tip).record()?;
                outcome.announce("announce-shared");
                outcome.focus(&id);
            }
            "helped" => {
                let tip = context.entries().load(action.subject())?;
                match action.value() {
                    Some("on") => outcome.put_mark(&tip.target(), "helped", "1")?,
                    _ => outcome.delete_mark(&tip.target(), "helped")?,
                }
            }
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }
}
