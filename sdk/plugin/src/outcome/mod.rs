//! What an action changes, on which conditions, and what the person gets besides.

mod change;
mod condition;
mod ledger;

use crate::bindings::stoa::plugin::{conditions, ledger_write};
use crate::host::imports;
use crate::{Error, Target, Text};

pub use change::{FieldChange, NewEntry};
pub use conditions::{Condition, Otherwise};
pub use ledger_write::Transfer;

/// Records what is to happen.
///
/// Nothing is written while a plugin runs. When [`Widget::act`](crate::Widget::act) has returned, the host checks
/// rights, fields and conditions in one transaction and commits everything that was recorded, or nothing; a refusal
/// drops it. 50 changes and 100 conditions at most.
///
/// Each change needs a capability in the manifest: those of entries `entries-write`, those of marks `marks-write`,
/// [`Outcome::close_page`] `pages-write`, [`Outcome::put_value`] `kv-write`, [`Outcome::post`] `ledger-write`. Conditions, and what the person gets
/// besides, need none.
///
/// ```
/// use stoa_plugin::{Action, Context, Outcome, Refusal};
///
/// fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
///     let id = outcome.create("comment").field("body", action.field("body").unwrap_or("")).record()?;
///     outcome.focus(&id);
///     outcome.announce("posted");
///     Ok(())
/// }
/// # let _ = act;
/// ```
///
/// Every method that changes something gives the same errors, which `?` makes a refusal:
/// [`Error::NotGranted`] names the capability that the manifest does not ask for or the administrator has not granted,
/// [`Error::Invalid`] says what does not fit the manifest's declarations or the verb's class,
/// [`Error::NotHere`] comes from a view, [`Error::Quota`] is a used-up budget.
#[derive(Debug)]
pub struct Outcome {
    /// Only the host's call of `act` makes one.
    _made_by_act: (),
}

/// Whether a change of the private space is an event of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakes {
    /// Nobody notices.
    Nobody,
    /// The open views of the page of this call are drawn again.
    Page,
}

impl Outcome {
    pub(crate) fn new() -> Self {
        Self { _made_by_act: () }
    }

    /// A new entry of the person of this call, on the page of this call, of a kind that the manifest declares.
    /// [`NewEntry::record`] gives its id. Moderation decides whether it is visible or held.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) -> Result<(), stoa_plugin::Error> {
    /// let question = outcome.create("question").field("title", "Forms").field("body", "Where are they?").record()?;
    /// outcome.create("answer").parent(&question).field("body", "On the second floor.").record()?;
    /// # Ok(()) }
    /// ```
    pub fn create(&mut self, kind: &str) -> NewEntry<'_> {
        NewEntry::new(self, kind)
    }

    /// Other values for fields of an entry, by those whom each field's `set_by` in the manifest names. Texts need
    /// [`FieldChange::seen`].
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, poll: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.change(&poll.id).field("closed", true).record()?;
    /// # Ok(()) }
    /// ```
    pub fn change(&mut self, id: &str) -> FieldChange<'_> {
        FieldChange::new(self, id)
    }

    /// Deletes an entry of the person's own. `seen` is the version that was shown: another one refuses the commit.
    /// What moderators decide on entries of others is the host's: it needs no line of a plugin.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.delete(&entry.id, entry.version)?;
    /// # Ok(()) }
    /// ```
    pub fn delete(&mut self, id: &str, seen: u32) -> Result<(), Error> {
        imports::entries_write::delete(id, seen)
    }

    /// Pins a root to the top or unpins it; needs a moderator, leader or steward.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.set_pinned(&entry.id, true)?;
    /// # Ok(()) }
    /// ```
    pub fn set_pinned(&mut self, id: &str, pinned: bool) -> Result<(), Error> {
        imports::entries_write::set_pinned(id, pinned)
    }

    /// Puts a mark of the person, one of a kind on each target, or replaces its value where the mark's `change` in the
    /// manifest allows it. The same again changes nothing.
    ///
    /// ```
    /// use stoa_plugin::Target;
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.put_mark(&Target::entry(&entry.id), "vote", "1")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Outcome`].
    pub fn put_mark(&mut self, target: &Target, kind: &str, value: &str) -> Result<(), Error> {
        imports::marks_write::put(target, kind, value)
    }

    /// Takes a mark of the person away; where there is none nothing changes.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, outcome: &mut stoa_plugin::Outcome) -> Result<(), stoa_plugin::Error> {
    /// outcome.delete_mark(&context.here(), "follow")?;
    /// # Ok(()) }
    /// ```
    pub fn delete_mark(&mut self, target: &Target, kind: &str) -> Result<(), Error> {
        imports::marks_write::delete(target, kind)
    }

    /// Closes the page for new entries, or opens it again; needs a moderator.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) -> Result<(), stoa_plugin::Error> {
    /// outcome.close_page(true)?;
    /// # Ok(()) }
    /// ```
    pub fn close_page(&mut self, closed: bool) -> Result<(), Error> {
        imports::pages_write::set_closed(closed)
    }

    /// Writes the plugin's private space: a key of 1 to 200 bytes and a value of 64 KiB at most; `None` takes the key
    /// away.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// use stoa_plugin::Wakes;
    /// # fn example(outcome: &mut stoa_plugin::Outcome) -> Result<(), stoa_plugin::Error> {
    /// outcome.put_value("greeting", Some(b"Hello"), Wakes::Page)?;
    /// outcome.put_value("farewell", None, Wakes::Nobody)?;
    /// # Ok(()) }
    /// ```
    pub fn put_value(&mut self, key: &str, value: Option<&[u8]>, wakes: Wakes) -> Result<(), Error> {
        imports::kv_write::put(key, value, wakes == Wakes::Page)
    }

    /// Commits only where this still holds then. Use [`Otherwise::refuse`] for what the person has seen and
    /// [`Otherwise::Rerun`] for what only this call has read.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// use stoa_plugin::{Condition, Otherwise};
    /// # fn example(outcome: &mut stoa_plugin::Outcome, poll: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.require(Condition::field(&poll.id, "closed", false), Otherwise::refuse("poll-is-closed"))?;
    /// # Ok(()) }
    /// ```
    pub fn require(&mut self, condition: Condition, otherwise: Otherwise) -> Result<(), Error> {
        imports::conditions::require(&condition, &otherwise)
    }

    /// Sets a parameter of the view that is shown next; an empty value takes it away.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.navigate("sort", "newest");
    /// # }
    /// ```
    pub fn navigate(&mut self, name: &str, value: &str) {
        imports::outcome::navigate(name, value);
    }

    /// Has a text read aloud; the last one counts.
    ///
    /// ```
    /// use stoa_plugin::text;
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.announce("posted");
    /// outcome.announce(text("you-chose").text("option", "By train"));
    /// # }
    /// ```
    pub fn announce(&mut self, text: impl Into<Text>) {
        imports::outcome::announce(&text.into());
    }

    /// Gives the focus to the node with this key; the last one counts.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) {
    /// outcome.focus(&entry.id);
    /// # }
    /// ```
    pub fn focus(&mut self, key: &str) {
        imports::outcome::focus(key);
    }
}
