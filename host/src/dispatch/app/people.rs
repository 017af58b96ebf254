//! Who asks: signing in and out, sessions, and finding people.

use std::sync::Arc;

use super::{App, PEOPLE_MAX};
use crate::base::id::SiteId;
use crate::dispatch::refusal::Refusal;
use crate::dispatch::request::PersonHit;
use crate::dispatch::scope;
use crate::identity::embed::flow::Answer;
use crate::identity::{Actor, Grounds, IdentityError, Lease, Session, Sessions, embed, proxy};
use crate::services::rates::Class;

impl App {
    /// Exchange a token that the embedding page vouches with for a session.
    ///
    /// # Errors
    /// `UnknownSite`, `OriginNotAllowed`, `SignIn` with the failing claim, `Unavailable`.
    pub async fn sign_in(
        &self,
        site: &SiteId,
        token: &str,
        origin: Option<&str>,
    ) -> Result<Session, Refusal> {
        let state = self.site_state(site)?;
        if Sessions::is_own(token, origin) {
            return Ok(self.0.sessions.hand_over(site, &self.0.store, token, origin).await?);
        }
        Ok(self.0.sessions.exchange(&state.config, &state.issuers, &self.0.store, token, origin).await?)
    }

    /// What a plugin calls itself.
    #[must_use]
    pub fn plugin_heading(&self, plugin: &str, language: &str) -> String {
        let number = [("count", crate::services::texts::Value::Number(0))];
        let text = self.0.kit.texts.of_plugin(plugin, language).message("heading", &number);
        if text == "heading" { plugin.to_owned() } else { text }
    }

    /// A ticket for somebody who is signed in, for the page that is the answer to them.
    #[must_use]
    pub fn ticket(&self, actor: Actor) -> String {
        self.0.sessions.ticket(actor)
    }

    /// The person that a proxy names in headers, for one request; none where it names nobody or the site has no proxy.
    /// `header` finds all values of a header.
    ///
    /// # Errors
    /// `UnknownSite`, `SignIn` for headers that are not from a trusted proxy or not as they should be, `Unavailable`.
    pub async fn proxied<'h>(
        &self,
        site: &SiteId,
        is_trusted: bool,
        header: impl Fn(&str) -> Vec<&'h [u8]>,
    ) -> Result<Option<Actor>, Refusal> {
        let state = self.site_state(site)?;
        let Some(proxy) = &state.config.proxy else { return Ok(None) };
        let Some(claims) = proxy::read(proxy, is_trusted, header, self.0.clock.now())? else {
            return Ok(None);
        };
        Ok(Some(self.0.sessions.introduce(site, &self.0.store, &claims).await?))
    }

    /// A session for somebody whom [`App::proxied`] has found.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn admit(&self, actor: Actor, origin: Option<&str>) -> Result<Session, Refusal> {
        let grounds = Grounds { origin: origin.map(str::to_owned), ..Grounds::default() };
        Ok(self.0.sessions.admit(actor, &self.0.store, grounds).await?)
    }

    /// Whether people sign in from this host's own pages.
    #[must_use]
    pub fn has_sign_in(&self, site: &SiteId) -> bool {
        self.0.sites.get(site).is_some_and(|site| site.provider.is_some())
    }

    /// Begin to sign somebody in at the site's provider: the address there, and what the browser has to keep. `here` is
    /// the address that the provider sends it back to, `back` the path that is shown then.
    ///
    /// # Errors
    /// `UnknownSite`; `NotFound` where the site has no such provider; `SignIn` where it cannot be reached.
    pub async fn begin_sign_in(
        &self,
        site: &SiteId,
        here: &str,
        back: &str,
    ) -> Result<(String, String), Refusal> {
        let provider = self.provider(site)?;
        let (address, ticket) = provider.begin(site.as_str(), here, back, self.0.clock.now()).await?;
        Ok((address, self.0.tickets.seal(&ticket)))
    }

    /// End a sign-in with the provider's answer: a session of this host's own pages, and the path to show.
    ///
    /// # Errors
    /// As [`App::begin_sign_in`]; `SignIn` says what of the answer does not hold.
    pub async fn end_sign_in(
        &self,
        site: &SiteId,
        here: &str,
        sealed: Option<&str>,
        answer: &Answer,
    ) -> Result<(Session, String), Refusal> {
        let provider = self.provider(site)?;
        let (state, now) = (self.site_state(site)?, self.0.clock.now());
        let ticket = self.0.tickets.open(sealed, site.as_str(), answer, now)?;
        if !self.0.sessions.is_first_use(&["state", &ticket.state], ticket.expires_at) {
            return Err(IdentityError::SignInUsed.into());
        }
        let token = provider.redeem(&ticket, answer, here, now).await?;
        let (sessions, store) = (&self.0.sessions, &self.0.store);
        let told = (token.as_str(), ticket.issuer.as_str(), ticket.nonce.as_str());
        let session = sessions.exchange_own(&state.config, &state.issuers, store, told).await?;
        Ok((session, ticket.back))
    }

    fn provider(&self, site: &SiteId) -> Result<Arc<embed::flow::Provider>, Refusal> {
        let missing = || Refusal::NotFound { message: "this site has no provider to sign in at".to_owned() };
        self.site_state(site)?.provider.clone().ok_or_else(missing)
    }

    /// End what a provider's logout token says: bearers, pages and streams; how many sessions that were.
    ///
    /// # Errors
    /// `UnknownSite`; `SignIn` names the first claim that fails.
    pub async fn log_out(&self, site: &SiteId, token: &str) -> Result<usize, Refusal> {
        let ended = self.site_state(site)?.issuers.check_logout(token, &self.0.clock).await?;
        Ok(self.0.sessions.end_provider(site, &ended)?)
    }

    /// Who holds a bearer; somebody not signed in for none.
    ///
    /// # Errors
    /// `UnknownSite`, `SignIn` when the session is unknown, over or bound to another origin.
    pub fn actor(&self, site: &SiteId, bearer: Option<&str>, origin: Option<&str>) -> Result<Actor, Refusal> {
        self.site_state(site)?;
        match bearer {
            Some(bearer) => Ok(self.0.sessions.find(site, bearer, origin)?),
            None => Ok(Actor::anonymous(site.clone())),
        }
    }

    /// As [`App::actor`], with the lease of the session: for what lasts longer than an answer.
    ///
    /// # Errors
    /// As [`App::actor`].
    pub fn lease(
        &self,
        site: &SiteId,
        bearer: Option<&str>,
        origin: Option<&str>,
    ) -> Result<(Actor, Option<Lease>), Refusal> {
        self.site_state(site)?;
        let Some(bearer) = bearer else { return Ok((Actor::anonymous(site.clone()), None)) };
        let (actor, lease) = self.0.sessions.lease(site, bearer, origin)?;
        Ok((actor, Some(lease)))
    }

    /// End a session with its streams; where a token is given instead of a bearer, all sessions of the person it
    /// vouches for.
    ///
    /// # Errors
    /// `UnknownSite`, `SignIn` when the session is unknown, over or bound to another origin, or the token does not
    /// hold.
    pub async fn sign_out(&self, site: &SiteId, proof: &str, origin: Option<&str>) -> Result<(), Refusal> {
        let state = self.site_state(site)?;
        let sessions = &self.0.sessions;
        // A JWT has dots, a bearer none.
        if proof.contains('.') {
            sessions.end_all(&state.config, &state.issuers, &self.0.store, proof, origin).await?;
        } else {
            sessions.end(site, proof, origin)?;
        }
        Ok(())
    }

    /// People whose names start with what was typed, for a mention, among those who may read the page where one is named. Guests find nobody: whoever works here is not
    /// theirs to list.
    ///
    /// # Errors
    /// `SignInNeeded`, `Denied` for guests, `NotFound` where they may not read the page themselves, `TooMany`, `Unavailable`.
    pub async fn find_people(
        &self,
        actor: &Actor,
        (query, page_key): (&str, &str),
        language: &str,
    ) -> Result<Vec<PersonHit>, Refusal> {
        if actor.is_guest() {
            return Err(Refusal::Denied { message: self.text(language, "host-guests-find-nobody") });
        }
        self.check_rate(actor, Class::Search, language)?;
        let store = &self.0.store;
        let found = match page_key {
            "" => store.find_people(&actor.site, query, PEOPLE_MAX).await?,
            page_key => {
                let standing = store.standing(&actor.site, page_key, actor.person_id()).await?;
                let vouched = actor.page.as_ref().is_some_and(|page| page.key == page_key);
                if !standing.may_read && !vouched {
                    return Err(Refusal::NotFound { message: self.text(language, "host-page-not-found") });
                }
                store.find_readers(&actor.site, query, &standing.key, PEOPLE_MAX).await?
            }
        };
        let hit = |person: crate::store::Person| PersonHit {
            hue: scope::hue(&person.id),
            id: person.id.to_string(),
            name: person.name,
            title: person.title,
        };
        Ok(found.into_iter().map(hit).collect())
    }

    /// Read the files of issuers' keys again and fetch what is older than an hour, or `all`; the log tells what became
    /// of them.
    pub async fn renew_keys(&self, all: bool) {
        for site in self.0.sites.all() {
            embed::log(&site.issuers.renew(&self.0.clock, all).await);
        }
        self.renew_secrets().await;
    }
}
