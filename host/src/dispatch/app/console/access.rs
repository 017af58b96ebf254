//! Signing in to the console: by a link that is good once, or by a token of a site whose person has a role there. Whoever
//! adds another way ends in [`App::open_console_for`].

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::super::App;
use crate::base::clock::{MINUTE, Micros};
use crate::base::id::{PersonId, SiteId};
use crate::base::keys::random_bytes;
use crate::dispatch::refusal::Refusal;
use crate::store::{AuditLine, ConsoleChange, ConsoleJob, ConsoleSession, Person, Store, StoreError};

/// How long a link to the console is good, in microseconds.
pub const LINK_TIME: Micros = 30 * MINUTE;
/// How long a session of the console lasts, in microseconds.
pub const SESSION_TIME: Micros = 8 * 60 * MINUTE;
/// Who opened the console by a link, as the audit names them.
const BY_LINK: &str = "Admin (link)";

/// What somebody may do in the console; each may what the ones before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Sees what waits, and keeps the lists of words.
    Moderator,
    /// Also embeds, examines pages and reads what they report.
    Steward,
    /// Changes everything of a site.
    Admin,
}

impl Role {
    /// The highest of a person's roles; none for somebody without a business here.
    fn of(person: &Person) -> Option<Self> {
        let roles = person.roles.iter().filter(|_| person.active);
        roles
            .filter_map(|role| match role.as_str() {
                "admin" => Some(Self::Admin),
                "steward" => Some(Self::Steward),
                "moderator" => Some(Self::Moderator),
                _ => None,
            })
            .max()
    }

    /// The word for it, as roles of people are written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Steward => "steward",
            Self::Admin => "admin",
        }
    }
}

/// Somebody in the console, as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Who, as the audit names them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The one site that they see; none for those who see all and change the host.
    pub site: Option<SiteId>,
    /// What each form of theirs has to carry.
    pub form_token: String,
    hash: String,
}

impl Operator {
    /// Whether they may do what takes this role, on this site; without a site, for the whole host.
    #[must_use]
    pub fn may(&self, role: Role, site: Option<&SiteId>) -> bool {
        let is_theirs = self.site.is_none() || (site.is_some() && self.site.as_ref() == site);
        is_theirs && self.role >= role
    }
}

/// A session that was just opened.
#[derive(Clone)]
pub struct Opened {
    /// What the browser keeps: 43 characters.
    pub bearer: String,
    /// How long it lasts, in seconds.
    pub lasts_s: i64,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("lasts_s", &self.lasts_s).finish_non_exhaustive()
    }
}

fn secret() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

fn hash(what: &str, secret: &str) -> String {
    // What is hashed is as long as the hash and random: nothing slower is needed.
    hex::encode(Sha256::digest(format!("{what}\n{secret}")))
}

/// Make a link to the console; the token that its address has. Only a hash of it is kept.
///
/// # Errors
/// `Database`; `Unavailable`.
pub async fn new_link(store: &Store, now: Micros) -> Result<String, StoreError> {
    let token = secret();
    let change = ConsoleChange::PutLink { hash: hash("console link", &token), expires_at: now + LINK_TIME };
    store.change_console(ConsoleJob { change, audit: None, now }).await?;
    Ok(token)
}

impl App {
    /// A link for the first start; none where one was ever made.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn first_link(&self) -> Result<Option<String>, Refusal> {
        if self.0.store.has_console_links().await? {
            return Ok(None);
        }
        Ok(Some(new_link(&self.0.store, self.0.clock.now()).await?))
    }

    /// Open the console by the token of a link; none when it was used, is too old or was never made.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn open_console(&self, link: &str) -> Result<Option<Opened>, Refusal> {
        let (session, opened) = self.session(BY_LINK.to_owned(), None);
        let audit = self.line(BY_LINK, None, "signed-in");
        let change = ConsoleChange::UseLink { hash: hash("console link", link), session };
        let job = ConsoleJob { change, audit: Some(audit), now: self.0.clock.now() };
        Ok(self.0.store.change_console(job).await?.then_some(opened))
    }

    /// Open the console for somebody whom a token of a site vouches for.
    ///
    /// # Errors
    /// `UnknownSite`, `SignIn` with the claim that fails, `Denied` for somebody without a role, `Unavailable`.
    pub async fn open_console_by_token(
        &self,
        site: &SiteId,
        token: &str,
        origin: Option<&str>,
    ) -> Result<Opened, Refusal> {
        let session = self.sign_in(site, token, origin).await?;
        // Widgets make their own one.
        self.0.sessions.end(site, &session.bearer, origin)?;
        let person = session.actor.person.ok_or(Refusal::SignInNeeded)?;
        self.open_console_for(site, &person).await
    }

    /// Open the console for a person of a site, whoever has made sure that it is them.
    ///
    /// # Errors
    /// `Denied` for somebody without a role, `Unavailable`.
    pub async fn open_console_for(&self, site: &SiteId, person: &Person) -> Result<Opened, Refusal> {
        if Role::of(person).is_none() {
            let message = "this takes an admin, a steward or a moderator of the site".to_owned();
            return Err(Refusal::Denied { message });
        }
        let (session, opened) = self.session(person.name.clone(), Some((site.clone(), person.id.clone())));
        let audit = self.line(&person.name, Some(site), "signed-in");
        let change = ConsoleChange::PutSession(session);
        let job = ConsoleJob { change, audit: Some(audit), now: self.0.clock.now() };
        self.0.store.change_console(job).await?;
        Ok(opened)
    }

    fn session(&self, name: String, person: Option<(SiteId, PersonId)>) -> (ConsoleSession, Opened) {
        let bearer = secret();
        let expires_at = self.0.clock.now() + SESSION_TIME;
        let session = ConsoleSession { hash: hash("console", &bearer), name, person, expires_at };
        (session, Opened { bearer, lasts_s: SESSION_TIME / 1_000_000 })
    }

    /// Who holds this bearer, with the role that they have now; none where it has ended, or they have none any more.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn operator(&self, bearer: &str) -> Result<Option<Operator>, Refusal> {
        let hashed = hash("console", bearer);
        let found = self.0.store.find_console_session(&hashed, self.0.clock.now()).await?;
        let Some(session) = found else { return Ok(None) };
        let (site, role) = match session.person {
            None => (None, Role::Admin),
            Some((site, person)) => {
                let person = self.0.store.get_person(&site, &person).await?;
                let Some(role) = person.as_ref().and_then(Role::of) else { return Ok(None) };
                if self.0.sites.get(&site).is_none() {
                    return Ok(None);
                }
                (Some(site), role)
            }
        };
        let form_token = hash("console form", bearer);
        Ok(Some(Operator { name: session.name, role, site, form_token, hash: session.hash }))
    }

    /// End somebody's session.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn leave_console(&self, operator: &Operator) -> Result<(), Refusal> {
        let change = ConsoleChange::EndSession { hash: operator.hash.clone() };
        let job = ConsoleJob { change, audit: None, now: self.0.clock.now() };
        self.0.store.change_console(job).await?;
        Ok(())
    }

    /// A line of the audit without more than that it happened.
    pub(super) fn line(&self, who: &str, site: Option<&SiteId>, what: &str) -> AuditLine {
        AuditLine {
            at: self.0.clock.now(),
            who: who.to_owned(),
            site: site.cloned(),
            what: what.to_owned(),
            before: "{}".to_owned(),
            after: "{}".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Operator, Role};
    use crate::store::Person;

    #[test]
    fn a_role_reaches_as_far_as_its_site_and_includes_the_lower_ones() {
        let operator = |role, site: Option<&str>| Operator {
            name: String::new(),
            role,
            site: site.map(Into::into),
            form_token: String::new(),
            hash: String::new(),
        };
        let check = |who: &Operator, role, site: Option<&str>, expected| {
            assert_eq!(who.may(role, site.map(Into::into).as_ref()), expected, "{who:?} {role:?} {site:?}");
        };
        let everything = operator(Role::Admin, None);
        check(&everything, Role::Admin, None, true);
        check(&everything, Role::Admin, Some("demo"), true);
        let own = operator(Role::Steward, Some("demo"));
        check(&own, Role::Steward, Some("demo"), true);
        check(&own, Role::Moderator, Some("demo"), true);
        check(&own, Role::Admin, Some("demo"), false);
        check(&own, Role::Moderator, Some("other"), false);
        check(&own, Role::Moderator, None, false);
    }

    #[test]
    fn only_those_who_run_a_site_have_a_role_here() {
        let person = |roles: &[&str], active| Person {
            id: "p".into(),
            name: String::new(),
            title: String::new(),
            team: String::new(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            active,
        };
        assert_eq!(Role::of(&person(&[], true)), None);
        assert_eq!(Role::of(&person(&["leader", "expert", "guest"], true)), None);
        assert_eq!(Role::of(&person(&["moderator", "steward"], true)), Some(Role::Steward));
        assert_eq!(Role::of(&person(&["admin"], true)), Some(Role::Admin));
        assert_eq!(Role::of(&person(&["admin"], false)), None);
    }
}
