//! What is known of an entry, and what the host lets a person do with it.

use stoa_rules::{Class, State};

/// Verbs of the host; no plugin can have one that starts so.
pub const VERB_PREFIX: &str = "host-";
/// Parameters of the host; no plugin sees or sets one that starts so.
pub const PARAMETER_PREFIX: &str = "host-";
/// What somebody can say is wrong with an entry: values of the mark `report`, and of texts after `moderation-reason-`.
pub const REPORT_REASONS: [&str; 5] = ["spam", "rude", "off-topic", "outdated", "other"];
/// The field of a form that says why.
pub const REASON_FIELD: &str = "reason";

/// Something that the host does with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostVerb {
    /// Tell moderators about it.
    Report,
    /// Publish what is held, or let stand what was reported.
    Approve,
    /// Refuse what is held.
    Reject,
    /// Take away what is visible.
    Remove,
    /// Bring back what was rejected, removed or deleted.
    Restore,
}

impl HostVerb {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Report, Self::Approve, Self::Reject, Self::Remove, Self::Restore];

    /// The name in tokens and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "host-report",
            Self::Approve => "host-approve",
            Self::Reject => "host-reject",
            Self::Remove => "host-remove",
            Self::Restore => "host-restore",
        }
    }

    /// Who may do it, and the most that it changes.
    #[must_use]
    pub fn class(self) -> Class {
        if self.is_decision() { Class::Moderate } else { Class::Mark }
    }

    /// Whether it decides on the entry as it was shown, so that it is refused where there is a later version.
    #[must_use]
    pub fn is_decision(self) -> bool {
        match self {
            Self::Report => false,
            Self::Approve | Self::Reject | Self::Remove | Self::Restore => true,
        }
    }

    /// The verb of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }
}

/// Somebody's report of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The display name.
    pub name: String,
    /// One of [`REPORT_REASONS`], or a word of an older host.
    pub reason: String,
}

/// What is known of an entry that a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The moderation state.
    pub state: State,
    /// Why it is held, rejected or removed; empty where the viewer may not know.
    pub reason: &'a str,
    /// How many people, or a rule, report it; 0 for those who do not moderate.
    pub report_count: u32,
    /// Who reports it; empty for those who do not moderate.
    pub reports: &'a [Report],
    /// Whether the viewer wrote it.
    pub own: bool,
    /// Whether the viewer has reported it.
    pub reported: bool,
}

/// For whom a view is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Whether somebody is signed in and still here.
    pub signed_in: bool,
    /// Whether they decide on entries of others.
    pub moderates: bool,
}

impl Facts<'_> {
    /// Whether the viewer may do something with the entry. The commit asks the same again.
    #[must_use]
    pub fn allow(&self, viewer: Viewer, verb: HostVerb) -> bool {
        let reported = self.state == State::Visible && self.report_count > 0;
        match verb {
            HostVerb::Report => {
                viewer.signed_in && !self.own && !self.reported && self.state == State::Visible
            }
            HostVerb::Approve => viewer.moderates && (self.state == State::Held || reported),
            HostVerb::Reject => viewer.moderates && self.state == State::Held,
            HostVerb::Remove => viewer.moderates && !self.own && self.state == State::Visible,
            HostVerb::Restore => viewer.moderates && matches!(self.state, State::Rejected | State::Removed),
        }
    }
}
