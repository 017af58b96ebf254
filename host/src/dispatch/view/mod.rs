//! A view: called, checked, rendered, and kept so that the next one can be told as a difference.

mod asked;
mod bell;
mod counts;
mod page;
mod person;
mod placed;
mod schema;
mod sign_in;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use sha2::{Digest as _, Sha256};
use stoa_rules::Target;
use stoa_view::nodes::View;

use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId};
use crate::runtime::{Call, CallError, CallPage, CallPerson, Fetched, Viewed};
use crate::services::markdown;
use crate::services::moderation::{self, PARAMETER_PREFIX};
use crate::store::{Holder, Page, Person};

use super::app::{App, Installed, SiteState};
use super::refusal::Refusal;
use super::request::{ViewRequest, ViewResponse};
use super::scope::{Kit, Scope};
pub(super) use asked::parse_parameters;
use asked::{check_sizes, hour, question, title_of, titled, unknown_page};
pub(super) use bell::BELL_ID;
pub use counts::PageCount;
pub use page::{PAGE, TAB};

/// Reported entries of one view whose reports are told, and reports told of each.
const REPORTED_MAX: usize = 20;
const REPORTERS_MAX: u32 = 10;
/// Named and mentioned people whose present names are looked up for one view.
const MENTIONS_MAX: usize = 200;

/// A view with everything that its rendering needs, and its renderings once made.
pub(super) struct Rendered {
    pub(super) kit: Arc<Kit>,
    /// Whether names open cards.
    pub(super) cards: bool,
    /// The id under which its offers are made; none for a preview, which offers nothing to do.
    pub(super) plugin_id: Option<String>,
    pub(super) zone: TimeZone,
    pub(super) ask: ViewRequest,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) view: View,
    pub(super) fetched: Fetched,
    pub(super) made_at: Micros,
    rev: String,
    fresh_until: Option<Micros>,
    page_revision: u64,
    /// People who are named or mentioned and wrote nothing here: no revision of the page tells of their new names.
    mentioned: Vec<PersonId>,
    /// The generation of people by which their names were found right.
    named_at: AtomicI64,
    html: OnceLock<String>,
    tree: OnceLock<stoa_view::tree::Tree>,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rendered").field("rev", &self.rev).finish_non_exhaustive()
    }
}

impl Rendered {
    pub(super) fn html(&self) -> &str {
        self.html.get_or_init(|| stoa_view::render::html(&self.view, &Scope::new(self)))
    }

    pub(super) fn tree(&self) -> &stoa_view::tree::Tree {
        self.tree.get_or_init(|| {
            let mut tree = stoa_view::tree::Tree::new();
            stoa_view::render::render(&self.view, &Scope::new(self), &mut tree);
            tree.shrink();
            tree
        })
    }

    pub(super) fn json(&self) -> String {
        stoa_view::render::json(&self.view, &Scope::new(self))
    }

    pub(super) fn rev(&self) -> &str {
        &self.rev
    }
}

/// The key of a parsed text, borrowed: its hash is that of the pair.
#[derive(Hash)]
struct BodyKey<'a>(&'a EntryId, u32);

impl Equivalent<(EntryId, u32)> for BodyKey<'_> {
    fn equivalent(&self, key: &(EntryId, u32)) -> bool {
        *self.0 == key.0 && self.1 == key.1
    }
}

/// The views made lately, within a budget of memory.
pub(super) struct Views {
    /// The newest of each question.
    newest: Cache<[u8; 32], Arc<Rendered>, Weight>,
    /// By revision: the bases of differences.
    bases: Cache<String, Arc<Rendered>, Weight>,
}

/// What a kept view weighs, in bytes; measured on pages of 100 posts: nodes, texts, HTML and tree together.
#[derive(Clone)]
struct Weight;

impl<K> Weighter<K, Arc<Rendered>> for Weight {
    fn weight(&self, _key: &K, rendered: &Arc<Rendered>) -> u64 {
        let bodies: usize = rendered.fetched.entries.values().map(|body| body.markdown.len() + 100).sum();
        2_048 + 400 * rendered.view.nodes.len() as u64 + 3 * bodies as u64
    }
}

impl Views {
    pub(super) fn new(bytes: u64) -> Self {
        let count = usize::try_from(bytes / 100_000).unwrap_or(0).max(16);
        Self {
            newest: Cache::with_weighter(count, bytes / 2, Weight),
            bases: Cache::with_weighter(count, bytes / 2, Weight),
        }
    }
}

impl App {
    /// Show a view; with `base`, the revision that the browser shows, also as a difference from that.
    ///
    /// # Errors
    /// Every [`Refusal`] of reading.
    pub async fn view(&self, ask: &ViewRequest, base: Option<&str>) -> Result<ViewResponse, Refusal> {
        let whole = self.site_wide(ask);
        let ask = whole.as_ref().unwrap_or(ask);
        let (site, installed) = self.check_place(ask)?;
        let placed = self.placed(ask).await?;
        let ask = &*placed;
        let base = base.and_then(|base| self.0.views.bases.get(base)).filter(|base| base.is_for(ask));
        let titled = titled(ask, base.as_deref());
        let ask = titled.as_ref().unwrap_or(ask);
        let key = question(ask, site.serial, installed.as_deref(), &self.reach(ask).await?);
        let rendered = match self.fresh(ask, &key).await? {
            Some(rendered) => rendered,
            None => self.make(ask, &site, installed.as_deref(), key).await?,
        };
        if installed.is_some() {
            self.read_focused(ask).await;
        }
        Ok(ViewResponse {
            rev: rendered.rev.clone(),
            parameters: ask.parameters.clone(),
            since: ask.since.unwrap_or(rendered.made_at),
            title: rendered.ask.page_title.clone(),
            base,
            rendered,
        })
    }

    /// The revision that [`App::view`] would show, where that is known without making the view.
    ///
    /// # Errors
    /// Every [`Refusal`] of reading.
    pub async fn revision_of(&self, ask: &ViewRequest) -> Result<Option<String>, Refusal> {
        let whole = self.site_wide(ask);
        let ask = whole.as_ref().unwrap_or(ask);
        let (site, installed) = self.check_place(ask)?;
        let ask = &*self.placed(ask).await?;
        let key = question(ask, site.serial, installed.as_deref(), &self.reach(ask).await?);
        let fresh = self.fresh(ask, &key).await?;
        Ok(fresh.map(|rendered| rendered.rev.clone()))
    }

    /// The kept view, if nothing has happened on the page and no time limit has passed since.
    async fn fresh(&self, ask: &ViewRequest, key: &[u8; 32]) -> Result<Option<Arc<Rendered>>, Refusal> {
        let Some(kept) = self.0.views.newest.get(key) else { return Ok(None) };
        let revision = self.revision(ask).await?;
        let now = self.0.clock.now();
        let fresh = kept.page_revision == revision
            && kept.fresh_until.is_none_or(|until| now < until)
            && hour(kept.made_at) == hour(now);
        Ok((fresh && self.names_hold(&kept).await?).then_some(kept))
    }

    /// Whether the people who are only mentioned are still called what the view calls them.
    async fn names_hold(&self, kept: &Rendered) -> Result<bool, Refusal> {
        if kept.mentioned.is_empty() {
            return Ok(true);
        }
        let version = self.0.store.version()?;
        if kept.named_at.load(Ordering::Relaxed) == version {
            return Ok(true);
        }
        let people = self.0.store.get_people(&kept.ask.site, &kept.mentioned).await?;
        let shown = |id: &PersonId| kept.fetched.people.get(id).map(Arc::as_ref);
        let now = |id: &PersonId| people.iter().find(|person| person.id == *id);
        let hold = kept.mentioned.iter().all(|id| shown(id) == now(id));
        if hold {
            kept.named_at.store(version, Ordering::Relaxed);
        }
        Ok(hold)
    }

    /// A number that grows with every change of what the view may show.
    async fn revision(&self, ask: &ViewRequest) -> Result<u64, Refusal> {
        if ask.is_bell() {
            let Some(person) = ask.actor.person_id() else { return Ok(0) };
            return Ok(self.0.store.revision_of_notices(&ask.site, person).await?);
        }
        if ask.is_page() {
            return self.page_revision(ask).await;
        }
        let page = self.0.store.revision(&ask.site, &ask.page_key, &ask.plugin).await?;
        if !self.shows_site(ask) {
            return Ok(page);
        }
        // Both grow, so their sum tells every change of either.
        Ok(page + self.0.store.revision_of_site(&ask.site, &ask.plugin).await?)
    }

    /// Whether the view may show entries of other pages.
    pub(super) fn shows_site(&self, ask: &ViewRequest) -> bool {
        let site = self.0.sites.get(&ask.site);
        let reads_site = |site: Arc<SiteState>| Some(site.plugins.get(&ask.plugin)?.plugin.reads_site());
        site.and_then(reads_site).unwrap_or(false)
    }

    /// Check what every request names; the host's own views have no plugin.
    fn check_place(&self, ask: &ViewRequest) -> Result<(Arc<SiteState>, Option<Arc<Installed>>), Refusal> {
        if ask.is_bell() {
            return check_sizes(ask, true).and_then(|()| Ok((self.site_state(&ask.site)?, None)));
        }
        if ask.is_page() {
            check_sizes(ask, true)?;
            let site = self.site_state(&ask.site)?;
            return check_reader(ask, &site).map(|()| (site, None));
        }
        self.check_ask(ask).map(|(site, installed)| (site, Some(installed)))
    }

    /// Check what every request to a plugin names.
    pub(super) fn check_ask(&self, ask: &ViewRequest) -> Result<(Arc<SiteState>, Arc<Installed>), Refusal> {
        let site = self.site_state(&ask.site)?;
        let installed = site.plugins.get(&ask.plugin).map(Arc::clone).ok_or_else(|| {
            match site.broken.contains(&ask.plugin) {
                true => {
                    Refusal::Plugin(CallError::Host("its file could not be loaded at the start".to_owned()))
                }
                false => Refusal::UnknownPlugin(ask.plugin.to_string()),
            }
        })?;
        check_sizes(ask, !installed.plugin.is_site_wide())?;
        check_reader(ask, &site)?;
        Ok((site, installed))
    }

    async fn make(
        &self,
        ask: &ViewRequest,
        site: &SiteState,
        installed: Option<&Installed>,
        key: [u8; 32],
    ) -> Result<Arc<Rendered>, Refusal> {
        let revision = self.revision(ask).await?;
        let parameters = parse_parameters(&ask.parameters)?;
        let (view, mut fetched, made_at, title) = match installed {
            Some(installed) => {
                let (mut view, fetched, made_at, title) = self.viewed(ask, installed, &parameters).await?;
                self.draw_sign_in(ask, site, &mut view);
                (view, fetched, made_at, title)
            }
            None => {
                let view = match ask.is_page() {
                    true => self.draw_page(ask, site).await?,
                    false => self.draw_bell(ask, site).await?,
                };
                (view, Fetched::default(), self.0.clock.now(), ask.page_title.clone())
            }
        };
        let mut ask = ask.clone();
        ask.page_title = title;
        let fresh_until = view.fresh_until.map(|at| Micros::try_from(at).unwrap_or(Micros::MAX));
        self.parse_bodies(&mut fetched);
        let mut rendered = Rendered {
            kit: Arc::clone(&self.0.kit),
            cards: installed.is_some() && site.config.profiles.has_cards() && ask.actor.person.is_some(),
            plugin_id: Some(installed.map_or(BELL_ID, |one| one.plugin.manifest().id.as_str()).to_owned()),
            zone: site.zone.clone(),
            ask,
            parameters,
            view,
            fetched,
            made_at,
            rev: String::new(),
            fresh_until,
            page_revision: revision,
            mentioned: Vec::new(),
            named_at: AtomicI64::new(0),
            html: OnceLock::new(),
            tree: OnceLock::new(),
        };
        self.fetch_mentioned(&mut rendered).await?;
        rendered.rev = rev(&key, &rendered);
        let rendered = Arc::new(rendered);
        self.0.views.newest.insert(key, Arc::clone(&rendered));
        self.0.views.bases.insert(rendered.rev.clone(), Arc::clone(&rendered));
        Ok(rendered)
    }

    /// What a plugin shows, with the host's moderation, when, and what the page is called.
    async fn viewed(
        &self,
        ask: &ViewRequest,
        installed: &Installed,
        parameters: &[(String, String)],
    ) -> Result<(View, Fetched, Micros, String), Refusal> {
        let (call, page) = self.call(ask, installed).await?;
        let made_at = call.now;
        let mut viewed = installed.linked.view(call).await.map_err(|error| self.view_failed(ask, error))?;
        self.draw_moderation(ask, &mut viewed, parameters).await?;
        self.draw_card(ask, &mut viewed.view, parameters).await?;
        Ok((viewed.view, viewed.fetched, made_at, title_of(ask, &page)))
    }

    /// Draw the state of each entry into the view, and what this person can do about it.
    async fn draw_moderation(
        &self,
        ask: &ViewRequest,
        viewed: &mut Viewed,
        parameters: &[(String, String)],
    ) -> Result<(), Refusal> {
        let viewer = moderation::Viewer {
            signed_in: ask.actor.person.as_ref().is_some_and(|person| person.active),
            moderates: ask.actor.moderates(),
        };
        let reports = self.reports(ask, viewer, &viewed.fetched).await?;
        let own = ask.actor.person_id();
        let Viewed { view, fetched, .. } = viewed;
        let facts = |id: &str| {
            let entry = fetched.entries.get(id)?;
            Some(moderation::Facts {
                state: entry.state,
                reason: &entry.reason,
                report_count: entry.report_count,
                reports: reports.get(id).map_or(&[], Vec::as_slice),
                own: entry.author.is_some() && entry.author.as_ref() == own,
                reported: entry.reported,
            })
        };
        moderation::draw(view, viewer, &facts, parameters, self.0.kit.texts.of_host(&ask.lang));
        Ok(())
    }

    /// Who reports the entries of a view and why, for those who moderate.
    async fn reports(
        &self,
        ask: &ViewRequest,
        viewer: moderation::Viewer,
        fetched: &Fetched,
    ) -> Result<HashMap<String, Vec<moderation::Report>>, Refusal> {
        if !viewer.moderates {
            return Ok(HashMap::new());
        }
        let (store, site, plugin) = (&self.0.store, &ask.site, &ask.plugin);
        let mut reported = Vec::new();
        for (id, _) in fetched.entries.iter().filter(|(_, entry)| entry.report_count > 0).take(REPORTED_MAX) {
            let target = Target::Entry(id.as_str().to_owned());
            let holders =
                store.list_holders(site, plugin, &target, "report", None, None, REPORTERS_MAX).await?;
            reported.push((id.as_str().to_owned(), holders.items));
        }
        let ids: HashSet<&PersonId> =
            reported.iter().flat_map(|(_, holders)| holders).map(|holder| &holder.person).collect();
        let ids: Vec<PersonId> = ids.into_iter().cloned().collect();
        let people = if ids.is_empty() { Vec::new() } else { store.get_people(site, &ids).await? };
        let names: HashMap<&PersonId, &str> =
            people.iter().map(|person| (&person.id, person.name.as_str())).collect();
        let report = |holder: Holder| {
            let name = (*names.get(&holder.person)?).to_owned();
            Some(moderation::Report { name, reason: holder.value })
        };
        let named =
            |(id, holders): (String, Vec<Holder>)| (id, holders.into_iter().filter_map(report).collect());
        Ok(reported.into_iter().map(named).collect())
    }

    /// The page as the store knows it. Kept for as long as nothing is written on it: only a commit on the page
    /// changes it, and each makes a new revision.
    async fn page(&self, ask: &ViewRequest) -> Result<Option<Page>, Refusal> {
        let revision = self.revision(ask).await?;
        let key = (ask.site.clone(), ask.plugin.clone(), ask.page_key.clone());
        if let Some((kept, page)) = self.0.pages.get(&key)
            && kept == revision
        {
            return Ok(Some(page));
        }
        let page = self.0.store.get_page(&ask.site, &ask.page_key).await?;
        if let Some(page) = &page {
            self.0.pages.insert(key, (revision, page.clone()));
        }
        Ok(page)
    }

    /// What the plugin is told, and the page as the store or else the widget knows it.
    pub(super) async fn call(
        &self,
        ask: &ViewRequest,
        installed: &Installed,
    ) -> Result<(Call, Page), Refusal> {
        let mut page = self.page(ask).await?.unwrap_or_else(|| unknown_page(ask));
        if page.owner.is_none() && !page.id.as_str().is_empty() {
            page.owner = self.owner_by_rule(ask, &page).await?;
        }
        let now = self.0.clock.now();
        let mut parameters = parse_parameters(&ask.parameters)?;
        parameters.retain(|(name, _)| !name.starts_with(PARAMETER_PREFIX));
        let person = ask.actor.person.as_ref().map(CallPerson::from);
        let may_write = person.as_ref().is_some_and(|person| person.active) && !page.closed;
        let call = Call {
            site: ask.site.clone(),
            page: CallPage {
                key: page.key.clone(),
                title: title_of(ask, &page),
                owner: page.owner.clone(),
                closed: page.closed,
            },
            person,
            moderates: ask.actor.moderates(),
            parameters,
            since: ask.since,
            may_write,
            now,
            seed: u64::from_le_bytes(crate::base::keys::random_bytes()),
            settings: Arc::clone(&installed.settings),
            reads: Arc::new(self.reads(ask, installed, now)),
        };
        Ok((call, page))
    }

    /// The ops that build a Markdown text as a view would show it.
    pub(super) fn draw_markdown(&self, ask: &ViewRequest, body: String) -> Result<Vec<u8>, Refusal> {
        let site = self.site_state(&ask.site)?;
        let rich = stoa_view::nodes::Node {
            kind: stoa_view::nodes::Kind::Rich(stoa_view::nodes::RichSource::Markdown(0)),
            children: 0,
            key: None,
            subject: None,
        };
        let rendered = Rendered {
            kit: Arc::clone(&self.0.kit),
            cards: false,
            plugin_id: None,
            zone: site.zone.clone(),
            ask: ask.clone(),
            parameters: Vec::new(),
            view: stoa_view::nodes::View {
                nodes: vec![rich],
                strings: vec![body],
                messages: Vec::new(),
                navigations: Vec::new(),
                fresh_until: None,
            },
            fetched: Fetched::default(),
            made_at: self.0.clock.now(),
            rev: String::new(),
            fresh_until: None,
            page_revision: 0,
            mentioned: Vec::new(),
            named_at: AtomicI64::new(0),
            html: OnceLock::new(),
            tree: OnceLock::new(),
        };
        Ok(stoa_view::ops::build(rendered.tree()))
    }

    fn view_failed(&self, ask: &ViewRequest, error: CallError) -> Refusal {
        if error == CallError::NotFound {
            return Refusal::NotFound { message: self.text(&ask.lang, "host-not-found") };
        }
        error.into()
    }

    /// A text that was parsed once is kept for as long as its entry is not changed.
    fn parse_bodies(&self, fetched: &mut Fetched) {
        for (id, body) in &mut fetched.entries {
            let rich = self.0.bodies.get(&BodyKey(id, body.version)).unwrap_or_else(|| {
                let rich = Arc::new(markdown::parse(&body.markdown));
                self.0.bodies.insert((id.clone(), body.version), Arc::clone(&rich));
                rich
            });
            body.rich = Some(rich);
        }
    }

    /// Whom the view names and whom texts mention is shown by the present name; people who wrote something here are
    /// known already.
    async fn fetch_mentioned(&self, rendered: &mut Rendered) -> Result<(), Refusal> {
        let known = &rendered.fetched.people;
        let bodies = rendered.fetched.entries.values().filter_map(|body| body.rich.as_ref());
        let mut seen = HashSet::new();
        let mut missing: Vec<PersonId> = stoa_view::check::people(&rendered.view)
            .chain(bodies.flat_map(|rich| rich.mentions()))
            .map(PersonId::from)
            .filter(|id| !known.contains_key(id) && seen.insert(id.clone()))
            .collect();
        missing.truncate(MENTIONS_MAX);
        if !missing.is_empty() {
            // Asked for before the people: what is committed between the two is looked at again.
            rendered.named_at = AtomicI64::new(self.0.store.version()?);
            let people = self.0.store.get_people(&rendered.ask.site, &missing).await?;
            let named = |person: Person| (person.id.clone(), Arc::new(person));
            rendered.fetched.people.extend(people.into_iter().map(named));
        }
        rendered.mentioned = missing;
        Ok(())
    }
}

/// People who are not signed in read where the site lets them.
fn check_reader(ask: &ViewRequest, site: &SiteState) -> Result<(), Refusal> {
    match ask.actor.person.is_none() && !site.config.anonymous_read {
        true => Err(Refusal::SignInNeeded),
        false => Ok(()),
    }
}

impl Rendered {
    /// Whether a difference from this may be told to whoever asks.
    fn is_for(&self, ask: &ViewRequest) -> bool {
        self.ask.site == ask.site
            && self.ask.plugin == ask.plugin
            && self.ask.actor.person_id() == ask.actor.person_id()
            && self.ask.plain == ask.plain
    }
}

fn rev(key: &[u8; 32], rendered: &Rendered) -> String {
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(rendered.page_revision.to_le_bytes());
    hash.update(hour(rendered.made_at).to_le_bytes());
    hash.update(rendered.fresh_until.unwrap_or(0).to_le_bytes());
    for id in &rendered.mentioned {
        // Whatever is known of a person may be shown.
        let person = format!("{:?}", rendered.fetched.people.get(id));
        hash.update((person.len() as u64).to_le_bytes());
        hash.update(person);
    }
    hex::encode(&hash.finalize()[..12])
}
