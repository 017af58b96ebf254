//! Comments: threads, replies, votes and moderation inside any page.
//!
//! `model` reads what a call is about, `rules` decides, `view` shows, and this file says what each verb changes.
//! Written with nothing but `stoa-plugin`.

mod model;
mod rules;
mod view;

use model::{KIND, Options, Page, Viewer};
use stoa_plugin::view::View;
use stoa_plugin::{Action, Class, Context, Entry, Failure, Outcome, Refusal, Verb, Widget};

/// The plugin.
#[derive(Debug)]
pub struct Comments;

stoa_plugin::export!(Comments);

impl Widget for Comments {
    const VERBS: &'static [Verb] = &[
        Verb::new("create", Class::Create),
        Verb::new("reply", Class::Create),
        Verb::new("edit", Class::Edit).seen(),
        Verb::new("update-note", Class::Edit),
        Verb::new("delete", Class::Edit).seen(),
        Verb::new("vote", Class::Mark),
        Verb::new("react", Class::Mark),
        Verb::new("follow", Class::Mark),
        Verb::new("pin", Class::Moderate),
        Verb::new("unpin", Class::Moderate),
        Verb::new("close", Class::Moderate),
        Verb::new("open", Class::Moderate),
    ];

    fn view(context: &Context) -> Result<View, Failure> {
        let page = Page::read(context)?;
        Ok(view::draw(context, &page))
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let call = Call { context, action, viewer: Viewer::of(context), options: Options::read(context) };
        match action.verb() {
            "create" => call.create(outcome),
            "reply" => call.reply(outcome),
            "edit" => call.edit(outcome),
            "update-note" => call.update_note(outcome),
            "delete" => call.delete(outcome),
            "vote" => call.vote(outcome),
            "react" => call.react(outcome),
            "follow" => call.follow(outcome),
            "pin" => call.pin(outcome, true),
            "unpin" => call.pin(outcome, false),
            "close" => call.close(outcome, true),
            "open" => call.close(outcome, false),
            _ => Err(Refusal::denied("denied")),
        }
    }
}

/// One action with what decides about it.
struct Call<'a> {
    context: &'a Context,
    action: &'a Action,
    viewer: Viewer<'a>,
    options: Options,
}

impl Call<'_> {
    /// The entry that the verb is done to.
    fn entry(&self) -> Result<Entry, Refusal> {
        Ok(self.context.entries().load(self.action.subject())?)
    }

    /// The version that the person has seen.
    fn seen(&self) -> Result<u32, Refusal> {
        self.action.seen().ok_or_else(|| Refusal::conflict("try-again"))
    }

    /// What was written, checked.
    fn text(&self) -> Result<&str, Refusal> {
        rules::check_text(self.action.field("body").unwrap_or_default(), &self.viewer, &self.options)
    }

    fn create(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        rules::check_write(&self.viewer)?;
        let id = outcome.create(KIND).field("body", self.text()?).record()?;
        if !model::shows_a_new_comment(self.context, &self.options)? {
            outcome.navigate("sort", "newest");
        }
        outcome.navigate("after", "");
        outcome.navigate("focus", "");
        outcome.announce("announce-posted");
        outcome.focus(&id);
        Ok(())
    }

    fn reply(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        rules::check_write(&self.viewer)?;
        let parent = self.entry()?;
        rules::check_reply(&parent, &self.viewer)?;
        let id = outcome.create(KIND).parent(&parent.id).field("body", self.text()?).record()?;
        outcome.navigate("reply", "");
        let root = self.context.entries().get(&parent.root)?;
        let too_long = root.is_some_and(|root| root.replies >= model::ANSWERS_MAX);
        if self.context.parameter("focus").is_some() || too_long {
            outcome.navigate("focus", &id);
            outcome.navigate("after", "");
        } else {
            // Or the new reply might be behind "Show more replies".
            let open = model::open_threads(self.context);
            outcome.navigate("open", &model::opened(&open, &parent.root));
        }
        outcome.announce("announce-replied");
        outcome.focus(&id);
        Ok(())
    }

    fn edit(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_edit(&entry, &self.viewer, &self.options)?;
        let text = self.text()?;
        if text != self.context.entries().get_body(&entry.id)? {
            outcome.change(&entry.id).seen(self.seen()?).field("body", text).record()?;
        }
        outcome.navigate("edit", "");
        outcome.announce("announce-edited");
        outcome.focus(&entry.id);
        Ok(())
    }

    fn update_note(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_update(&entry, &self.viewer, &self.options)?;
        let body = format!("{}\n\n**Update:** {}", self.context.entries().get_body(&entry.id)?, self.text()?);
        let body = rules::check_text(&body, &self.viewer, &self.options)?;
        // Based on the text that this call has read: another one in between is a conflict.
        outcome.change(&entry.id).seen(entry.version).field("body", body).record()?;
        outcome.navigate("update", "");
        outcome.announce("announce-edited");
        outcome.focus(&entry.id);
        Ok(())
    }

    fn delete(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_delete(&entry, &self.viewer)?;
        outcome.delete(&entry.id, self.seen()?)?;
        outcome.announce("announce-deleted");
        // With replies below it, its place stays.
        if entry.replies > 0 {
            outcome.focus(&entry.id);
        } else if let Some(parent) = &entry.parent {
            outcome.focus(parent);
        }
        Ok(())
    }

    /// What is wanted comes along, so that the same press from another tab changes nothing.
    fn vote(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_vote(&entry, &self.viewer)?;
        match self.action.value() {
            Some("1" | "on") => outcome.put_mark(&entry.target(), "vote", "1")?,
            Some("-1") if self.options.downvotes => outcome.put_mark(&entry.target(), "vote", "-1")?,
            Some("-1") => return Err(Refusal::denied("no-downvotes")),
            Some("0" | "off") => outcome.delete_mark(&entry.target(), "vote")?,
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    fn react(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_vote(&entry, &self.viewer)?;
        match self.action.value().and_then(|value| value.split_once(' ')) {
            Some(("on", emoji)) if self.options.reactions && rules::is_reaction(emoji) => {
                outcome.put_mark(&entry.target(), "reaction", emoji)?;
            }
            // Another reaction may have taken its place meanwhile: that one stays.
            Some(("off", emoji)) if entry.mine("reaction") == Some(emoji) => {
                outcome.delete_mark(&entry.target(), "reaction")?;
            }
            Some(("off", emoji)) if rules::is_reaction(emoji) => {}
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    fn follow(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        rules::check_signed_in(&self.viewer)?;
        match self.action.value() {
            Some("on") => {
                outcome.put_mark(&self.context.here(), "follow", "1")?;
                outcome.announce("announce-followed");
            }
            Some("off") => {
                outcome.delete_mark(&self.context.here(), "follow")?;
                outcome.announce("announce-unfollowed");
            }
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    fn pin(&self, outcome: &mut Outcome, pinned: bool) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_pin(&entry, &self.viewer)?;
        outcome.set_pinned(&entry.id, pinned)?;
        outcome.announce(if pinned { "announce-pinned" } else { "announce-unpinned" });
        outcome.focus(&entry.id);
        Ok(())
    }

    fn close(&self, outcome: &mut Outcome, closed: bool) -> Result<(), Refusal> {
        rules::check_moderate(&self.viewer)?;
        outcome.close_page(closed)?;
        outcome.announce(if closed { "announce-closed" } else { "announce-opened" });
        Ok(())
    }
}
