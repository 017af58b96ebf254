//! What a seed file or another system brings: people, pages, entries with their dates, votes. Repeating it
//! changes nothing. No events: what is imported is no news.

mod fields;
mod points;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use stoa_rules::{Declared, Fields, State};

use super::commit::{derive, recount};
use super::pages::audience;
use super::people::{self, PUT_SITE};
use crate::base::clock::{MINUTE, Micros};
use crate::base::id::{PersonId, SiteId, is_id, new_id};
use crate::store::db::{Connection, values};
use crate::store::model::{PersonClaims, StoreError};
use crate::store::rules;
pub use points::ImportPoints;

/// What one file brings. Every `at` is in minutes before the moment of the import.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportBatch {
    /// The site that the file is for: another one refuses it.
    pub site: SiteId,
    /// Who vouches for the people of the file. A file may leave it out; whoever imports it fills it in.
    #[serde(default)]
    pub issuer: String,
    /// Who wrote.
    #[serde(default)]
    pub people: Vec<ImportPerson>,
    /// Where they wrote.
    #[serde(default)]
    pub pages: Vec<ImportPage>,
    /// What they wrote.
    #[serde(default)]
    pub entries: Vec<ImportEntry>,
    /// What the plugins declare, by their names; no part of a file. Entries of a plugin that is not here have a body
    /// and votes, and nothing else.
    #[serde(skip)]
    pub declared: BTreeMap<String, Declared>,
}

/// A person of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPerson {
    /// The issuer's name for the person.
    pub subject: String,
    /// The display name.
    pub name: String,
    /// What they do.
    #[serde(default)]
    pub title: Option<String>,
    /// Where they belong.
    #[serde(default)]
    pub team: Option<String>,
    /// Roles beyond member.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
    /// The e-mail address; never shown.
    #[serde(default)]
    pub email: Option<String>,
}

/// A page of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPage {
    /// The stable key.
    pub key: String,
    /// The title.
    #[serde(default)]
    pub title: String,
    /// The address.
    #[serde(default)]
    pub url: String,
    /// The subject of who looks after it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The groups that may read it, `*` for everybody who may read the site; without it what is known stays.
    #[serde(default)]
    pub readers: Option<Vec<String>>,
}

/// An entry of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportEntry {
    /// Its name inside the file, the same in every run.
    pub id: String,
    /// The plugin that keeps it.
    pub plugin: String,
    /// The key of its page.
    pub page: String,
    /// What it answers: an id of this file or of an earlier one.
    #[serde(default)]
    pub parent: Option<String>,
    /// What it is to the plugin.
    #[serde(default = "comment")]
    pub kind: String,
    /// The subject of who wrote it.
    pub author: String,
    /// Minutes before the import.
    pub at: i64,
    /// Markdown; `@[Name](subject)` mentions somebody.
    #[serde(default)]
    pub body: String,
    /// The values of its other fields. People are named by their subjects, entries by their ids in this file or an
    /// earlier one, and a time is a number of minutes before the import, or after it where it is below 0.
    #[serde(default)]
    pub fields: Fields,
    /// Whether it is pinned.
    #[serde(default)]
    pub pinned: bool,
    /// `visible`, `held` or `deleted`.
    #[serde(default = "visible")]
    pub state: State,
    /// Subjects of who votes it up.
    #[serde(default)]
    pub votes: Vec<String>,
    /// Other marks on it: by their kind the subjects of who has put them. Their value is `1`, or what follows the kind
    /// as in `choice=2`.
    #[serde(default)]
    pub marks: BTreeMap<String, Vec<String>>,
    /// Points that were given with it.
    #[serde(default)]
    pub points: Vec<ImportPoints>,
    /// Whether it is shown as edited.
    #[serde(default)]
    pub edited: bool,
}

fn comment() -> String {
    "comment".to_owned()
}

fn visible() -> State {
    State::Visible
}

/// What an import has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// People of the file that are known now.
    pub people: u32,
    /// Pages of the file that are known now.
    pub pages: u32,
    /// Entries made by this run.
    pub entries: u32,
    /// Entries that an earlier run had made.
    pub known: u32,
    /// Votes put by this run.
    pub votes: u32,
    /// What could not be taken over; everything else was.
    pub problems: Vec<ImportProblem>,
}

/// A row of a file that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Which: `entry c1`, `page policies/travel`.
    pub row: String,
    /// Why, in words for who made the file.
    pub text: String,
}

/// The page that a key leads to: an alias comes first, as everywhere.
const PAGE: &str = "select p.id, p.key from pages p where p.site = $1 and p.id = coalesce(
    (select l.page from page_aliases l where l.site = $1 and l.alias = $2),
    (select k.id from pages k where k.site = $1 and k.key = $2))";
const PUT_PAGE: &str = "insert into pages (site, id, key, url, title, owner, created_at, audience)
    values ($1, $2, $3, $4, $5, $6, $7, (select s.audience from sites s where s.id = $1))
    on conflict (site, key) do update set
        url = case when excluded.url = '' then pages.url else excluded.url end,
        title = case when excluded.title = '' then pages.title else excluded.title end,
        owner = coalesce(excluded.owner, pages.owner), revision = pages.revision + 1
    where pages.url <> excluded.url or pages.title <> excluded.title or pages.owner is distinct from excluded.owner";
/// Telling the same again changes nothing.
const SET_READERS: &str = "update pages set audience = $3, audience_at = $4, revision = revision + 1
    where site = $1 and key = $2 and (audience is distinct from $3 or audience_at = 0)";
const PUT_THREAD: &str = "insert into threads (site, page, plugin) values ($1, $2, $3)
    on conflict (site, page, plugin) do update set plugin = excluded.plugin returning number";
const IMPORTED: &str = "select entry from imported where site = $1 and local_id = $2";
const PUT_IMPORTED: &str = "insert into imported (site, local_id, entry) values ($1, $2, $3)";
const PARENT: &str = "select e.id, e.thread, e.root, e.depth, e.author, e.state, e.created_at, e.kind
    from imported i cross join entries e on e.site = i.site and e.id = i.entry where i.site = $1 and i.local_id = $2";
const PUT_ENTRY: &str = "insert into entries
    (site, id, thread, kind, parent, root, depth, author, parent_author, body, data, state, reason, state_at,
    version, created_at, edited_at, edited_by, pinned, listed, plugin, active_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14, $16, $17, $18, 0, $19, $14)";
const PUT_MARK: &str = "insert into marks (site, plugin, target, person, kind, value, put_at, ranks)
    values ($1, $2, $3, $4, $5, $8, $6, $7) on conflict (site, plugin, target, person, kind) do nothing";
/// What hangs below each entry of a thread, counted anew.
const RECOUNT_ENTRIES: &str = "with recursive below (top, id, state) as (
        select p.id, e.id, e.state from entries p cross join entries e
        where p.thread = $1 and e.site = p.site and e.parent = p.id
        union all
        select b.top, e.id, e.state from below b cross join entries e where e.site = $2 and e.parent = b.id
    ), counted (top, visible, waiting) as (
        select top, sum(case when state = 'visible' then 1 else 0 end),
            sum(case when state in ('held', 'rejected') then 1 else 0 end)
        from below group by top
    )
    update entries set reply_count = c.visible, waiting_count = c.waiting
    from counted c where entries.site = $2 and entries.id = c.top";
const RECOUNT_ANSWERS: &str = "update entries set answer_count = (
        select count(*) from entries a where a.site = entries.site and a.parent = entries.id and a.state = 'visible'
            and a.author is distinct from entries.author),
    listed = case
        when state = 'visible' or reply_count > 0 then 1
        when state in ('held', 'rejected') then 2
        when state = 'removed' or waiting_count > 0 then 3
        else 0 end
    where thread = $1";
const RECOUNT_ACTIVE: &str = "update entries set active_at = (
        select max(n.at) from (
            select coalesce(entries.edited_at, entries.created_at) as at
            union all
            select r.created_at from entries r
            where r.site = entries.site and r.root = entries.id and r.parent is not null and r.state = 'visible'
        ) n)
    where thread = $1 and parent is null";
const RECOUNT_THREAD: &str = "update threads set revision = revision + 1,
    entry_count = (select count(*) from entries where thread = $1 and state = 'visible'),
    root_count = (select count(*) from entries where thread = $1 and state = 'visible' and parent is null)
    where number = $1";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    PAGE,
    PUT_PAGE,
    SET_READERS,
    PUT_THREAD,
    IMPORTED,
    PUT_IMPORTED,
    PARENT,
    PUT_ENTRY,
    PUT_MARK,
    RECOUNT_ENTRIES,
    RECOUNT_ANSWERS,
    RECOUNT_ACTIVE,
    RECOUNT_THREAD,
    fields::TAKEN,
    fields::HELD,
];

/// An import on its way.
struct Importing<'a> {
    connection: &'a mut Connection,
    site: &'a SiteId,
    now: Micros,
    people: HashMap<String, PersonId>,
    declared: BTreeMap<String, Declared>,
    /// Threads that have changed.
    threads: Vec<i64>,
    /// Entries that have new replies, with their plugins.
    parents: BTreeSet<(String, String)>,
    report: ImportReport,
}

/// Take a file over, all in one transaction; rows with problems are left out and told of.
pub(super) async fn import(
    connection: &mut Connection,
    site: &SiteId,
    batch: ImportBatch,
    now: Micros,
) -> Result<ImportReport, StoreError> {
    if batch.site != *site {
        return Err(StoreError::Invalid(format!("the file is for the site {}, not for {site}", batch.site)));
    }
    connection.run(PUT_SITE, values![site.as_str(), now]).await?;
    let mut importing = Importing {
        connection,
        site,
        now,
        people: HashMap::new(),
        declared: batch.declared,
        threads: Vec::new(),
        parents: BTreeSet::new(),
        report: ImportReport::default(),
    };
    for person in &batch.people {
        importing.person(&batch.issuer, person).await?;
    }
    for page in &batch.pages {
        importing.page(page).await?;
    }
    let mut entries: Vec<&ImportEntry> = batch.entries.iter().collect();
    // The oldest first: what is answered comes before its answers.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    for entry in entries {
        match importing.entry(entry).await? {
            Ok(()) => {}
            Err(text) => importing.problem(format!("entry {}", entry.id), text),
        }
    }
    importing.recount().await?;
    Ok(importing.report)
}

impl Importing<'_> {
    fn problem(&mut self, row: String, text: String) {
        self.report.problems.push(ImportProblem { row, text });
    }

    async fn person(&mut self, issuer: &str, person: &ImportPerson) -> Result<(), StoreError> {
        let claims = PersonClaims {
            issuer: issuer.to_owned(),
            subject: person.subject.clone(),
            name: Some(person.name.clone()),
            email: person.email.clone(),
            title: person.title.clone(),
            team: person.team.clone(),
            roles: person
                .roles
                .as_ref()
                .map(|roles| roles.iter().filter(|role| *role != "member").cloned().collect()),
            groups: None,
            // A token says more than a file: its claims, made later than the start of time, stay.
            issued_at: 0,
        };
        match people::put_person(self.connection, self.site, &claims, self.now).await {
            Ok(known) => {
                self.people.insert(person.subject.clone(), known.id);
                self.report.people += 1;
            }
            Err(StoreError::Invalid(text)) => self.problem(format!("person {}", person.subject), text),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn page(&mut self, page: &ImportPage) -> Result<(), StoreError> {
        if page.key.is_empty() || page.key.len() > 200 {
            self.problem(format!("page {}", page.key), "a page key has 1 to 200 bytes".to_owned());
            return Ok(());
        }
        let owner = match &page.owner {
            None => None,
            Some(subject) => {
                let owner = self.people.get(subject).cloned();
                if owner.is_none() {
                    self.problem(
                        format!("page {}", page.key),
                        format!("its owner {subject} is not among the people"),
                    );
                }
                owner
            }
        };
        let known = self.connection.row(PAGE, values![self.site.as_str(), page.key.as_str()]).await?;
        let key = known.map(|row| row.text(1)).transpose()?.unwrap_or_else(|| page.key.clone());
        let values = values![
            self.site.as_str(),
            new_id(self.now),
            key.as_str(),
            page.url.as_str(),
            rules::clean(&page.title, 300),
            owner.as_ref().map(PersonId::as_str),
            self.now
        ];
        self.connection.run(PUT_PAGE, values).await?;
        if let Some(readers) = &page.readers {
            let readers = readers.iter().cloned().collect();
            let audience = audience(self.connection, &SiteId::from(self.site.as_str()), &readers).await?;
            let values = values![self.site.as_str(), key.as_str(), audience, self.now];
            self.connection.run(SET_READERS, values).await?;
        }
        self.report.pages += 1;
        Ok(())
    }

    /// One entry; the inner error is for who made the file.
    async fn entry(&mut self, entry: &ImportEntry) -> Result<Result<(), String>, StoreError> {
        let author = match self.check(entry) {
            Ok(author) => author,
            Err(text) => return Ok(Err(text)),
        };
        let site = self.site.as_str();
        if let Some(row) = self.connection.row(IMPORTED, values![site, entry.id.as_str()]).await? {
            self.report.known += 1;
            let id = row.text(0)?;
            return self.votes(entry, &id).await.map(Ok);
        }
        let Some(page) = self.connection.row(PAGE, values![site, entry.page.as_str()]).await? else {
            return Ok(Err(format!("its page {} is not among the pages", entry.page)));
        };
        let thread = self.thread(page.text(0)?, entry).await?;
        let created_at = self.now - entry.at * MINUTE;
        let id = stable_id(self.site, &entry.id, created_at);
        let above = match self.above(entry, thread, created_at).await? {
            Ok(above) => above,
            Err(text) => return Ok(Err(text)),
        };
        let fields = match self.fields(entry, above.kind.as_deref()).await? {
            Ok(fields) => fields,
            Err(text) => return Ok(Err(text)),
        };
        let row = fields::Row { id: &id, page: page.str(0)?, thread, created_at, above: &above };
        if let Err(text) = self.check_unique(entry, &author, &row).await? {
            return Ok(Err(text));
        }
        let edited = entry.edited.then_some((created_at + MINUTE).min(self.now));
        let values = values![
            site,
            id.as_str(),
            thread,
            entry.kind.as_str(),
            above.parent.as_deref(),
            above.root.as_deref().unwrap_or(&id),
            above.depth,
            author.as_str(),
            above.author.as_deref(),
            self.with_people(&entry.body),
            fields::data(&fields),
            entry.state.word(),
            if entry.state == State::Held { "imported" } else { "" },
            created_at,
            1 + u32::from(entry.edited),
            edited,
            edited.map(|_| author.as_str()),
            entry.pinned && entry.parent.is_none() && entry.state != State::Deleted,
            entry.plugin.as_str()
        ];
        self.connection.run(PUT_ENTRY, values).await?;
        self.connection.run(PUT_IMPORTED, values![site, entry.id.as_str(), id.as_str()]).await?;
        self.put_fields(entry, &author, &fields, &row).await?;
        self.points(entry, (&author, &id), created_at).await?;
        self.votes(entry, &id).await.map(Ok)
    }

    /// The row for the entry's plugin on its page, made if it is not there.
    async fn thread(&mut self, page: String, entry: &ImportEntry) -> Result<i64, StoreError> {
        let values = values![self.site.as_str(), page, entry.plugin.as_str()];
        let thread = self.connection.row(PUT_THREAD, values).await?;
        thread.ok_or_else(|| StoreError::Database("no thread was made".to_owned()))?.int(0)
    }

    fn check(&self, entry: &ImportEntry) -> Result<PersonId, String> {
        if entry.at < 0 || entry.at > self.now / MINUTE {
            return Err("`at` is a number of minutes before the import".to_owned());
        }
        if !matches!(entry.state, State::Visible | State::Held | State::Deleted) {
            return Err("`state` is visible, held or deleted".to_owned());
        }
        if entry.id.is_empty() || entry.plugin.is_empty() || entry.kind.is_empty() {
            return Err("`id`, `plugin` and `kind` are not empty".to_owned());
        }
        let author = self.people.get(&entry.author).cloned();
        author.ok_or_else(|| format!("its author {} is not among the people", entry.author))
    }

    async fn above(
        &mut self,
        entry: &ImportEntry,
        thread: i64,
        created_at: Micros,
    ) -> Result<Result<Above, String>, StoreError> {
        let Some(local) = &entry.parent else { return Ok(Ok(Above::default())) };
        let row = self.connection.row(PARENT, values![self.site.as_str(), local.as_str()]).await?;
        let Some(row) = row.filter(|row| row.int(1).is_ok_and(|number| number == thread)) else {
            return Ok(Err(format!("it answers {local}, which is not on its page or not older")));
        };
        if row.int(6)? > created_at {
            return Ok(Err(format!("it answers {local}, which is younger")));
        }
        let seen = row.str(5)? == State::Visible.word();
        Ok(Ok(Above {
            parent: Some(row.text(0)?),
            root: Some(row.text(2)?),
            depth: row.count(3)? + 1,
            author: row.maybe_text(4)?.filter(|_| seen),
            kind: Some(row.text(7)?),
        }))
    }

    async fn votes(&mut self, entry: &ImportEntry, id: &str) -> Result<(), StoreError> {
        let (site, plugin) = (self.site.as_str(), entry.plugin.as_str());
        let mut marks: Vec<(&str, &str, &String)> =
            entry.votes.iter().map(|subject| ("vote", "1", subject)).collect();
        for (kind, people) in &entry.marks {
            let (kind, value) = kind.split_once('=').unwrap_or((kind, "1"));
            marks.extend(people.iter().map(|subject| (kind, value, subject)));
        }
        let (mut votes_put, mut put) = (0, 0);
        for (kind, value, subject) in marks {
            let mark = self.declared.get(plugin).map(|declared| declared.marks.get(kind));
            let own = *subject == entry.author && mark.flatten().is_none_or(|mark| !mark.own);
            let problem = match mark {
                Some(None) => Some("the plugin has no such mark".to_owned()),
                _ if own => Some("an own mark counts not".to_owned()),
                mark => {
                    mark.flatten().and_then(|mark| mark.check_form(value).err()).map(|why| why.to_string())
                }
            };
            let Some(person) = self.people.get(subject).filter(|_| problem.is_none()) else {
                let text = problem.unwrap_or_else(|| "is not among the people".to_owned());
                self.problem(format!("entry {}, {kind} of {subject}", entry.id), text);
                continue;
            };
            let at = self.now - entry.at * MINUTE;
            let ranks = mark.flatten().map_or(kind == "vote", |mark| mark.ranks);
            let values = values![site, plugin, id, person.as_str(), kind, at, ranks, value];
            let new = self.connection.run(PUT_MARK, values).await?;
            put += new;
            votes_put += if kind == "vote" { new } else { 0 };
        }
        if put > 0 {
            recount(self.connection, site, plugin, id).await?;
            self.report.votes += u32::try_from(votes_put).unwrap_or(u32::MAX);
        }
        Ok(())
    }

    /// Mentions name people by id here, by subject in the file.
    fn with_people(&self, body: &str) -> String {
        let mut text = String::with_capacity(body.len() + 64);
        let mut rest = body;
        while let Some(start) = rest.find("@[") {
            let (before, mention) = rest.split_at(start);
            text.push_str(before);
            let found = mention.find("](").and_then(|middle| {
                let end = mention[middle..].find(')')? + middle;
                let person = self.people.get(&mention[middle + 2..end])?;
                Some((format!("{}]({person})", &mention[..middle]), end + 1))
            });
            let (written, used) = found.unwrap_or_else(|| ("@[".to_owned(), 2));
            text.push_str(&written);
            rest = &mention[used..];
        }
        text.push_str(rest);
        text
    }

    async fn recount(&mut self) -> Result<(), StoreError> {
        self.threads.sort_unstable();
        self.threads.dedup();
        for thread in &self.threads {
            self.connection.run(RECOUNT_ENTRIES, values![*thread, self.site.as_str()]).await?;
            self.connection.run(RECOUNT_ANSWERS, values![*thread]).await?;
            self.connection.run(RECOUNT_ACTIVE, values![*thread]).await?;
            self.connection.run(RECOUNT_THREAD, values![*thread]).await?;
        }
        for (parent, plugin) in &self.parents {
            if let Some(declared) = self.declared.get(plugin) {
                derive(self.connection, self.site.as_str(), declared, parent).await?;
            }
        }
        Ok(())
    }
}

/// Where an entry hangs.
#[derive(Default)]
struct Above {
    parent: Option<String>,
    root: Option<String>,
    depth: u32,
    author: Option<String>,
    kind: Option<String>,
}

/// A `UUIDv7` with the entry's instant and, in place of random bits, a hash of its name: sorts by time like every
/// other id.
fn stable_id(site: &SiteId, local: &str, at: Micros) -> String {
    let hash = Sha256::digest(format!("{site}\0{local}").as_bytes());
    let millis = u64::try_from(at / 1_000).unwrap_or_default().to_be_bytes();
    let mut bytes = [0_u8; 16];
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6..].copy_from_slice(&hash[..10]);
    let id = uuid::Builder::from_bytes(bytes)
        .with_version(uuid::Version::SortRand)
        .with_variant(uuid::Variant::RFC4122)
        .into_uuid()
        .to_string();
    debug_assert!(is_id(&id), "a UUID has the form of an id");
    id
}
