//! Where and for whom a call is made, and what was done.

use crate::bindings::exports::stoa::plugin::widget as border;
use crate::host::{Entries, Kv, Ledger, Log, Marks, Pages, People, Settings, imports};
use crate::view::Parameter;
use crate::{Entry, Instant, Page, Person, Target};

/// The page, the person and the state of the view; from here everything else is read.
///
/// ```
/// use stoa_plugin::view::{View, ViewBuilder, literal};
/// use stoa_plugin::{Context, Failure, Order, Query};
///
/// fn view(context: &Context) -> Result<View, Failure> {
///     let threads = context.entries().list(&Query::new(Order::Newest, 20))?;
///     let mut v = ViewBuilder::new();
///     v.text(literal(&format!("{} about {}", threads.entries.len(), context.page().title)));
///     Ok(v.finish())
/// }
/// # let _ = view;
/// ```
#[derive(Debug)]
pub struct Context {
    inner: border::Request,
}

impl Context {
    pub(crate) fn new(inner: border::Request) -> Self {
        Self { inner }
    }

    /// The page that people read.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.inner.page
    }

    /// The page, as something that marks are put on.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, outcome: &mut stoa_plugin::Outcome) -> Result<(), stoa_plugin::Error> {
    /// outcome.put_mark(&context.here(), "follow", "1")?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn here(&self) -> Target {
        Target::page(&self.inner.page.key)
    }

    /// The person; none for somebody who is not signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        self.inner.person.as_ref()
    }

    /// Whether this id is the person's own.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, page: &stoa_plugin::Page) {
    /// let is_owner = page.owner.as_deref().is_some_and(|owner| context.is(owner));
    /// # }
    /// ```
    #[must_use]
    pub fn is(&self, id: &str) -> bool {
        self.person().is_some_and(|person| person.id == id)
    }

    /// Whether the person is the author of an entry.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, entry: &stoa_plugin::Entry) {
    /// let may_vote = context.person().is_some() && !context.wrote(entry);
    /// # }
    /// ```
    #[must_use]
    pub fn wrote(&self, entry: &Entry) -> bool {
        entry.author.as_deref().is_some_and(|author| self.is(author))
    }

    /// Whether the person decides on entries of others: a moderator or admin.
    #[must_use]
    pub fn moderates(&self) -> bool {
        self.person().is_some_and(Person::moderates)
    }

    /// Whether the person may write here: signed in, active, the page not closed.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.inner.may_write
    }

    /// What a link of the view has set; none for what is not set or empty.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let newest_first = context.parameter("sort") == Some("newest");
    /// # }
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.inner.parameters.iter().find(|parameter| parameter.name == name);
        found.map(|parameter| parameter.value.as_str()).filter(|value| !value.is_empty())
    }

    /// All parameters, 16 at most.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.inner.parameters
    }

    /// When the browser last asked for everything; entries of others after it wait behind "3 new".
    #[must_use]
    pub fn since(&self) -> Option<Instant> {
        self.inner.since
    }

    /// When this call was made, by the host's clock; it stands still during a call.
    #[must_use]
    pub fn now(&self) -> Instant {
        imports::clock::now()
    }

    /// The next random number, from a seed of this call. Not for secrets.
    #[must_use]
    pub fn random(&self) -> u64 {
        imports::random::next()
    }

    /// Read the plugin's entries.
    #[must_use]
    pub fn entries(&self) -> Entries {
        Entries
    }

    /// Read votes, likes, follows.
    #[must_use]
    pub fn marks(&self) -> Marks {
        Marks
    }

    /// Know people by id.
    #[must_use]
    pub fn people(&self) -> People {
        People
    }

    /// Know the pages of this site.
    #[must_use]
    pub fn pages(&self) -> Pages {
        Pages
    }

    /// What the admin has set.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings
    }

    /// Read the plugin's private key-value space.
    #[must_use]
    pub fn kv(&self) -> Kv {
        Kv
    }

    /// Read points.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        Ledger
    }

    /// Write to the host's log, under the plugin's name.
    #[must_use]
    pub fn log(&self) -> Log {
        Log
    }
}

/// What a person did. The host has checked that a view offered this verb for this subject.
///
/// ```
/// use stoa_plugin::{Action, Refusal};
///
/// fn title(action: &Action) -> Result<&str, Refusal> {
///     match action.field("title").map(str::trim) {
///         Some(title) if !title.is_empty() => Ok(title),
///         _ => Err(Refusal::field("title", "title-missing")),
///     }
/// }
/// # let _ = title;
/// ```
#[derive(Debug)]
pub struct Action {
    inner: border::Action,
}

impl Action {
    pub(crate) fn new(inner: border::Action) -> Self {
        Self { inner }
    }

    /// Which verb.
    #[must_use]
    pub fn verb(&self) -> &str {
        &self.inner.verb
    }

    /// What it is done to, an entry's id; none where the view named nothing.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.inner.subject.as_deref()
    }

    /// The version of the subject that the view showed; none where the verb does not ask for it, see
    /// [`Verb::seen`](crate::Verb::seen).
    #[must_use]
    pub fn seen(&self) -> Option<u32> {
        self.inner.seen
    }

    /// What is wanted, as a button, toggle, vote or reaction sends it: `on` or `off`, `1`, `0` or `-1`, or the button's
    /// own value. None where it sends none.
    ///
    /// ```
    /// use stoa_plugin::{Action, Entry, Error, Outcome};
    ///
    /// fn like(action: &Action, entry: &Entry, outcome: &mut Outcome) -> Result<(), Error> {
    ///     match action.value() {
    ///         Some("on") => outcome.put_mark(&entry.target(), "like", "1"),
    ///         _ => outcome.delete_mark(&entry.target(), "like"),
    ///     }
    /// }
    /// # let _ = like;
    /// ```
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.field("value")
    }

    /// What was filled in, as typed; 64 KiB at most. Of several values of one name (boxes of a choice)
    /// the first.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.inner.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    /// All values of one name: the boxes that were ticked.
    pub fn fields(&self, name: &str) -> impl Iterator<Item = &str> {
        self.inner.fields.iter().filter(move |field| field.name == name).map(|field| field.value.as_str())
    }
}
