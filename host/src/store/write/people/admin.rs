//! What an admin changes about people.

use super::directory::record;
use super::{Profile, by_id, put};
use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId};
use crate::store::db::{Connection, values};
use crate::store::model::{DirectoryError, PersonChange, StoreError};

const NAMED: &str = "select id from people where site = $1 and issuer = $2 and subject = $3";
const LINK: &str = "insert into people_identities (site, issuer, subject, person, linked_at) values ($1, $2, $3, $4, $5)
    on conflict (site, issuer, subject) do update set person = excluded.person, linked_at = excluded.linked_at";
const UNLINK: &str = "delete from people_identities where site = $1 and issuer = $2 and subject = $3";
const USER: &str = "select id from directory_users where site = $1 and person = $2";
/// The directory's user of $2 means $3 from now on.
const MOVE_USER: &str = "update directory_users set person = $3, version = version + 1, changed_at = $4
    where site = $1 and person = $2";

pub(super) const STATEMENTS: &[&str] = &[NAMED, LINK, UNLINK, USER, MOVE_USER];

/// Make a change; whose rights are others now.
pub(in crate::store::write) async fn change(
    connection: &mut Connection,
    site: &SiteId,
    (person, change): (&PersonId, &PersonChange),
    now: Micros,
) -> Result<Vec<PersonId>, DirectoryError> {
    if by_id(connection, site, person.clone()).await?.is_none() {
        return Err(DirectoryError::Absent);
    }
    match change {
        PersonChange::Deactivate => suspend(connection, site, person, (true, now)).await?,
        PersonChange::Activate => suspend(connection, site, person, (false, now)).await?,
        PersonChange::Link { issuer, subject } => {
            let other = named(connection, site, issuer, subject).await?;
            match &other {
                // Their own name, which may have been linked to somebody else.
                Some(own) if own == person => {
                    connection.run(UNLINK, values![site.as_str(), issuer.as_str(), subject.as_str()]).await?;
                }
                _ => {
                    let id = person.as_str();
                    let values = values![site.as_str(), issuer.as_str(), subject.as_str(), id, now];
                    connection.run(LINK, values).await?;
                }
            }
            if let Some(other) = other.filter(|other| other != person) {
                take_over(connection, site, (&other, person), now).await?;
                return Ok(vec![person.clone(), other]);
            }
            record(connection, site, person, now).await?;
        }
    }
    Ok(vec![person.clone()])
}

async fn named(
    connection: &mut Connection,
    site: &SiteId,
    issuer: &str,
    subject: &str,
) -> Result<Option<PersonId>, StoreError> {
    if issuer.is_empty() || subject.is_empty() {
        return Err(StoreError::Invalid("a person has an issuer and a subject".to_owned()));
    }
    let row = connection.row(NAMED, values![site.as_str(), issuer, subject]).await?;
    row.map(|row| row.text(0)).transpose().map(|id| id.map(PersonId::from))
}

/// `other` was known by the name that is now `person`'s.
async fn take_over(
    connection: &mut Connection,
    site: &SiteId,
    (other, person): (&PersonId, &PersonId),
    now: Micros,
) -> Result<(), DirectoryError> {
    suspend(connection, site, other, (true, now)).await?;
    if connection.row(USER, values![site.as_str(), other.as_str()]).await?.is_some() {
        if connection.row(USER, values![site.as_str(), person.as_str()]).await?.is_some() {
            return Err(DirectoryError::Taken("person"));
        }
        let values = values![site.as_str(), other.as_str(), person.as_str(), now];
        connection.run(MOVE_USER, values).await?;
    }
    record(connection, site, person, now).await?;
    Ok(())
}

async fn suspend(
    connection: &mut Connection,
    site: &SiteId,
    person: &PersonId,
    (suspended, now): (bool, Micros),
) -> Result<(), DirectoryError> {
    let Some((id, known, issued_at)) = by_id(connection, site, person.clone()).await? else {
        return Err(DirectoryError::Absent);
    };
    let newer = Profile { suspended, active: !suspended, ..known.clone() };
    put(connection, site, &id, (&known, &newer, issued_at)).await?;
    record(connection, site, person, now).await?;
    Ok(())
}
