//! What an action changes: effects, collected by ordinary methods.

use crate::bindings::exports::stoa::plugin::widget as border;
use crate::bindings::stoa::plugin::effects;
use crate::view::Parameter;
use crate::{Entry, EntryId, State, Target};

pub use effects::Effect;

/// What is to happen: changes, where the view goes, what is read aloud, what gets the focus.
///
/// Nothing is written while a plugin runs. The host checks all changes together and commits all of them or
/// none; 50 changes at the most.
///
/// ```
/// use stoa_plugin::{Action, Context, Outcome, Refusal};
///
/// fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
///     let id = outcome.create_entry("comment", None, action.field("body").unwrap_or(""));
///     outcome.focus(&id);
///     outcome.announce("posted");
///     Ok(())
/// }
/// # let _ = act;
/// ```
#[derive(Debug, Default)]
pub struct Outcome {
    effects: Vec<Effect>,
    navigation: Vec<Parameter>,
    announce: Option<String>,
    focus: Option<String>,
}

impl Outcome {
    /// A new entry of the person of this call, on the page of this call; gives its id. `kind` is 1 to 32
    /// characters of a-z and `-`, `parent` a visible entry of the same page, `body` Markdown of 65,535
    /// characters at the most. Moderation decides whether it is visible or held.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// let question = outcome.create_entry("question", None, "Where is the **form**?");
    /// outcome.create_entry("answer", Some(&question), "On the second floor.");
    /// # }
    /// ```
    pub fn create_entry(&mut self, kind: &str, parent: Option<&str>, body: &str) -> EntryId {
        self.create_entry_with(kind, parent, body, "")
    }

    /// The same with the plugin's own data: JSON, 16 KiB at the most.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.create_entry_with("poll", None, "Lunch at 12?", r#"{"options":["yes","no"]}"#);
    /// # }
    /// ```
    pub fn create_entry_with(&mut self, kind: &str, parent: Option<&str>, body: &str, data: &str) -> EntryId {
        let id = crate::host::imports::entries::reserve_id();
        self.effects.push(Effect::CreateEntry(effects::NewEntry {
            id: id.clone(),
            kind: kind.to_owned(),
            parent: parent.map(str::to_owned),
            body: body.to_owned(),
            data: data.to_owned(),
        }));
        id
    }

    /// A changed text. The old one is kept as a revision. Authors change their own, moderators any; a version
    /// other than the one that was read is a conflict.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) {
    /// outcome.edit_entry(entry, "On the *third* floor.");
    /// # }
    /// ```
    pub fn edit_entry(&mut self, entry: &Entry, body: &str) {
        self.effects.push(Effect::EditEntry(effects::Edit {
            id: entry.id.to_string(),
            version: entry.version,
            body: body.to_owned(),
        }));
    }

    /// A changed state. Authors may delete their own entries; everything else needs a moderator. The reason,
    /// 500 characters at the most, is for the author and other moderators.
    ///
    /// ```
    /// use stoa_plugin::State;
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) {
    /// outcome.set_state(entry, State::Removed, Some("Names a customer."));
    /// # }
    /// ```
    pub fn set_state(&mut self, entry: &Entry, state: State, reason: Option<&str>) {
        self.effects.push(Effect::SetState(effects::StateChange {
            id: entry.id.to_string(),
            version: entry.version,
            state,
            reason: reason.map(str::to_owned),
        }));
    }

    /// A vote: up or down. It replaces the person's other vote; the same vote again changes nothing.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) {
    /// outcome.vote(&entry.id, true);
    /// # }
    /// ```
    pub fn vote(&mut self, entry: &str, up: bool) {
        self.put_mark(Target::Entry(entry.to_owned()), "vote", if up { "1" } else { "-1" });
    }

    /// A mark of the person, one of a kind on a target. `vote` counts for the order, `report` for moderation,
    /// `follow` for notifications; others are the plugin's own. `value`: 64 bytes at the most.
    ///
    /// ```
    /// use stoa_plugin::Target;
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.put_mark(Target::Page, "follow", "1");
    /// # }
    /// ```
    pub fn put_mark(&mut self, target: Target, kind: &str, value: &str) {
        self.effects.push(Effect::PutMark(effects::NewMark {
            target,
            kind: kind.to_owned(),
            value: value.to_owned(),
        }));
    }

    /// Takes a mark of the person away; one that is not there changes nothing.
    ///
    /// ```
    /// use stoa_plugin::Target;
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.delete_mark(Target::Page, "follow");
    /// # }
    /// ```
    pub fn delete_mark(&mut self, target: Target, kind: &str) {
        self.effects.push(Effect::DeleteMark(effects::OldMark { target, kind: kind.to_owned() }));
    }

    /// Pins a thread to the top, or lets it go; needs a moderator or leader.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) {
    /// outcome.pin(&entry.id, true);
    /// # }
    /// ```
    pub fn pin(&mut self, entry: &str, pinned: bool) {
        self.effects.push(Effect::PinEntry(effects::Pin { id: entry.to_owned(), pinned }));
    }

    /// Closes the page for new entries, or opens it again; needs a moderator.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.close_page(true);
    /// # }
    /// ```
    pub fn close_page(&mut self, closed: bool) {
        self.effects.push(Effect::ClosePage(closed));
    }

    /// Writes the plugin's private space: a key of 200 bytes and a value of 64 KiB at the most; `None` takes
    /// the key away.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.put_value("greeting", Some(b"Hello"));
    /// outcome.put_value("farewell", None);
    /// # }
    /// ```
    pub fn put_value(&mut self, key: &str, value: Option<&[u8]>) {
        self.effects
            .push(Effect::PutValue(effects::Put { key: key.to_owned(), value: value.map(<[u8]>::to_vec) }));
    }

    /// Changes a parameter of the view that is shown then; an empty value takes it away.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.navigate("sort", "newest");
    /// # }
    /// ```
    pub fn navigate(&mut self, name: &str, value: &str) {
        self.navigation.push(Parameter { name: name.to_owned(), value: value.to_owned() });
    }

    /// Has a text read aloud: the id of a text without arguments.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome) {
    /// outcome.announce("posted");
    /// # }
    /// ```
    pub fn announce(&mut self, text: &str) {
        self.announce = Some(text.to_owned());
    }

    /// Moves the focus to the node with this key.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) {
    /// outcome.focus(&entry.id);
    /// # }
    /// ```
    pub fn focus(&mut self, key: &str) {
        self.focus = Some(key.to_owned());
    }

    /// As the border has it.
    pub(crate) fn into_border(self) -> border::Outcome {
        border::Outcome {
            effects: self.effects,
            navigation: self.navigation,
            announce: self.announce,
            focus: self.focus,
        }
    }
}
