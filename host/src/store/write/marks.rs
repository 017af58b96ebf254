//! Marks: put, taken away, and counted again from the rows each time, never up or down by one.

use super::apply::Applying;
use crate::base::id::EntryId;
use crate::store::db::{Connection, values};
use crate::store::model::{CommitError, Mark, State, StoreError, Target};
use crate::store::rules;

/// Longest kind and value of a mark, in bytes.
const KIND_MAX: usize = 32;
const VALUE_MAX: usize = 200;

const PUT: &str = "insert into marks (site, plugin, target, person, kind, value, put_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (site, plugin, target, person, kind) do update set value = excluded.value, put_at = excluded.put_at
    where marks.value <> excluded.value";
const DELETE: &str =
    "delete from marks where site = $1 and plugin = $2 and target = $3 and person = $4 and kind = $5";
/// Votes and the most used other values: free texts as values must not make an entry grow without end.
const COUNT: &str = "select m.kind, m.value, count(*) from marks m
    where m.site = $1 and m.plugin = $2 and m.target = $3 and m.kind <> 'report'
    group by m.kind, m.value order by m.kind <> 'vote', count(*) desc, m.kind, m.value limit 64";
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

pub(in crate::store) const STATEMENTS: &[&str] = &[PUT, DELETE, COUNT, REPORTS, TALLY];

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
    for row in connection.rows(COUNT, values![site, plugin, entry]).await? {
        counts.push((row.text(0)?, row.text(1)?, row.count(2)?));
    }
    counts.sort();
    let votes = |value: &str| {
        counts
            .iter()
            .find(|(kind, given, _)| kind == "vote" && given == value)
            .map_or(0, |(_, _, number)| *number)
    };
    let (reporters, staff_reporters, suspect) =
        match connection.row(REPORTS, values![site, plugin, entry]).await? {
            Some(row) => (row.count(0)?, row.count(1)?, row.count(2)?),
            None => (0, 0, 0),
        };
    Ok(Tally {
        up: votes("1"),
        down: votes("-1"),
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
pub(super) async fn recount(
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
        rules::score_top(tally.up, tally.down),
        rules::score_controversial(tally.up, tally.down),
        tally.reports
    ];
    connection.run(TALLY, values).await?;
    Ok(tally)
}

impl Applying<'_> {
    pub(super) async fn put_mark(&mut self, mark: &Mark) -> Result<(), CommitError> {
        check_mark(mark)?;
        let target = self.check_target(&mark.target, &mark.kind).await?;
        let person = self.commit.permit.person().clone();
        let values = values![
            self.site(),
            self.commit.plugin.as_str(),
            target.as_str(),
            person.as_str(),
            mark.kind.as_str(),
            mark.value.as_str(),
            self.commit.now
        ];
        if self.connection.run(PUT, values).await? == 0 {
            return Ok(());
        }
        let entry = entry_of(&mark.target);
        let data = serde_json::json!({ "kind": mark.kind, "value": mark.value });
        self.event("mark.put", entry, Some(&person), &data).await?;
        if let Some(id) = entry {
            self.after_mark(id, mark.kind == "report").await?;
        }
        Ok(())
    }

    pub(super) async fn delete_mark(&mut self, target: &Target, kind: &str) -> Result<(), CommitError> {
        let place = self.check_target(target, "").await?;
        let person = self.commit.permit.person().clone();
        let values = values![self.site(), self.commit.plugin.as_str(), place, person.as_str(), kind];
        if self.connection.run(DELETE, values).await? == 0 {
            return Ok(());
        }
        let entry = entry_of(target);
        self.event("mark.deleted", entry, Some(&person), &serde_json::json!({ "kind": kind })).await?;
        if let Some(id) = entry {
            self.after_mark(id, false).await?;
        }
        Ok(())
    }

    /// Count again; enough reports hold an entry that no moderator has approved. Those of guests are shown to
    /// moderators, but hide nothing: anybody may become a guest several times.
    async fn after_mark(&mut self, id: &EntryId, reported: bool) -> Result<(), CommitError> {
        let site = self.commit.site.as_str();
        let tally = recount(self.connection, site, self.commit.plugin.as_str(), id.as_str()).await?;
        let hold = self.commit.report_hold;
        if !reported || hold == 0 || tally.staff_reporters < hold {
            return Ok(());
        }
        let known = self.entry(id).await?;
        if known.approved {
            return Ok(());
        }
        self.change_state(&known, State::Held, "reported", (false, true)).await?;
        let data = serde_json::json!({ "from": "visible", "to": "held", "reason": "reported" });
        self.event("entry.state", Some(id), None, &data).await
    }

    /// What the mark is kept under, when it may be put there.
    async fn check_target(&mut self, target: &Target, kind: &str) -> Result<String, CommitError> {
        let Target::Entry(id) = target else {
            return Ok(self.page.as_str().to_owned());
        };
        let known = self.entry(id).await?;
        if known.state != State::Visible {
            return Err(CommitError::Conflict(id.clone()));
        }
        if matches!(kind, "vote" | "report") && known.is_by(self.commit.permit.person()) {
            return Err(CommitError::Denied(target.clone()));
        }
        Ok(id.as_str().to_owned())
    }
}

fn entry_of(target: &Target) -> Option<&EntryId> {
    match target {
        Target::Entry(id) => Some(id),
        Target::Page => None,
    }
}

fn check_mark(mark: &Mark) -> Result<(), CommitError> {
    if mark.kind.is_empty() || mark.kind.len() > KIND_MAX || mark.value.len() > VALUE_MAX {
        let text = format!("the kind of a mark has 1 to {KIND_MAX} bytes, the value at most {VALUE_MAX}");
        return Err(StoreError::Invalid(text).into());
    }
    if mark.kind == "vote" && !matches!(mark.value.as_str(), "1" | "-1") {
        return Err(StoreError::Invalid("a vote is 1 or -1".to_owned()).into());
    }
    Ok(())
}
