//! Marks: put and deleted as the manifest declares, and counted again from the rows each time, never up or down by one.

use stoa_rules::limits::MARK_VALUE_BYTES_MAX;
use stoa_rules::{Fields, Mark, MarkChange, MarkProblem, State, Target, score_controversial, score_top};

use super::entries::Known;
use super::{Applying, HERE};
use crate::store::db::{Connection, values};
use crate::store::model::{Commit, CommitError, StoreError};

/// The host's own kind of mark, for entries of others; no manifest declares it.
const REPORT: &str = "report";

const OWN: &str = "select value from marks
    where site = $1 and plugin = $2 and target = $3 and person = $4 and kind = $5";
const PUT: &str = "insert into marks (site, plugin, target, person, kind, value, put_at, ranks)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (site, plugin, target, person, kind) do update set value = excluded.value, put_at = excluded.put_at
    where marks.value <> excluded.value";
const DELETE: &str =
    "delete from marks where site = $1 and plugin = $2 and target = $3 and person = $4 and kind = $5";
/// Those that rank and the most used other values: free texts as values must not make an entry grow without end.
const COUNT: &str = "select m.kind, m.value, count(*), max(m.ranks) from marks m
    where m.site = $1 and m.plugin = $2 and m.target = $3 and m.kind <> 'report'
    group by m.kind, m.value order by max(m.ranks) desc, count(*) desc, m.kind, m.value limit 64";
/// Reports that a moderator has answered count no more; all others, and those of people who are no guests.
const REPORTS: &str = "select (select count(*) from marks m
        where m.site = $1 and m.plugin = $2 and m.target = $3 and m.kind = 'report'
            and m.put_at > coalesce(e.approved_at, -1)),
    (select count(*) from marks m join people p on p.site = m.site and p.id = m.person
        where m.site = $1 and m.plugin = $2 and m.target = $3 and m.kind = 'report'
            and m.put_at > coalesce(e.approved_at, -1) and p.roles not like '%\"guest\"%'),
    e.suspect
    from entries e where e.site = $1 and e.id = $3";
const TALLY: &str = "update entries set counts = $3, up_count = $4, down_count = $5, score_top = $6,
    score_controversial = $7, report_count = $8 where site = $1 and id = $2";

pub(in crate::store) const STATEMENTS: &[&str] = &[OWN, PUT, DELETE, COUNT, REPORTS, TALLY];

/// The marks on an entry, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Tally {
    /// JSON as entries keep it; empty for none.
    pub(in crate::store) counts: String,
    pub(in crate::store) up: u32,
    pub(in crate::store) down: u32,
    /// People who report it and are no guests: enough of them hold it.
    pub(in crate::store) staff_reporters: u32,
    /// People who report it, with the rule's own report.
    pub(in crate::store) reports: u32,
}

/// Count the marks on an entry.
pub(in crate::store) async fn tally(
    connection: &mut Connection,
    site: &str,
    plugin: &str,
    entry: &str,
) -> Result<Tally, StoreError> {
    let mut counts: Vec<(String, String, u32)> = Vec::new();
    let (mut up, mut down) = (0, 0);
    for row in connection.rows(COUNT, values![site, plugin, entry]).await? {
        let (value, number) = (row.text(1)?, row.count(2)?);
        match value.as_str() {
            "1" if row.flag(3)? => up += number,
            "-1" if row.flag(3)? => down += number,
            _ => {}
        }
        counts.push((row.text(0)?, value, number));
    }
    counts.sort();
    let (reporters, staff_reporters, suspect) =
        match connection.row(REPORTS, values![site, plugin, entry]).await? {
            Some(row) => (row.count(0)?, row.count(1)?, row.count(2)?),
            None => (0, 0, 0),
        };
    Ok(Tally {
        up,
        down,
        staff_reporters,
        reports: reporters + suspect,
        counts: if counts.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&counts).expect("a list of texts and numbers is always JSON")
        },
    })
}

/// Count the marks on an entry and keep the result with it.
pub(in crate::store) async fn recount(
    connection: &mut Connection,
    site: &str,
    plugin: &str,
    entry: &str,
) -> Result<Tally, StoreError> {
    let tally = tally(connection, site, plugin, entry).await?;
    let values = values![
        site,
        entry,
        tally.counts.as_str(),
        tally.up,
        tally.down,
        score_top(tally.up, tally.down),
        score_controversial(tally.up, tally.down),
        tally.reports
    ];
    connection.run(TALLY, values).await?;
    Ok(tally)
}

/// What a mark is put on, as it is kept.
struct Marked {
    /// What it is kept under.
    key: String,
    /// The page that shows it, among the places of the commit.
    place: usize,
    /// The word for it in a manifest: a kind of entries, `page` or `person`.
    on: String,
    /// Whether it is the actor's own.
    own: bool,
    entry: Option<Known>,
}

impl Applying<'_> {
    pub(super) async fn put_mark(
        &mut self,
        target: &Target,
        kind: &str,
        value: &str,
    ) -> Result<(), CommitError> {
        let marked = self.marked(target).await?;
        let declared = Self::check_mark(self.commit, target, &marked, kind)?;
        let fields = marked.entry.as_ref().map_or_else(|| Ok(Fields::new()), Known::fields)?;
        match declared {
            Some(mark) => mark.check_value(value, &fields).map_err(|problem| refused(&problem, target))?,
            None if value.is_empty() || value.len() > MARK_VALUE_BYTES_MAX => {
                return Err(CommitError::invalid("value", MarkProblem::Form.to_string()));
            }
            None => {}
        }
        let before = self.own_mark(&marked.key, kind, None).await?;
        if before.as_deref() == Some(value) {
            return Ok(());
        }
        if before.is_some() && declared.is_some_and(|mark| mark.change == MarkChange::Never) {
            return Err(CommitError::AlreadyMarked { kind: kind.to_owned() });
        }
        let person = self.commit.permit.person().clone();
        let values = values![
            self.site(),
            self.commit.plugin.as_str(),
            marked.key.as_str(),
            person.as_str(),
            kind,
            value,
            self.commit.now,
            declared.is_some_and(|mark| mark.ranks)
        ];
        self.connection.run(PUT, values).await?;
        let data = serde_json::json!({ "kind": kind, "value": value, "on": word(target) });
        self.mark_event("mark.put", &marked, &data).await?;
        self.after_mark(&marked, kind == REPORT).await
    }

    pub(super) async fn delete_mark(&mut self, target: &Target, kind: &str) -> Result<(), CommitError> {
        let marked = self.marked(target).await?;
        // Nobody has own marks where the manifest allows none: nothing to delete.
        let declared = Self::check_mark(self.commit, target, &marked, kind)?;
        let person = self.commit.permit.person().clone();
        if self.own_mark(&marked.key, kind, None).await?.is_none() {
            return Ok(());
        }
        if declared.is_some_and(|mark| mark.change == MarkChange::Never) {
            return Err(CommitError::AlreadyMarked { kind: kind.to_owned() });
        }
        let (plugin, key) = (self.commit.plugin.as_str(), marked.key.as_str());
        self.connection.run(DELETE, values![self.site(), plugin, key, person.as_str(), kind]).await?;
        let data = serde_json::json!({ "kind": kind, "on": word(target) });
        self.mark_event("mark.deleted", &marked, &data).await?;
        self.after_mark(&marked, false).await
    }

    /// The value of somebody's mark, the actor's for none.
    pub(super) async fn own_mark(
        &mut self,
        key: &str,
        kind: &str,
        person: Option<&str>,
    ) -> Result<Option<String>, CommitError> {
        let person = person.unwrap_or(self.commit.permit.person().as_str());
        let values = values![self.site(), self.commit.plugin.as_str(), key, person, kind];
        let row = self.connection.row(OWN, values).await?;
        Ok(row.map(|row| row.text(0)).transpose()?)
    }

    async fn mark_event(
        &mut self,
        kind: &str,
        marked: &Marked,
        data: &serde_json::Value,
    ) -> Result<(), CommitError> {
        let person = self.commit.permit.person().clone();
        let entry = marked.entry.as_ref().map(|known| &known.id);
        self.event(marked.place, kind, entry, Some(&person), data).await
    }

    /// Count again; enough reports hold an entry that no moderator has approved. Those of guests are shown to
    /// moderators, but hide nothing: anybody may become a guest several times.
    async fn after_mark(&mut self, marked: &Marked, reported: bool) -> Result<(), CommitError> {
        let Some(known) = &marked.entry else { return Ok(()) };
        let site = self.commit.site.as_str();
        let tally = recount(self.connection, site, self.commit.plugin.as_str(), known.id.as_str()).await?;
        let hold = self.commit.report_hold;
        if !reported || hold == 0 || tally.staff_reporters < hold || known.approved {
            return Ok(());
        }
        self.change_state(known, State::Held, "reported", (false, true)).await?;
        let data = serde_json::json!({ "from": "visible", "to": "held", "reason": "reported" });
        self.event(known.place, "entry.state", Some(&known.id), None, &data).await
    }

    /// What the target is, when it can be marked now.
    async fn marked(&mut self, target: &Target) -> Result<Marked, CommitError> {
        let person = self.commit.permit.person().clone();
        match target {
            Target::Entry(id) => {
                let known = self.find_entry(id).await?;
                let known = known.ok_or_else(|| CommitError::NotFound(id.as_str().into()))?;
                if known.state != State::Visible {
                    return Err(CommitError::Conflict(known.id));
                }
                Ok(Marked {
                    key: id.clone(),
                    place: known.place,
                    on: known.kind.clone(),
                    own: known.is_by(&person),
                    entry: Some(known),
                })
            }
            Target::Page(key) => {
                let place = self.place_at(key).await?;
                let place =
                    place.ok_or_else(|| CommitError::invalid("target", format!("there is no page {key}")))?;
                let key = self.places[place].page.as_str().to_owned();
                Ok(Marked { key, place, on: "page".to_owned(), own: false, entry: None })
            }
            Target::Person(id) => {
                self.check_person("target", id).await?;
                let (key, own) = (id.clone(), id == person.as_str());
                Ok(Marked { key, place: HERE, on: "person".to_owned(), own, entry: None })
            }
        }
    }

    /// What the manifest declares of a mark that can be put there; none for the host's own.
    fn check_mark<'a>(
        commit: &'a Commit,
        target: &Target,
        marked: &Marked,
        kind: &str,
    ) -> Result<Option<&'a Mark>, CommitError> {
        if kind == REPORT {
            return match target {
                Target::Entry(_) if marked.own => Err(CommitError::Denied(target.clone())),
                Target::Entry(_) => Ok(None),
                Target::Page(_) | Target::Person(_) => {
                    Err(CommitError::invalid("target", "a report is of an entry"))
                }
            };
        }
        let mark = commit.declared.marks.get(kind);
        let mark = mark
            .ok_or_else(|| CommitError::invalid("kind", format!("the manifest declares no mark `{kind}`")))?;
        mark.check_target(&marked.on, marked.own).map_err(|problem| refused(&problem, target))?;
        Ok(Some(mark))
    }
}

fn refused(problem: &MarkProblem, target: &Target) -> CommitError {
    let field = match problem {
        MarkProblem::Own => return CommitError::Denied(target.clone()),
        MarkProblem::WrongTarget { .. } => "target",
        MarkProblem::Fixed
        | MarkProblem::Form
        | MarkProblem::NotListed { .. }
        | MarkProblem::NoPosition { .. } => "value",
    };
    CommitError::invalid(field, problem.to_string())
}

fn word(target: &Target) -> &'static str {
    match target {
        Target::Entry(_) => "entry",
        Target::Page(_) => "page",
        Target::Person(_) => "person",
    }
}
