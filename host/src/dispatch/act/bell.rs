//! What people do with the bell. Each can be repeated: it says what is wanted, not what is to change.

use stoa_rules::{Change, Class, Target};

use super::super::app::App;
use super::super::refusal::Refusal;
use super::super::request::{ActionOutcome, ActionRequest, ViewRequest};
use super::super::scope::token_scope;
use super::super::view::BELL_ID;
use super::check_form;
use crate::base::id::PersonId;
use crate::identity::Actor;
use crate::identity::permit::check_write;
use crate::services::notices::{FOLLOW, Verb};
use crate::services::rates;
use crate::store::{Commit, Judged, Mute, Notice, PageRef, Read, Why};

impl App {
    pub(super) async fn act_bell(
        &self,
        ask: &ViewRequest,
        action: ActionRequest,
    ) -> Result<ActionOutcome, Refusal> {
        let person = ask.actor.person_id().ok_or(Refusal::SignInNeeded)?;
        check_form(&action)?;
        let Some(verb) = Verb::named(&action.verb) else {
            return Err(Refusal::Malformed {
                detail: format!("there is no verb `{}`", action.verb),
                hint: "load the page again; it may be older than the host",
            });
        };
        let (scope, subject, now) =
            (token_scope(ask, BELL_ID), action.subject.as_deref(), self.0.clock.now());
        self.0.kit.tokens.check(&scope, subject, &action.verb, &action.token, now)?;
        self.check_rate(&ask.actor, rates::Class::Act, &ask.lang)?;
        let subject = subject.unwrap_or_default();
        match verb {
            Verb::ReadAll => self.read_notices(&ask.actor, Read::All).await?,
            Verb::Read => {
                let notice = self.notice(ask, person, subject).await?;
                self.read_notices(&ask.actor, Read::Some(vec![notice.id])).await?;
            }
            Verb::Stop => {
                let notice = self.notice(ask, person, subject).await?;
                self.stop(ask, person, &notice).await?;
            }
            Verb::MutePerson => {
                let notice = self.notice(ask, person, subject).await?;
                if let Some(actor) = notice.actor {
                    self.mute(&ask.actor, Mute::Person(actor), true).await?;
                }
            }
            Verb::Less => {
                let kind = self.notice(ask, person, subject).await?.kind.switch();
                self.mute(&ask.actor, Mute::Kind(kind.to_owned()), true).await?;
            }
            Verb::Kind => {
                let off = action.fields.iter().any(|(name, value)| name == "value" && value == "off");
                self.mute(&ask.actor, mute("kind", subject)?, off).await?;
            }
            Verb::Share => {
                let shares = action.fields.iter().any(|(name, value)| name == "value" && value == "on");
                self.0.store.put_shares(&ask.site, person, shares).await?;
                self.0.live.wake_person(&ask.site, person);
            }
            Verb::Unmute => {
                let (what, target) = subject.split_once(':').unwrap_or_default();
                self.mute(&ask.actor, mute(what, target)?, false).await?;
            }
        }
        let shown = self.view(ask, action.base.as_deref()).await?;
        let announce = Some(self.text(&ask.lang, &format!("bell-done-{}", verb.name())));
        Ok(ActionOutcome { shown, announce, focus: None, state: None, replayed: false })
    }

    /// Note what somebody has read, and tell their other pages.
    ///
    /// # Errors
    /// `SignInNeeded`; `Unavailable`.
    pub async fn read_notices(&self, actor: &Actor, read: Read) -> Result<(), Refusal> {
        let person = actor.person_id().ok_or(Refusal::SignInNeeded)?;
        self.0.store.read_notices(&actor.site, person, read, self.0.clock.now()).await?;
        self.0.live.wake_person(&actor.site, person);
        Ok(())
    }

    /// Keep what somebody does not want to be told, or wants to be told again.
    ///
    /// # Errors
    /// `SignInNeeded`; `Malformed` for the 501st; `Unavailable`.
    pub async fn mute(&self, actor: &Actor, mute: Mute, muted: bool) -> Result<(), Refusal> {
        let person = actor.person_id().ok_or(Refusal::SignInNeeded)?;
        self.0.store.mute(&actor.site, person, mute, muted, self.0.clock.now()).await?;
        self.0.live.wake_person(&actor.site, person);
        Ok(())
    }

    async fn notice(&self, ask: &ViewRequest, person: &PersonId, id: &str) -> Result<Notice, Refusal> {
        let found = self.0.store.get_notice(&ask.site, person, id).await?;
        found.ok_or_else(|| Refusal::NotFound { message: self.text(&ask.lang, "host-not-found") })
    }

    /// Follow no more what led to a notice; a thread that somebody is part of without following is muted.
    async fn stop(&self, ask: &ViewRequest, person: &PersonId, notice: &Notice) -> Result<(), Refusal> {
        let target = match notice.why {
            Why::FollowsPage => Target::Page(notice.page.clone()),
            Why::FollowsThread => Target::Entry(notice.root.as_str().to_owned()),
            Why::Named | Why::Wrote | Why::Author | Why::Moderates => {
                return self.mute(&ask.actor, Mute::Thread(notice.root.clone()), true).await;
            }
        };
        let page_follow = matches!(target, Target::Page(_));
        if let Some(commit) = self.unfollow(ask, notice, target)? {
            match self.0.store.commit(commit).await {
                Ok(_) if page_follow => {
                    self.0.live.wake_person(&ask.site, person);
                    return Ok(());
                }
                Ok(_) => {}
                Err(error) => tracing::info!(%error, "a mark stays; its thread is muted"),
            }
        }
        self.mute(&ask.actor, Mute::Thread(notice.root.clone()), true).await
    }

    /// The change that takes back what the person has marked in the plugin; none where it is not here any more.
    fn unfollow(
        &self,
        ask: &ViewRequest,
        notice: &Notice,
        target: Target,
    ) -> Result<Option<Commit>, Refusal> {
        let site = self.site_state(&ask.site)?;
        let Some(installed) = site.plugins.get(&notice.plugin) else { return Ok(None) };
        let permit =
            check_write(&ask.actor, Class::Mark).map_err(|refused| self.not_permitted(ask, refused))?;
        let change = Change::DeleteMark { target, kind: FOLLOW.to_owned() };
        Ok(Some(Commit {
            site: ask.site.clone(),
            plugin: notice.plugin.clone(),
            page: PageRef { key: notice.page.clone(), url: String::new(), title: String::new() },
            permit,
            now: self.0.clock.now(),
            request: None,
            report_hold: 0,
            declared: std::sync::Arc::clone(installed.plugin.declared()),
            terms: std::sync::Arc::clone(&installed.terms),
            author_seen: None,
            requirements: Vec::new(),
            changes: vec![Judged { change, verdict: None }],
        }))
    }
}

fn mute(what: &str, target: &str) -> Result<Mute, Refusal> {
    Mute::from_words(what, target).ok_or_else(|| Refusal::Malformed {
        detail: format!("there is nothing of the kind `{what}` to mute"),
        hint: "use the buttons of the view; they carry the right values",
    })
}
