//! People, as tokens, imports, a directory and admins tell of them.

mod admin;
mod directory;

use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId, new_id};
use crate::store::db::{Connection, Value, values};
use crate::store::model::{
    DirectoryError, DirectoryRules, DirectoryWrite, Person, PersonChange, PersonClaims, StoreError,
};
use crate::store::read::json;
use crate::store::rules;
use crate::store::{Job, Store};

pub(super) use admin::change;
pub(super) use directory::apply;

/// Longest names, titles and teams, in characters.
const NAME_MAX: usize = 200;

/// Whoever a subject of an issuer is: a person of that name, or one it is linked to.
const KNOWN: &str = "select p.id from people p where p.site = $1 and p.id = coalesce(
    (select i.person from people_identities i where i.site = $1 and i.issuer = $2 and i.subject = $3),
    (select q.id from people q where q.site = $1 and q.issuer = $2 and q.subject = $3))";
const BY_ID: &str =
    "select name, email, title, team, roles, member_of, active, directed, suspended, issued_at
    from people where site = $1 and id = $2";
pub(super) const PUT_SITE: &str =
    "insert into sites (id, created_at) values ($1, $2) on conflict (id) do nothing";
const MAKE: &str = "insert into people (site, id, name, email, title, team, roles, member_of, active, directed, suspended,
    issued_at, issuer, subject, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const CHANGE: &str =
    "update people set name = $3, email = $4, title = $5, team = $6, roles = $7, member_of = $8,
    active = $9, directed = $10, suspended = $11, issued_at = $12 where site = $1 and id = $2";
const DELETE_WORDS: &str = "delete from people_words where site = $1 and person = $2";
const DELETE_GROUPS: &str = "delete from person_groups where site = $1 and person = $2";
const PUT_GROUP: &str = "insert into person_groups (site, person, name) values ($1, $2, $3) on conflict (site, person, name) do nothing";
const PUT_WORD: &str = "insert into people_words (site, word, person) values ($1, $2, $3)";
/// What shows a person looks different from now on.
const TOUCH: &str = "update threads set revision = revision + 1 where number in (
    select distinct thread from entries where site = $1 and author = $2)";

impl Store {
    /// Change what the directory of a site says; who is affected, as they are now.
    ///
    /// # Errors
    /// As [`DirectoryError`] says.
    pub async fn write_directory(
        &self,
        site: &SiteId,
        rules: &DirectoryRules,
        change: DirectoryWrite,
        now: Micros,
    ) -> Result<Vec<Person>, DirectoryError> {
        let job = Box::new((site.clone(), rules.clone(), change, now));
        let changed = self.0.queue.ask(|answer| Job::Directory(job, answer)).await?;
        Ok(self.get_people(site, &changed).await?)
    }

    /// Change what an admin decides about a person; who is affected, as they are now.
    ///
    /// # Errors
    /// `Absent` where there is no such person, `Taken` where the directory knows both of two that are to be one.
    pub async fn change_person(
        &self,
        site: &SiteId,
        person: &PersonId,
        change: &PersonChange,
        now: Micros,
    ) -> Result<Vec<Person>, DirectoryError> {
        let job = Box::new((site.clone(), person.clone(), change.clone(), now));
        let changed = self.0.queue.ask(|answer| Job::Admin(job, answer)).await?;
        Ok(self.get_people(site, &changed).await?)
    }
}

const SHARE: &str = "update people set shares = $3 where site = $1 and id = $2";
const TOUCH_BOX: &str = "insert into notice_boxes (site, person, revision) values ($1, $2, 1)
    on conflict (site, person) do update set revision = notice_boxes.revision + 1";

const OWN_STATEMENTS: &[&str] = &[
    SHARE,
    TOUCH_BOX,
    KNOWN,
    BY_ID,
    PUT_SITE,
    MAKE,
    CHANGE,
    DELETE_WORDS,
    PUT_WORD,
    DELETE_GROUPS,
    PUT_GROUP,
    TOUCH,
];
pub(in crate::store) const STATEMENTS: [&[&str]; 3] =
    [OWN_STATEMENTS, directory::STATEMENTS, admin::STATEMENTS];

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
    /// Whether groups and roles come from the directory alone.
    directed: bool,
    /// Whether an admin keeps them out.
    suspended: bool,
}

/// Keep whether colleagues see what somebody has contributed. The bell shows it, too.
pub(super) async fn put_shares(
    connection: &mut Connection,
    (site, person): (&SiteId, &PersonId),
    shares: bool,
) -> Result<(), StoreError> {
    connection.run(SHARE, values![site.as_str(), person.as_str(), shares]).await?;
    connection.run(TOUCH_BOX, values![site.as_str(), person.as_str()]).await?;
    Ok(())
}

/// Make a person or bring one up to date. Claims that are missing leave what is known; claims older than the ones
/// known change nothing, those of the same second only take roles away. Somebody who has left stays so, and groups and
/// roles that come from a directory stay what they are.
pub(super) async fn put_person(
    connection: &mut Connection,
    site: &SiteId,
    claims: &PersonClaims,
    now: Micros,
) -> Result<Person, StoreError> {
    let Some((id, known, issued_at)) = find(connection, site, claims).await? else {
        let (id, profile) = make(connection, site, claims, now).await?;
        return Ok(person(id, profile));
    };
    if claims.issued_at < issued_at {
        return Ok(person(id, known));
    }
    let newer = if claims.issued_at == issued_at {
        let claimed = claims.roles.as_ref().filter(|_| !known.directed).unwrap_or(&known.roles);
        Profile { roles: rules::roles_of_both(&known.roles, claimed), ..known.clone() }
    } else {
        claimed(claims, known.clone())
    };
    put(connection, site, &id, (&known, &newer, claims.issued_at)).await?;
    Ok(person(id, newer))
}

/// Whom claims mean, where the person is known, and when the claims known of them were made.
async fn find(
    connection: &mut Connection,
    site: &SiteId,
    claims: &PersonClaims,
) -> Result<Option<(PersonId, Profile, Micros)>, StoreError> {
    if claims.issuer.is_empty() || claims.subject.is_empty() {
        return Err(StoreError::Invalid("a person has an issuer and a subject".to_owned()));
    }
    let values = values![site.as_str(), claims.issuer.as_str(), claims.subject.as_str()];
    let Some(row) = connection.row(KNOWN, values).await? else { return Ok(None) };
    by_id(connection, site, PersonId::from(row.text(0)?)).await
}

async fn by_id(
    connection: &mut Connection,
    site: &SiteId,
    id: PersonId,
) -> Result<Option<(PersonId, Profile, Micros)>, StoreError> {
    let Some(row) = connection.row(BY_ID, values![site.as_str(), id.as_str()]).await? else {
        return Ok(None);
    };
    let profile = Profile {
        name: row.text(0)?,
        email: row.text(1)?,
        title: row.text(2)?,
        team: row.text(3)?,
        roles: json(row.str(4)?)?,
        groups: json(row.str(5)?)?,
        active: row.flag(6)?,
        directed: row.flag(7)?,
        suspended: row.flag(8)?,
    };
    Ok(Some((id, profile, row.int(9)?)))
}

/// Somebody who is new here.
async fn make(
    connection: &mut Connection,
    site: &SiteId,
    claims: &PersonClaims,
    now: Micros,
) -> Result<(PersonId, Profile), StoreError> {
    connection.run(PUT_SITE, values![site.as_str(), now]).await?;
    let id = PersonId::from(new_id(now));
    let profile = claimed(
        claims,
        Profile {
            // Better than nothing to call somebody by until a token says more.
            name: rules::clean(&claims.subject, NAME_MAX),
            email: String::new(),
            title: String::new(),
            team: String::new(),
            roles: Vec::new(),
            groups: Vec::new(),
            active: true,
            directed: false,
            suspended: false,
        },
    );
    let mut values = kept(site, &id, &profile, claims.issued_at);
    values.extend(values![claims.issuer.as_str(), claims.subject.as_str(), now]);
    connection.run(MAKE, values).await?;
    put_words(connection, site, &id, &profile.name).await?;
    put_groups(connection, site, &id, &profile.groups).await?;
    Ok((id, profile))
}

fn claimed(claims: &PersonClaims, known: Profile) -> Profile {
    let text = |claim: &Option<String>, known: String| {
        claim.as_ref().map_or(known, |claim| rules::clean(claim, NAME_MAX))
    };
    let name = text(&claims.name, known.name.clone());
    let from_token = |claim: &Option<Vec<String>>, known: Vec<String>, directed: bool| match claim {
        Some(claim) if !directed => claim.clone(),
        _ => known,
    };
    Profile {
        name: if name.is_empty() { known.name } else { name },
        email: text(&claims.email, known.email),
        title: text(&claims.title, known.title),
        team: text(&claims.team, known.team),
        roles: from_token(&claims.roles, known.roles, known.directed),
        groups: from_token(&claims.groups, known.groups, known.directed),
        ..known
    }
}

/// Keep what has changed; whoever looks at it finds out.
async fn put(
    connection: &mut Connection,
    site: &SiteId,
    id: &PersonId,
    (known, newer, issued_at): (&Profile, &Profile, Micros),
) -> Result<(), StoreError> {
    connection.run(CHANGE, kept(site, id, newer, issued_at)).await?;
    if newer.name != known.name {
        put_words(connection, site, id, &newer.name).await?;
    }
    if newer.groups != known.groups {
        put_groups(connection, site, id, &newer.groups).await?;
    }
    if newer != known {
        connection.run(TOUCH, values![site.as_str(), id.as_str()]).await?;
    }
    Ok(())
}

/// The arguments that [`MAKE`] and [`CHANGE`] share.
fn kept(site: &SiteId, id: &PersonId, profile: &Profile, issued_at: Micros) -> Vec<Value> {
    let list = |texts: &[String]| serde_json::to_string(texts).expect("a list of texts is always JSON");
    values![
        site.as_str(),
        id.as_str(),
        profile.name.as_str(),
        profile.email.as_str(),
        profile.title.as_str(),
        profile.team.as_str(),
        list(&profile.roles),
        list(&profile.groups),
        profile.active,
        profile.directed,
        profile.suspended,
        issued_at
    ]
}

async fn put_words(
    connection: &mut Connection,
    site: &SiteId,
    id: &PersonId,
    name: &str,
) -> Result<(), StoreError> {
    connection.run(DELETE_WORDS, values![site.as_str(), id.as_str()]).await?;
    for word in rules::name_words(name) {
        connection.run(PUT_WORD, values![site.as_str(), word, id.as_str()]).await?;
    }
    Ok(())
}

/// The rows by which readers of pages are found.
async fn put_groups(
    connection: &mut Connection,
    site: &SiteId,
    id: &PersonId,
    groups: &[String],
) -> Result<(), StoreError> {
    connection.run(DELETE_GROUPS, values![site.as_str(), id.as_str()]).await?;
    for name in groups {
        connection.run(PUT_GROUP, values![site.as_str(), id.as_str(), name.as_str()]).await?;
    }
    Ok(())
}

fn person(id: PersonId, profile: Profile) -> Person {
    let Profile { name, title, team, roles, active, .. } = profile;
    Person { id, name, title, team, roles, active }
}
