//! People and groups of the directory, and people as an admin sees them.

use crate::base::id::{PersonId, SiteId};
use crate::store::Store;
use crate::store::db::{Database, RowRef, values};
use crate::store::model::{DirectoryGroup, DirectoryUser, KnownPerson, Person, StoreError};
use crate::store::read::json;
use crate::store::rules::fold_name;

macro_rules! user {
    ($rest:literal) => {
        concat!(
            "select id, person, user_name, external_id, active, attributes, version, created_at, changed_at
            from directory_users where site = $1 and ",
            $rest
        )
    };
}
macro_rules! group {
    ($rest:literal) => {
        concat!(
            "select id, name, external_id, version, created_at, changed_at from directory_groups where site = $1 and ",
            $rest
        )
    };
}
const USER: &str = user!("id = $2");
const USER_OF_NAME: &str = user!("user_name_folded = $2");
const USER_OF_EXTERNAL: &str = user!("external_id = $2");
const USERS: &str = user!("id > $2 order by id limit $3 + 0");
const USERS_FROM: &str = user!("id > '' order by id limit $2 + 0 offset $3 + 0");
const USER_COUNT: &str = "select count(*) from directory_users where site = $1";
const GROUP: &str = group!("id = $2");
const GROUP_OF_NAME: &str = group!("name_folded = $2");
const GROUP_OF_EXTERNAL: &str = group!("external_id = $2");
const GROUPS: &str = group!("id > $2 order by id limit $3 + 0");
const GROUPS_FROM: &str = group!("id > '' order by id limit $2 + 0 offset $3 + 0");
const GROUP_COUNT: &str = "select count(*) from directory_groups where site = $1";
const MEMBERS: &str = "select member from directory_members where site = $1 and team = $2 order by member";
const TEAMS: &str = "select g.id, g.name from directory_members m cross join directory_groups g
    where m.site = $1 and m.member = $2 and g.site = $1 and g.id = m.team order by g.name";
const CHANGES: &str =
    "select number, site, person from people_changes where number > $1 order by number limit 1000";
const NEWEST_CHANGE: &str = "select coalesce(max(number), 0) from people_changes";
/// $3 a part of name or subject in small letters, empty for everybody.
const KNOWN: &str =
    "select p.id, p.name, p.title, p.team, p.roles, p.active, p.issuer, p.subject, p.member_of,
    p.suspended, p.directed from people p
    where p.site = $1 and p.id > $2 and ($3 = '' or lower(p.name || ' ' || p.subject) like '%' || $3 || '%')
    order by p.id limit $4 + 0";
const LINKED: &str =
    "select issuer, subject from people_identities where site = $1 and person = $2 order by issuer, subject";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    USER,
    USER_OF_NAME,
    USER_OF_EXTERNAL,
    USERS,
    USERS_FROM,
    USER_COUNT,
    GROUP,
    GROUP_OF_NAME,
    GROUP_OF_EXTERNAL,
    GROUPS,
    GROUPS_FROM,
    GROUP_COUNT,
    MEMBERS,
    TEAMS,
    CHANGES,
    NEWEST_CHANGE,
    KNOWN,
    LINKED,
];

/// By what one of the directory is looked for.
#[derive(Clone, Copy, Debug)]
pub enum DirectoryKey<'a> {
    /// The id here.
    Id(&'a str),
    /// `userName` of a user, `displayName` of a group, in any case.
    Name(&'a str),
    /// `externalId`.
    External(&'a str),
}

fn user(row: &RowRef<'_>) -> Result<DirectoryUser, StoreError> {
    Ok(DirectoryUser {
        id: row.text(0)?,
        person: row.maybe_text(1)?.map(PersonId::from),
        user_name: row.text(2)?,
        external_id: row.maybe_text(3)?,
        active: row.flag(4)?,
        attributes: row.text(5)?,
        version: row.count(6)?,
        created_at: row.int(7)?,
        changed_at: row.int(8)?,
    })
}

fn group(row: &RowRef<'_>) -> Result<DirectoryGroup, StoreError> {
    Ok(DirectoryGroup {
        id: row.text(0)?,
        name: row.text(1)?,
        external_id: row.maybe_text(2)?,
        members: Vec::new(),
        version: row.count(3)?,
        created_at: row.int(4)?,
        changed_at: row.int(5)?,
    })
}

impl Store {
    /// A user of the directory.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_directory_user(
        &self,
        site: &SiteId,
        key: DirectoryKey<'_>,
    ) -> Result<Option<DirectoryUser>, StoreError> {
        get_user(&self.0.database, site, key).await
    }

    /// Users of the directory with ids after `after`, in their order.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn list_directory_users(
        &self,
        site: &SiteId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<DirectoryUser>, StoreError> {
        let values = values![site.as_str(), after, limit];
        self.0.database.rows(USERS, values, user).await
    }

    /// Users of the directory after so many others, and how many there are in all.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn page_directory_users(
        &self,
        site: &SiteId,
        skipped: usize,
        limit: u32,
    ) -> Result<(Vec<DirectoryUser>, u32), StoreError> {
        let values = values![site.as_str(), limit, i64::try_from(skipped).unwrap_or(i64::MAX)];
        let users = self.0.database.rows(USERS_FROM, values, user).await?;
        let total = self.0.database.row(USER_COUNT, values![site.as_str()], |row| row.count(0)).await?;
        Ok((users, total.unwrap_or_default()))
    }

    /// As [`Self::page_directory_users`] of groups, with their members where they are asked for.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn page_directory_groups(
        &self,
        site: &SiteId,
        (skipped, limit): (usize, u32),
        members: bool,
    ) -> Result<(Vec<DirectoryGroup>, u32), StoreError> {
        let values = values![site.as_str(), limit, i64::try_from(skipped).unwrap_or(i64::MAX)];
        let found = self.0.database.rows(GROUPS_FROM, values, group).await?;
        let total = self.0.database.row(GROUP_COUNT, values![site.as_str()], |row| row.count(0)).await?;
        Ok((all_with_members(&self.0.database, site, found, members).await?, total.unwrap_or_default()))
    }

    /// A group of the directory, with its members.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn get_directory_group(
        &self,
        site: &SiteId,
        key: DirectoryKey<'_>,
    ) -> Result<Option<DirectoryGroup>, StoreError> {
        get_group(&self.0.database, site, key).await
    }

    /// Groups of the directory with ids after `after`, in their order; with their members where they are asked for.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn list_directory_groups(
        &self,
        site: &SiteId,
        after: &str,
        limit: u32,
        members: bool,
    ) -> Result<Vec<DirectoryGroup>, StoreError> {
        list_groups(&self.0.database, site, (after, limit), members).await
    }

    /// Ids and names of the groups that a user of the directory belongs to.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn groups_of_directory_user(
        &self,
        site: &SiteId,
        user: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let group = |row: &RowRef<'_>| Ok((row.text(0)?, row.text(1)?));
        self.0.database.rows(TEAMS, values![site.as_str(), user], group).await
    }

    /// Whose rights have changed, other than by a token, after a change of that number: 1,000 at the most.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn list_people_changes(&self, after: i64) -> Result<Vec<(i64, SiteId, PersonId)>, StoreError> {
        let change =
            |row: &RowRef<'_>| Ok((row.int(0)?, SiteId::from(row.text(1)?), PersonId::from(row.text(2)?)));
        self.0.database.rows(CHANGES, values![after], change).await
    }

    /// The number of the newest change of that kind; 0 where there is none.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn newest_people_change(&self) -> Result<i64, StoreError> {
        Ok(self.0.database.row(NEWEST_CHANGE, [], |row| row.int(0)).await?.unwrap_or_default())
    }

    /// People with how they are known, also those who have left: with ids after `after`, and where `query` is not
    /// empty, with it in their name or subject. 500 at the most.
    ///
    /// # Errors
    /// As [`Self::get_directory_user`].
    pub async fn list_known_people(
        &self,
        site: &SiteId,
        query: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<KnownPerson>, StoreError> {
        list_known(&self.0.database, site, query, (after, limit)).await
    }
}

async fn get_user(
    database: &Database,
    site: &SiteId,
    key: DirectoryKey<'_>,
) -> Result<Option<DirectoryUser>, StoreError> {
    let (statement, value) = match key {
        DirectoryKey::Id(id) => (USER, id.to_owned()),
        DirectoryKey::Name(name) => (USER_OF_NAME, fold_name(name)),
        DirectoryKey::External(id) => (USER_OF_EXTERNAL, id.to_owned()),
    };
    database.row(statement, values![site.as_str(), value], user).await
}

async fn get_group(
    database: &Database,
    site: &SiteId,
    key: DirectoryKey<'_>,
) -> Result<Option<DirectoryGroup>, StoreError> {
    let (statement, value) = match key {
        DirectoryKey::Id(id) => (GROUP, id.to_owned()),
        DirectoryKey::Name(name) => (GROUP_OF_NAME, fold_name(name)),
        DirectoryKey::External(id) => (GROUP_OF_EXTERNAL, id.to_owned()),
    };
    let Some(found) = database.row(statement, values![site.as_str(), value], group).await? else {
        return Ok(None);
    };
    with_members(database, site, found).await.map(Some)
}

async fn list_groups(
    database: &Database,
    site: &SiteId,
    (after, limit): (&str, u32),
    members: bool,
) -> Result<Vec<DirectoryGroup>, StoreError> {
    let found = database.rows(GROUPS, values![site.as_str(), after, limit], group).await?;
    all_with_members(database, site, found, members).await
}

async fn all_with_members(
    database: &Database,
    site: &SiteId,
    found: Vec<DirectoryGroup>,
    members: bool,
) -> Result<Vec<DirectoryGroup>, StoreError> {
    let mut groups = Vec::with_capacity(found.len());
    for group in found {
        groups.push(if members { with_members(database, site, group).await? } else { group });
    }
    Ok(groups)
}

async fn with_members(
    database: &Database,
    site: &SiteId,
    group: DirectoryGroup,
) -> Result<DirectoryGroup, StoreError> {
    let values = values![site.as_str(), group.id.as_str()];
    let members = database.rows(MEMBERS, &values, |row| row.text(0)).await?;
    Ok(DirectoryGroup { members, ..group })
}

async fn list_known(
    database: &Database,
    site: &SiteId,
    query: &str,
    (after, limit): (&str, u32),
) -> Result<Vec<KnownPerson>, StoreError> {
    // What would be a pattern is what was typed.
    let plain: String = query.chars().filter(|c| !matches!(c, '%' | '_')).collect();
    let values = values![site.as_str(), after, plain.to_lowercase(), limit.clamp(1, 500)];
    let known = |row: &RowRef<'_>| {
        let person = Person {
            id: PersonId::from(row.text(0)?),
            name: row.text(1)?,
            title: row.text(2)?,
            team: row.text(3)?,
            roles: json(row.str(4)?)?,
            active: row.flag(5)?,
        };
        Ok(KnownPerson {
            person,
            issuer: row.text(6)?,
            subject: row.text(7)?,
            groups: json(row.str(8)?)?,
            suspended: row.flag(9)?,
            directed: row.flag(10)?,
            linked: Vec::new(),
        })
    };
    let mut people = database.rows(KNOWN, &values, known).await?;
    for known in &mut people {
        let values = values![site.as_str(), known.person.id.as_str()];
        known.linked = database.rows(LINKED, &values, |row| Ok((row.text(0)?, row.text(1)?))).await?;
    }
    Ok(people)
}
