//! What somebody may do now: an actor and a class of verb give a [`Permit`], or a reason why not.
//!
//! The store asks for the permit of each write, and looks at it again for each entry (own or another's).

use stoa_rules::Class;

use super::Actor;
use crate::store::Permit;

/// Why somebody may not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody is signed in.
    #[error("sign in first")]
    SignInNeeded,
    /// The person has left.
    #[error("this account is not active any more")]
    Inactive,
    /// It takes a moderator, or for pinning a leader or steward.
    #[error("only moderators may do this")]
    ModeratorNeeded,
}

/// Whether `actor` may do something of this class; the permit is the proof that the store asks for.
///
/// Guests may do what members may: moderation treats what they write more strictly. [`Class::Moderate`]
/// takes somebody who moderates or pins; the permit says which of both, so a leader who pins decides nothing else.
///
/// # Errors
/// [`Refused`] by cause.
pub fn check_write(actor: &Actor, class: Class) -> Result<Permit, Refused> {
    let person = actor.person.as_ref().ok_or(Refused::SignInNeeded)?;
    if !person.active {
        return Err(Refused::Inactive);
    }
    if class == Class::Moderate && !actor.moderates() && !actor.pins() {
        return Err(Refused::ModeratorNeeded);
    }
    let expert = person.roles.iter().any(|role| role == "expert");
    Ok(Permit::granted(person.id.clone(), actor.moderates(), actor.pins()).with_expert(expert))
}

#[cfg(test)]
mod tests {
    use stoa_rules::Class;

    use super::{Refused, check_write};
    use crate::identity::Actor;
    use crate::store::Person;

    fn actor(role: &str, active: bool) -> Actor {
        let person = Person {
            id: "p1".into(),
            name: "Erin".to_owned(),
            title: String::new(),
            team: String::new(),
            roles: vec![role.to_owned()],
            active,
        };
        Actor { person: Some(person), ..Actor::anonymous("demo".into()) }
    }

    const CLASSES: [Class; 4] = [Class::Mark, Class::Edit, Class::Create, Class::Moderate];

    /// `expected`: for each class, `.` refused, `w` may write, `p` may pin as well, `m` may do both and moderate.
    fn check(actor: &Actor, expected: &str) {
        let found: String = CLASSES
            .iter()
            .map(|class| match check_write(actor, *class) {
                Ok(permit) if permit.moderates() => 'm',
                Ok(permit) if permit.pins() => 'p',
                Ok(_) => 'w',
                Err(_) => '.',
            })
            .collect();
        assert_eq!(found, expected, "{actor:?}");
    }

    #[test]
    fn every_role_gets_what_the_table_says_for_every_class() {
        check(&Actor::anonymous("demo".into()), "....");
        check(&actor("guest", true), "www.");
        check(&actor("member", true), "www.");
        check(&actor("expert", true), "www.");
        check(&actor("leader", true), "pppp");
        check(&actor("steward", true), "pppp");
        check(&actor("moderator", true), "mmmm");
        check(&actor("admin", true), "mmmm");
        check(&actor("admin", false), "....");
    }

    #[test]
    fn the_refusal_says_what_is_missing() {
        let check = |actor: &Actor, expected| {
            assert_eq!(check_write(actor, Class::Moderate).err(), Some(expected));
        };
        check(&Actor::anonymous("demo".into()), Refused::SignInNeeded);
        check(&actor("moderator", false), Refused::Inactive);
        check(&actor("member", true), Refused::ModeratorNeeded);
    }
}
