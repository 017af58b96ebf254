//! Verbs of the host: reporting an entry and deciding on it. They are the same for the entries of every plugin.

use stoa_rules::{Change, State, Target, clean_line, limits};

use crate::services::moderation::{HOST_PARAMETERS, HostVerb, REASON_FIELD, REPORT_REASONS};

use super::super::app::App;
use super::super::refusal::Refusal;
use super::super::request::{ActionRequest, ViewRequest};
use super::{Offered, Wanted};

impl App {
    /// What a verb of the host changes.
    ///
    /// # Errors
    /// `Malformed` without a subject, `Invalid` for a reason that is missing.
    pub(super) fn host_action(
        &self,
        ask: &ViewRequest,
        action: &ActionRequest,
        offered: &Offered,
        verb: HostVerb,
    ) -> Result<Wanted, Refusal> {
        let subject = action.subject.clone().ok_or_else(|| Refusal::Malformed {
            detail: "the verb is done to an entry, and none is named".to_owned(),
            hint: "load the page again",
        })?;
        let reason = action.fields.iter().find(|(name, _)| name == REASON_FIELD);
        let reason = reason.map(|(_, value)| clean_line(value, limits::REASON_CHARS_MAX)).unwrap_or_default();
        let (id, seen) = (subject.clone(), offered.seen.unwrap_or_default());
        let decided = |state| Change::SetState { id, seen, state, reason: reason.clone() };
        let change = match verb {
            HostVerb::Report if !REPORT_REASONS.contains(&reason.as_str()) => {
                return Err(self.reason_missing(ask, "moderation-report-why"));
            }
            HostVerb::Report => Change::PutMark {
                target: Target::Entry(subject.clone()),
                kind: "report".to_owned(),
                value: reason.clone(),
            },
            HostVerb::Reject | HostVerb::Remove if reason.is_empty() => {
                return Err(self.reason_missing(ask, "moderation-reason-missing"));
            }
            HostVerb::Approve | HostVerb::Restore => decided(State::Visible),
            HostVerb::Reject => decided(State::Rejected),
            HostVerb::Remove => decided(State::Removed),
        };
        Ok(Wanted {
            changes: vec![change],
            navigation: HOST_PARAMETERS.map(|name| (name.to_owned(), String::new())).to_vec(),
            announce: Some(
                self.text(&ask.lang, &format!("moderation-done-{}", &verb.name()["host-".len()..])),
            ),
            focus: Some(subject),
            ..Wanted::default()
        })
    }

    fn reason_missing(&self, ask: &ViewRequest, id: &str) -> Refusal {
        Refusal::Invalid { fields: vec![(REASON_FIELD.to_owned(), self.text(&ask.lang, id))] }
    }
}
