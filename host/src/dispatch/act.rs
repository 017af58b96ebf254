//! An action: permit, plugin, moderation, one commit, the view again, the difference.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base::id::{EntryId, PersonId};
use crate::base::text::{clean_body, clean_line};
use crate::identity::permit::{Refused, VerbClass, check_write};
use crate::runtime::{ActError, Action, CallAct, Effect, EffectTarget, PluginRefusal};
use crate::services::markdown;
use crate::services::mentions::{self, NamesError};
use crate::services::moderation::{Author, Draft, Verdict, judge};
use crate::services::rates::Class;
use crate::services::texts::Value;
use crate::store::{
    Commit, CommitError, Committed, Mark, NewEntry, Page, PageRef, Permit, RequestRecord, State, Target,
    Write,
};

use super::app::{App, Installed, SiteState};
use super::ask::{ActAsk, Acted, ViewAsk};
use super::refusal::Refusal;
use super::scope::{change_parameters, token_scope};

/// Bytes of an idempotency key.
const KEY_MAX_BYTES: usize = 128;
/// Fields of a form, and bytes of one.
const FIELDS_MAX_COUNT: usize = 50;
const FIELD_MAX_BYTES: usize = 64 << 10;
/// People mentioned in one entry; of a guest.
const MENTIONS_MAX: usize = 10;
const MENTIONS_MAX_GUEST: usize = 2;

/// What is answered, and answered again when the same request comes again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Answer {
    parameters: String,
    announce: Option<String>,
    focus: Option<String>,
    held: Option<bool>,
}

impl App {
    /// Do what a person did in a view, and show the view as it is then.
    ///
    /// Repeating it with the same idempotency key changes nothing and gives the same answer, with the view as
    /// it is by then.
    ///
    /// # Errors
    /// Every [`Refusal`]; nothing was written then.
    pub async fn act(&self, ask: &ViewAsk, action: ActAsk) -> Result<Acted, Refusal> {
        let (site, installed) = self.check_ask(ask)?;
        let person = ask.actor.person.as_ref().ok_or(Refusal::SignInNeeded)?.id.clone();
        check_form(&action)?;
        let fingerprint = fingerprint(ask, &action);
        let lane = self.lane(&person, &action.idempotency_key);
        let _turn = lane.lock().await;
        if let Some(answer) = self.answered(ask, &person, &action, fingerprint).await? {
            return self.acted(ask, &action, &answer, true).await;
        }
        let class = self.check_token(ask, installed, &action)?;
        let permit = check_write(&ask.actor, class).map_err(|refused| self.not_permitted(ask, refused))?;
        self.check_rate(&ask.actor, rate_of(class), &ask.lang)?;
        let (call, page) = self.call(ask, installed).await?;
        let parameters = call.parameters.clone();
        let now = call.now;
        let plugin_action = Action {
            verb: action.verb.clone(),
            subject: action.subject.clone(),
            fields: self.plugin_fields(ask, &action.fields).await?,
        };
        let outcome = match installed.linked.act(call, plugin_action).await {
            Ok(outcome) => outcome,
            Err(ActError::Refused(refusal)) => return Err(self.refused(ask, &action, refusal).await),
            Err(ActError::Failed(error)) => return Err(error.into()),
        };
        let (writes, held) = self.judged(ask, site, &page, &permit, &outcome).await?;
        let answer = self.answer(ask, &outcome, &parameters, held);
        let request = RequestRecord {
            key: action.idempotency_key.clone(),
            fingerprint,
            answer: serde_json::to_string(&answer).unwrap_or_default(),
        };
        let commit = Commit {
            site: ask.site.clone(),
            plugin: ask.plugin.clone(),
            page: page_ref(ask, &page, site),
            permit,
            now,
            request: Some(request),
            report_hold: site.config.moderation.report_hold,
            writes,
        };
        match self.0.store.commit(commit).await {
            Ok(Committed::Done { .. }) => self.acted(ask, &action, &answer, false).await,
            Ok(Committed::Replayed { answer }) => {
                self.acted(ask, &action, &parse_answer(&answer), true).await
            }
            Err(error) => Err(self.not_committed(ask, &action, error).await),
        }
    }

    /// The fields as plugins get them: people by their ids.
    pub(super) async fn plugin_fields(
        &self,
        ask: &ViewAsk,
        fields: &[(String, String)],
    ) -> Result<Vec<(String, String)>, Refusal> {
        mentions::plugin_fields(&self.0.store, &ask.actor, fields).await.map_err(|error| match error {
            NamesError::Unknown { field, name } => {
                let texts = self.0.kit.texts.of_host(&ask.lang);
                let message = texts.message("host-unknown-person", &[("name", Value::Text(name.into()))]);
                Refusal::Invalid { fields: vec![(field, message)] }
            }
            NamesError::Store(error) => error.into(),
        })
    }

    fn lane(&self, person: &PersonId, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let name = (person.clone(), key.to_owned());
        let made =
            self.0.lanes.get_or_insert_with(&name, || Ok::<_, std::convert::Infallible>(Arc::default()));
        match made {
            Ok(lane) => lane,
            Err(never) => match never {},
        }
    }

    /// The answer to a request that was committed before.
    async fn answered(
        &self,
        ask: &ViewAsk,
        person: &PersonId,
        action: &ActAsk,
        fingerprint: [u8; 32],
    ) -> Result<Option<Answer>, Refusal> {
        match self.0.store.find_request(&ask.site, person, &action.idempotency_key).await? {
            Some(request) if request.fingerprint == fingerprint => Ok(Some(parse_answer(&request.answer))),
            Some(_) => Err(Refusal::KeyReused),
            None => Ok(None),
        }
    }

    /// The verb's class, once the token shows that the view offered it to this person for this subject.
    fn check_token(
        &self,
        ask: &ViewAsk,
        installed: &Installed,
        action: &ActAsk,
    ) -> Result<VerbClass, Refusal> {
        let verbs = installed.plugin.verbs();
        let unknown = || Refusal::Malformed {
            detail: format!("there is no verb `{}`", action.verb),
            hint: "load the page again; it may be older than the plugin",
        };
        let index = verbs.iter().position(|verb| verb.name == action.verb).ok_or_else(unknown)?;
        let bit = u32::try_from(index).map_err(|_| unknown())?;
        let now = self.0.clock.now();
        self.0.kit.tokens.check(&token_scope(ask), action.subject.as_deref(), bit, &action.token, now)?;
        Ok(verbs[index].class)
    }

    /// Effects with moderation's decision as writes; whether something waits for a moderator, or none where
    /// nothing was written that people read.
    async fn judged(
        &self,
        ask: &ViewAsk,
        site: &SiteState,
        page: &Page,
        permit: &Permit,
        outcome: &CallAct,
    ) -> Result<(Vec<Write>, Option<bool>), Refusal> {
        let mut writes = Vec::with_capacity(outcome.effects.len());
        let mut held = None;
        let mut author = None;
        for effect in &outcome.effects {
            let text = match effect {
                Effect::CreateEntry { body, .. } => Some((clean_body(body), false)),
                Effect::EditEntry { body, .. } => Some((clean_body(body), true)),
                _ => None,
            };
            let Some((body, edit)) = text else {
                writes.push(plain_write(effect));
                continue;
            };
            let facts = match &author {
                Some(facts) => facts,
                None => author.insert(self.author(ask, permit).await?),
            };
            let verdict = self.verdict(ask, site, page, facts, &body, edit).await?;
            held = Some(matches!(verdict, Verdict::Hold(_)) || held == Some(true));
            writes.push(judged_write(effect, body, verdict));
        }
        Ok((writes, held))
    }

    async fn author(&self, ask: &ViewAsk, permit: &Permit) -> Result<Author, Refusal> {
        let history = self.0.store.author_history(&ask.site, permit.person(), self.0.clock.now()).await?;
        Ok(Author {
            moderates: permit.moderates(),
            guest: ask.actor.is_guest(),
            approved_count: history.approved,
            rejected_7d_count: history.rejected_7d,
            published_7d_count: history.published_7d,
            last_body: history.last_body,
        })
    }

    /// The built-in verdict; a refusal becomes a problem of the field, in the person's words.
    async fn verdict(
        &self,
        ask: &ViewAsk,
        site: &SiteState,
        page: &Page,
        author: &Author,
        body: &str,
        edit: bool,
    ) -> Result<Verdict, Refusal> {
        let rules = &site.config.moderation;
        // A longer one is refused anyway.
        let reading = if body.chars().count() > rules.length_max {
            markdown::Reading::default()
        } else {
            let body = body.to_owned();
            self.0.parsers.run(move || markdown::read(&body)).await?
        };
        let mentions_max = if author.guest { MENTIONS_MAX_GUEST } else { MENTIONS_MAX };
        if reading.mention_count > mentions_max {
            let count = [("count", Value::Number(i64::try_from(mentions_max).unwrap_or(i64::MAX)))];
            let message = self.0.kit.texts.of_host(&ask.lang).message("host-refused-mentions", &count);
            return Err(Refusal::Invalid { fields: vec![("body".to_owned(), message)] });
        }
        let nudge: [u8; 32] = {
            let mut hash = Sha256::new();
            for part in
                [ask.site.as_str(), ask.actor.person_id().map(PersonId::as_str).unwrap_or_default(), body]
            {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            hash.finalize().into()
        };
        let insists = self.0.nudges.get(&nudge).is_some();
        let draft = Draft { body, reading: &reading, edit, insists, closed: page.closed };
        match judge(rules, author, &draft) {
            Verdict::Refuse(reason) => {
                if reason == "repeat" {
                    self.0.nudges.insert(nudge, ());
                }
                let id = format!("host-refused-{reason}");
                Err(if reason == "closed" {
                    Refusal::Denied { message: self.text(&ask.lang, &id) }
                } else {
                    self.invalid(ask, &id)
                })
            }
            verdict => Ok(verdict),
        }
    }

    fn invalid(&self, ask: &ViewAsk, id: &str) -> Refusal {
        Refusal::Invalid { fields: vec![("body".to_owned(), self.text(&ask.lang, id))] }
    }

    fn answer(
        &self,
        ask: &ViewAsk,
        outcome: &CallAct,
        parameters: &[(String, String)],
        held: Option<bool>,
    ) -> Answer {
        let changes: Vec<(&str, &str)> =
            outcome.navigation.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let plugin_text =
            |id: &String| self.0.kit.texts.of_plugin(ask.plugin.as_str(), &ask.lang).label(id).into_owned();
        let announce = match held {
            Some(true) => Some(self.text(&ask.lang, "host-held")),
            _ => outcome.announce.as_ref().map(plugin_text),
        };
        let mut then = String::new();
        change_parameters(parameters, &changes, &mut then);
        Answer {
            parameters: then,
            announce,
            focus: outcome.focus.as_ref().map(|key| format!("e-{key}")),
            held,
        }
    }

    /// The view after an action, as a difference from what the browser shows.
    async fn acted(
        &self,
        ask: &ViewAsk,
        action: &ActAsk,
        answer: &Answer,
        replayed: bool,
    ) -> Result<Acted, Refusal> {
        let then = ViewAsk { parameters: answer.parameters.clone(), ..ask.clone() };
        let shown = self.view(&then, action.base.as_deref()).await?;
        Ok(Acted {
            shown,
            announce: answer.announce.clone(),
            focus: answer.focus.clone(),
            state: answer.held.map(|held| if held { "held" } else { "visible" }),
            replayed,
        })
    }

    /// The view as it is, for somebody whose action came too late.
    async fn present(&self, ask: &ViewAsk, action: &ActAsk) -> Option<Box<Acted>> {
        let answer = Answer { parameters: ask.parameters.clone(), ..Answer::default() };
        self.acted(ask, action, &answer, false).await.ok().map(Box::new)
    }

    fn not_permitted(&self, ask: &ViewAsk, refused: Refused) -> Refusal {
        let id = match refused {
            Refused::SignInNeeded => return Refusal::SignInNeeded,
            Refused::Inactive => "host-inactive",
            Refused::ModeratorNeeded => "host-moderator-needed",
        };
        Refusal::Denied { message: self.text(&ask.lang, id) }
    }

    async fn refused(&self, ask: &ViewAsk, action: &ActAsk, refusal: PluginRefusal) -> Refusal {
        let texts = self.0.kit.texts.of_plugin(ask.plugin.as_str(), &ask.lang);
        let text = |id: &str| texts.label(id).into_owned();
        match refusal {
            PluginRefusal::Invalid(issues) => Refusal::Invalid {
                fields: issues.into_iter().map(|(field, message)| (field, text(&message))).collect(),
            },
            PluginRefusal::Denied(message) => Refusal::Denied { message: text(&message) },
            PluginRefusal::Conflict(message) => {
                Refusal::Conflict { message: text(&message), shown: self.present(ask, action).await }
            }
            PluginRefusal::Gone(message) => {
                Refusal::Gone { message: text(&message), shown: self.present(ask, action).await }
            }
        }
    }

    async fn not_committed(&self, ask: &ViewAsk, action: &ActAsk, error: CommitError) -> Refusal {
        let text = |id: &str| self.text(&ask.lang, id);
        match error {
            CommitError::Conflict(_) => {
                Refusal::Stale { message: text("host-stale"), shown: self.present(ask, action).await }
            }
            CommitError::NotFound(_) | CommitError::ParentGone(_) => {
                Refusal::Gone { message: text("host-gone"), shown: self.present(ask, action).await }
            }
            CommitError::PageClosed => Refusal::Denied { message: text("host-refused-closed") },
            CommitError::Denied(_) => Refusal::Denied { message: text("host-denied") },
            CommitError::KeyReused => Refusal::KeyReused,
            CommitError::SpaceFull => {
                tracing::warn!(site = %ask.site, plugin = %ask.plugin, "the plugin's private space is full");
                Refusal::Unavailable
            }
            CommitError::Store(error) => error.into(),
        }
    }
}

fn rate_of(class: VerbClass) -> Class {
    match class {
        VerbClass::Create => Class::Create,
        VerbClass::Edit => Class::Edit,
        VerbClass::Mark => Class::Mark,
        VerbClass::Report => Class::Report,
        VerbClass::Moderate => Class::Moderate,
    }
}

fn check_form(action: &ActAsk) -> Result<(), Refusal> {
    let malformed = |detail: String| Refusal::Malformed {
        detail,
        hint: "send an Idempotency-Key of 1 to 128 bytes, made anew for each action and kept when it is repeated",
    };
    let key = &action.idempotency_key;
    if key.is_empty() || key.len() > KEY_MAX_BYTES || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed("the idempotency key is missing or not of the right form".to_owned()));
    }
    if action.fields.len() > FIELDS_MAX_COUNT {
        return Err(malformed(format!("a form has {FIELDS_MAX_COUNT} fields at the most")));
    }
    match action.fields.iter().find(|(name, value)| name.len() > 64 || value.len() > FIELD_MAX_BYTES) {
        Some((name, _)) => Err(malformed(format!("the field `{name:.64}` is too long"))),
        None => Ok(()),
    }
}

/// What was asked, without what may differ when it is asked again (token, base).
fn fingerprint(ask: &ViewAsk, action: &ActAsk) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    for part in
        [ask.plugin.as_str(), &ask.page_key, &action.verb, action.subject.as_deref().unwrap_or_default()]
    {
        add(part);
    }
    for (name, value) in &action.fields {
        add(name);
        add(value);
    }
    hash.finalize().into()
}

fn parse_answer(text: &str) -> Answer {
    serde_json::from_str(text).unwrap_or_default()
}

/// The page as the store is to know it; what is empty stays as the store has it.
///
/// The token says title and address, where it was made for this page. Otherwise the first writer's widget does, unless
/// a guest writes; later ones change nothing, unless a moderator writes. An address outside the site's origins is left
/// out, so that nobody can make a page of the site lead elsewhere.
fn page_ref(ask: &ViewAsk, page: &Page, site: &SiteState) -> PageRef {
    let vouched = ask.actor.page.as_deref().filter(|vouched| vouched.key == page.key);
    let (title, url) = match vouched {
        Some(vouched) => (vouched.title.as_str(), vouched.url.as_str()),
        None if ask.actor.is_guest() => ("", ""),
        None => (ask.page_title.as_str(), ask.page_url.as_str()),
    };
    // A page that the store does not know has no id, and is called what the widget calls it.
    let is_new = page.id.as_str().is_empty();
    let renames = is_new || vouched.is_some() || ask.actor.moderates();
    let own = |origin: &String| {
        url.strip_prefix(origin.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let url = if site.config.origins.iter().any(own) { url } else { "" };
    PageRef {
        key: page.key.clone(),
        url: if renames || page.url.is_empty() { url.chars().take(2_000).collect() } else { String::new() },
        title: if renames || page.title.is_empty() { clean_line(title, 300) } else { String::new() },
    }
}

fn target(target: &EffectTarget) -> Target {
    match target {
        EffectTarget::Entry(id) => Target::Entry(EntryId::from(id.as_str())),
        EffectTarget::Page => Target::Page,
    }
}

fn judged_write(effect: &Effect, body: String, verdict: Verdict) -> Write {
    let (state, reason) = match verdict {
        Verdict::Hold(reason) => (State::Held, reason.to_owned()),
        _ => (State::Visible, String::new()),
    };
    match effect {
        Effect::EditEntry { id, version, .. } => {
            let suspect = verdict == Verdict::PublishAndReport;
            Write::EditEntry {
                id: EntryId::from(id.as_str()),
                version: *version,
                body,
                state,
                reason,
                suspect,
            }
        }
        Effect::CreateEntry { id, kind, parent, data, .. } => Write::CreateEntry(NewEntry {
            id: EntryId::from(id.as_str()),
            kind: kind.clone(),
            parent: parent.as_deref().map(EntryId::from),
            body,
            data: data.clone(),
            state,
            reason,
            suspect: verdict == Verdict::PublishAndReport,
        }),
        other => plain_write(other),
    }
}

/// An effect that moderation has no say in.
fn plain_write(effect: &Effect) -> Write {
    match effect {
        Effect::SetState { id, version, state, reason } => Write::SetState {
            id: EntryId::from(id.as_str()),
            version: *version,
            state: *state,
            reason: clean_line(reason.as_deref().unwrap_or_default(), 500),
        },
        Effect::PutMark { target: on, kind, value } => {
            Write::PutMark(Mark { target: target(on), kind: kind.clone(), value: value.clone() })
        }
        Effect::DeleteMark { target: on, kind } => {
            Write::DeleteMark { target: target(on), kind: kind.clone() }
        }
        Effect::PinEntry { id, pinned } => {
            Write::PinEntry { id: EntryId::from(id.as_str()), pinned: *pinned }
        }
        Effect::ClosePage(closed) => Write::ClosePage(*closed),
        Effect::PutValue { key, value } => Write::PutValue { key: key.clone(), value: value.clone() },
        // Texts are judged before they come here; an unjudged one would wait for a moderator.
        Effect::CreateEntry { body, .. } | Effect::EditEntry { body, .. } => {
            judged_write(effect, clean_body(body), Verdict::Hold("pre"))
        }
    }
}
