//! An in-memory host: a plugin is tested natively, without a browser, a database or a component.
//!
//! It answers the plugin's reads, checks that what is done was offered, applies the effects by the host's rules
//! (who sees what, which states follow which, versions, marks) and shows views as outlines that fit a snapshot.
//! What it has not: rate limits, word lists and the other verdicts of moderation (but [`TestHost::hold`]),
//! several sites.

mod commit;
pub(crate) mod imports;
mod outline;
mod texts;
mod world;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::bindings::exports::stoa::plugin::widget::{self as border, Guest};
use crate::view::{Parameter, View};
use crate::{
    Effect, Entry, EntryId, Exported, Failure, Instant, Page, Person, Refusal, Roles, Value, VerbClass,
    Widget,
};
use imports::Call;
use texts::Texts;
use world::{Eyes, World};

/// When the clock of a new host stands: Monday, 2 March 2026, 09:00 UTC.
pub const START: Instant = 1_772_442_000_000_000;

/// The page of a new host.
pub const PAGE: &str = "handbook/travel";

/// A host with one plugin, in memory.
///
/// It starts with the page `handbook/travel` ("Travel policy") and seven people, whose ids are their names:
/// `anna`, `ben` and `chris` (staff), `lea` (a leader), `mia` (a moderator), `gast` (a guest) and `ex` (who has
/// left). Each call moves the clock by one second.
pub struct TestHost {
    world: Rc<RefCell<World>>,
    texts: RefCell<Texts>,
    log: RefCell<Vec<String>>,
    calls: Calls,
}

/// The plugin's exports.
struct Calls {
    verbs: Vec<(&'static str, VerbClass)>,
    view: fn(border::Context) -> Result<View, Failure>,
    act: fn(border::Context, border::Action) -> Result<border::Outcome, Refusal>,
}

impl fmt::Debug for TestHost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TestHost").field("world", &self.world).finish_non_exhaustive()
    }
}

impl TestHost {
    /// A host that runs this plugin.
    #[must_use]
    pub fn of<W: Widget>() -> Self {
        let host = Self {
            world: Rc::new(RefCell::new(World { now: START, ..World::default() })),
            texts: RefCell::default(),
            log: RefCell::default(),
            calls: Calls { verbs: W::VERBS.to_vec(), view: Exported::<W>::view, act: Exported::<W>::act },
        };
        host.add_page(PAGE, "Travel policy");
        for (id, name, roles) in [
            ("anna", "Anna", Roles::empty()),
            ("ben", "Ben", Roles::empty()),
            ("chris", "Chris", Roles::empty()),
            ("lea", "Lea", Roles::LEADER),
            ("mia", "Mia", Roles::MODERATOR),
            ("gast", "Gast", Roles::GUEST),
            ("ex", "Ex", Roles::empty()),
        ] {
            host.add_person(id, name, roles);
        }
        if let Some(ex) = host.world.borrow_mut().people.get_mut("ex") {
            ex.active = false;
        }
        host
    }

    /// Takes the settings' defaults from a `plugin.toml`.
    ///
    /// # Panics
    /// When the text is not a manifest.
    #[must_use]
    pub fn with_manifest(self, manifest: &str) -> Self {
        self.world.borrow_mut().settings = texts::settings_of(manifest);
        self
    }

    /// Takes the plugin's texts, so that outlines show what people read; from then on a text that is missing
    /// is an error.
    ///
    /// # Panics
    /// When the text is not a Fluent file.
    #[must_use]
    pub fn with_texts(self, language: &str, fluent: &str) -> Self {
        *self.texts.borrow_mut() = Texts::parse(language, fluent);
        self
    }

    /// Sets a setting.
    pub fn set(&self, name: &str, value: Value) {
        self.world.borrow_mut().settings.insert(name.to_owned(), value);
    }

    /// Adds a page that is open for all.
    pub fn add_page(&self, key: &str, title: &str) {
        let page = Page { key: key.to_owned(), title: title.to_owned(), owner: None, closed: false };
        self.world.borrow_mut().pages.insert(key.to_owned(), page);
    }

    /// Adds a person who is here.
    pub fn add_person(&self, id: &str, name: &str, roles: Roles) {
        let person = Person { id: id.to_owned(), name: name.to_owned(), roles, active: true };
        self.world.borrow_mut().people.insert(id.to_owned(), person);
    }

    /// Holds new entries of everybody but moderators, for this reason; `None` lets them through again.
    pub fn hold(&self, reason: Option<&str>) {
        self.world.borrow_mut().hold = reason.map(str::to_owned);
    }

    /// When it is.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.world.borrow().now
    }

    /// Moves the clock.
    pub fn advance_minutes(&self, minutes: u64) {
        self.world.borrow_mut().now += minutes * 60_000_000;
    }

    /// Everything that plugins have written to the log, as `level: message`.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    /// The entry as a moderator sees it, with its Markdown; none where there is none.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<(Entry, String)> {
        let world = self.world.borrow();
        let moderator = world.people.get("mia");
        let row = world.rows.iter().find(|row| row.id == id)?;
        Some((world.entry(Eyes { page: &row.page, person: moderator }, row), row.body.clone()))
    }

    /// How many people have put a mark of this kind on the page.
    #[must_use]
    pub fn page_marks(&self, kind: &str) -> usize {
        self.world.borrow().marks_on(PAGE, &crate::Target::Page, kind).count()
    }

    /// The person with this id, who has just opened the page.
    ///
    /// # Panics
    /// When there is no such person.
    #[must_use]
    pub fn as_person(&self, id: &str) -> Actor<'_> {
        let person = self.world.borrow().people.get(id).cloned();
        assert!(person.is_some(), "nobody here has the id `{id}`");
        Actor { host: self, person, page: PAGE.to_owned(), parameters: Vec::new(), since: None, late: false }
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub fn as_nobody(&self) -> Actor<'_> {
        Actor {
            host: self,
            person: None,
            page: PAGE.to_owned(),
            parameters: Vec::new(),
            since: None,
            late: false,
        }
    }

    fn run<R>(&self, actor: &Actor<'_>, plugin: impl FnOnce(border::Context) -> R) -> (R, Call) {
        self.world.borrow_mut().now += 1_000_000;
        let page = self.world.borrow().pages.get(&actor.page).cloned();
        let page = page.expect("add_page comes before a page is used");
        let writes = |person: &Person| person.active && !page.closed;
        let context = border::Context {
            may_write: actor.person.as_ref().is_some_and(writes),
            page,
            person: actor.person.clone(),
            parameters: actor.parameters.clone(),
            since: actor.since,
        };
        let call = Call {
            world: Rc::clone(&self.world),
            page: actor.page.clone(),
            person: actor.person.clone(),
            reserved: Vec::new(),
            rows: 0,
            randoms: 0,
            log: Vec::new(),
        };
        let (result, mut call) = imports::during(call, || plugin(context));
        self.log.borrow_mut().append(&mut call.log);
        (result, call)
    }
}

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

impl Actor<'_> {
    /// On another page.
    #[must_use]
    pub fn on(mut self, page: &str) -> Self {
        page.clone_into(&mut self.page);
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
    /// When the view breaks the form (counts of children, indexes) or a text is missing.
    pub fn view(&self) -> Result<Shown, Failure> {
        let (view, _) = self.host.run(self, self.host.calls.view);
        let world = self.host.world.borrow();
        Ok(Shown::new(view?, &world, &self.host.texts.borrow()))
    }

    /// Does what concerns no entry.
    ///
    /// # Errors
    /// [`Refused`], by who refuses.
    pub fn act(&self, verb: &str, fields: &[(&str, &str)]) -> Result<Done, Refused> {
        self.try_act(None, verb, fields)
    }

    /// Does something to an entry.
    ///
    /// # Errors
    /// [`Refused`], by who refuses.
    pub fn act_on(&self, entry: &str, verb: &str, fields: &[(&str, &str)]) -> Result<Done, Refused> {
        self.try_act(Some(entry), verb, fields)
    }

    fn try_act(&self, subject: Option<&str>, verb: &str, fields: &[(&str, &str)]) -> Result<Done, Refused> {
        let known = self.host.calls.verbs.iter().any(|(name, _)| *name == verb);
        let offered = || self.late || self.view().is_ok_and(|shown| shown.verbs(subject).contains(&verb));
        if !known || !offered() {
            return Err(Refused::NotOffered);
        }
        let field =
            |(name, value): &(&str, &str)| border::Field { name: (*name).into(), value: (*value).into() };
        let action = border::Action {
            verb: verb.to_owned(),
            subject: subject.map(str::to_owned),
            fields: fields.iter().map(field).collect(),
        };
        let (outcome, call) = self.host.run(self, |context| (self.host.calls.act)(context, action));
        let texts = self.host.texts.borrow();
        let outcome = outcome.map_err(|refusal| {
            texts.check_refusal(&refusal);
            Refused::ByPlugin(refusal)
        })?;
        if let Some(text) = &outcome.announce {
            texts.check(text);
        }
        commit::commit(&call, &outcome.effects).map_err(Refused::ByHost)?;
        Ok(Done {
            parameters: changed(&self.parameters, &outcome.navigation),
            reserved: call.reserved,
            outcome,
        })
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
    /// The host refused the effects; in a browser this is an error of the plugin or a conflict.
    ByHost(String),
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done {
    outcome: border::Outcome,
    reserved: Vec<EntryId>,
    parameters: String,
}

impl Done {
    /// The id of the entry that was made.
    ///
    /// # Panics
    /// When none was.
    #[must_use]
    pub fn id(&self) -> &str {
        self.reserved.first().map(String::as_str).expect("the action made an entry")
    }

    /// The changes.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.outcome.effects
    }

    /// The parameters of the view that is shown then: `sort=newest&limit=40`.
    #[must_use]
    pub fn parameters(&self) -> &str {
        &self.parameters
    }

    /// The id of the text that is read aloud.
    #[must_use]
    pub fn announced(&self) -> Option<&str> {
        self.outcome.announce.as_deref()
    }

    /// The key of the node that gets the focus.
    #[must_use]
    pub fn focus(&self) -> Option<&str> {
        self.outcome.focus.as_deref()
    }
}

/// What a person sees.
#[derive(Clone, Debug)]
pub struct Shown {
    view: View,
    outline: String,
    offers: Vec<(Option<String>, String)>,
}

impl Shown {
    fn new(view: View, world: &World, texts: &Texts) -> Self {
        let (outline, offers) = outline::draw(&view, world, texts);
        Self { view, outline, offers }
    }

    /// The view as an indented outline, a line for each node; rows and menus on one line.
    #[must_use]
    pub fn outline(&self) -> &str {
        &self.outline
    }

    /// The verbs that are offered for an entry, or for none, in the order of the view.
    #[must_use]
    pub fn verbs(&self, subject: Option<&str>) -> Vec<&str> {
        let fits = |offer: &&(Option<String>, String)| offer.0.as_deref() == subject;
        self.offers.iter().filter(fits).map(|(_, verb)| verb.as_str()).collect()
    }

    /// The view itself.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }
}
