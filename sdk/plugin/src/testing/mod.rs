//! An in-memory host: a plugin is tested natively, without a browser, a database or a component.
//!
//! It judges by the same rules as a real host (the crate `stoa-rules`): what the manifest asks for and declares, the
//! classes of verbs, fields, marks, states, versions, conditions, limits and the structure of views. Views are shown as
//! outlines that fit a snapshot.
//!
//! What it has not: rate limits, word lists and the other verdicts of moderation (but [`TestHost::hold_texts`]), live events,
//! fuel, several sites. Its ids are short, `e1` and `anna`.

mod actor;
mod commit;
mod convert;
pub(crate) mod imports;
mod outline;
mod query;
mod texts;
mod world;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use stoa_rules::{Capability, Grants, Place, limits};

use crate::bindings::exports::stoa::plugin::widget::{self as border, Guest};
use crate::host::entries;
use crate::view::View;
use crate::{Entry, Exported, Failure, Instant, Page, Person, Refusal, Roles, Setting, Target, Verb, Widget};
use texts::Texts;
use world::{Viewer, World};

pub use actor::{Actor, Attempt, Done, Refused};
pub use outline::Shown;
/// What a call has recorded, as the host has it.
pub use stoa_rules::Change;

/// When the clock of a new host stands: Monday, 2 March 2026, 09:00 UTC.
pub const START: Instant = 1_772_442_000_000_000;

/// The page of a new host.
pub const PAGE: &str = "handbook/travel";

/// A host with one plugin, in memory.
///
/// It starts with the page `handbook/travel` ("Travel policy") and seven people, whose ids are their names:
/// `anna`, `ben` and `chris` (staff), `lea` (a leader), `mia` (a moderator), `gast` (a guest) and `ex` (who has
/// left). Each call moves the clock by one second.
///
/// Without [`TestHost::with_manifest`] a plugin is granted nothing: it can only show what needs no capability.
pub struct TestHost {
    world: Rc<RefCell<World>>,
    texts: RefCell<Texts>,
    log: RefCell<Vec<String>>,
    calls: Calls,
}

/// That a host would load a plugin with these verbs.
fn check_verbs(verbs: &[Verb]) {
    let most = limits::VERBS_MAX;
    assert!(verbs.len() <= most, "a plugin has at most {most} verbs, this one has {}", verbs.len());
    for (place, verb) in verbs.iter().enumerate() {
        let name = verb.name();
        let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let fits = letters && (1..=limits::NAME_BYTES_MAX).contains(&name.len());
        assert!(fits, "a verb has 1 to {} characters of a-z and `-`: `{name}`", limits::NAME_BYTES_MAX);
        assert!(!name.starts_with("host-"), "verbs that begin with `host-` are the host's own: `{name}`");
        assert!(
            verbs[..place].iter().all(|earlier| earlier.name() != name),
            "the verb `{name}` is there twice"
        );
    }
}

/// The plugin's exports.
struct Calls {
    verbs: &'static [Verb],
    view: fn(border::Request) -> Result<View, Failure>,
    act: fn(border::Request, border::Action) -> Result<(), Refusal>,
}

impl fmt::Debug for TestHost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TestHost").field("world", &self.world).finish_non_exhaustive()
    }
}

impl TestHost {
    /// A host that runs this plugin.
    ///
    /// # Panics
    /// When a host would not load a plugin with these `VERBS`.
    #[must_use]
    pub fn of<W: Widget>() -> Self {
        check_verbs(W::VERBS);
        let host = Self {
            world: Rc::new(RefCell::new(World { now: START, ..World::default() })),
            texts: RefCell::default(),
            log: RefCell::default(),
            calls: Calls { verbs: W::VERBS, view: Exported::<W>::view, act: Exported::<W>::act },
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

    /// Takes what the plugin's `plugin.toml` says: the capabilities that it asks for, which are granted, the kinds and
    /// marks that it declares, and the defaults of its settings.
    ///
    /// # Panics
    /// When the text is not a manifest.
    #[must_use]
    pub fn with_manifest(self, manifest: &str) -> Self {
        let manifest = texts::manifest(manifest);
        {
            let mut world = self.world.borrow_mut();
            world.grants = manifest.grants();
            world.reach = manifest.reach();
            world.settings = texts::defaults(&manifest.settings);
            world.declared = manifest.declared();
            world.place = manifest.place;
        }
        if self.world.borrow().place == Place::Site {
            self.add_page("", "");
        }
        self
    }

    /// Takes the plugin's texts, so that outlines show what people read; from then on a text that is missing or does
    /// not fit its arguments is an error.
    ///
    /// # Panics
    /// When the text is not a Fluent file.
    #[must_use]
    pub fn with_texts(self, language: &str, fluent: &str) -> Self {
        *self.texts.borrow_mut() = Texts::parse(language, fluent);
        self
    }

    /// Grants these capabilities of those that the manifest asks for, and no other.
    ///
    /// # Panics
    /// When a name is no capability.
    pub fn grants<const N: usize>(&self, capabilities: [&str; N]) {
        let known = |name: &str| Capability::named(name).expect("capabilities are named as in the manifest");
        let granted: Grants = capabilities.into_iter().map(known).collect();
        let mut world = self.world.borrow_mut();
        world.grants = world.grants.intersection(granted);
    }

    /// Sets a setting.
    pub fn set(&self, name: &str, value: Setting) {
        self.world.borrow_mut().settings.insert(name.to_owned(), value);
    }

    /// Adds a page that is open for all.
    pub fn add_page(&self, key: &str, title: &str) {
        let page = Page { key: key.to_owned(), title: title.to_owned(), owner: None, closed: false };
        self.world.borrow_mut().pages.insert(key.to_owned(), page);
    }

    /// Has somebody look after a page.
    ///
    /// # Panics
    /// When there is no such page.
    pub fn set_owner(&self, page: &str, person: &str) {
        let mut world = self.world.borrow_mut();
        let page = world.pages.get_mut(page).expect("add_page comes before a page is used");
        page.owner = Some(person.to_owned());
    }

    /// Closes a page for new entries, as a moderator does.
    ///
    /// # Panics
    /// When there is no such page.
    pub fn close_page(&self, page: &str) {
        let mut world = self.world.borrow_mut();
        world.pages.get_mut(page).expect("add_page comes before a page is used").closed = true;
    }

    /// Adds a person who is here.
    pub fn add_person(&self, id: &str, name: &str, roles: Roles) {
        let person = Person { id: id.to_owned(), name: name.to_owned(), roles, active: true };
        self.world.borrow_mut().people.insert(id.to_owned(), person);
    }

    /// Somebody leaves: known, but not here any more.
    ///
    /// # Panics
    /// When there is no such person.
    pub fn leaves(&self, id: &str) {
        let mut world = self.world.borrow_mut();
        world.people.get_mut(id).expect("nobody leaves who was not here").active = false;
    }

    /// From now on moderation holds new texts of everybody but moderators.
    pub fn hold_texts(&self) {
        self.world.borrow_mut().holds = true;
    }

    /// From now on moderation publishes new texts again.
    pub fn publish_texts(&self) {
        self.world.borrow_mut().holds = false;
    }

    /// When it is.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.world.borrow().now
    }

    /// Puts the site in a time zone (IANA), in which days and months of budgets and caps begin; UTC until then.
    pub fn set_time_zone(&self, zone: &str) {
        zone.clone_into(&mut self.world.borrow_mut().zone);
    }

    /// Somebody comes today; everybody else was there before the first budget.
    pub fn join(&self, id: &str, name: &str, roles: Roles) {
        self.add_person(id, name, roles);
        let mut world = self.world.borrow_mut();
        let now = world.now;
        world.joined.insert(id.to_owned(), now);
    }

    /// What is in an account of a person by now.
    #[must_use]
    pub fn balance(&self, unit: &str, account: &str, person: &str) -> i64 {
        let (unit, name, person) = (unit.to_owned(), account.to_owned(), Some(person.to_owned()));
        self.world.borrow().balance(&stoa_rules::AccountId { unit, name, person }).amount
    }

    /// What all accounts of a unit come to, those of the site among them: 0, if nothing was lost or made.
    #[must_use]
    pub fn unit_sum(&self, unit: &str) -> i64 {
        self.world.borrow().ledger.sums().get(unit).copied().unwrap_or_default()
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

    /// The entry as a moderator sees it; none where there is none.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<Entry> {
        let world = self.world.borrow();
        let row = world.row(id)?;
        let viewer = Viewer { page: &row.page, person: world.people.get("mia") };
        entries(world.list(viewer, [row])).pop()
    }

    /// The Markdown of an entry.
    ///
    /// # Panics
    /// When there is no such entry.
    #[must_use]
    pub fn body(&self, id: &str) -> String {
        let world = self.world.borrow();
        world.row(id).expect("the entry is there").body().to_owned()
    }

    /// How many people have put a mark of this kind.
    #[must_use]
    pub fn marks(&self, target: &Target, kind: &str) -> u32 {
        world::count(self.world.borrow().marks_on(&convert::target(target), kind))
    }

    /// The person with this id, who has just opened the page.
    ///
    /// # Panics
    /// When there is no such person.
    #[must_use]
    pub fn as_person(&self, id: &str) -> Actor<'_> {
        let person = self.world.borrow().people.get(id).cloned();
        assert!(person.is_some(), "nobody here has the id `{id}`");
        Actor::new(self, person)
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub fn as_nobody(&self) -> Actor<'_> {
        Actor::new(self, None)
    }

    /// Two people, or one in two tabs, act at the same moment: both acts have read before either is committed. The
    /// first one is committed first.
    ///
    /// ```no_run
    /// # use stoa_plugin::testing::{Refused, TestHost};
    /// # use stoa_plugin::text;
    /// # fn example(host: &TestHost, poll: &str) {
    /// let (closes, chooses) = host.at_once(
    ///     host.as_person("anna").attempt_on(poll, "close", &[]),
    ///     host.as_person("ben").attempt_on(poll, "choose", &[("value", "0")]),
    /// );
    /// closes.unwrap();
    /// assert_eq!(chooses.unwrap_err(), Refused::ByRule(text("poll-is-closed")));
    /// # }
    /// ```
    ///
    /// # Errors
    /// Of each, [`Refused`], by who refuses.
    pub fn at_once(
        &self,
        first: Attempt<'_>,
        second: Attempt<'_>,
    ) -> (Result<Done, Refused>, Result<Done, Refused>) {
        let (began_first, began_second) = (first.begin(), second.begin());
        (began_first.and_then(|call| first.finish(call)), began_second.and_then(|call| second.finish(call)))
    }
}
