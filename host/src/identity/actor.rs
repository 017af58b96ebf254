//! Who asks.

use std::sync::Arc;

use crate::base::id::{PersonId, SiteId};
use crate::store::{PageWord, Person, Viewer};

/// What the embedding system itself says of the page that a token was made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VouchedPage {
    /// The page's key.
    pub key: String,
    /// Its title; empty when not told.
    pub title: String,
    /// Its address; empty when not told.
    pub url: String,
    /// What is kept of it for everybody.
    pub word: Option<PageWord>,
}

/// The session at an OpenID provider that somebody's session here comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSession {
    /// The provider.
    pub issuer: String,
    /// The provider's name for the person.
    pub sub: String,
    /// Its session, where it tells (OpenID Connect Back-Channel Logout 1.0 section 2.1).
    pub sid: Option<String>,
}

/// Somebody who asks something of a site: a person with a session, or somebody not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The site that is asked; a person of one site is nobody on another.
    pub site: SiteId,
    /// The person; none for somebody not signed in.
    pub person: Option<Person>,
    /// A short hash of the session, to count requests by; never the bearer itself.
    pub session: Option<String>,
    /// The page that the session's token was made for, where it says one.
    pub page: Option<Arc<VouchedPage>>,
}

impl Actor {
    /// Somebody not signed in.
    #[must_use]
    pub fn anonymous(site: SiteId) -> Self {
        Self { site, person: None, session: None, page: None }
    }

    /// The person's id; none for somebody not signed in.
    #[must_use]
    pub fn person_id(&self) -> Option<&PersonId> {
        self.person.as_ref().map(|person| &person.id)
    }

    /// Whether they decide on entries of others: moderators and admins.
    #[must_use]
    pub fn moderates(&self) -> bool {
        self.is_one_of(&["moderator", "admin"])
    }

    /// Whether they may pin threads: moderators, leaders, stewards and admins.
    #[must_use]
    pub fn pins(&self) -> bool {
        self.is_one_of(&["moderator", "leader", "steward", "admin"])
    }

    /// Whether they are signed in, but not staff.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.is_one_of(&["guest"])
    }

    /// For whom the store reads.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        let vouched = self.page.as_ref().map(|page| page.key.clone());
        Viewer { person: self.person_id().cloned(), moderates: self.moderates(), vouched }
    }

    fn is_one_of(&self, roles: &[&str]) -> bool {
        self.person.as_ref().is_some_and(|person| {
            person.active && person.roles.iter().any(|role| roles.contains(&role.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Actor;
    use crate::store::Person;

    fn check(role: &str, moderates: bool, pins: bool, guest: bool) {
        let person = Person {
            id: "p1".into(),
            name: "Erin".to_owned(),
            title: String::new(),
            team: String::new(),
            roles: vec![role.to_owned()],
            active: true,
        };
        let mut actor = Actor { person: Some(person), ..Actor::anonymous("demo".into()) };
        assert_eq!((actor.moderates(), actor.pins(), actor.is_guest()), (moderates, pins, guest), "{role}");
        if let Some(person) = &mut actor.person {
            person.active = false;
        }
        assert!(!actor.moderates() && !actor.pins(), "{role} who has left");
    }

    #[test]
    fn each_role_may_what_the_table_says_and_nobody_after_leaving() {
        check("member", false, false, false);
        check("expert", false, false, false);
        check("leader", false, true, false);
        check("steward", false, true, false);
        check("moderator", true, true, false);
        check("admin", true, true, false);
        check("guest", false, false, true);
        check("Moderator", false, false, false);
    }

    #[test]
    fn somebody_not_signed_in_has_no_role() {
        let actor = Actor::anonymous("demo".into());
        assert!(!actor.moderates() && !actor.pins() && !actor.is_guest());
        assert_eq!(actor.viewer().person, None);
    }
}
