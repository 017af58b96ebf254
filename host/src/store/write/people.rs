//! People, as tokens and imports tell of them.

use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId, new_id};
use crate::store::db::{Connection, values};
use crate::store::model::{Person, PersonClaims, StoreError};
use crate::store::read::json;
use crate::store::rules;

/// Longest names, titles and teams, in characters.
const NAME_MAX: usize = 200;

const KNOWN: &str = "select id, name, email, title, team, roles, member_of, active, issued_at from people
    where site = $1 and issuer = $2 and subject = $3";
pub(super) const PUT_SITE: &str =
    "insert into sites (id, created_at) values ($1, $2) on conflict (id) do nothing";
const PUT: &str = "insert into people
    (site, id, issuer, subject, name, email, title, team, roles, member_of, active, issued_at, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    on conflict (site, id) do update set name = excluded.name, email = excluded.email, title = excluded.title,
        team = excluded.team, roles = excluded.roles, member_of = excluded.member_of, active = excluded.active,
        issued_at = excluded.issued_at";
const DELETE_WORDS: &str = "delete from people_words where site = $1 and person = $2";
const DELETE_GROUPS: &str = "delete from person_groups where site = $1 and person = $2";
const PUT_GROUP: &str = "insert into person_groups (site, person, name) values ($1, $2, $3) on conflict (site, person, name) do nothing";
const PUT_WORD: &str = "insert into people_words (site, word, person) values ($1, $2, $3)";
/// What shows a person looks different from now on.
const TOUCH: &str = "update threads set revision = revision + 1 where number in (
    select distinct thread from entries where site = $1 and author = $2)";

pub(in crate::store) const STATEMENTS: &[&str] =
    &[KNOWN, PUT_SITE, PUT, DELETE_WORDS, PUT_WORD, DELETE_GROUPS, PUT_GROUP, TOUCH];

/// What is kept of a person beside the ids.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Profile {
    name: String,
    email: String,
    title: String,
    team: String,
    roles: Vec<String>,
    groups: Vec<String>,
    active: bool,
}

/// What is kept of a profile in rows of its own, where it is different now.
struct Changed {
    words: bool,
    groups: bool,
}

/// Make a person or bring one up to date. Claims that are missing leave what is known; claims older than the ones
/// known change nothing, those of the same second only take roles away.
pub(super) async fn put_person(
    connection: &mut Connection,
    site: &SiteId,
    claims: &PersonClaims,
    now: Micros,
) -> Result<Person, StoreError> {
    if claims.issuer.is_empty() || claims.subject.is_empty() {
        return Err(StoreError::Invalid("a person has an issuer and a subject".to_owned()));
    }
    let values = values![site.as_str(), claims.issuer.as_str(), claims.subject.as_str()];
    let known = match connection.row(KNOWN, values).await? {
        None => None,
        Some(row) => {
            let profile = Profile {
                name: row.text(1)?,
                email: row.text(2)?,
                title: row.text(3)?,
                team: row.text(4)?,
                roles: json(row.str(5)?)?,
                groups: json(row.str(6)?)?,
                active: row.flag(7)?,
            };
            Some((PersonId::from(row.text(0)?), profile, row.int(8)?))
        }
    };
    match known {
        Some((id, profile, issued_at)) if claims.issued_at < issued_at => Ok(person(id, profile)),
        Some((id, profile, issued_at)) => {
            let newer = if claims.issued_at == issued_at {
                let claimed = claims.roles.as_ref().unwrap_or(&profile.roles);
                Profile { roles: rules::roles_of_both(&profile.roles, claimed), ..profile.clone() }
            } else {
                claimed(claims, Some(profile.clone()))
            };
            let changed =
                Changed { words: newer.name != profile.name, groups: newer.groups != profile.groups };
            put(connection, site, &id, (claims, &newer, changed), now).await?;
            if newer != profile {
                connection.run(TOUCH, values![site.as_str(), id.as_str()]).await?;
            }
            Ok(person(id, newer))
        }
        None => {
            connection.run(PUT_SITE, values![site.as_str(), now]).await?;
            let id = PersonId::from(new_id(now));
            let profile = claimed(claims, None);
            let all = Changed { words: true, groups: true };
            put(connection, site, &id, (claims, &profile, all), now).await?;
            Ok(person(id, profile))
        }
    }
}

fn claimed(claims: &PersonClaims, known: Option<Profile>) -> Profile {
    let known = known.unwrap_or_else(|| Profile {
        // Better than nothing to call somebody by until a token says more.
        name: rules::clean(&claims.subject, NAME_MAX),
        email: String::new(),
        title: String::new(),
        team: String::new(),
        roles: Vec::new(),
        groups: Vec::new(),
        active: true,
    });
    let text = |claim: &Option<String>, known: String| {
        claim.as_ref().map_or(known, |claim| rules::clean(claim, NAME_MAX))
    };
    let name = text(&claims.name, known.name.clone());
    Profile {
        name: if name.is_empty() { known.name } else { name },
        email: text(&claims.email, known.email),
        title: text(&claims.title, known.title),
        team: text(&claims.team, known.team),
        roles: claims.roles.clone().unwrap_or(known.roles),
        groups: claims.groups.clone().unwrap_or(known.groups),
        // Whoever comes with a valid token is here.
        active: true,
    }
}

async fn put(
    connection: &mut Connection,
    site: &SiteId,
    id: &PersonId,
    (claims, profile, changed): (&PersonClaims, &Profile, Changed),
    now: Micros,
) -> Result<(), StoreError> {
    let list = |texts: &[String]| serde_json::to_string(texts).expect("a list of texts is always JSON");
    let values = values![
        site.as_str(),
        id.as_str(),
        claims.issuer.as_str(),
        claims.subject.as_str(),
        profile.name.as_str(),
        profile.email.as_str(),
        profile.title.as_str(),
        profile.team.as_str(),
        list(&profile.roles),
        list(&profile.groups),
        profile.active,
        claims.issued_at,
        now
    ];
    connection.run(PUT, values).await?;
    if changed.groups {
        connection.run(DELETE_GROUPS, values![site.as_str(), id.as_str()]).await?;
        for name in &profile.groups {
            connection.run(PUT_GROUP, values![site.as_str(), id.as_str(), name.as_str()]).await?;
        }
    }
    if changed.words {
        connection.run(DELETE_WORDS, values![site.as_str(), id.as_str()]).await?;
        for word in rules::name_words(&profile.name) {
            connection.run(PUT_WORD, values![site.as_str(), word, id.as_str()]).await?;
        }
    }
    Ok(())
}

fn person(id: PersonId, profile: Profile) -> Person {
    let Profile { name, title, team, roles, active, .. } = profile;
    Person { id, name, title, team, roles, active }
}
