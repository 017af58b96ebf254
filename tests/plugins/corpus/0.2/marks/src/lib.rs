//! Votes, cheers and follows.

use stoa_plugin::view::{ToggleKind, View, ViewBuilder, label, literal};
use stoa_plugin::{
    Action, Class, Condition, Context, Failure, Order, Otherwise, Outcome, Query, Refusal, Target, Verb,
    Widget,
};

struct Marks;

stoa_plugin::export!(Marks);

impl Widget for Marks {
    const VERBS: &'static [Verb] =
        &[Verb::new("vote", Class::Mark), Verb::new("cheer", Class::Mark), Verb::new("follow", Class::Mark)];

    fn view(context: &Context) -> Result<View, Failure> {
        let found = context.entries().list(&Query::new(Order::Top, 2))?;
        let follows = context.marks().get_own(&context.here(), "follow")?.is_some();
        let mut v = ViewBuilder::new();
        v.toggle(ToggleKind::Follow, "follow", label("heading")).on(follows);
        for entry in &found.entries {
            v.post(&entry.id, entry.created_at, &[]).author(entry.author.as_deref()).with(|v| {
                let score = entry.count("vote", "1").cast_signed();
                v.vote("vote", score, i8::from(entry.mine("vote").is_some())).down(true);
                v.reactions("cheer", label("heading")).with(|v| {
                    v.reaction(
                        "🎉",
                        label("heading"),
                        entry.count("cheer", "🎉"),
                        entry.mine("cheer").is_some(),
                    );
                });
            });
            let holders = context.marks().list_holders(&entry.target(), "vote", Some("1"), None, 5)?;
            v.text(literal(&format!("{} holders", holders.items.len())));
        }
        Ok(v.finish())
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let target = Target::entry(action.subject().unwrap_or_default());
        match (action.verb(), action.value()) {
            ("vote", Some(value @ ("1" | "-1"))) => outcome.put_mark(&target, "vote", value)?,
            ("vote", _) => outcome.delete_mark(&target, "vote")?,
            ("cheer", _) => {
                outcome.require(Condition::not_marked(&target, "cheer"), Otherwise::refuse("refused"))?;
                outcome.put_mark(&target, "cheer", "🎉")?;
            }
            _ => outcome.put_mark(&context.here(), "follow", "1")?,
        }
        Ok(())
    }
}
