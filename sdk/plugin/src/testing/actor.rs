//! Somebody in front of the plugin's view: what is shown, what is done, and who refuses it.

use std::rc::Rc;

use stoa_rules::{Change, Otherwise, Place, State, Target, limits};

use super::commit::{CommitError, commit};
use super::imports::{self, Call};
use super::outline::Shown;
use super::world::REPORT;
use super::{PAGE, TestHost, border, convert};
use crate::view::Parameter;
use crate::{Failure, Instant, Person, Refusal, Text, Verb};

/// Somebody in front of the plugin's view.
#[derive(Clone, Debug)]
pub struct Actor<'h> {
    host: &'h TestHost,
    person: Option<Person>,
    page: String,
    parameters: Vec<Parameter>,
    since: Option<Instant>,
    late: bool,
}

impl<'h> Actor<'h> {
    pub(super) fn new(host: &'h TestHost, person: Option<Person>) -> Self {
        let parameters = Vec::new();
        Self { host, person, page: String::new(), parameters, since: None, late: false }.on(PAGE)
    }

    /// On another page; a widget of the whole site stays what it is.
    #[must_use]
    pub fn on(mut self, page: &str) -> Self {
        if self.host.world.borrow().place == Place::Page {
            page.clone_into(&mut self.page);
        }
        self
    }

    /// With these parameters of the view: `sort=oldest&limit=40`.
    #[must_use]
    pub fn with(mut self, parameters: &str) -> Self {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Parameter { name: name.to_owned(), value: value.to_owned() }
        };
        self.parameters = parameters.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
        self
    }

    /// In a browser that has asked for everything at this instant.
    #[must_use]
    pub fn since(mut self, instant: Instant) -> Self {
        self.since = Some(instant);
        self
    }

    /// In front of a view from a while ago: what is done is not held against what is offered now.
    #[must_use]
    pub fn late(mut self) -> Self {
        self.late = true;
        self
    }

    /// What the plugin shows.
    ///
    /// # Errors
    /// What the plugin says, [`Failure::NotFound`] or [`Failure::Failed`].
    ///
    /// # Panics
    /// When a host would refuse the view, when it offers a verb that is not in `VERBS` or shows the text of an entry that
    /// it has not read, or when a text is missing.
    pub fn view(&self) -> Result<Shown, Failure> {
        let (view, call) = self.run(None, self.host.calls.view);
        let world = self.host.world.borrow();
        Ok(Shown::new(view?, self.host.calls.verbs, &call.read, &world, &self.host.texts.borrow()))
    }

    /// Does what concerns no entry.
    ///
    /// # Errors
    /// [`Refused`], by who refuses.
    pub fn act(&self, verb: &str, fields: &[(&str, &str)]) -> Result<Done, Refused> {
        self.attempt(verb, fields).run()
    }

    /// Does something to an entry.
    ///
    /// # Errors
    /// [`Refused`], by who refuses.
    pub fn act_on(&self, entry: &str, verb: &str, fields: &[(&str, &str)]) -> Result<Done, Refused> {
        self.attempt_on(entry, verb, fields).run()
    }

    /// The page is open and filled in; it is sent by [`Attempt::run`], after whatever happens until then, or by
    /// [`TestHost::at_once`].
    pub fn attempt(&self, verb: &str, fields: &[(&str, &str)]) -> Attempt<'h> {
        self.prepare(None, verb, fields)
    }

    /// The same for what is done to an entry.
    pub fn attempt_on(&self, entry: &str, verb: &str, fields: &[(&str, &str)]) -> Attempt<'h> {
        self.prepare(Some(entry), verb, fields)
    }

    /// Publishes a held entry, as a moderator does by the menu that the host draws.
    ///
    /// # Errors
    /// [`Refused::ByHost`].
    pub fn approve(&self, entry: &str) -> Result<(), Refused> {
        self.decide(entry, State::Visible, "")
    }

    /// Rejects a held entry, with a reason for its author.
    ///
    /// # Errors
    /// [`Refused::ByHost`].
    pub fn reject(&self, entry: &str, reason: &str) -> Result<(), Refused> {
        self.decide(entry, State::Rejected, reason)
    }

    /// Removes an entry, with a reason for its author.
    ///
    /// # Errors
    /// [`Refused::ByHost`].
    pub fn remove(&self, entry: &str, reason: &str) -> Result<(), Refused> {
        self.decide(entry, State::Removed, reason)
    }

    /// Brings a removed or rejected entry back.
    ///
    /// # Errors
    /// [`Refused::ByHost`].
    pub fn restore(&self, entry: &str) -> Result<(), Refused> {
        self.decide(entry, State::Visible, "")
    }

    /// Reports an entry to the moderators.
    ///
    /// # Errors
    /// [`Refused::ByHost`].
    pub fn report(&self, entry: &str, reason: &str) -> Result<(), Refused> {
        let target = Target::Entry(entry.to_owned());
        self.by_host(Change::PutMark { target, kind: REPORT.to_owned(), value: reason.to_owned() })
    }

    fn decide(&self, entry: &str, state: State, reason: &str) -> Result<(), Refused> {
        let seen = self.host.world.borrow().row(entry).map_or(0, |row| row.version);
        let (id, reason) = (entry.to_owned(), reason.to_owned());
        self.by_host(Change::SetState { id, seen, state, reason })
    }

    /// What the host does itself, without a call of the plugin.
    fn by_host(&self, change: Change) -> Result<(), Refused> {
        let ((), mut call) = self.run(None, |_| ());
        call.changes.push(change);
        commit(&call).map_err(|error| match error {
            CommitError::Refused(why) => Refused::ByHost(why),
            other => Refused::ByHost(format!("{other:?}")),
        })
    }

    fn prepare(&self, subject: Option<&str>, verb: &str, fields: &[(&str, &str)]) -> Attempt<'h> {
        let known = self.host.calls.verbs.iter().find(|known| known.name() == verb).copied();
        let offered = || self.late || self.view().is_ok_and(|shown| shown.verbs(subject).contains(&verb));
        let verb = known.filter(|_| offered());
        let version = || Some(self.host.world.borrow().row(subject?)?.version);
        let field = |(name, value): &(&str, &str)| border::FormField {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        Attempt {
            actor: self.clone(),
            verb,
            subject: subject.map(str::to_owned),
            seen: if verb.is_some_and(|verb| verb.needs_seen()) { version() } else { None },
            fields: fields.iter().map(field).collect(),
        }
    }

    /// Calls the plugin; gives back what it returned and what the call left behind.
    fn run<R>(&self, verb: Option<Verb>, plugin: impl FnOnce(border::Request) -> R) -> (R, Call) {
        let host = self.host;
        host.world.borrow_mut().now += 1_000_000;
        let page = host.world.borrow().pages.get(&self.page).cloned();
        let page = page.expect("add_page comes before a page is used");
        let request = border::Request {
            may_write: self.person.as_ref().is_some_and(|person| person.active && !page.closed),
            page,
            person: self.person.clone(),
            parameters: self.parameters.clone(),
            since: self.since,
        };
        let class = verb.map(|verb| convert::class(verb.class()));
        let call = Call::new(Rc::clone(&host.world), self.page.clone(), self.person.clone(), class);
        let (result, mut call) = imports::during(call, || plugin(request));
        host.log.borrow_mut().append(&mut call.log);
        (result, call)
    }
}

/// An action that is about to be sent, from the view as it was when this was made.
#[derive(Clone, Debug)]
#[must_use = "nothing is done before `run`"]
pub struct Attempt<'h> {
    actor: Actor<'h>,
    /// None where the view did not offer it.
    verb: Option<Verb>,
    subject: Option<String>,
    /// The version that the view showed, for verbs that ask for it.
    seen: Option<u32>,
    fields: Vec<border::FormField>,
}

impl Attempt<'_> {
    /// Sends it.
    ///
    /// # Errors
    /// [`Refused`], by who refuses.
    pub fn run(self) -> Result<Done, Refused> {
        self.finish(self.begin()?)
    }

    /// Calls `act`; what it recorded is not committed yet.
    pub(super) fn begin(&self) -> Result<Call, Refused> {
        let verb = self.verb.ok_or(Refused::NotOffered)?;
        let host = self.actor.host;
        let current = self.subject.as_deref().and_then(|id| Some(host.world.borrow().row(id)?.version));
        if self.seen.is_some() && self.seen != current {
            return Err(Refused::ByHost("conflict: it was changed after it was shown".to_owned()));
        }
        let action = border::Action {
            verb: verb.name().to_owned(),
            subject: self.subject.clone(),
            seen: self.seen,
            fields: self.fields.clone(),
        };
        let (result, call) = self.actor.run(Some(verb), |request| (host.calls.act)(request, action));
        let (texts, world) = (host.texts.borrow(), host.world.borrow());
        result.map_err(|refusal| {
            texts.check_refusal(&refusal, &world);
            Refused::ByPlugin(refusal)
        })?;
        if let Some(text) = &call.announce {
            texts.check(text, &world);
        }
        for requirement in &call.requirements {
            if let Otherwise::Refuse(message) = &requirement.otherwise {
                texts.check(&convert::text(message), &world);
            }
        }
        Ok(call)
    }

    /// Commits it, after `act` has run again where a condition asks for it.
    pub(super) fn finish(&self, mut call: Call) -> Result<Done, Refused> {
        for _ in 0..=limits::RERUNS_MAX {
            match commit(&call) {
                Ok(()) => return Ok(Done::new(&self.actor.parameters, call)),
                Err(CommitError::Unmet(Otherwise::Rerun) | CommitError::Short(Otherwise::Rerun)) => {
                    call = self.begin()?;
                }
                Err(
                    CommitError::Unmet(Otherwise::Refuse(message))
                    | CommitError::Short(Otherwise::Refuse(message)),
                ) => {
                    return Err(Refused::ByRule(convert::text(&message)));
                }
                Err(CommitError::NotUnique(id)) => {
                    let text = crate::text(&id);
                    self.actor.host.texts.borrow().check(&text, &self.actor.host.world.borrow());
                    return Err(Refused::ByRule(text));
                }
                Err(CommitError::Refused(why)) => return Err(Refused::ByHost(why)),
            }
        }
        Err(Refused::StillChanging)
    }
}

/// Parameters with the changes applied, as a query string.
fn changed(parameters: &[Parameter], changes: &[Parameter]) -> String {
    let kept = parameters.iter().filter(|old| changes.iter().all(|new| new.name != old.name));
    let set = changes.iter().filter(|new| !new.value.is_empty());
    let pairs: Vec<String> = kept.chain(set).map(|p| format!("{}={}", p.name, p.value)).collect();
    pairs.join("&")
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// The view that the person sees does not offer it, or the plugin has no such verb.
    NotOffered,
    /// The plugin refused it.
    ByPlugin(Refusal),
    /// A condition that the plugin required does not hold, or a unique key of its manifest is taken. The person reads
    /// this text of the plugin.
    ByRule(Text),
    /// A condition with [`Otherwise::Rerun`](crate::Otherwise::Rerun) did not hold however often `act` was called.
    StillChanging,
    /// The host refused what was recorded: a right, a state or a version. The sentence is for the plugin's author;
    /// people read one of the host's own.
    ByHost(String),
}

impl Refused {
    /// The id of the text that the person reads, of several the first; otherwise what the test host says.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::ByPlugin(Refusal::Invalid(issues)) if !issues.is_empty() => issues[0].message.id.clone(),
            Self::ByPlugin(Refusal::Conflict(text) | Refusal::Denied(text) | Refusal::Gone(text))
            | Self::ByRule(text) => text.id.clone(),
            Self::NotOffered => "not offered".to_owned(),
            Self::ByHost(why) => format!("by the host: {why}"),
            Self::ByPlugin(_) | Self::StillChanging => format!("{self:?}"),
        }
    }
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done {
    changes: Vec<Change>,
    announced: Option<Text>,
    focus: Option<String>,
    parameters: String,
}

impl Done {
    fn new(parameters: &[Parameter], call: Call) -> Self {
        Self {
            parameters: changed(parameters, &call.navigation),
            changes: call.changes,
            announced: call.announce,
            focus: call.focus,
        }
    }

    /// The id of the first entry that was created.
    ///
    /// # Panics
    /// When none was.
    #[must_use]
    pub fn id(&self) -> &str {
        let created = self.changes.iter().find_map(|change| match change {
            Change::Create(entry) => Some(entry.id.as_str()),
            _ => None,
        });
        created.expect("the action created an entry")
    }

    /// The changes, in order.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The parameters of the view that is shown then: `sort=newest&limit=40`.
    #[must_use]
    pub fn parameters(&self) -> &str {
        &self.parameters
    }

    /// The text that is read aloud.
    #[must_use]
    pub fn announced(&self) -> Option<&Text> {
        self.announced.as_ref()
    }

    /// The key of the node that gets the focus.
    #[must_use]
    pub fn focus(&self) -> Option<&str> {
        self.focus.as_deref()
    }
}
