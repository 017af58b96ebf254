//! What the in-memory host keeps, and the rules by which people see it.

use std::collections::BTreeMap;

use crate::bindings::stoa::plugin::entries::{Order, Query, Revision};
use crate::{Entry, Error, Instant, MarkCount, Page, Person, SmolStr, State, Target, Threads, Value};

/// The most answers of one thread in one list.
const ANSWERS_MAX: usize = 200;

/// One entry as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) page: String,
    pub(crate) kind: String,
    pub(crate) parent: Option<String>,
    pub(crate) root: String,
    pub(crate) depth: u32,
    pub(crate) author: String,
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
    /// When a moderator last let it stand; earlier reports count no more.
    pub(crate) approved_at: Option<Instant>,
    pub(crate) version: u32,
    pub(crate) created_at: Instant,
    pub(crate) edited_at: Option<Instant>,
    pub(crate) pinned: bool,
    pub(crate) body: String,
    pub(crate) data: String,
    pub(crate) revisions: Vec<Revision>,
}

impl Row {
    pub(crate) fn is_tombstone(&self) -> bool {
        matches!(self.state, State::Deleted | State::Removed)
    }
}

/// One mark as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct MarkRow {
    pub(crate) page: String,
    /// None: the page itself.
    pub(crate) entry: Option<String>,
    pub(crate) person: String,
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) put_at: Instant,
}

/// Everything that lasts between calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) pages: BTreeMap<String, Page>,
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) rows: Vec<Row>,
    pub(crate) marks: Vec<MarkRow>,
    pub(crate) values: BTreeMap<String, Vec<u8>>,
    pub(crate) settings: BTreeMap<String, Value>,
    /// Why new entries are held; none: they are not.
    pub(crate) hold: Option<String>,
    pub(crate) next_id: u32,
}

/// Through whose eyes something is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eyes<'a> {
    pub(crate) page: &'a str,
    pub(crate) person: Option<&'a Person>,
}

impl Eyes<'_> {
    fn is(&self, id: &str) -> bool {
        self.person.is_some_and(|person| person.id == id)
    }

    pub(crate) fn moderates(&self) -> bool {
        self.person.is_some_and(Person::moderates)
    }
}

impl World {
    pub(crate) fn row(&self, page: &str, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id && row.page == page)
    }

    fn children<'w>(&'w self, id: &'w str) -> impl Iterator<Item = &'w Row> {
        self.rows.iter().filter(move |row| row.parent.as_deref() == Some(id))
    }

    /// Living answers at any depth.
    fn living_below(&self, row: &Row) -> u32 {
        if row.parent.is_none() {
            let below = self
                .rows
                .iter()
                .filter(|other| other.root == row.id && other.id != row.id && other.state == State::Visible);
            return u32::try_from(below.count()).unwrap_or(u32::MAX);
        }
        self.children(&row.id)
            .map(|child| u32::from(child.state == State::Visible) + self.living_below(child))
            .sum()
    }

    /// Whether an answer at any depth waits for a moderator or was refused.
    fn waits_below(&self, row: &Row) -> bool {
        self.children(&row.id)
            .any(|child| matches!(child.state, State::Held | State::Rejected) || self.waits_below(child))
    }

    pub(crate) fn sees(&self, eyes: Eyes<'_>, row: &Row) -> bool {
        row.page == eyes.page
            && match row.state {
                State::Visible => true,
                State::Held | State::Rejected => {
                    eyes.is(&row.author) || eyes.moderates() || self.living_below(row) > 0
                }
                State::Deleted | State::Removed => {
                    self.living_below(row) > 0 || eyes.moderates() && self.waits_below(row)
                }
            }
    }

    /// The row, where the person may see it.
    pub(crate) fn seen(&self, eyes: Eyes<'_>, id: &str) -> Option<&Row> {
        self.row(eyes.page, id).filter(|row| self.sees(eyes, row))
    }

    fn is_newer(eyes: Eyes<'_>, row: &Row, since: Option<Instant>) -> bool {
        row.state == State::Visible
            && !eyes.is(&row.author)
            && since.is_some_and(|since| row.created_at > since)
    }

    pub(crate) fn entry(&self, eyes: Eyes<'_>, row: &Row) -> Entry {
        let trusted = eyes.is(&row.author) || eyes.moderates();
        let waits = matches!(row.state, State::Held | State::Rejected);
        // What others may not see looks removed to them; it comes only because answers hang on it.
        let open = !row.is_tombstone() && (trusted || !waits);
        let parent = row.parent.as_deref().and_then(|id| self.row(&row.page, id));
        Entry {
            id: row.id.as_str().into(),
            kind: row.kind.as_str().into(),
            parent: row.parent.as_deref().map(SmolStr::from),
            root: row.root.as_str().into(),
            depth: row.depth,
            author: Some(row.author.as_str().into()).filter(|_| open),
            parent_author: parent.filter(|row| !row.is_tombstone()).map(|row| row.author.as_str().into()),
            state: if waits && !open { State::Removed } else { row.state },
            reason: row.reason.clone().filter(|_| trusted),
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at.filter(|_| open),
            pinned: row.pinned,
            replies: self.living_below(row),
            answered: self
                .children(&row.id)
                .any(|child| child.state == State::Visible && child.author != row.author),
            reports: if eyes.moderates() { self.reports(row) } else { 0 },
            data: Some(row.data.clone()).filter(|data| open && !data.is_empty()),
            marks: if open { self.mark_counts(eyes, &row.id) } else { Vec::new() },
        }
    }

    fn count(&self, entry: &str, kind: &str, value: &str) -> u32 {
        let fits = |mark: &&MarkRow| {
            mark.entry.as_deref() == Some(entry) && mark.kind == kind && mark.value == value
        };
        u32::try_from(self.marks.iter().filter(fits).count()).unwrap_or(u32::MAX)
    }

    /// How many people report it since a moderator last let it stand.
    fn reports(&self, row: &Row) -> u32 {
        let counts = |mark: &&MarkRow| {
            mark.entry.as_deref() == Some(row.id.as_str())
                && mark.kind == "report"
                && row.approved_at.is_none_or(|at| mark.put_at > at)
        };
        u32::try_from(self.marks.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// Reports are counted elsewhere; the person's own is told.
    fn mark_counts(&self, eyes: Eyes<'_>, entry: &str) -> Vec<MarkCount> {
        let mut counts: BTreeMap<(&str, &str), (u32, bool)> = BTreeMap::new();
        for mark in self.marks.iter().filter(|mark| mark.entry.as_deref() == Some(entry)) {
            let own = eyes.is(&mark.person);
            if own || mark.kind != "report" {
                let (number, mine) = counts.entry((&mark.kind, &mark.value)).or_default();
                *number += u32::from(mark.kind != "report");
                *mine |= own;
            }
        }
        let count = |((kind, value), (number, mine)): ((&str, &str), (u32, bool))| MarkCount {
            kind: kind.into(),
            value: value.into(),
            number,
            mine,
        };
        counts.into_iter().map(count).collect()
    }

    /// The marks on a target.
    pub(crate) fn marks_on<'w>(
        &'w self,
        page: &'w str,
        target: &'w Target,
        kind: &'w str,
    ) -> impl Iterator<Item = &'w MarkRow> {
        let entry = match target {
            Target::Entry(id) => Some(id.as_str()),
            Target::Page => None,
        };
        self.marks
            .iter()
            .filter(move |mark| mark.page == page && mark.entry.as_deref() == entry && mark.kind == kind)
    }

    fn score(&self, row: &Row, order: Order) -> f64 {
        let up = f64::from(self.count(&row.id, "vote", "1"));
        let down = f64::from(self.count(&row.id, "vote", "-1"));
        match order {
            Order::Top => wilson(up, down),
            Order::Controversial if up > 0.0 && down > 0.0 => (up + down).powf(up.min(down) / up.max(down)),
            _ => 0.0,
        }
    }

    /// Starts of threads in order; pinned ones first, the newer first where votes say nothing.
    fn sorted_starts(&self, eyes: Eyes<'_>, order: Order, since: Option<Instant>) -> Vec<&Row> {
        let mut starts: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.parent.is_none() && self.sees(eyes, row) && !Self::is_newer(eyes, row, since))
            .collect();
        if order != Order::Oldest {
            starts.reverse();
        }
        starts.sort_by(|a, b| self.score(b, order).total_cmp(&self.score(a, order)));
        starts.sort_by_key(|row| !row.pinned);
        starts
    }

    fn answers(&self, eyes: Eyes<'_>, root: &str, since: Option<Instant>) -> Vec<&Row> {
        let shown = |row: &&Row| {
            row.root == root && row.id != root && self.sees(eyes, row) && !Self::is_newer(eyes, row, since)
        };
        self.rows.iter().filter(shown).collect()
    }

    fn total(&self, page: &str) -> u32 {
        let visible = self.rows.iter().filter(|row| row.page == page && row.state == State::Visible);
        u32::try_from(visible.count()).unwrap_or(u32::MAX)
    }

    pub(crate) fn list_threads(&self, eyes: Eyes<'_>, query: &Query) -> Result<Threads, Error> {
        check_query(query)?;
        let starts = self.sorted_starts(eyes, query.order, query.since);
        let from = match &query.after {
            None => 0,
            Some(after) => {
                let last = after
                    .strip_prefix(&cursor(query.order, ""))
                    .ok_or_else(|| Error::Invalid("after: a cursor of another order".to_owned()))?;
                starts.iter().position(|row| row.id == last).map_or(starts.len(), |place| place + 1)
            }
        };
        let upto = (from + query.limit as usize).min(starts.len());
        let mut entries = Vec::new();
        for start in &starts[from..upto] {
            entries.push(self.entry(eyes, start));
            let most = if query.expanded.contains(&start.id) { ANSWERS_MAX } else { query.replies as usize };
            let answers = self.answers(eyes, &start.id, query.since);
            entries.extend(answers.into_iter().take(most).map(|row| self.entry(eyes, row)));
        }
        let more = upto < starts.len();
        let next = starts.get(upto.wrapping_sub(1)).filter(|_| more);
        let newer = self.rows.iter().filter(|row| {
            row.page == eyes.page && self.sees(eyes, row) && Self::is_newer(eyes, row, query.since)
        });
        Ok(Threads {
            entries,
            total: self.total(eyes.page),
            next: next.map(|row| cursor(query.order, &row.id)),
            newer: u32::try_from(newer.count()).unwrap_or(u32::MAX),
        })
    }

    pub(crate) fn get_thread(
        &self,
        eyes: Eyes<'_>,
        id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Threads, Error> {
        if !(1..=200).contains(&limit) {
            return Err(Error::Invalid("limit: 1 to 200".to_owned()));
        }
        let root = &self.seen(eyes, id).ok_or(Error::NotFound)?.root;
        let start = self.seen(eyes, root).ok_or(Error::NotFound)?;
        let answers = self.answers(eyes, root, None);
        let from = match after {
            None => 0,
            Some(last) => {
                let place = answers.iter().position(|row| row.id == last);
                place.ok_or_else(|| Error::Invalid("after: a cursor of another thread".to_owned()))? + 1
            }
        };
        let upto = (from + limit as usize).min(answers.len());
        let mut entries = vec![self.entry(eyes, start)];
        entries.extend(answers[from..upto].iter().map(|row| self.entry(eyes, row)));
        let next = entries.last().map(|last| last.id.to_string()).filter(|_| upto < answers.len());
        Ok(Threads { entries, total: self.total(eyes.page), next, newer: 0 })
    }
}

/// Where a list in this order goes on: after this start.
fn cursor(order: Order, last: &str) -> String {
    let order = match order {
        Order::Newest => "newest",
        Order::Oldest => "oldest",
        Order::Top => "top",
        Order::Controversial => "controversial",
    };
    format!("{order}:{last}")
}

fn check_query(query: &Query) -> Result<(), Error> {
    let wrong = if !(1..=100).contains(&query.limit) {
        "limit: 1 to 100"
    } else if query.replies > 50 {
        "replies: 0 to 50"
    } else if query.expanded.len() > 20 {
        "expanded: 20 at the most"
    } else {
        return Ok(());
    };
    Err(Error::Invalid(wrong.to_owned()))
}

/// Lower bound of the Wilson score interval at 95 %.
fn wilson(up: f64, down: f64) -> f64 {
    let n = up + down;
    if up == 0.0 {
        return -down;
    }
    let z = 1.96_f64;
    let share = up / n;
    let middle = share + z * z / (2.0 * n);
    let spread = z * ((share * (1.0 - share) + z * z / (4.0 * n)) / n).sqrt();
    (middle - spread) / (1.0 + z * z / n)
}
