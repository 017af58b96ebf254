//! People and groups as a directory tells of them (SCIM 2.0, RFC 7643).

use std::collections::BTreeMap;

use super::{Person, PersonClaims, StoreError};
use crate::base::clock::Micros;
use crate::base::id::PersonId;

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryUser {
    /// The id here (UUIDv7); not the person's.
    pub id: String,
    /// The person; none while the directory does not say whom it means.
    pub person: Option<PersonId>,
    /// The name to sign in with; nobody else of the site has it, whatever its case.
    pub user_name: String,
    /// The directory's own id; nobody else of the site has it.
    pub external_id: Option<String>,
    /// Whether they are still here.
    pub active: bool,
    /// All other attributes, as a JSON object.
    pub attributes: String,
    /// Grows with each change.
    pub version: u32,
    /// When it was made.
    pub created_at: Micros,
    /// When it was last changed.
    pub changed_at: Micros,
}

/// A group of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryGroup {
    /// The id here (UUIDv7).
    pub id: String,
    /// What it is called; no other group of the site is, whatever its case.
    pub name: String,
    /// The directory's own id.
    pub external_id: Option<String>,
    /// Who belongs to it: ids of users, in their order.
    pub members: Vec<String>,
    /// Grows with each change.
    pub version: u32,
    /// When it was made.
    pub created_at: Micros,
    /// When it was last changed.
    pub changed_at: Micros,
}

/// What a user looks like from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// As [`DirectoryUser::user_name`].
    pub user_name: String,
    /// As [`DirectoryUser::external_id`].
    pub external_id: Option<String>,
    /// Whether they are still here.
    pub active: bool,
    /// As [`DirectoryUser::attributes`].
    pub attributes: String,
    /// Whom the user means, and what is known of them; none where the directory does not say.
    pub claims: Option<PersonClaims>,
}

/// What a group looks like from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    /// As [`DirectoryGroup::name`].
    pub name: String,
    /// As [`DirectoryGroup::external_id`].
    pub external_id: Option<String>,
    /// Ids of users.
    pub members: Vec<String>,
}

/// What the directory changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryWrite {
    /// A user is made with this id, or replaced if it has the version.
    User {
        /// The id.
        id: String,
        /// The version that is replaced; none makes it.
        version: Option<u32>,
        /// The user.
        record: Box<UserRecord>,
    },
    /// As `User`, of a group.
    Group {
        /// The id.
        id: String,
        /// The version that is replaced; none makes it.
        version: Option<u32>,
        /// The group.
        record: Box<GroupRecord>,
    },
    /// A user is deleted: their person has left.
    DeleteUser {
        /// The id.
        id: String,
        /// The version that it has to have; none for any.
        version: Option<u32>,
    },
    /// A group is deleted.
    DeleteGroup {
        /// The id.
        id: String,
        /// The version that it has to have; none for any.
        version: Option<u32>,
    },
    /// The rules may be others than before: all people get the roles that they give.
    Rules,
}

/// What the directory decides beside who is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryRules {
    /// The role that a group gives, by the group's name. Where there are none, the directory decides on neither groups
    /// nor roles.
    pub roles: BTreeMap<String, String>,
}

/// Why the directory was not changed.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There is no such user or group.
    #[error("there is no such user or group")]
    Absent,
    /// It has another version by now.
    #[error("it has been changed meanwhile")]
    Stale,
    /// Another one has this attribute already.
    #[error("another one has this `{0}`")]
    Taken(&'static str),
    /// A member is no user of the directory.
    #[error("there is no user {0}")]
    Member(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an admin changes about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonChange {
    /// Keep the person out, whatever tokens and the directory say.
    Deactivate,
    /// Let the person in again.
    Activate,
    /// From now on, this subject of this issuer is the person. Somebody else who was known so is kept out, and keeps
    /// their entries.
    Link {
        /// The issuer.
        issuer: String,
        /// The issuer's name for the person.
        subject: String,
    },
}

/// A person with how they are known, for those who administer people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The person.
    pub person: Person,
    /// Who vouches for them.
    pub issuer: String,
    /// The issuer's name for them.
    pub subject: String,
    /// Their groups.
    pub groups: Vec<String>,
    /// Whether an admin keeps them out.
    pub suspended: bool,
    /// Whether the directory decides on their groups and roles.
    pub directed: bool,
    /// Further names: issuer and subject.
    pub linked: Vec<(String, String)>,
}
