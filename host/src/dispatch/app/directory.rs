//! What a directory tells of people, and what admins decide about them: effective before the answer is given, also for
//! sessions and streams that are open.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{App, Inner};
use crate::base::clock::Micros;
use crate::base::config::{Scim, ScimSubject};
use crate::base::id::{PersonId, SiteId, new_id};
use crate::base::keys::SharedSecrets;
use crate::dispatch::refusal::Refusal;
use crate::identity::embed::SUBJECT_BYTES_MAX;
use crate::identity::names::{self, NAME_CHARS_MAX};
use crate::store::{
    DirectoryError, DirectoryGroup, DirectoryKey, DirectoryRules, DirectoryUser, DirectoryWrite, KnownPerson,
    Person, PersonChange, PersonClaims, StoreError, UserRecord,
};

/// How often a host looks for what another process on its database has changed about people, in milliseconds.
const LOOK_MS: u64 = 250;

/// A directory as a site uses it.
pub(in crate::dispatch) struct Directory {
    pub(super) secrets: SharedSecrets,
    rules: DirectoryRules,
    /// Whose people they are, and which attribute is the issuer's name for them.
    issuer: String,
    subject: ScimSubject,
}

/// What a directory says of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryPerson {
    /// The name to sign in with.
    pub user_name: String,
    /// The directory's own id.
    pub external_id: Option<String>,
    /// Whether they are still here.
    pub active: bool,
    /// The display name.
    pub name: String,
    /// What they do.
    pub title: Option<String>,
    /// Their team.
    pub team: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// All attributes but the first two, as a JSON object.
    pub attributes: String,
}

impl Directory {
    pub(super) fn new(config: &Scim, secrets: SharedSecrets) -> Self {
        let rules = DirectoryRules { roles: config.roles.clone() };
        Self { secrets, rules, issuer: config.issuer.clone(), subject: config.subject }
    }

    /// Whom somebody in the directory is for those who sign people in; none while it does not say.
    fn claims(
        &self,
        id: &str,
        person: &DirectoryPerson,
        now: Micros,
    ) -> Result<Option<PersonClaims>, DirectoryError> {
        let subject = match self.subject {
            ScimSubject::ExternalId => person.external_id.as_deref(),
            ScimSubject::UserName => Some(person.user_name.as_str()),
            ScimSubject::Id => Some(id),
        };
        let Some(subject) = subject.filter(|subject| !subject.is_empty()) else { return Ok(None) };
        if subject.len() > SUBJECT_BYTES_MAX || !names::is_plain(subject) {
            let detail =
                format!("the subject has {SUBJECT_BYTES_MAX} bytes at the most and nothing unseen in it");
            return Err(StoreError::Invalid(detail).into());
        }
        let line = |text: &String| names::clean(text, NAME_CHARS_MAX);
        Ok(Some(PersonClaims {
            issuer: self.issuer.clone(),
            subject: subject.to_owned(),
            name: Some(line(&person.name)),
            email: person.email.as_ref().map(line).filter(|email| email.contains('@')),
            title: Some(person.title.as_ref().map(line).unwrap_or_default()),
            team: Some(person.team.as_ref().map(line).unwrap_or_default()),
            roles: None,
            groups: None,
            issued_at: now,
        }))
    }
}

impl App {
    /// Whether somebody who shows this secret may change the directory of a site. A site that there is not looks like
    /// one with another secret.
    #[must_use]
    pub fn is_directory(&self, site: &SiteId, secret: &str) -> bool {
        let directory = self.0.sites.get(site).and_then(|site| site.directory.clone());
        directory.is_some_and(|directory| directory.secrets.is_one(secret))
    }

    /// Change the directory of a site. Who has left is out, and who has other roles has them, when this returns.
    ///
    /// # Errors
    /// As [`DirectoryError`] says.
    pub async fn write_directory(&self, site: &SiteId, change: DirectoryWrite) -> Result<(), DirectoryError> {
        let rules = self.rules(site);
        let changed = self.0.store.write_directory(site, &rules, change, self.0.clock.now()).await?;
        self.follow(site, &changed);
        Ok(())
    }

    /// As [`App::write_directory`] of a user: made with this id, or replaced if they have the version.
    ///
    /// # Errors
    /// As [`DirectoryError`] says.
    pub async fn write_directory_user(
        &self,
        site: &SiteId,
        id: &str,
        version: Option<u32>,
        person: DirectoryPerson,
    ) -> Result<(), DirectoryError> {
        let directory = self.0.sites.get(site).and_then(|site| site.directory.clone());
        let directory = directory.ok_or(DirectoryError::Absent)?;
        let claims = directory.claims(id, &person, self.0.clock.now())?;
        let record = Box::new(UserRecord {
            user_name: person.user_name,
            external_id: person.external_id,
            active: person.active,
            attributes: person.attributes,
            claims,
        });
        self.write_directory(site, DirectoryWrite::User { id: id.to_owned(), version, record }).await
    }

    /// A new id for a user or group of a directory.
    #[must_use]
    pub fn directory_id(&self) -> String {
        new_id(self.0.clock.now())
    }

    /// A user of the directory, with ids and names of their groups.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn directory_user(
        &self,
        site: &SiteId,
        key: DirectoryKey<'_>,
    ) -> Result<Option<(DirectoryUser, Vec<(String, String)>)>, Refusal> {
        let Some(user) = self.0.store.get_directory_user(site, key).await? else { return Ok(None) };
        let groups = self.0.store.groups_of_directory_user(site, &user.id).await?;
        Ok(Some((user, groups)))
    }

    /// Users of the directory with ids after `after`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn directory_users(
        &self,
        site: &SiteId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(DirectoryUser, Vec<(String, String)>)>, Refusal> {
        let users = self.0.store.list_directory_users(site, after, limit).await?;
        self.with_groups(site, users).await
    }

    /// Users of the directory after so many others, and how many there are in all.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn page_of_directory_users(
        &self,
        site: &SiteId,
        skipped: usize,
        limit: u32,
    ) -> Result<(Vec<(DirectoryUser, Vec<(String, String)>)>, u32), Refusal> {
        let (users, total) = self.0.store.page_directory_users(site, skipped, limit).await?;
        Ok((self.with_groups(site, users).await?, total))
    }

    /// As [`App::page_of_directory_users`] of groups.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn page_of_directory_groups(
        &self,
        site: &SiteId,
        (skipped, limit): (usize, u32),
        members: bool,
    ) -> Result<(Vec<DirectoryGroup>, u32), Refusal> {
        Ok(self.0.store.page_directory_groups(site, (skipped, limit), members).await?)
    }

    async fn with_groups(
        &self,
        site: &SiteId,
        users: Vec<DirectoryUser>,
    ) -> Result<Vec<(DirectoryUser, Vec<(String, String)>)>, Refusal> {
        let mut found = Vec::with_capacity(users.len());
        for user in users {
            let groups = self.0.store.groups_of_directory_user(site, &user.id).await?;
            found.push((user, groups));
        }
        Ok(found)
    }

    /// A group of the directory.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn directory_group(
        &self,
        site: &SiteId,
        key: DirectoryKey<'_>,
    ) -> Result<Option<DirectoryGroup>, Refusal> {
        Ok(self.0.store.get_directory_group(site, key).await?)
    }

    /// Groups of the directory with ids after `after`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn directory_groups(
        &self,
        site: &SiteId,
        after: &str,
        limit: u32,
        members: bool,
    ) -> Result<Vec<DirectoryGroup>, Refusal> {
        Ok(self.0.store.list_directory_groups(site, after, limit, members).await?)
    }

    /// Let an admin change something about a person; it is told to the log, by whom.
    ///
    /// # Errors
    /// As [`DirectoryError`] says.
    pub async fn change_person(
        &self,
        site: &SiteId,
        person: &PersonId,
        change: &PersonChange,
        by: &str,
    ) -> Result<(), DirectoryError> {
        let changed = self.0.store.change_person(site, person, change, self.0.clock.now()).await?;
        tracing::info!(%site, %person, by, ?change, "an admin has changed a person");
        self.follow(site, &changed);
        Ok(())
    }

    /// People with how they are known, for admins: with ids after `after`, and with `query` in name or subject.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn known_people(
        &self,
        site: &SiteId,
        query: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<KnownPerson>, Refusal> {
        Ok(self.0.store.list_known_people(site, query, after, limit).await?)
    }

    /// Apply what the configuration says now of groups and roles, and follow from here on what other processes change
    /// about people.
    ///
    /// # Errors
    /// As [`DirectoryError`] says.
    pub(super) async fn start_directory(&self) -> Result<(), DirectoryError> {
        let newest = self.0.store.newest_people_change().await?;
        for site in self.0.sites.all() {
            let id = SiteId::from(site.config.id.as_str());
            self.write_directory(&id, DirectoryWrite::Rules).await?;
        }
        tokio::spawn(follow_others(Arc::downgrade(&self.0), newest));
        Ok(())
    }

    /// Read the files of directories' secrets again; the log tells what became of them.
    pub(super) async fn renew_secrets(&self) {
        for site in self.0.sites.all() {
            let (id, Some(directory)) = (&site.config.id, &site.directory) else { continue };
            match directory.secrets.renew().await {
                Ok(true) => tracing::info!(site = %id, "the secrets of the directory were read"),
                Ok(false) => {}
                Err(error) => tracing::error!(site = %id, "those read before stay: {error}"),
            }
        }
    }

    fn rules(&self, site: &SiteId) -> DirectoryRules {
        let directory = self.0.sites.get(site).and_then(|site| site.directory.clone());
        directory.map(|directory| directory.rules.clone()).unwrap_or_default()
    }

    fn follow(&self, site: &SiteId, changed: &[Person]) {
        for person in changed {
            self.0.sessions.follow(site, person);
        }
    }
}

/// What another process on the same database has changed, for as long as the host lives.
async fn follow_others(host: Weak<Inner>, mut seen: i64) {
    let mut version = None;
    loop {
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        let Some(app) = host.upgrade().map(App) else { return };
        // Costs no statement while nothing is written.
        let Ok(now) = app.0.store.version() else { continue };
        if version == Some(now) {
            continue;
        }
        match app.follow_changes(seen).await {
            Ok(last) => (seen, version) = (last, Some(now)),
            Err(refusal) => tracing::error!(%refusal, "changes of people cannot be read; tried again"),
        }
    }
}

impl App {
    async fn follow_changes(&self, mut seen: i64) -> Result<i64, Refusal> {
        loop {
            let changes = self.0.store.list_people_changes(seen).await?;
            let Some((last, ..)) = changes.last() else { return Ok(seen) };
            seen = *last;
            for (_, site, person) in &changes {
                let people = self.0.store.get_people(site, std::slice::from_ref(person)).await?;
                self.follow(site, &people);
            }
        }
    }
}
