//! The bell: a view of the host's own, of what one person is told. Drawn, kept and told as differences like those of
//! plugins; the person's notices take the place of the page.

use stoa_rules::{Fields, Value};
use stoa_view::nodes::View;

use super::super::request::{NoticeTold, NoticesTold};
use super::{App, Refusal, SiteState, ViewRequest, parse_parameters};
use crate::base::config::ShowProfiles;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::identity::Actor;
use crate::services::live::BELL;
use crate::services::notices::{LIMIT, LIST, Line, Muted, OPEN, Panel, SETTINGS, Settings, draw};
use crate::store::{Mute, MutedThing, NoticeLine, Read};

/// The name under which tokens of the bell are made; no plugin can have it.
pub(in crate::dispatch) const BELL_ID: &str = "stoa:bell";
/// The parameter by which a view shows one entry alone, in every plugin whose entries people are told of.
const FOCUS: &str = "focus";
/// Notices that are listed, and how many more each time.
const LISTED: u32 = 20;
const LISTED_MAX: u32 = 100;

impl ViewRequest {
    /// Whether it is for the bell.
    pub(in crate::dispatch) fn is_bell(&self) -> bool {
        self.plugin.as_str() == BELL
    }
}

impl App {
    /// The bell of whoever asks; nothing for somebody not signed in.
    pub(super) async fn draw_bell(&self, ask: &ViewRequest, site: &SiteState) -> Result<View, Refusal> {
        let Some(person) = ask.actor.person_id() else { return Ok(nothing()) };
        let store = &self.0.store;
        let unread = store.count_unread(&ask.site, person).await?;
        let parameters = parse_parameters(&ask.parameters)?;
        let parameter =
            |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let panel = match parameter(OPEN) {
            Some(LIST) => {
                let limit = parameter(LIMIT).and_then(|limit| limit.parse().ok()).unwrap_or(LISTED);
                self.bell_list(ask, site, person, limit.clamp(1, LISTED_MAX)).await?
            }
            Some(SETTINGS) => {
                let muted = store.list_mutes(&ask.site, person).await?;
                let muted = muted.into_iter().map(|one| muted_of(site, one)).collect();
                let profiles = site.config.profiles;
                let shares = match profiles.has_cards() {
                    true => {
                        let chosen = store.contributions(&ask.site, person, &[]).await?.shares;
                        Some(chosen.unwrap_or(profiles.show == ShowProfiles::On))
                    }
                    false => None,
                };
                Panel::Settings(Settings { muted, moderates: ask.actor.moderates(), shares })
            }
            _ => Panel::Closed,
        };
        Ok(draw(unread, &panel))
    }

    async fn bell_list(
        &self,
        ask: &ViewRequest,
        site: &SiteState,
        person: &PersonId,
        limit: u32,
    ) -> Result<Panel, Refusal> {
        let found = self.0.store.list_notices(&ask.site, person, None, limit).await?;
        let more = found.next.filter(|_| limit < LISTED_MAX).map(|_| (limit + LISTED).min(LISTED_MAX));
        let line = |row: NoticeLine| Line {
            url: self.notice_url(&ask.site, &row, ask.plain),
            title: line_title(site, &row),
            row,
        };
        Ok(Panel::List(found.items.into_iter().map(line).collect(), more))
    }

    /// Somebody's notices by line for other programs: the newest first, with where each leads and what its thread is
    /// called.
    ///
    /// # Errors
    /// `SignInNeeded`; `Malformed` for a cursor of another list; `Unavailable`.
    pub async fn notices(
        &self,
        site: &SiteId,
        actor: &Actor,
        after: Option<&str>,
        limit: u32,
    ) -> Result<NoticesTold, Refusal> {
        let person = actor.person_id().ok_or(Refusal::SignInNeeded)?;
        let found = self.0.store.list_notices(site, person, after, limit).await?;
        let ids: Vec<PersonId> = found.items.iter().filter_map(|line| line.newest.actor.clone()).collect();
        let people = if ids.is_empty() { Vec::new() } else { self.0.store.get_people(site, &ids).await? };
        let state = self.site_state(site)?;
        let told = |line: NoticeLine| NoticeTold {
            url: self.notice_url(site, &line, false),
            title: line_title(&state, &line),
            actor: people.iter().find(|person| Some(&person.id) == line.newest.actor.as_ref()).cloned(),
            line,
        };
        Ok(NoticesTold { items: found.items.into_iter().map(told).collect(), next: found.next })
    }

    /// How many lines of somebody's notices are unread, counted up to 100.
    ///
    /// # Errors
    /// `SignInNeeded`; `Unavailable`.
    pub async fn count_unread(&self, actor: &Actor) -> Result<u32, Refusal> {
        let person = actor.person_id().ok_or(Refusal::SignInNeeded)?;
        Ok(self.0.store.count_unread(&actor.site, person).await?)
    }

    /// What somebody does not want to be told.
    ///
    /// # Errors
    /// `SignInNeeded`; `Unavailable`.
    pub async fn mutes(&self, actor: &Actor) -> Result<Vec<Mute>, Refusal> {
        let person = actor.person_id().ok_or(Refusal::SignInNeeded)?;
        let muted = self.0.store.list_mutes(&actor.site, person).await?;
        Ok(muted.into_iter().map(|one| one.mute).collect())
    }

    /// Where reading goes on: at the oldest unread entry of a line, in its page where the store knows where that is,
    /// otherwise in the plain one.
    fn notice_url(&self, site: &SiteId, line: &NoticeLine, plain: bool) -> String {
        let notice = &line.newest;
        let (plugin, entry) = (&notice.plugin, line.first_unread.as_ref().unwrap_or(&notice.entry).as_str());
        if notice.page_url.is_empty() || plain {
            let page = super::super::scope::in_query(&notice.page);
            let base = &self.0.kit.public_url;
            return format!("{base}/t/{site}/{plugin}?page={page}&{FOCUS}={entry}");
        }
        let page = notice.page_url.split('#').next().unwrap_or_default();
        format!("{page}#stoa-{plugin}?{FOCUS}={entry}")
    }

    /// Whoever sees an entry alone has read what they were told of its thread.
    pub(super) async fn read_focused(&self, ask: &ViewRequest) {
        let Some(person) = ask.actor.person_id() else { return };
        let entry = parse_parameters(&ask.parameters)
            .ok()
            .and_then(|all| all.into_iter().find(|(name, _)| name == FOCUS))
            .map(|(_, id)| EntryId::from(id));
        let Some(entry) = entry else { return };
        let store = &self.0.store;
        let read = match store.has_unread_of(&ask.site, person, &entry).await {
            Ok(true) => {
                store.read_notices(&ask.site, person, Read::ThreadOf(entry), self.0.clock.now()).await
            }
            Ok(false) => return,
            Err(error) => Err(error),
        };
        match read {
            Ok(_) => self.0.live.wake_person(&ask.site, person),
            Err(error) => tracing::warn!(%error, "what was read could not be noted"),
        }
    }
}

fn nothing() -> View {
    stoa_view::make::ViewBuilder::new().finish()
}

fn muted_of(site: &SiteState, thing: MutedThing) -> Muted {
    let title = title(site, &thing.plugin, (&thing.root_kind, &thing.root_fields), &thing.page_title);
    Muted { mute: thing.mute, title }
}

/// What a line is about: a thread, or the page where something waits.
fn line_title(site: &SiteState, line: &NoticeLine) -> String {
    let notice = &line.newest;
    if notice.kind.is_duty() {
        return notice.page_title.clone();
    }
    title(site, &notice.plugin, (&notice.root_kind, &notice.root_fields), &notice.page_title)
}

/// What a thread is called: by the field that its kind names for it, otherwise as its page.
fn title(site: &SiteState, plugin: &PluginName, (kind, fields): (&str, &Fields), page_title: &str) -> String {
    let declared = site.plugins.get(plugin).and_then(|installed| installed.plugin.declared().kinds.get(kind));
    let field = declared.and_then(|kind| kind.title.as_ref()).and_then(|name| fields.get(name));
    match field {
        Some(Value::Text(title)) if !title.trim().is_empty() => title.clone(),
        _ => page_title.to_owned(),
    }
}
