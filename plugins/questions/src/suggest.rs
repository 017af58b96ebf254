//! Changes that people suggest who may not make them: the author of the post and moderators take or decline them.

use stoa_plugin::{Condition, Entry, Order, Otherwise, Outcome, Query, Refusal, Value};

use crate::model::{SUGGESTION, Task};
use crate::{Call, rules};

impl Call<'_> {
    pub(crate) fn suggest(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let post = self.entry()?;
        rules::check_suggest(&post, &self.viewer)?;
        let body = rules::check_body(self.typed("body"), self.options.length_max, true)?;
        if body == self.context.entries().get_body(&post.id)? {
            return Err(Refusal::field("body", "nothing-changed"));
        }
        let pending = Query::new(Order::Newest, 1).site().kind(SUGGESTION).parent(&post.id);
        if !self.context.entries().list(&pending.field_absent("decided"))?.entries.is_empty() {
            return Err(Refusal::conflict("already-suggested"));
        }
        // Of two at once one is decided on what is true by then.
        let count = post.number("suggestions");
        outcome.require(Condition::field(&post.id, "suggestions", count), Otherwise::Rerun)?;
        outcome.create(SUGGESTION).parent(&post.id).field("body", body).record()?;
        outcome.navigate(Task::Suggest.parameter(), "");
        outcome.announce("announce-suggested");
        outcome.focus(&post.id);
        Ok(())
    }

    /// Takes a suggestion, which makes it the text of the post, or declines it.
    pub(crate) fn decide(&self, outcome: &mut Outcome, takes: bool) -> Result<(), Refusal> {
        let suggestion = self.entry()?;
        let post: Entry = self.context.entries().load(suggestion.parent.as_deref())?;
        rules::check_decide(&suggestion, &post, &self.viewer)?;
        if takes {
            let body = self.context.entries().get_body(&suggestion.id)?;
            outcome.change(&post.id).seen(post.version).field("body", body).record()?;
        }
        let decided = Value::Text(if takes { "taken" } else { "declined" }.to_owned());
        outcome.change(&suggestion.id).field("decided", decided).record()?;
        let open = Condition::field(&suggestion.id, "decided", None::<&str>);
        outcome.require(open, Otherwise::refuse("decided-already"))?;
        outcome.announce(if takes { "announce-taken" } else { "announce-declined" });
        outcome.focus(&post.id);
        Ok(())
    }
}
