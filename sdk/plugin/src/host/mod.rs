//! Ask the host: everything that a call can read, as ordinary methods.
//!
//! The reads cost time and count against the call's budgets, so ask for many things at once. Each handle names the
//! capability that its methods need; those of settings and the log need none.

mod entry;
mod ledger;
mod query;
mod settings;

use crate::bindings::stoa::plugin::{entries as border, kv, ledger as points, marks};
use crate::{Cursor, Error, Page, Person, PersonId, Target};

pub use border::{GroupCount, Revision};
pub use entry::{Entry, Found};
pub use kv::{Pair, Pairs};
pub use ledger::Ledger;
pub use marks::{Holder, Holders};
pub use points::{Account, Balance, Flow, FlowSum, Period, Since};
pub use query::{Grouping, Order, Query};
pub use settings::{Setting, Settings};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use entry::entries;

/// The switch: in a component the host's functions are imports, in an author's tests the in-memory host offers
/// the same functions under the same names. Nothing else in this crate knows the difference.
pub(crate) mod imports {
    #[cfg(target_arch = "wasm32")]
    pub(crate) use crate::bindings::stoa::plugin::{
        clock, conditions, entries, entries_write, kv, kv_write, ledger, ledger_write, log, marks,
        marks_write, outcome, pages, pages_write, people, random, settings,
    };
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) use crate::testing::imports::{
        clock, conditions, entries, entries_write, kv, kv_write, ledger, ledger_write, log, marks,
        marks_write, outcome, pages, pages_write, people, random, settings,
    };
}

/// Read the entries that this plugin keeps; needs `entries`. The host leaves out what the person may not see.
#[derive(Clone, Copy, Debug)]
pub struct Entries;

impl Entries {
    /// A list of entries. Rows count against the call's budget of 2,000.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit out of range, a field that is not indexed or a cursor of another query;
    /// [`Error::NotGranted`] for other pages without `scope = "site"`; [`Error::Quota`].
    ///
    /// ```
    /// use stoa_plugin::{Order, Query};
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let threads = context.entries().list(&Query::new(Order::Top, 20).replies(3))?;
    /// # Ok(()) }
    /// ```
    pub fn list(self, query: &Query) -> Result<Found, Error> {
        imports::entries::list_entries(&query.border).map(Found::from)
    }

    /// One thread from its root, with `limit` replies (1 to 200) after `after`, oldest first. `id` may be any entry of
    /// the thread.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, id: &str) -> Result<(), stoa_plugin::Error> {
    /// let thread = context.entries().get_thread(id, None, 200)?;
    /// # Ok(()) }
    /// ```
    pub fn get_thread(self, id: &str, after: Option<&Cursor>, limit: u32) -> Result<Found, Error> {
        imports::entries::get_thread(id, after.map(String::as_str), limit).map(Found::from)
    }

    /// One entry; none where it does not exist here or the person may not see it.
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

    /// One entry that has to be there, for example what an action is done to.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it does not exist here, the person may not see it, or there is no id at all;
    /// [`Error::Quota`].
    ///
    /// ```
    /// use stoa_plugin::{Action, Context, Refusal};
    ///
    /// fn check(context: &Context, action: &Action) -> Result<(), Refusal> {
    ///     let poll = context.entries().load(action.subject())?;
    ///     if poll.flag("closed") { Err(Refusal::conflict("poll-is-closed")) } else { Ok(()) }
    /// }
    /// # let _ = check;
    /// ```
    pub fn load<'a>(self, id: impl Into<Option<&'a str>>) -> Result<Entry, Error> {
        let id = id.into().ok_or(Error::NotFound)?;
        self.get(id)?.ok_or(Error::NotFound)
    }

    /// Entries by id, 100 at most; those that do not exist here are left out. Entries of other pages need
    /// `scope = "site"`.
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
        imports::entries::get_many(ids).map(entry::entries)
    }

    /// The Markdown of an entry. A view does not need it: it shows a body by the entry's id.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, id: &str) -> Result<(), stoa_plugin::Error> {
    /// let asks = context.entries().get_body(id)?.contains('?');
    /// # Ok(()) }
    /// ```
    pub fn get_body(self, id: &str) -> Result<String, Error> {
        imports::entries::get_body(id)
    }

    /// Earlier texts of an entry, newest first, 50 at most; for its author and moderators.
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

    /// Visible entries of the kind of this query, on its pages, whose title is like `text` (1 to 256 bytes): those of the
    /// page of this call first, then the most alike, as many as the query's limit (20 at most). Its other filters and its
    /// order say nothing here.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a query without a kind, for a kind without a `title` in the manifest and for a limit out of
    /// range; [`Error::NotGranted`] for other pages without `scope = "site"`; [`Error::Quota`].
    ///
    /// ```
    /// use stoa_plugin::{Order, Query};
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let known = context.entries().find_similar(&Query::new(Order::Top, 5).kind("question"), "paper receipts")?;
    /// # Ok(()) }
    /// ```
    pub fn find_similar(self, query: &Query, text: &str) -> Result<Vec<Entry>, Error> {
        let kind = query.border.filters.iter().find_map(|filter| match filter {
            border::Filter::Kind(kind) => Some(kind.as_str()),
            _ => None,
        });
        let (scope, limit) = (&query.border.scope, query.border.limit);
        imports::entries::find_similar(text, kind.unwrap_or_default(), scope, limit).map(entry::entries)
    }

    /// How many visible entries match, counted up to 10,000. Of the query, the pages and the filters count.
    ///
    /// # Errors
    /// As [`Entries::list`].
    ///
    /// ```
    /// use stoa_plugin::{Order, Query};
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let open = context.entries().count(&Query::new(Order::Newest, 1).kind("poll").field_is("closed", false))?;
    /// # Ok(()) }
    /// ```
    pub fn count(self, query: &Query) -> Result<u32, Error> {
        imports::entries::count(&query.border.scope, &query.border.filters)
    }

    /// Visible entries that match, by group, the largest first; as many groups as the query's limit. Looks at the
    /// newest 10,000.
    ///
    /// # Errors
    /// As [`Entries::list`].
    ///
    /// ```
    /// use stoa_plugin::{Grouping, Order, Query};
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let answers = Query::new(Order::Newest, 5).kind("answer");
    /// for group in context.entries().count_by(&answers, Grouping::Author)? {
    ///     context.log().info(&format!("{} has {}", group.key, group.number));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn count_by(self, query: &Query, by: Grouping<'_>) -> Result<Vec<GroupCount>, Error> {
        imports::entries::count_by(&query.border.scope, &query.border.filters, &by.into(), query.border.limit)
    }
}

/// Read marks: votes, likes, follows; needs `marks`. Those on entries come with the entries, which does not need it.
#[derive(Clone, Copy, Debug)]
pub struct Marks;

impl Marks {
    /// The value of the mark that the person of this call has put; none where there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a kind that the manifest does not declare.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) -> Result<(), stoa_plugin::Error> {
    /// let follows = context.marks().get_own(&context.here(), "follow")?.is_some();
    /// # Ok(()) }
    /// ```
    pub fn get_own(self, target: &Target, kind: &str) -> Result<Option<String>, Error> {
        imports::marks::get_own(target, kind)
    }

    /// Who has put a mark of this kind, and of this value where one is given, the newest first; `limit` is 1 to 100.
    /// For those whom the mark's `holders` in the manifest names.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`], [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, poll: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// let for_the_third = context.marks().list_holders(&poll.target(), "choice", Some("2"), None, 100)?;
    /// # Ok(()) }
    /// ```
    pub fn list_holders(
        self,
        target: &Target,
        kind: &str,
        value: Option<&str>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Holders, Error> {
        imports::marks::list_holders(target, kind, value, after.map(String::as_str), limit)
    }
}

/// Know people by id; needs `people`. In views the host fills in names and pictures; a plugin needs this only to decide.
#[derive(Clone, Copy, Debug)]
pub struct People;

impl People {
    /// People by id, 100 at most; those of other sites and erased ones are left out.
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

/// Know the pages of this site; needs `pages`. The page of the call is [`Context::page`](crate::Context::page), which
/// does not.
#[derive(Clone, Copy, Debug)]
pub struct Pages;

impl Pages {
    /// Pages by key, 100 at most; unknown ones are left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more than 100 keys; [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, keys: &[String]) -> Result<(), stoa_plugin::Error> {
    /// for page in context.pages().get_many(keys)? {
    ///     context.log().info(&page.title);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn get_many(self, keys: &[String]) -> Result<Vec<Page>, Error> {
        imports::pages::get_many(keys)
    }
}

/// Read the plugin's private key-value space of this site; needs `kv`. Written by
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
