//! Why an action came to nothing, in the person's words, with the view as it is now.

use stoa_rules::{Argument, Message, Otherwise};

use crate::base::id::PersonId;
use crate::identity::permit::Refused;
use crate::runtime::PluginRefusal;
use crate::services::texts::Value;
use crate::store::{CommitError, Person};

use super::super::app::App;
use super::super::refusal::Refusal;
use super::super::request::{ActionOutcome, ActionRequest, ViewRequest};
use super::super::scope::{change_parameters, write_time};
use super::super::view::parse_parameters;
use super::Answer;

impl App {
    /// The view as it is, for somebody whose action came too late.
    async fn present(&self, ask: &ViewRequest, action: &ActionRequest) -> Option<Box<ActionOutcome>> {
        let answer = Answer { parameters: ask.parameters.clone(), ..Answer::default() };
        self.acted(ask, action, &answer, false).await.ok().map(Box::new)
    }

    /// The same with the current text of the subject beside the form that came too late.
    async fn present_changed(&self, ask: &ViewRequest, action: &ActionRequest) -> Option<Box<ActionOutcome>> {
        let parameters = parse_parameters(&ask.parameters).ok()?;
        let mut then = String::new();
        let subject = action.subject.as_deref().filter(|_| !action.fields.is_empty()).unwrap_or_default();
        change_parameters(&parameters, &[("host-stale", subject)], &mut then);
        let answer = Answer { parameters: then, ..Answer::default() };
        self.acted(ask, action, &answer, false).await.ok().map(Box::new)
    }

    /// A message of the plugin in the person's language.
    pub(super) async fn plugin_text(&self, ask: &ViewRequest, message: &Message) -> String {
        let texts = self.0.kit.texts.of_plugin(ask.plugin.as_str(), &ask.lang);
        if message.arguments.is_empty() {
            return texts.label(&message.id).into_owned();
        }
        let people = self.people_of(ask, message).await;
        let mut values = Vec::with_capacity(message.arguments.len());
        for (name, argument) in &message.arguments {
            let value = match argument {
                Argument::Text(text) => Value::Text(text.as_str().into()),
                Argument::Number(number) => Value::Number(*number),
                Argument::Person(id) => {
                    let person = people.iter().find(|person| person.id.as_str() == id);
                    let unknown = || self.text(&ask.lang, "host-somebody");
                    Value::Text(person.map_or_else(unknown, |person| person.name.clone()).into())
                }
                Argument::Time(at) => Value::Text(self.time_text(ask, *at).into()),
            };
            values.push((name.as_str(), value));
        }
        texts.message(&message.id, &values)
    }

    /// The people that a message names; none where they cannot be read now.
    async fn people_of(&self, ask: &ViewRequest, message: &Message) -> Vec<Person> {
        let ids: Vec<PersonId> = message
            .arguments
            .iter()
            .filter_map(|(_, argument)| match argument {
                Argument::Person(id) => Some(PersonId::from(id.as_str())),
                Argument::Text(_) | Argument::Number(_) | Argument::Time(_) => None,
            })
            .collect();
        if ids.is_empty() {
            return Vec::new();
        }
        self.0.store.get_people(&ask.site, &ids).await.unwrap_or_default()
    }

    fn time_text(&self, ask: &ViewRequest, at: u64) -> String {
        let own = self.0.kit.texts.of_host(&ask.lang);
        let utc = jiff::tz::TimeZone::UTC;
        let zone = self.0.sites.get(&ask.site).map_or(utc, |site| site.zone.clone());
        let mut text = String::new();
        write_time(&own, &own.label("host-date-pattern"), &zone, at, &mut text);
        text
    }

    /// A text for the person; while plugins are developed with the reason that their authors need.
    fn explained(&self, text: String, reason: &str) -> String {
        if self.0.config.development && !reason.is_empty() { format!("{text} [{reason}]") } else { text }
    }

    pub(super) fn not_permitted(&self, ask: &ViewRequest, refused: Refused) -> Refusal {
        let id = match refused {
            Refused::SignInNeeded => return Refusal::SignInNeeded,
            Refused::Inactive => "host-inactive",
            Refused::ModeratorNeeded => "host-moderator-needed",
        };
        Refusal::Denied { message: self.text(&ask.lang, id) }
    }

    pub(super) async fn refused(
        &self,
        ask: &ViewRequest,
        action: &ActionRequest,
        refusal: PluginRefusal,
        notes: &[String],
    ) -> Refusal {
        let reason = notes.join("; ");
        match refusal {
            PluginRefusal::Invalid(issues) => {
                let mut fields = Vec::with_capacity(issues.len());
                for (field, message) in issues {
                    fields.push((field, self.explained(self.plugin_text(ask, &message).await, &reason)));
                }
                Refusal::Invalid { fields }
            }
            PluginRefusal::Denied(message) => {
                Refusal::Denied { message: self.explained(self.plugin_text(ask, &message).await, &reason) }
            }
            PluginRefusal::Conflict(message) => Refusal::Conflict {
                message: self.explained(self.plugin_text(ask, &message).await, &reason),
                shown: self.present(ask, action).await,
            },
            PluginRefusal::Gone(message) => Refusal::Gone {
                message: self.explained(self.plugin_text(ask, &message).await, &reason),
                shown: self.present(ask, action).await,
            },
        }
    }

    /// A condition of the plugin did not hold any more.
    pub(super) async fn unmet(
        &self,
        ask: &ViewRequest,
        action: &ActionRequest,
        message: &Message,
        reason: &str,
    ) -> Refusal {
        if message.id.is_empty() {
            return self.stale(ask, action).await;
        }
        Refusal::Conflict {
            message: self.explained(self.plugin_text(ask, message).await, reason),
            shown: self.present(ask, action).await,
        }
    }

    /// It is done, and cannot be shown now.
    pub(super) fn unshown(&self, ask: &ViewRequest, refusal: Refusal) -> Refusal {
        tracing::warn!(site = %ask.site, plugin = %ask.plugin, reason = %refusal, "an action was done and cannot be shown");
        Refusal::Unshown { message: self.text(&ask.lang, "host-unshown") }
    }

    /// What was seen is not what is there.
    pub(super) async fn stale(&self, ask: &ViewRequest, action: &ActionRequest) -> Refusal {
        let message = self.text(&ask.lang, "host-stale");
        Refusal::Stale { message, shown: self.present_changed(ask, action).await }
    }

    pub(super) async fn not_committed(
        &self,
        ask: &ViewRequest,
        action: &ActionRequest,
        error: CommitError,
    ) -> Refusal {
        let text = |id: &str| self.text(&ask.lang, id);
        match error {
            CommitError::Conflict(_) | CommitError::Unmet { .. } | CommitError::Rerun => {
                self.stale(ask, action).await
            }
            CommitError::NotFound(_) | CommitError::ParentGone(_) => {
                Refusal::Gone { message: text("host-gone"), shown: self.present(ask, action).await }
            }
            CommitError::PageClosed => Refusal::Denied { message: text("host-refused-closed") },
            CommitError::Denied(target) => {
                tracing::info!(site = %ask.site, plugin = %ask.plugin, verb = action.verb, "the person may not do this to {target}");
                let reason = format!(
                    "whose right is this? {target}: see `set_by`, `own` and `holders` in the manifest"
                );
                Refusal::Denied { message: self.explained(text("host-denied"), &reason) }
            }
            CommitError::NotUnique { text: id } => Refusal::Conflict {
                message: self.plugin_text(ask, &Message { id, arguments: Vec::new() }).await,
                shown: self.present(ask, action).await,
            },
            CommitError::AlreadyMarked { .. } => Refusal::Conflict {
                message: text("host-already-marked"),
                shown: self.present(ask, action).await,
            },
            CommitError::Invalid { field, detail } => {
                tracing::warn!(site = %ask.site, plugin = %ask.plugin, verb = action.verb, field, detail, "what the plugin recorded does not fit its manifest");
                let message = self.explained(text("host-refused-value"), &format!("{field}: {detail}"));
                Refusal::Invalid { fields: vec![(field, message)] }
            }
            CommitError::Short { otherwise: Otherwise::Refuse(message) } => {
                self.unmet(ask, action, &message, "there is too little in the account").await
            }
            CommitError::Short { otherwise: Otherwise::Rerun } => self.stale(ask, action).await,
            CommitError::KeyReused => Refusal::KeyReused,
            CommitError::SpaceFull => {
                tracing::warn!(site = %ask.site, plugin = %ask.plugin, "the plugin's private space is full");
                Refusal::Unavailable
            }
            CommitError::Store(error) => error.into(),
        }
    }
}
