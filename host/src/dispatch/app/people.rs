//! Who asks: signing in and out, sessions, and finding people.

use super::{App, PEOPLE_MAX};
use crate::base::id::SiteId;
use crate::dispatch::refusal::Refusal;
use crate::dispatch::request::PersonHit;
use crate::dispatch::scope;
use crate::identity::{Actor, Lease, Session, embed, proxy};
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
        Ok(self.0.sessions.exchange(&state.config, &state.issuers, &self.0.store, token, origin).await?)
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
        Ok(self.0.sessions.admit(actor, &self.0.store, origin).await?)
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

    /// People whose names start with what was typed, for a mention. Guests find nobody: whoever works here is not
    /// theirs to list.
    ///
    /// # Errors
    /// `SignInNeeded`, `Denied` for guests, `TooMany`, `Unavailable`.
    pub async fn find_people(
        &self,
        actor: &Actor,
        query: &str,
        language: &str,
    ) -> Result<Vec<PersonHit>, Refusal> {
        if actor.is_guest() {
            return Err(Refusal::Denied { message: self.text(language, "host-guests-find-nobody") });
        }
        self.check_rate(actor, Class::Search, language)?;
        let found = self.0.store.find_people(&actor.site, query, PEOPLE_MAX).await?;
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
    }
}
