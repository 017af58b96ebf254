//! Moderation of what was recorded: each text of a change is judged before it is written.

use sha2::{Digest as _, Sha256};
use stoa_rules::{
    Author, Change, Draft, Field, Fields, Kind, State, Value, Verdict as Judgement, clean_body, clean_line,
    judge,
};

use crate::base::id::{EntryId, PersonId};
use crate::services::markdown;
use crate::services::texts::Value as Argument;
use crate::store::{AuthorSeen, Judged, Page, Permit, Verdict};

use super::super::app::{App, Installed, SiteState};
use super::super::refusal::Refusal;
use super::super::request::ViewRequest;

/// People mentioned in one entry; of a guest.
const MENTIONS_MAX: usize = 10;
const MENTIONS_MAX_GUEST: usize = 2;

/// The longest text of one line, in characters.
const LINE_CHARS_MAX: usize = stoa_rules::limits::TEXT_CHARS_MAX;

/// Changes with moderation's decisions.
pub(super) struct JudgedChanges {
    pub(super) changes: Vec<Judged>,
    /// Whether something waits for a moderator; none where nothing was written that people read.
    pub(super) held: Option<bool>,
    /// What was known of the author; the commit looks whether it is still so.
    pub(super) author_seen: Option<AuthorSeen>,
}

/// Where and by whom something is written.
struct Place<'a> {
    ask: &'a ViewRequest,
    site: &'a SiteState,
    page: &'a Page,
}

impl App {
    /// Clean and judge the texts of all changes.
    ///
    /// # Errors
    /// `Invalid` with the field that is refused, in the person's words; `Denied` on a closed page; `Unavailable`.
    pub(super) async fn judge(
        &self,
        ask: &ViewRequest,
        site: &SiteState,
        installed: &Installed,
        page: &Page,
        permit: &Permit,
        changes: Vec<Change>,
    ) -> Result<JudgedChanges, Refusal> {
        let place = Place { ask, site, page };
        let kinds = &installed.plugin.declared().kinds;
        let mut judged =
            JudgedChanges { changes: Vec::with_capacity(changes.len()), held: None, author_seen: None };
        let mut author = None;
        for mut change in changes {
            let (fields, kind, edit) = match &mut change {
                Change::Create(new) => (&mut new.fields, kinds.get(&new.kind), false),
                Change::SetFields { id, fields, .. } => {
                    let kind = self.kind_of(ask, installed, id).await?;
                    (fields, kind.and_then(|kind| kinds.get(&kind)), true)
                }
                Change::SetState { reason, .. } => {
                    *reason = clean_line(reason, stoa_rules::limits::REASON_CHARS_MAX);
                    judged.changes.push(Judged { change, verdict: None });
                    continue;
                }
                Change::SetPinned { .. }
                | Change::PutMark { .. }
                | Change::DeleteMark { .. }
                | Change::ClosePage(_)
                | Change::PutValue { .. }
                | Change::Post { .. }
                | Change::Reverse { .. } => {
                    judged.changes.push(Judged { change, verdict: None });
                    continue;
                }
            };
            let texts = clean(fields, kind);
            if edit && texts.is_empty() {
                judged.changes.push(Judged { change, verdict: None });
                continue;
            }
            let facts = match &author {
                Some(facts) => facts,
                None => author.insert(self.author(ask, permit, &mut judged).await?),
            };
            let verdict = self.verdict(&place, facts, &texts, edit).await?;
            judged.held = Some(verdict.state == State::Held || judged.held == Some(true));
            judged.changes.push(Judged { change, verdict: Some(verdict) });
        }
        Ok(judged)
    }

    /// The kind of an entry that is to be changed; none for one that is not there, which the commit refuses.
    async fn kind_of(
        &self,
        ask: &ViewRequest,
        installed: &Installed,
        id: &str,
    ) -> Result<Option<String>, Refusal> {
        let page = Some(ask.page_key.as_str()).filter(|_| !installed.plugin.reads_site());
        let ids = [EntryId::from(id)];
        let found = self.0.store.get_entries(&ask.site, &ask.plugin, page, &ask.actor.viewer(), &ids).await?;
        Ok(found.entries.into_iter().next().map(|entry| entry.kind))
    }

    async fn author(
        &self,
        ask: &ViewRequest,
        permit: &Permit,
        judged: &mut JudgedChanges,
    ) -> Result<Author, Refusal> {
        let history = self.0.store.author_history(&ask.site, permit.person(), self.0.clock.now()).await?;
        judged.author_seen = Some(AuthorSeen { last_entry: history.last_entry.clone() });
        Ok(Author {
            moderates: permit.moderates(),
            guest: ask.actor.is_guest(),
            approved_count: history.approved,
            rejected_7d_count: history.rejected_7d,
            published_7d_count: history.published_7d,
            last_body: history.last_body,
        })
    }

    /// The built-in verdict on all texts of an entry: the strictest of them. A refusal becomes a problem of its field.
    async fn verdict(
        &self,
        place: &Place<'_>,
        author: &Author,
        texts: &[(String, String)],
        edit: bool,
    ) -> Result<Verdict, Refusal> {
        let mut verdict = Verdict { state: State::Visible, reason: String::new(), suspect: false };
        for (field, text) in texts {
            match self.judgement(place, author, (field, text), edit).await? {
                Judgement::Publish => {}
                Judgement::PublishAndReport => verdict.suspect = true,
                Judgement::Hold(reason) => {
                    verdict.state = State::Held;
                    reason.clone_into(&mut verdict.reason);
                }
                Judgement::Refuse(reason) => return Err(self.judged_refused(place, (field, text), reason)),
            }
        }
        Ok(verdict)
    }

    async fn judgement(
        &self,
        place: &Place<'_>,
        author: &Author,
        (field, text): (&str, &str),
        edit: bool,
    ) -> Result<Judgement, Refusal> {
        let body = text.to_owned();
        let reading = self.0.parsers.run(move || markdown::read(&body)).await?;
        // Markup around nothing, such as a row of asterisks, is drawn as nothing.
        if !text.is_empty() && reading.says_nothing() {
            return Err(self.invalid(place.ask, field, "host-refused-empty"));
        }
        let mentions_max = if author.guest { MENTIONS_MAX_GUEST } else { MENTIONS_MAX };
        if reading.mention_count > mentions_max {
            let count = [("count", Argument::Number(i64::try_from(mentions_max).unwrap_or(i64::MAX)))];
            let texts = self.0.kit.texts.of_host(&place.ask.lang);
            let message = texts.message("host-refused-mentions", &count);
            return Err(Refusal::Invalid { fields: vec![(field.to_owned(), message)] });
        }
        let insists = self.0.repeat_warnings.get(&repeat_warning(place.ask, text)).is_some();
        let draft = Draft {
            body: text,
            words: &reading.words,
            link_count: reading.link_count,
            edit,
            insists,
            closed: place.page.closed,
        };
        Ok(judge(&place.site.config.moderation, author, &draft))
    }

    fn judged_refused(&self, place: &Place<'_>, (field, text): (&str, &str), reason: &str) -> Refusal {
        if reason == "repeat" {
            self.0.repeat_warnings.insert(repeat_warning(place.ask, text), ());
        }
        let id = format!("host-refused-{reason}");
        if reason == "closed" {
            return Refusal::Denied { message: self.text(&place.ask.lang, &id) };
        }
        self.invalid(place.ask, field, &id)
    }

    fn invalid(&self, ask: &ViewRequest, field: &str, id: &str) -> Refusal {
        Refusal::Invalid { fields: vec![(field.to_owned(), self.text(&ask.lang, id))] }
    }
}

/// Clean all texts as they are to be stored, and list those that moderation judges, the body first.
fn clean(fields: &mut Fields, kind: Option<&Kind>) -> Vec<(String, String)> {
    let mut judged = Vec::new();
    for (name, value) in fields.iter_mut() {
        let declared = kind.and_then(|kind| kind.fields.get(name));
        let moderated = declared.is_some_and(|field| field.kind.is_text());
        match value {
            Value::Text(text) => {
                *text = if declared.is_some_and(is_long) {
                    clean_body(text)
                } else {
                    clean_line(text, LINE_CHARS_MAX)
                };
                judged.extend((moderated && !text.is_empty()).then(|| (name.clone(), text.clone())));
            }
            Value::Texts(texts) => {
                for text in texts {
                    *text = clean_line(text, LINE_CHARS_MAX);
                    judged.extend(moderated.then(|| (name.clone(), text.clone())));
                }
            }
            Value::Unset | Value::Number(_) | Value::Boolean(_) | Value::Time(_) => {}
        }
    }
    judged.sort_by_key(|(name, _)| name != "body");
    judged
}

fn is_long(field: &Field) -> bool {
    field.kind == stoa_rules::FieldKind::LongText
}

/// What is remembered of a text that was turned back as a repetition: whoever sends it again insists.
fn repeat_warning(ask: &ViewRequest, text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [ask.site.as_str(), ask.actor.person_id().map(PersonId::as_str).unwrap_or_default(), text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
