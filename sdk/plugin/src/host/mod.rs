//! Ask the host: everything that a call can read, as ordinary methods.
//!
//! The reads cost time and count against the call's budgets, so ask for many things at once.

mod entry;

use crate::bindings::stoa::plugin::{entries, kv, settings};
use crate::{Cursor, Error, Page, Person, PersonId, Target};

pub use entries::{Order, Query, Revision};
pub use entry::{Entry, MarkCount, Threads};
pub use kv::{Pair, Pairs};
pub use settings::Value;

/// The switch: in a component the host's functions are imports, in an author's tests the in-memory host offers
/// the same functions under the same names. Nothing else in this crate knows the difference.
pub(crate) mod imports {
    #[cfg(target_arch = "wasm32")]
    pub(crate) use super::entry::imports as entries;
    #[cfg(target_arch = "wasm32")]
    pub(crate) use crate::bindings::stoa::plugin::{clock, kv, log, marks, pages, people, random, settings};
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) use crate::testing::imports::{
        clock, entries, kv, log, marks, pages, people, random, settings,
    };
}

/// Read the entries that this plugin keeps on the page of this call. The host leaves out what the person may
/// not see.
#[derive(Clone, Copy, Debug)]
pub struct Entries;

impl Entries {
    /// The threads of the page, each start followed by its answers. Rows count against the call's budget of
    /// 2,000.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit out of range or a cursor of another order; [`Error::Quota`].
    ///
    /// ```
    /// use stoa_plugin::{Order, Query};
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let threads = context.entries().list_threads(&Query { replies: 3, ..Query::new(Order::Top, 20) })?;
    /// # Ok(()) }
    /// ```
    pub fn list_threads(self, query: &Query) -> Result<Threads, Error> {
        imports::entries::list_threads(query)
    }

    /// One thread from its start, with `limit` answers (1 to 200) after `after`, oldest first. `id` may be any
    /// entry of the thread.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, id: &str) -> Result<(), stoa_plugin::Error> {
    /// let thread = context.entries().get_thread(id, None, 200)?;
    /// # Ok(()) }
    /// ```
    pub fn get_thread(self, id: &str, after: Option<&Cursor>, limit: u32) -> Result<Threads, Error> {
        imports::entries::get_thread(id, after.map(String::as_str), limit)
    }

    /// One entry; none where it does not exist on this page or the person may not see it.
    ///
    /// # Errors
    /// [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, id: &str) -> Result<(), stoa_plugin::Error> {
    /// if let Some(entry) = context.entries().get(id)? {
    ///     context.log().info(&entry.kind);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn get(self, id: &str) -> Result<Option<Entry>, Error> {
        Ok(self.get_many(&[id.to_owned()])?.pop())
    }

    /// Entries by id, 100 at the most; those that do not exist on this page are left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more than 100 ids; [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, ids: &[String]) -> Result<(), stoa_plugin::Error> {
    /// let entries = context.entries().get_many(ids)?;
    /// # Ok(()) }
    /// ```
    pub fn get_many(self, ids: &[String]) -> Result<Vec<Entry>, Error> {
        imports::entries::get_many(ids)
    }

    /// The Markdown of an entry. A view needs it not: it shows a body by the entry's id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, id: &str) -> Result<(), stoa_plugin::Error> {
    /// let asks = context.entries().get_body(id)?.contains('?');
    /// # Ok(()) }
    /// ```
    pub fn get_body(self, id: &str) -> Result<String, Error> {
        imports::entries::get_body(id)
    }

    /// Earlier texts of an entry, newest first, 50 at the most; for its author and moderators.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, id: &str) -> Result<(), stoa_plugin::Error> {
    /// let times_changed = context.entries().list_revisions(id)?.len();
    /// # Ok(()) }
    /// ```
    pub fn list_revisions(self, id: &str) -> Result<Vec<Revision>, Error> {
        imports::entries::list_revisions(id)
    }
}

/// Read marks: votes, likes, follows, reports. Those on entries come with the entries.
#[derive(Clone, Copy, Debug)]
pub struct Marks;

impl Marks {
    /// Whether the person of this call has put a mark of this kind, and with which value.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    ///
    /// ```
    /// use stoa_plugin::Target;
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let follows = context.marks().get_own(&Target::Page, "follow")?.is_some();
    /// # Ok(()) }
    /// ```
    pub fn get_own(self, target: &Target, kind: &str) -> Result<Option<String>, Error> {
        imports::marks::get_own(target, kind)
    }

    /// Who has put a mark of this kind, newest first, 100 at the most; for moderators and the entry's author.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    ///
    /// ```
    /// use stoa_plugin::Target;
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let followers = context.marks().list_people(&Target::Page, "follow")?;
    /// # Ok(()) }
    /// ```
    pub fn list_people(self, target: &Target, kind: &str) -> Result<Vec<PersonId>, Error> {
        imports::marks::list_people(target, kind)
    }
}

/// Know people by id. In views the host fills in names and pictures; a plugin needs this only to decide.
#[derive(Clone, Copy, Debug)]
pub struct People;

impl People {
    /// People by id, 100 at the most; those of other sites and erased ones are left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more than 100 ids; [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, ids: &[String]) -> Result<(), stoa_plugin::Error> {
    /// let still_here = context.people().get_many(ids)?.iter().filter(|person| person.active).count();
    /// # Ok(()) }
    /// ```
    pub fn get_many(self, ids: &[PersonId]) -> Result<Vec<Person>, Error> {
        imports::people::get_many(ids)
    }
}

/// Know the pages of this site.
#[derive(Clone, Copy, Debug)]
pub struct Pages;

impl Pages {
    /// The page with this key.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let title = context.pages().get("handbook/travel")?.title;
    /// # Ok(()) }
    /// ```
    pub fn get(self, key: &str) -> Result<Page, Error> {
        imports::pages::get(key)
    }
}

/// What the admin has set for this plugin on this site. The manifest declares each setting, so a declared one
/// always has a value of its kind; the value given here is for a name that the manifest does not declare.
#[derive(Clone, Copy, Debug)]
pub struct Settings;

impl Settings {
    /// A whole number.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let minutes = context.settings().integer("edit_window_minutes", 15);
    /// # }
    /// ```
    #[must_use]
    pub fn integer(self, name: &str, otherwise: i64) -> i64 {
        match imports::settings::get(name) {
            Some(Value::Integer(value)) => value,
            _ => otherwise,
        }
    }

    /// A yes or no.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let downvotes = context.settings().boolean("downvotes", false);
    /// # }
    /// ```
    #[must_use]
    pub fn boolean(self, name: &str, otherwise: bool) -> bool {
        match imports::settings::get(name) {
            Some(Value::Boolean(value)) => value,
            _ => otherwise,
        }
    }

    /// A text, or one of a setting's choices.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let sort = context.settings().text("sort", "newest");
    /// # }
    /// ```
    #[must_use]
    pub fn text(self, name: &str, otherwise: &str) -> String {
        match imports::settings::get(name) {
            Some(Value::Text(value)) => value,
            _ => otherwise.to_owned(),
        }
    }

    /// Several texts; none for a name that the manifest does not declare.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let reasons = context.settings().texts("report_reasons");
    /// # }
    /// ```
    #[must_use]
    pub fn texts(self, name: &str) -> Vec<String> {
        match imports::settings::get(name) {
            Some(Value::Texts(values)) => values,
            _ => Vec::new(),
        }
    }
}

/// Read the plugin's private key-value space of this site; written by
/// [`Outcome::put_value`](crate::Outcome::put_value).
#[derive(Clone, Copy, Debug)]
pub struct Kv;

impl Kv {
    /// The value of a key; none where there is none.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key over 200 bytes; [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let greeting = context.kv().get("greeting")?;
    /// # Ok(()) }
    /// ```
    pub fn get(self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        imports::kv::get(key)
    }

    /// Keys that start with `prefix`, in the order of their bytes, `limit` (1 to 100) at a time.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let first = context.kv().list_prefix("greeting/", None, 10)?;
    /// let second = context.kv().list_prefix("greeting/", first.next.as_ref(), 10)?;
    /// # Ok(()) }
    /// ```
    pub fn list_prefix(self, prefix: &str, after: Option<&Cursor>, limit: u32) -> Result<Pairs, Error> {
        imports::kv::list_prefix(prefix, after.map(String::as_str), limit)
    }
}

/// Write to the host's log: 100 lines a call, 2,000 bytes a line.
///
/// ```
/// # fn example(context: &stoa_plugin::Context) {
/// context.log().warn("the list of reasons is empty");
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Log;

impl Log {
    /// For the author.
    pub fn debug(self, message: &str) {
        imports::log::write(imports::log::Level::Debug, message);
    }

    /// Worth knowing.
    pub fn info(self, message: &str) {
        imports::log::write(imports::log::Level::Info, message);
    }

    /// Something is odd.
    pub fn warn(self, message: &str) {
        imports::log::write(imports::log::Level::Warn, message);
    }

    /// Something is wrong.
    pub fn error(self, message: &str) {
        imports::log::write(imports::log::Level::Error, message);
    }
}

impl Query {
    /// The first `limit` threads (1 to 100), without answers.
    ///
    /// ```
    /// use stoa_plugin::{Order, Query};
    ///
    /// let query = Query { replies: 3, ..Query::new(Order::Newest, 20) };
    /// assert_eq!(query.limit, 20);
    /// ```
    #[must_use]
    pub fn new(order: Order, limit: u32) -> Self {
        Self { order, after: None, limit, replies: 0, expanded: Vec::new(), since: None }
    }
}
