//! One question with its answers and comments.

use std::collections::BTreeMap;

use stoa_plugin::{Context, Cursor, Entry, Error, Order, Page, Query, Revision, State};

use super::experts::{self, Expert};
use super::{ANSWER, ANSWER_ORDERS, COMMENT, Options, QUESTION, SUGGESTION, Task, order};

/// The comments below a question or answer that are shown at first, and when all are asked for.
const COMMENTS_SHOWN: u32 = 3;
const COMMENTS_MAX: u32 = 100;

/// The most earlier texts that are shown, and the most bytes of them in all: a view has room for 256 KiB.
const REVISIONS_MAX: usize = 20;
const REVISION_BYTES_MAX: usize = 96 * 1024;

/// The most bytes of one earlier text: a view takes strings of 32 KiB.
const REVISION_BODY_BYTES_MAX: usize = 32_000;

/// One question.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) question: Entry,
    pub(crate) has_body: bool,
    /// What it is a duplicate of.
    pub(crate) original: Option<Entry>,
    /// Its page, where that is another one.
    pub(crate) page: Option<Page>,
    pub(crate) order: Order,
    /// The entry that the person came for.
    pub(crate) focus: Option<String>,
    /// The accepted answer, then the one that the person came for, then the others in their order.
    pub(crate) answers: Vec<Entry>,
    pub(crate) continued: bool,
    pub(crate) newer: u32,
    pub(crate) next: Option<Cursor>,
    /// The person's own answer.
    pub(crate) own: Option<String>,
    /// Below the question and below answers, by the id of what they stand below.
    pub(crate) comments: BTreeMap<String, Comments>,
    /// Earlier texts, where the task asks for them.
    pub(crate) revisions: Vec<Revision>,
    /// The present text of what the task asks about, where it asks for earlier ones.
    pub(crate) present: String,
    /// Who may know the answer, while nobody has given it.
    pub(crate) experts: Vec<Expert>,
    /// Who was invited to answer.
    pub(crate) invited: Vec<String>,
    /// Suggested changes that wait, by the id of what they would change, with the present and the suggested text.
    pub(crate) suggestions: BTreeMap<String, Suggested>,
    /// The comment that this question was.
    pub(crate) from: Option<Entry>,
}

/// A suggested change.
#[derive(Debug)]
pub(crate) struct Suggested {
    pub(crate) entry: Entry,
    pub(crate) present: String,
    pub(crate) wanted: String,
}

/// Some comments, and how many there are beyond them.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    pub(crate) entries: Vec<Entry>,
    pub(crate) hidden: u32,
}

impl Thread {
    /// The thread of an entry; none where that is not there (any more).
    pub(super) fn read(
        context: &Context,
        id: &str,
        options: &Options,
        task: Option<&(Task, String)>,
    ) -> Result<Option<Self>, Error> {
        let Some(named) = get(context, id)? else { return Ok(None) };
        let question = if named.parent.is_some() { get(context, &named.root)? } else { Some(named.clone()) };
        let Some(question) = question.filter(|question| question.kind == QUESTION) else { return Ok(None) };
        let focus = context.parameter("focus").map(str::to_owned);
        let focus = focus.or_else(|| named.parent.is_some().then(|| named.id.to_string()));
        let living = !matches!(question.state, State::Deleted | State::Removed);
        let original = match question.text("duplicate_of") {
            Some(original) => get(context, original)?.filter(|entry| entry.state == State::Visible),
            None => None,
        };
        let mut thread = Self {
            has_body: living && !context.entries().get_body(&question.id)?.is_empty(),
            original,
            page: page_of(context, &question)?,
            order: order(context, "by", ANSWER_ORDERS),
            focus,
            answers: Vec::new(),
            continued: false,
            newer: 0,
            next: None,
            own: None,
            comments: BTreeMap::new(),
            revisions: revisions(context, task)?,
            present: match task {
                Some((Task::History, id)) => present(context, id)?,
                _ => String::new(),
            },
            experts: Vec::new(),
            invited: Vec::new(),
            suggestions: BTreeMap::new(),
            from: match question.text("promoted_from") {
                Some(comment) => get(context, comment)?.filter(|entry| entry.state == State::Visible),
                None => None,
            },
            question,
        };
        (thread.experts, thread.invited) = experts::read(context, &thread.question)?;
        thread.read_answers(context, options)?;
        thread.read_comments(context)?;
        thread.read_suggestions(context)?;
        Ok(Some(thread))
    }

    fn below(&self, context: &Context, id: &str, query: Query) -> Query {
        let query =
            if self.question.page == context.page().key { query } else { query.page(&self.question.page) };
        query.parent(id)
    }

    fn read_answers(&mut self, context: &Context, options: &Options) -> Result<(), Error> {
        let query = Query::new(self.order, options.answers_shown);
        let query = self.below(context, &self.question.id, query).kind(ANSWER).since(context.since());
        let after = context.parameter("after");
        let (found, continued) = match context.entries().list(&query.clone().after(after)) {
            Err(Error::Invalid(_)) if after.is_some() => (context.entries().list(&query)?, false),
            other => (other?, after.is_some()),
        };
        (self.continued, self.newer, self.next) = (continued, found.newer, found.next);
        let accepted = self.question.text("accepted").map(str::to_owned);
        if !continued {
            // The one that the person came for stands before the others only where it would not be found otherwise.
            let focused = self.focused_answer(context)?;
            let missing = |id: &String| !found.entries.iter().any(|entry| *entry.id == **id);
            for id in accepted.iter().cloned().chain(focused.filter(missing)) {
                let known = found.entries.iter().find(|entry| *entry.id == *id).cloned();
                let entry = known.map_or_else(|| get(context, &id), |known| Ok(Some(known)))?;
                let new = |entry: &Entry| self.answers.iter().all(|one| one.id != entry.id);
                self.answers.extend(entry.filter(|entry| entry.kind == ANSWER && new(entry)));
            }
        }
        for entry in found.entries {
            // The accepted one was the first.
            let first = continued && accepted.as_deref() == Some(entry.id.as_str());
            if !first && self.answers.iter().all(|one| one.id != entry.id) {
                self.answers.push(entry);
            }
        }
        if let Some(person) = context.person() {
            let own = Query::new(Order::Newest, 1);
            let own = self.below(context, &self.question.id, own).kind(ANSWER).author(&person.id);
            let found = context.entries().list(&own)?.entries;
            let open = |entry: &&Entry| matches!(entry.state, State::Visible | State::Held);
            self.own = found.iter().find(open).map(|entry| entry.id.to_string());
        }
        Ok(())
    }

    /// The answer that the person came for, or the one that the comment stands below.
    fn focused_answer(&self, context: &Context) -> Result<Option<String>, Error> {
        let Some(id) = &self.focus else { return Ok(None) };
        let entry = get(context, id)?;
        Ok(entry.and_then(|entry| match entry.kind.as_str() {
            ANSWER => Some(entry.id.to_string()),
            _ => entry.parent.map(|parent| parent.to_string()),
        }))
    }

    /// What waits for whoever can decide about it, and what the person has suggested.
    fn read_suggestions(&mut self, context: &Context) -> Result<(), Error> {
        let Some(person) = context.person() else { return Ok(()) };
        let posts = std::iter::once(&self.question).chain(&self.answers);
        let some = posts.filter(|post| post.number("suggestions").unwrap_or(0) > 0).cloned();
        for post in some.collect::<Vec<_>>() {
            let query = self.below(context, &post.id, Query::new(Order::Newest, 1)).kind(SUGGESTION);
            let found = context.entries().list(&query.field_absent("decided"))?;
            let concerns =
                |one: &Entry| crate::rules::is_own(one, person) || crate::rules::decides(&post, person);
            let Some(entry) = found.entries.into_iter().next().filter(concerns) else { continue };
            let (present, wanted) = (present(context, &post.id)?, present(context, &entry.id)?);
            self.suggestions.insert(post.id.to_string(), Suggested { entry, present, wanted });
        }
        Ok(())
    }

    fn read_comments(&mut self, context: &Context) -> Result<(), Error> {
        let answered = self.question.number("answers").unwrap_or(0);
        let question = i64::from(self.question.replies) > answered || answered == 0;
        let answers = self.answers.iter().filter(|answer| answer.replies > 0 || answer.author.is_none());
        let mut below: Vec<String> = answers.map(|answer| answer.id.to_string()).collect();
        below.extend(question.then(|| self.question.id.to_string()));
        let opened = context.parameter("comments");
        let focused = self.focus.as_deref().map_or(Ok(None), |id| get(context, id))?;
        for id in below {
            let all = opened == Some(id.as_str())
                || focused
                    .as_ref()
                    .is_some_and(|entry| entry.kind == COMMENT && entry.parent.as_deref() == Some(&id));
            let limit = if all { COMMENTS_MAX } else { COMMENTS_SHOWN };
            let query = self.below(context, &id, Query::new(Order::Oldest, limit)).kind(COMMENT);
            let found = context.entries().list(&query)?;
            let shown = u32::try_from(found.entries.len()).unwrap_or(u32::MAX);
            let hidden = found.total.unwrap_or(0).saturating_sub(shown);
            self.comments.insert(id, Comments { entries: found.entries, hidden });
        }
        Ok(())
    }
}

/// The page of an entry, where that is another one than that of the call.
fn page_of(context: &Context, entry: &Entry) -> Result<Option<Page>, Error> {
    if entry.page == context.page().key {
        return Ok(None);
    }
    Ok(context.pages().get_many(&[entry.page.to_string()])?.pop())
}

/// The page of what a verb is done to, where that is another one than that of the call.
pub(crate) fn elsewhere(context: &Context, subject: Option<&str>) -> Result<Option<Page>, Error> {
    let entry = match subject {
        Some(id) => get(context, id)?,
        None => None,
    };
    entry.map_or(Ok(None), |entry| page_of(context, &entry))
}

/// An entry by an id from an address.
pub(crate) fn get(context: &Context, id: &str) -> Result<Option<Entry>, Error> {
    match context.entries().get(id) {
        Err(Error::Invalid(_)) => Ok(None),
        other => other,
    }
}

/// The text of an entry as it is now, as much of it as a view has room for.
fn present(context: &Context, id: &str) -> Result<String, Error> {
    let mut body = match context.entries().get_body(id) {
        Err(Error::NotFound | Error::Denied | Error::Invalid(_)) => String::new(),
        other => other?,
    };
    body.truncate(body.floor_char_boundary(REVISION_BODY_BYTES_MAX));
    Ok(body)
}

/// Earlier texts, as many as a view has room for.
fn revisions(context: &Context, task: Option<&(Task, String)>) -> Result<Vec<Revision>, Error> {
    let Some((Task::History, id)) = task else { return Ok(Vec::new()) };
    let mut revisions = match context.entries().list_revisions(id) {
        Err(Error::NotFound | Error::Denied | Error::Invalid(_)) => Vec::new(),
        other => other?,
    };
    let mut room = REVISION_BYTES_MAX;
    revisions.truncate(REVISIONS_MAX);
    for revision in &mut revisions {
        let most = revision.body.floor_char_boundary(room.min(REVISION_BODY_BYTES_MAX));
        revision.body.truncate(most);
        room -= most;
    }
    revisions.retain(|revision| !revision.body.is_empty());
    Ok(revisions)
}
