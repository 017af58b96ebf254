//! People and groups of a directory. Whoever the directory says has left is out from the moment it is written; where
//! groups give roles, they come from the directory alone.

use std::collections::BTreeSet;

use super::{Profile, by_id, find, make, put};
use crate::base::clock::{DAY, Micros};
use crate::base::config::ROLES;
use crate::base::id::{PersonId, SiteId};
use crate::store::db::{Connection, values};
use crate::store::model::{
    DirectoryError, DirectoryRules, DirectoryWrite, GroupRecord, StoreError, UserRecord,
};
use crate::store::rules::fold_name;

const USER: &str = "select version, person from directory_users where site = $1 and id = $2";
const USER_OF_NAME: &str =
    "select id from directory_users where site = $1 and user_name_folded = $2 and id <> $3";
const USER_OF_EXTERNAL: &str =
    "select id from directory_users where site = $1 and external_id = $2 and id <> $3";
const USER_OF_PERSON: &str = "select id from directory_users where site = $1 and person = $2 and id <> $3";
const PUT_USER: &str = "insert into directory_users (site, id, person, user_name, user_name_folded, external_id, active,
    attributes, version, created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
    on conflict (site, id) do update set person = excluded.person, user_name = excluded.user_name,
        user_name_folded = excluded.user_name_folded, external_id = excluded.external_id, active = excluded.active,
        attributes = excluded.attributes, version = excluded.version, changed_at = excluded.changed_at";
const DELETE_USER: &str = "delete from directory_users where site = $1 and id = $2";
const GROUP: &str = "select version, name from directory_groups where site = $1 and id = $2";
const GROUP_OF_NAME: &str =
    "select id from directory_groups where site = $1 and name_folded = $2 and id <> $3";
const GROUP_OF_EXTERNAL: &str =
    "select id from directory_groups where site = $1 and external_id = $2 and id <> $3";
const PUT_GROUP: &str =
    "insert into directory_groups (site, id, name, name_folded, external_id, version, created_at,
    changed_at) values ($1, $2, $3, $4, $5, $6, $7, $7)
    on conflict (site, id) do update set name = excluded.name, name_folded = excluded.name_folded,
        external_id = excluded.external_id, version = excluded.version, changed_at = excluded.changed_at";
const DELETE_GROUP: &str = "delete from directory_groups where site = $1 and id = $2";
const MEMBERS: &str = "select member from directory_members where site = $1 and team = $2";
const PUT_MEMBER: &str = "insert into directory_members (site, team, member) values ($1, $2, $3)";
const DELETE_MEMBER: &str = "delete from directory_members where site = $1 and team = $2 and member = $3";
/// Groups show their members, and members their groups.
const GREW: &str =
    "update directory_groups set version = version + 1, changed_at = $3 where site = $1 and id in (
    select team from directory_members where site = $1 and member = $2)";
const GROUPS: &str = "select g.name from directory_members m cross join directory_groups g
    where m.site = $1 and m.member = $2 and g.site = $1 and g.id = m.team order by g.name limit 500";
const PEOPLE: &str = "select id from directory_users where site = $1 and person is not null";
const ACTIVE: &str = "select person, active from directory_users where site = $1 and id = $2";
const RULES: &str = "select directory_rules from sites where id = $1";
const PUT_RULES: &str = "update sites set directory_rules = $2 where id = $1";
const RECORD: &str = "insert into people_changes (site, person, made_at) values ($1, $2, $3)";
const FORGET: &str = "delete from people_changes where made_at < $1";

pub(super) const STATEMENTS: &[&str] = &[
    USER,
    USER_OF_NAME,
    USER_OF_EXTERNAL,
    USER_OF_PERSON,
    PUT_USER,
    DELETE_USER,
    GROUP,
    GROUP_OF_NAME,
    GROUP_OF_EXTERNAL,
    PUT_GROUP,
    DELETE_GROUP,
    MEMBERS,
    PUT_MEMBER,
    DELETE_MEMBER,
    GREW,
    GROUPS,
    PEOPLE,
    ACTIVE,
    RULES,
    PUT_RULES,
    RECORD,
    FORGET,
];

/// What the directory of one site may decide, and when.
struct Write<'a> {
    connection: &'a mut Connection,
    site: &'a SiteId,
    rules: &'a DirectoryRules,
    now: Micros,
    changed: BTreeSet<PersonId>,
}

/// Make a change; whose rights or names are others now.
pub(in crate::store::write) async fn apply(
    connection: &mut Connection,
    site: &SiteId,
    (rules, change): (&DirectoryRules, &DirectoryWrite),
    now: Micros,
) -> Result<Vec<PersonId>, DirectoryError> {
    let mut write = Write { connection, site, rules, now, changed: BTreeSet::new() };
    match change {
        DirectoryWrite::User { id, version, record } => write.user(id, *version, record).await?,
        DirectoryWrite::Group { id, version, record } => write.group(id, *version, record).await?,
        DirectoryWrite::DeleteUser { id, version } => write.delete_user(id, *version).await?,
        DirectoryWrite::DeleteGroup { id, version } => write.delete_group(id, *version).await?,
        DirectoryWrite::Rules => write.all().await?,
    }
    let changed: Vec<PersonId> = write.changed.into_iter().collect();
    for person in &changed {
        record(connection, site, person, now).await?;
    }
    Ok(changed)
}

/// Tell hosts on the same database.
pub(super) async fn record(
    connection: &mut Connection,
    site: &SiteId,
    person: &PersonId,
    now: Micros,
) -> Result<(), StoreError> {
    connection.run(RECORD, values![site.as_str(), person.as_str(), now]).await?;
    connection.run(FORGET, values![now - DAY]).await?;
    Ok(())
}

/// The version to write, if the one that is there may be replaced.
fn next(found: Option<i64>, expected: Option<u32>) -> Result<i64, DirectoryError> {
    match (found, expected) {
        (None, None) => Ok(1),
        (None, Some(_)) => Err(DirectoryError::Absent),
        (Some(found), Some(expected)) if found == i64::from(expected) => Ok(found + 1),
        (Some(_), _) => Err(DirectoryError::Stale),
    }
}

impl Write<'_> {
    async fn user(
        &mut self,
        id: &str,
        version: Option<u32>,
        user: &UserRecord,
    ) -> Result<(), DirectoryError> {
        let known = self.connection.row(USER, values![self.site.as_str(), id]).await?;
        let before = known.as_ref().map(|row| row.maybe_text(1)).transpose()?.flatten().map(PersonId::from);
        let version = next(known.map(|row| row.int(0)).transpose()?, version)?;
        let folded = fold_name(&user.user_name);
        self.free(USER_OF_NAME, "userName", Some(&folded), id).await?;
        self.free(USER_OF_EXTERNAL, "externalId", user.external_id.as_deref(), id).await?;
        let person = self.person_of(user).await?;
        self.free(USER_OF_PERSON, "externalId", person.as_ref().map(PersonId::as_str), id).await?;
        let values = values![
            self.site.as_str(),
            id,
            person.as_ref().map(PersonId::as_str),
            user.user_name.as_str(),
            folded,
            user.external_id.as_deref(),
            user.active,
            user.attributes.as_str(),
            version,
            self.now
        ];
        self.connection.run(super::PUT_SITE, values![self.site.as_str(), self.now]).await?;
        self.connection.run(PUT_USER, values).await?;
        if let Some(before) = before.filter(|before| Some(before) != person.as_ref()) {
            self.leave(before).await?;
        }
        self.refresh(id).await
    }

    /// Whom a user means: made, or brought up to date.
    async fn person_of(&mut self, user: &UserRecord) -> Result<Option<PersonId>, DirectoryError> {
        let Some(claims) = &user.claims else { return Ok(None) };
        let Some((id, known, issued_at)) = find(self.connection, self.site, claims).await? else {
            let (id, _) = make(self.connection, self.site, claims, self.now).await?;
            self.changed.insert(id.clone());
            return Ok(Some(id));
        };
        let newer = super::claimed(claims, known.clone());
        put(self.connection, self.site, &id, (&known, &newer, issued_at.max(claims.issued_at))).await?;
        if newer != known {
            self.changed.insert(id.clone());
        }
        Ok(Some(id))
    }

    async fn group(
        &mut self,
        id: &str,
        version: Option<u32>,
        group: &GroupRecord,
    ) -> Result<(), DirectoryError> {
        let known = self.connection.row(GROUP, values![self.site.as_str(), id]).await?;
        let is_renamed = known.as_ref().map(|row| row.text(1)).transpose()?.as_ref() != Some(&group.name);
        let version = next(known.map(|row| row.int(0)).transpose()?, version)?;
        let folded = fold_name(&group.name);
        self.free(GROUP_OF_NAME, "displayName", Some(&folded), id).await?;
        self.free(GROUP_OF_EXTERNAL, "externalId", group.external_id.as_deref(), id).await?;
        let values = values![
            self.site.as_str(),
            id,
            group.name.as_str(),
            folded,
            group.external_id.as_deref(),
            version,
            self.now
        ];
        self.connection.run(super::PUT_SITE, values![self.site.as_str(), self.now]).await?;
        self.connection.run(PUT_GROUP, values).await?;
        let before = self.members(id).await?;
        let after: BTreeSet<String> = group.members.iter().cloned().collect();
        for gone in before.difference(&after) {
            let values = values![self.site.as_str(), id, gone.as_str()];
            self.connection.run(DELETE_MEMBER, values).await?;
        }
        for new in after.difference(&before) {
            let values = values![self.site.as_str(), new.as_str()];
            if self.connection.row(USER, values).await?.is_none() {
                return Err(DirectoryError::Member(new.clone()));
            }
            let values = values![self.site.as_str(), id, new.as_str()];
            self.connection.run(PUT_MEMBER, values).await?;
        }
        for user in before.union(&after) {
            if is_renamed || before.contains(user) != after.contains(user) {
                self.refresh(user).await?;
            }
        }
        Ok(())
    }

    async fn delete_user(&mut self, id: &str, version: Option<u32>) -> Result<(), DirectoryError> {
        let known = self.connection.row(USER, values![self.site.as_str(), id]).await?;
        let known = known.ok_or(DirectoryError::Absent)?;
        if version.is_some_and(|version| known.int(0).ok() != Some(i64::from(version))) {
            return Err(DirectoryError::Stale);
        }
        self.connection.run(GREW, values![self.site.as_str(), id, self.now]).await?;
        self.connection.run(DELETE_USER, values![self.site.as_str(), id]).await?;
        if let Some(person) = known.maybe_text(1)? {
            self.leave(PersonId::from(person)).await?;
        }
        Ok(())
    }

    async fn delete_group(&mut self, id: &str, version: Option<u32>) -> Result<(), DirectoryError> {
        let known = self.connection.row(GROUP, values![self.site.as_str(), id]).await?;
        let known = known.ok_or(DirectoryError::Absent)?;
        if version.is_some_and(|version| known.int(0).ok() != Some(i64::from(version))) {
            return Err(DirectoryError::Stale);
        }
        let members = self.members(id).await?;
        self.connection.run(DELETE_GROUP, values![self.site.as_str(), id]).await?;
        for user in members {
            self.refresh(&user).await?;
        }
        Ok(())
    }

    /// Apply the rules to everybody, unless they were applied already.
    async fn all(&mut self) -> Result<(), DirectoryError> {
        let rules = match self.rules.roles.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&self.rules.roles).expect("a map of texts is always JSON"),
        };
        let row = self.connection.row(RULES, values![self.site.as_str()]).await?;
        if row.map(|row| row.text(0)).transpose()?.unwrap_or_default() == rules {
            return Ok(());
        }
        self.connection.run(PUT_RULES, values![self.site.as_str(), rules]).await?;
        let users = self.connection.rows(PEOPLE, values![self.site.as_str()]).await?;
        for user in users {
            self.refresh(user.str(0)?).await?;
        }
        Ok(())
    }

    async fn members(&mut self, group: &str) -> Result<BTreeSet<String>, StoreError> {
        let rows = self.connection.rows(MEMBERS, values![self.site.as_str(), group]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Fails when another one than `id` has a value.
    async fn free(
        &mut self,
        statement: &'static str,
        attribute: &'static str,
        value: Option<&str>,
        id: &str,
    ) -> Result<(), DirectoryError> {
        let Some(value) = value else { return Ok(()) };
        match self.connection.row(statement, values![self.site.as_str(), value, id]).await? {
            Some(_) => Err(DirectoryError::Taken(attribute)),
            None => Ok(()),
        }
    }

    /// Whether the person of a user is here, and what their groups give them.
    async fn refresh(&mut self, user: &str) -> Result<(), DirectoryError> {
        let row = self.connection.row(ACTIVE, values![self.site.as_str(), user]).await?;
        let Some(row) = row else { return Ok(()) };
        let Some(person) = row.maybe_text(0)?.map(PersonId::from) else { return Ok(()) };
        let is_here = row.flag(1)?;
        let rows = self.connection.rows(GROUPS, values![self.site.as_str(), user]).await?;
        let groups = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        let rules = self.rules;
        let gives =
            |role: &str| rules.roles.iter().any(|(group, given)| given == role && groups.contains(group));
        let roles = ROLES.iter().filter(|role| gives(role)).map(|role| (*role).to_owned()).collect();
        let directed = !rules.roles.is_empty();
        self.change(person, |known| Profile {
            active: is_here && !known.suspended,
            directed,
            // A directory that gave roles and does so no more takes them back.
            roles: if directed || known.directed { roles } else { known.roles.clone() },
            groups: if directed || known.directed { groups } else { known.groups.clone() },
            ..known.clone()
        })
        .await
    }

    /// The directory does not know the person any more.
    async fn leave(&mut self, person: PersonId) -> Result<(), DirectoryError> {
        self.change(person, |known| Profile {
            active: false,
            directed: false,
            roles: if known.directed { Vec::new() } else { known.roles.clone() },
            groups: if known.directed { Vec::new() } else { known.groups.clone() },
            ..known.clone()
        })
        .await
    }

    async fn change(
        &mut self,
        person: PersonId,
        newer: impl FnOnce(&Profile) -> Profile,
    ) -> Result<(), DirectoryError> {
        let Some((id, known, issued_at)) = by_id(self.connection, self.site, person).await? else {
            return Ok(());
        };
        let newer = newer(&known);
        if newer != known {
            // What a token made before says is over.
            let issued_at = issued_at.max(self.now);
            put(self.connection, self.site, &id, (&known, &newer, issued_at)).await?;
            self.changed.insert(id);
        }
        Ok(())
    }
}
