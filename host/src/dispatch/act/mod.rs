//! An action: permit, plugin, moderation, one commit, the view again, the difference.

mod bell;
mod judge;
mod moderate;
mod refuse;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use stoa_rules::{Change, Class, Condition, Declared, Message, Otherwise, Requirement, clean_line};

use crate::base::id::PersonId;
use crate::identity::IdentityError;
use crate::identity::permit::check_write;
use crate::runtime::{ActError, Action, Call};
use crate::services::moderation::{HostVerb, PARAMETER_PREFIX};
use crate::services::people::mentions::{self, NamesError};
use crate::services::rates;
use crate::services::texts::Value;
use crate::store::{Commit, CommitError, Committed, Page, PageRef, Permit, RequestRecord};

use super::app::{App, Installed, SiteState};
use super::refusal::Refusal;
use super::request::{ActionOutcome, ActionRequest, ViewRequest};
use super::scope::{change_parameters, token_scope};
use super::view::parse_parameters;

/// Bytes of an idempotency key.
const KEY_MAX_BYTES: usize = 128;
/// Fields of a form, and bytes of one.
const FIELDS_MAX_COUNT: usize = 50;
const FIELD_MAX_BYTES: usize = 64 << 10;
/// How often an action is decided again because what it has read has changed meanwhile.
const RERUNS_MAX: usize = 2;

/// What is answered, and answered again when the same request comes again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Answer {
    parameters: String,
    announce: Option<String>,
    focus: Option<String>,
    held: Option<bool>,
}

/// A verb that the view offered.
struct Offered {
    class: Class,
    /// The version of its subject that the view showed, where the verb asks for it.
    seen: Option<u32>,
    /// Whether it is one of the host's own.
    host: Option<HostVerb>,
}

/// What is to happen, decided by the plugin or by the host.
#[derive(Default)]
struct Wanted {
    changes: Vec<Change>,
    requirements: Vec<Requirement>,
    navigation: Vec<(String, String)>,
    /// In the person's language.
    announce: Option<String>,
    focus: Option<String>,
}

/// What is tried, once or again.
struct Attempt<'a> {
    action: &'a ActionRequest,
    offered: &'a Offered,
    permit: &'a Permit,
    request: &'a (dyn Fn(&Answer) -> RequestRecord + Sync),
}

/// How a commit ended that was not refused for good.
enum Tried {
    Committed(Committed, Answer),
    /// What the action has read has changed meanwhile.
    Again,
}

impl App {
    /// Do what a person did in a view, and show the view as it is then.
    ///
    /// Repeating it with the same idempotency key changes nothing and gives the same answer, with the view as
    /// it is by then.
    ///
    /// # Errors
    /// Every [`Refusal`]; nothing was written then, but for `Unshown`: it is done, and a repetition with the same key
    /// shows it.
    pub async fn act(&self, ask: &ViewRequest, action: ActionRequest) -> Result<ActionOutcome, Refusal> {
        if ask.is_bell() {
            return self.act_bell(ask, action).await;
        }
        let whole = self.site_wide(ask);
        let ask = whole.as_ref().unwrap_or(ask);
        let (site, installed) = self.check_ask(ask)?;
        let ask = &*self.placed(ask).await?;
        let person = ask.actor.person.as_ref().ok_or(Refusal::SignInNeeded)?.id.clone();
        check_form(&action)?;
        let fingerprint = fingerprint(ask, &action);
        let lane = self.lane(&person, &action.idempotency_key);
        let _turn = lane.lock().await;
        if let Some(answer) = self.answered(ask, &person, &action, fingerprint).await? {
            return self.acted(ask, &action, &answer, true).await;
        }
        let offered = match self.check_token(ask, &installed, &action) {
            // A draft that was kept longer than an offer holds: nobody knows whether it is about what is there now.
            Err(Refusal::SignIn(IdentityError::OfferExpired))
                if action.subject.is_some() && !action.fields.is_empty() =>
            {
                return Err(self.stale(ask, &action).await);
            }
            offered => offered?,
        };
        let permit =
            check_write(&ask.actor, offered.class).map_err(|refused| self.not_permitted(ask, refused))?;
        self.check_rate(&ask.actor, rates::Class::Act, &ask.lang)?;
        let request = |answer: &Answer| RequestRecord {
            key: action.idempotency_key.clone(),
            fingerprint,
            answer: serde_json::to_string(answer).unwrap_or_default(),
        };
        let attempt = Attempt { action: &action, offered: &offered, permit: &permit, request: &request };
        for round in 0..=RERUNS_MAX {
            match self.attempt(ask, (&site, &installed), &attempt, round).await? {
                Tried::Committed(Committed::Done { .. }, answer) => {
                    let shown = self.acted(ask, &action, &answer, false).await;
                    return shown.map_err(|refusal| self.unshown(ask, refusal));
                }
                Tried::Committed(Committed::Replayed { answer }, _) => {
                    return self.acted(ask, &action, &parse_answer(&answer), true).await;
                }
                Tried::Again => {}
            }
        }
        tracing::info!(site = %ask.site, plugin = %ask.plugin, verb = action.verb, "an action ran {RERUNS_MAX} times again and was still overtaken");
        Err(Refusal::Busy { retry_after_s: 1 })
    }

    /// Let the plugin decide on what is true now, and commit what it recorded.
    async fn attempt(
        &self,
        ask: &ViewRequest,
        (site, installed): (&SiteState, &Installed),
        &Attempt { action, offered, permit, request }: &Attempt<'_>,
        round: usize,
    ) -> Result<Tried, Refusal> {
        let (call, page) = self.call(ask, installed).await?;
        let (parameters, now) = (parse_parameters(&ask.parameters)?, call.now);
        let mut wanted = match offered.host {
            Some(verb) => self.host_action(ask, action, offered, verb)?,
            None => self.plugin_action(ask, installed, call, action, offered).await?,
        };
        let declared = installed.plugin.declared();
        // Running again is the host's doing, not the person's.
        if round == 0 {
            self.check_rates(ask, &page, &wanted.changes, declared)?;
        }
        let changes = std::mem::take(&mut wanted.changes);
        let judged = self.judge(ask, site, installed, &page, permit, changes).await?;
        let answer = self.answer(ask, &wanted, &parameters, judged.held);
        let mut requirements = wanted.requirements;
        requirements.extend(offered.requirement(action));
        let commit = Commit {
            site: ask.site.clone(),
            plugin: ask.plugin.clone(),
            page: page_ref(ask, &page, site),
            permit: permit.clone(),
            now,
            request: Some(request(&answer)),
            report_hold: site.config.moderation.report_hold,
            declared: Arc::clone(declared),
            changes: judged.changes,
            requirements: requirements.clone(),
            terms: Arc::clone(&installed.terms),
            author_seen: judged.author_seen,
        };
        match self.0.store.commit(commit).await {
            Ok(committed) => Ok(Tried::Committed(committed, answer)),
            Err(CommitError::Rerun) => Ok(Tried::Again),
            Err(CommitError::Unmet { requirement }) => match requirements.get(requirement) {
                Some(unmet) => match &unmet.otherwise {
                    Otherwise::Rerun => Ok(Tried::Again),
                    Otherwise::Refuse(message) => {
                        let condition = format!("does not hold: {:?}", unmet.condition);
                        Err(self.unmet(ask, action, message, &condition).await)
                    }
                },
                None => Err(self.stale(ask, action).await),
            },
            Err(CommitError::Short { otherwise: Otherwise::Rerun }) => Ok(Tried::Again),
            Err(error) => Err(self.not_committed(ask, action, error).await),
        }
    }

    /// Let the plugin decide what its verb changes.
    async fn plugin_action(
        &self,
        ask: &ViewRequest,
        installed: &Installed,
        call: Call,
        action: &ActionRequest,
        offered: &Offered,
    ) -> Result<Wanted, Refusal> {
        let plugin_action = Action {
            verb: action.verb.clone(),
            class: offered.class,
            subject: action.subject.clone(),
            seen: offered.seen,
            fields: self.plugin_fields(ask, &action.fields).await?,
        };
        let recorded = match installed.linked.act(call, plugin_action).await {
            Ok(decided) => decided.recorded,
            Err(ActError::Refused(refusal, notes)) => {
                return Err(self.refused(ask, action, refusal, &notes).await);
            }
            Err(ActError::Failed(error)) => return Err(error.into()),
        };
        let mut navigation = recorded.navigation;
        navigation.retain(|(name, _)| !name.starts_with(PARAMETER_PREFIX));
        // What was done is no longer late.
        navigation.push(("host-stale".to_owned(), String::new()));
        let announce = match &recorded.announce {
            Some(message) => Some(self.plugin_text(ask, message).await),
            None => None,
        };
        let (changes, requirements) = (recorded.changes, recorded.requirements);
        Ok(Wanted { changes, requirements, navigation, announce, focus: recorded.focus })
    }

    /// The fields as plugins get them: people by their ids.
    pub(super) async fn plugin_fields(
        &self,
        ask: &ViewRequest,
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

    /// Count what is to change against the person's limits.
    fn check_rates(
        &self,
        ask: &ViewRequest,
        page: &Page,
        changes: &[Change],
        declared: &Declared,
    ) -> Result<(), Refusal> {
        // A mark on a page that the store does not know makes it known.
        let makes_page = page.id.as_str().is_empty() && !changes.is_empty();
        if makes_page && !changes.iter().any(|change| matches!(change, Change::Create(_))) {
            self.check_rate(&ask.actor, rates::Class::Create, &ask.lang)?;
        }
        for change in changes {
            if let Some(class) = rate_of(change, declared) {
                self.check_rate(&ask.actor, class, &ask.lang)?;
            }
        }
        Ok(())
    }

    fn lane(&self, person: &PersonId, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let name = (person.clone(), key.to_owned());
        let made =
            self.0.key_locks.get_or_insert_with(&name, || Ok::<_, std::convert::Infallible>(Arc::default()));
        match made {
            Ok(lane) => lane,
            Err(never) => match never {},
        }
    }

    /// The answer to a request that was committed before.
    async fn answered(
        &self,
        ask: &ViewRequest,
        person: &PersonId,
        action: &ActionRequest,
        fingerprint: [u8; 32],
    ) -> Result<Option<Answer>, Refusal> {
        match self.0.store.find_request(&ask.site, person, &action.idempotency_key).await? {
            Some(request) if request.fingerprint == fingerprint => Ok(Some(parse_answer(&request.answer))),
            Some(_) => Err(Refusal::KeyReused),
            None => Ok(None),
        }
    }

    /// The verb, once the token shows that the view offered it to this person for this subject.
    fn check_token(
        &self,
        ask: &ViewRequest,
        installed: &Installed,
        action: &ActionRequest,
    ) -> Result<Offered, Refusal> {
        let host = HostVerb::named(&action.verb);
        let known = installed.plugin.verbs().iter().find(|verb| verb.name == action.verb);
        let (class, seen) = match (host, known) {
            (Some(verb), _) => (verb.class(), verb.is_decision()),
            (None, Some(verb)) => (verb.class, verb.seen),
            (None, None) => {
                return Err(Refusal::Malformed {
                    detail: format!("there is no verb `{}`", action.verb),
                    hint: "load the page again; it may be older than the plugin",
                });
            }
        };
        let scope = token_scope(ask, installed.plugin.manifest().id.as_str());
        let (subject, now) = (action.subject.as_deref(), self.0.clock.now());
        let version = self.0.kit.tokens.check(&scope, subject, &action.verb, &action.token, now)?;
        Ok(Offered { class, seen: Some(version).filter(|_| seen && subject.is_some()), host })
    }

    fn answer(
        &self,
        ask: &ViewRequest,
        wanted: &Wanted,
        parameters: &[(String, String)],
        held: Option<bool>,
    ) -> Answer {
        let changes: Vec<(&str, &str)> =
            wanted.navigation.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let announce = match held {
            Some(true) => Some(self.text(&ask.lang, "host-held")),
            _ => wanted.announce.clone(),
        };
        let mut then = String::new();
        change_parameters(parameters, &changes, &mut then);
        Answer {
            parameters: then,
            announce,
            focus: wanted.focus.as_ref().map(|key| format!("e-{key}")),
            held,
        }
    }

    /// The view after an action, as a difference from what the browser shows.
    async fn acted(
        &self,
        ask: &ViewRequest,
        action: &ActionRequest,
        answer: &Answer,
        replayed: bool,
    ) -> Result<ActionOutcome, Refusal> {
        let then = ViewRequest { parameters: answer.parameters.clone(), ..ask.clone() };
        let shown = self.view(&then, action.base.as_deref()).await?;
        Ok(ActionOutcome {
            shown,
            announce: answer.announce.clone(),
            focus: answer.focus.clone(),
            state: answer.held.map(|held| if held { "held" } else { "visible" }),
            replayed,
        })
    }
}

impl Offered {
    /// What a verb asks for that is refused where its subject has changed since it was shown.
    fn requirement(&self, action: &ActionRequest) -> Option<Requirement> {
        let (version, subject) = (self.seen?, action.subject.as_ref()?);
        let condition = Condition::Version { id: subject.clone(), version };
        // Told apart from a condition of the plugin by having no text of its own.
        let otherwise = Otherwise::Refuse(Message { id: String::new(), arguments: Vec::new() });
        Some(Requirement { condition, otherwise })
    }
}

/// By what a change is limited; a decision on something of somebody else is not.
fn rate_of(change: &Change, declared: &Declared) -> Option<rates::Class> {
    match change {
        Change::Create(_) => Some(rates::Class::Create),
        Change::PutMark { kind, .. } if kind == "report" => Some(rates::Class::Report),
        // They go with what is limited.
        Change::Post { .. } | Change::Reverse { .. } => None,
        Change::SetFields { .. }
        | Change::PutMark { .. }
        | Change::DeleteMark { .. }
        | Change::PutValue { .. }
        | Change::SetState { .. }
        | Change::SetPinned { .. }
        | Change::ClosePage(_) => match change.class(&declared.kinds) {
            Class::Mark => Some(rates::Class::Mark),
            Class::Edit => Some(rates::Class::Edit),
            Class::Create => Some(rates::Class::Create),
            Class::Moderate => None,
        },
    }
}

fn check_form(action: &ActionRequest) -> Result<(), Refusal> {
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
fn fingerprint(ask: &ViewRequest, action: &ActionRequest) -> [u8; 32] {
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
fn page_ref(ask: &ViewRequest, page: &Page, site: &SiteState) -> PageRef {
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
