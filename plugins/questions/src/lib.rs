//! Questions and answers on any page, and a hub of those of a whole site or of a part of it.
//!
//! `model` reads what a call is about, `rules` decides, `view` shows, and this file says what each verb changes.
//! Written with nothing but `stoa-plugin`.

mod model;
mod reputation;
mod rules;
mod suggest;
mod view;

use model::{ANSWER, COMMENT, LIKE, MENU, OPEN, Options, Page, QUESTION, Task, Viewer};
use reputation::Reputation;
use stoa_plugin::view::View;
use stoa_plugin::{
    Action, Class, Condition, Context, Entry, Failure, Order, Otherwise, Outcome, Query, Refusal, Value,
    Verb, Widget,
};

/// How many questions lead from a duplicate to the one that is meant.
const DUPLICATES_MAX: usize = 5;

/// The plugin.
#[derive(Debug)]
pub struct Questions;

stoa_plugin::export!(Questions);

impl Widget for Questions {
    const VERBS: &'static [Verb] = &[
        Verb::new("start", Class::Mark),
        Verb::new("answered", Class::Mark),
        Verb::new("ask", Class::Create),
        Verb::new("answer", Class::Create),
        Verb::new("comment", Class::Create),
        Verb::new("edit", Class::Edit).seen(),
        Verb::new("delete", Class::Edit).seen(),
        Verb::new("vote", Class::Mark),
        Verb::new("me-too", Class::Mark),
        Verb::new("follow", Class::Mark),
        Verb::new("accept", Class::Mark),
        Verb::new("unaccept", Class::Mark),
        Verb::new("close", Class::Mark),
        Verb::new("reopen", Class::Mark),
        Verb::new("verify", Class::Mark),
        Verb::new("unverify", Class::Mark),
        Verb::new("invite", Class::Create),
        Verb::new("promote", Class::Create),
        Verb::new("suggest", Class::Create),
        Verb::new("take", Class::Edit),
        Verb::new("decline", Class::Mark),
    ];

    fn view(context: &Context) -> Result<View, Failure> {
        let page = Page::read(context)?;
        Ok(view::draw(context, &page))
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let elsewhere = model::elsewhere(context, action.subject())?;
        let viewer = Viewer::at(context, elsewhere.as_ref());
        let call = Call { context, action, viewer, options: Options::read(context) };
        match action.verb() {
            "start" => call.start(outcome),
            "answered" => call.answered(outcome),
            "ask" => call.ask(outcome),
            "answer" => call.answer(outcome),
            "comment" => call.comment(outcome),
            "edit" => call.edit(outcome),
            "delete" => call.delete(outcome),
            "vote" => call.vote(outcome),
            "me-too" => call.me_too(outcome),
            "follow" => call.follow(outcome),
            "accept" => call.accept(outcome, true),
            "unaccept" => call.accept(outcome, false),
            "close" => call.close(outcome),
            "reopen" => call.reopen(outcome),
            "verify" => call.verify(outcome, true),
            "unverify" => call.verify(outcome, false),
            "invite" => call.invite(outcome),
            "promote" => call.promote(outcome),
            "suggest" => call.suggest(outcome),
            "take" => call.decide(outcome, true),
            "decline" => call.decide(outcome, false),
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

    /// The question that an answer belongs to.
    fn question_of(&self, answer: &Entry) -> Result<Entry, Refusal> {
        Ok(self.context.entries().load(answer.parent.as_deref())?)
    }

    /// The version that the person has seen.
    fn seen(&self) -> Result<u32, Refusal> {
        self.action.seen().ok_or_else(|| Refusal::conflict("try-again"))
    }

    /// A field as it was typed.
    fn typed(&self, name: &str) -> &str {
        self.action.field(name).unwrap_or_default()
    }

    /// Who acts.
    fn person(&self) -> Result<&str, Refusal> {
        let person = self.viewer.person.ok_or_else(|| Refusal::denied("sign-in-first"))?;
        Ok(&person.id)
    }

    /// The title first; then what is known already, details and tags.
    fn start(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        rules::check_ask(&self.viewer)?;
        let title = rules::check_title(self.typed("title"))?;
        outcome.navigate("ask", shortened(&title));
        outcome.navigate(LIKE, "");
        outcome.focus("ask");
        Ok(())
    }

    /// A known question answers what somebody was about to ask: it is followed, and shown.
    fn answered(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let question = self.entry()?;
        rules::check_follow(&question, &self.viewer)?;
        outcome.put_mark(&question.target(), "follow", "1")?;
        outcome.put_mark(&question.target(), "deflected", "1")?;
        for name in ["ask", LIKE, "after", "show", "tag"] {
            outcome.navigate(name, "");
        }
        outcome.navigate(OPEN, &question.id);
        outcome.announce("announce-followed");
        outcome.focus(&question.id);
        Ok(())
    }

    fn ask(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        rules::check_ask(&self.viewer)?;
        let title = rules::check_title(self.typed("title"))?;
        let body = rules::check_body(self.typed("body"), self.options.length_max, false)?;
        let tags = rules::check_tags(self.typed("tags"), &[], &self.viewer, &self.options)?;
        let mut question = outcome.create(QUESTION).field("title", title);
        if !body.is_empty() {
            question = question.field("body", body);
        }
        if !tags.is_empty() {
            question = question.field("tags", tags);
        }
        let id = question.record()?;
        for name in ["ask", LIKE, "after", "show", "tag"] {
            outcome.navigate(name, "");
        }
        outcome.navigate(OPEN, &id);
        outcome.announce("announce-asked");
        outcome.focus(&id);
        Ok(())
    }

    fn answer(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let question = self.entry()?;
        rules::check_answer(&question, &self.viewer, false)?;
        let body = rules::check_body(self.typed("body"), self.options.length_max, true)?;
        // It may be closed while this is written; the manifest says that there is one answer from each person.
        outcome.require(not_closed(&question), Otherwise::refuse("question-closed"))?;
        let id = outcome.create(ANSWER).parent(&question.id).field("body", body).record()?;
        outcome.navigate(OPEN, &question.id);
        outcome.navigate(Task::Answer.parameter(), "");
        outcome.navigate("focus", &id);
        outcome.navigate("after", "");
        outcome.announce("announce-answered");
        outcome.focus(&id);
        Ok(())
    }

    fn comment(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_comment(&entry, &self.viewer)?;
        let body = rules::check_body(self.typed("body"), self.options.comment_length_max, true)?;
        let id = outcome.create(COMMENT).parent(&entry.id).field("body", body).record()?;
        outcome.navigate(Task::Comment.parameter(), "");
        outcome.navigate("comments", &entry.id);
        outcome.announce("announce-commented");
        outcome.focus(&id);
        Ok(())
    }

    fn edit(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_edit(&entry, &self.viewer)?;
        let seen = self.seen()?;
        let is_question = entry.kind == QUESTION;
        let most =
            if entry.kind == COMMENT { self.options.comment_length_max } else { self.options.length_max };
        let body = rules::check_body(self.typed("body"), most, !is_question)?;
        let mut fields: Vec<(&str, Value)> = Vec::new();
        if body != self.context.entries().get_body(&entry.id)? {
            fields.push(("body", body.into()));
        }
        if is_question {
            let title = rules::check_title(self.typed("title"))?;
            if entry.text("title") != Some(title.as_str()) {
                fields.push(("title", title.into()));
            }
            let before: Vec<&str> = entry.texts("tags").collect();
            let tags = rules::check_tags(self.typed("tags"), &before, &self.viewer, &self.options)?;
            if before != tags {
                fields.push(("tags", tags.into()));
            }
        }
        let reopens = is_question && !fields.is_empty() && rules::reopens(&entry, &self.viewer);
        if reopens {
            fields.push(("closed", Value::Unset));
            fields.push(("closed_by", Value::Unset));
        }
        if !fields.is_empty() {
            let change = outcome.change(&entry.id).seen(seen);
            fields.into_iter().fold(change, |change, (name, value)| change.field(name, value)).record()?;
        }
        outcome.navigate(Task::Edit.parameter(), "");
        outcome.announce(if reopens { "announce-reopened" } else { "announce-edited" });
        outcome.focus(&entry.id);
        Ok(())
    }

    fn delete(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        match entry.kind.as_str() {
            QUESTION => {
                let only = self.only_answer(&entry)?;
                rules::check_delete_question(&entry, only.as_ref(), &self.viewer)?;
                // An answer that comes meanwhile counts as well.
                let answers = entry.number("answers");
                outcome.require(Condition::field(&entry.id, "answers", answers), Otherwise::Rerun)?;
                outcome.require(
                    Condition::field(&entry.id, "accepted", None::<&str>),
                    Otherwise::refuse("delete-needed"),
                )?;
                outcome.navigate(OPEN, "");
            }
            ANSWER => {
                rules::check_delete_answer(&entry, &self.viewer)?;
                let free = Condition::field(&entry.id, "accepted", false);
                outcome.require(free, Otherwise::refuse("delete-useful"))?;
                outcome.navigate(OPEN, &entry.root);
                outcome.focus(&entry.root);
            }
            _ => {
                rules::check_delete_comment(&entry, &self.viewer)?;
                outcome.navigate(OPEN, &entry.root);
                outcome.focus(entry.parent.as_deref().unwrap_or(&entry.root));
            }
        }
        outcome.delete(&entry.id, self.seen()?)?;
        outcome.navigate("focus", "");
        outcome.announce("announce-deleted");
        Ok(())
    }

    /// The answer of a question that has one.
    fn only_answer(&self, question: &Entry) -> Result<Option<Entry>, Refusal> {
        if question.number("answers") != Some(1) {
            return Ok(None);
        }
        let answers = Query::new(Order::Top, 1).page(&question.page).parent(&question.id).kind(ANSWER);
        Ok(self.context.entries().list(&answers)?.entries.into_iter().next())
    }

    /// What is wanted comes along, so that the same press from another tab changes nothing.
    fn vote(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.entry()?;
        rules::check_vote(&entry, &self.viewer)?;
        let up = matches!(self.action.value(), Some("1" | "on"));
        match self.action.value() {
            Some("1" | "on") => outcome.put_mark(&entry.target(), "vote", "1")?,
            Some("-1") if self.options.downvotes && entry.kind != COMMENT => {
                outcome.put_mark(&entry.target(), "vote", "-1")?;
            }
            Some("-1") => return Err(Refusal::denied("no-downvotes")),
            Some("0" | "off") => outcome.delete_mark(&entry.target(), "vote")?,
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(self.options.reputation.vote(outcome, self.person()?, &entry, up)?)
    }

    fn me_too(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let question = self.entry()?;
        rules::check_me_too(&question, &self.viewer)?;
        match self.action.value() {
            Some("on") => outcome.put_mark(&question.target(), "me-too", "1")?,
            Some("off") => outcome.delete_mark(&question.target(), "me-too")?,
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    /// A question, or the questions of the page.
    fn follow(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let target = match self.action.subject() {
            Some(_) => {
                let question = self.entry()?;
                rules::check_follow(&question, &self.viewer)?;
                question.target()
            }
            None => {
                rules::check_signed_in(&self.viewer)?;
                self.context.here()
            }
        };
        match self.action.value() {
            Some("on") => {
                outcome.put_mark(&target, "follow", "1")?;
                outcome.announce("announce-followed");
            }
            Some("off") => {
                outcome.delete_mark(&target, "follow")?;
                outcome.announce("announce-unfollowed");
            }
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    /// The manifest says that one answer of a question is accepted: the former one no longer is.
    fn accept(&self, outcome: &mut Outcome, accepted: bool) -> Result<(), Refusal> {
        let answer = self.entry()?;
        let question = self.question_of(&answer)?;
        rules::check_accept(&question, &answer, &self.viewer)?;
        if answer.flag("accepted") != accepted {
            if question.text("closed").is_none() {
                outcome.require(not_closed(&question), Otherwise::refuse("question-closed"))?;
            }
            let value: Option<bool> = accepted.then_some(true);
            outcome.change(&answer.id).field("accepted", value).record()?;
            self.reward(outcome, &question, &answer, accepted)?;
        }
        outcome.announce(if accepted { "announce-accepted" } else { "announce-unaccepted" });
        outcome.focus(&answer.id);
        Ok(())
    }

    /// What the former answer has earned goes back, and the new one earns it.
    fn reward(
        &self,
        outcome: &mut Outcome,
        question: &Entry,
        answer: &Entry,
        accepted: bool,
    ) -> Result<(), Refusal> {
        let before = question.text("accepted");
        if self.options.reputation != Reputation::Off {
            // Another tab may be swapping it, too: then this is decided on what is true by then.
            outcome.require(Condition::field(&question.id, "accepted", before), Otherwise::Rerun)?;
        }
        if let Some(former) = before {
            self.options.reputation.unaccept(outcome, former)?;
        }
        if accepted {
            self.options.reputation.accept(outcome, self.person()?, question, answer)?;
        }
        Ok(())
    }

    fn close(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let question = self.entry()?;
        rules::check_close(&question, &self.viewer)?;
        let reason = self.typed("reason");
        if !rules::CLOSE_REASONS.contains(&reason) {
            return Err(Refusal::field("reason", "reason-missing"));
        }
        let original = if reason == "duplicate" { Some(self.original(&question)?) } else { None };
        let change = outcome.change(&question.id).field("closed", reason).field("closed_by", self.person()?);
        change.field("duplicate_of", original).record()?;
        outcome.navigate(Task::Close.parameter(), "");
        outcome.announce("announce-closed");
        outcome.focus(&question.id);
        Ok(())
    }

    /// The question that a pasted link leads to; of a duplicate the one that is meant by it.
    fn original(&self, question: &Entry) -> Result<String, Refusal> {
        let written = self.typed("original").trim();
        if written.is_empty() {
            return Err(Refusal::field("original", "original-missing"));
        }
        let refuse = |message| Err(Refusal::field("original", message));
        let mut id = linked(written).to_owned();
        for _ in 0..DUPLICATES_MAX {
            let found =
                model::get(self.context, &id)?.filter(|entry| entry.state == stoa_plugin::State::Visible);
            let Some(found) = found else { return refuse("original-unknown") };
            if found.kind != QUESTION {
                id = found.root.to_string();
                continue;
            }
            if found.id == question.id {
                return refuse("original-same");
            }
            match found.text("duplicate_of").filter(|_| found.text("closed") == Some("duplicate")) {
                Some(next) => next.clone_into(&mut id),
                None => return Ok(found.id.to_string()),
            }
        }
        refuse("original-unknown")
    }

    fn reopen(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let question = self.entry()?;
        rules::check_reopen(&question, &self.viewer)?;
        let change = outcome.change(&question.id).field("closed", Value::Unset);
        change.field("closed_by", Value::Unset).field("duplicate_of", Value::Unset).record()?;
        outcome.announce("announce-reopened");
        outcome.focus(&question.id);
        Ok(())
    }

    /// Says that an answer is right, until it is to be looked at again.
    fn verify(&self, outcome: &mut Outcome, right: bool) -> Result<(), Refusal> {
        let answer = self.entry()?;
        rules::check_verify(&answer, &self.viewer)?;
        let now = self.viewer.now;
        let due = now.saturating_add(self.options.review_micros);
        let value = |value: Value| if right { value } else { Value::Unset };
        let change = outcome.change(&answer.id).field("verified_by", value(self.person()?.into()));
        let change = change.field("verified_at", value(Value::Time(now)));
        change.field("review_due", value(Value::Time(due))).record()?;
        if right {
            // What was verified is the text that was read.
            let read = Condition::version(&answer.id, answer.version);
            outcome.require(read, Otherwise::refuse("changed-meanwhile"))?;
        }
        outcome.announce(if right { "announce-verified" } else { "announce-unverified" });
        outcome.focus(&answer.id);
        Ok(())
    }
}

impl Call<'_> {
    /// Asks somebody who may know; the host tells them.
    fn invite(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let question = self.entry()?;
        let person = self.action.value().unwrap_or_default();
        model::check_invite(self.context, &question, &self.viewer, person)?;
        outcome.require(not_closed(&question), Otherwise::refuse("question-closed"))?;
        model::invite(outcome, &question, person)?;
        outcome.announce("announce-invited");
        outcome.focus(&question.id);
        Ok(())
    }

    /// A comment that is a question becomes one; each leads to the other.
    fn promote(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let comment = self.entry()?;
        rules::check_promote(&comment, &self.viewer)?;
        let body = self.context.entries().get_body(&comment.id)?;
        let title = rules::check_title(&rules::title_of(&body))?;
        let tags: Vec<String> = match model::get(self.context, &comment.root)? {
            Some(question) if self.options.tag_required => {
                question.texts("tags").map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let mut question = outcome.create(QUESTION).field("title", title).field("body", body);
        if !tags.is_empty() {
            question = question.field("tags", tags);
        }
        let id = question.field("promoted_from", Value::Text(comment.id.to_string())).record()?;
        outcome.change(&comment.id).field("became", Value::Text(id.clone())).record()?;
        // Two presses make one question.
        outcome.require(Condition::field(&comment.id, "became", None::<&str>), Otherwise::refuse("gone"))?;
        outcome.navigate("comments", "");
        outcome.navigate("focus", "");
        outcome.navigate(MENU, "");
        outcome.navigate(OPEN, &id);
        outcome.announce("announce-promoted");
        outcome.focus(&id);
        Ok(())
    }
}

fn not_closed(question: &Entry) -> Condition {
    Condition::field(&question.id, "closed", None::<&str>)
}

/// A title as a parameter takes it.
fn shortened(title: &str) -> &str {
    &title[..title.floor_char_boundary(256)]
}

/// The id of the question that an address leads to; a text without one as it is.
fn linked(written: &str) -> &str {
    let parameters = written.split(['?', '&', '#']).skip(1);
    parameters.filter_map(|pair| pair.strip_prefix("q=")).last().unwrap_or(written)
}
