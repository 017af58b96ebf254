//! What the in-memory host keeps, and the rules by which people see it.

mod ledger;

use std::collections::BTreeMap;

use stoa_rules as rules;
use stoa_rules::{Audience, Declared, Derived, Fields, Grants, Listed, Place, Reach, listed};

pub(crate) use ledger::{Ledger, Unposted};

use super::convert;
use crate::bindings::stoa::plugin::entries as border;
use crate::{Error, Instant, Page, Person, Revision, Setting, State};

/// The name of the field that stays with the host.
pub(crate) const BODY: &str = "body";

/// The host's own kind of mark: it draws reports itself.
pub(crate) const REPORT: &str = "report";

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
    pub(crate) version: u32,
    pub(crate) created_at: Instant,
    pub(crate) edited_at: Option<Instant>,
    pub(crate) edited_by_moderator: bool,
    pub(crate) pinned: bool,
    /// The body among them.
    pub(crate) fields: Fields,
    pub(crate) revisions: Vec<Revision>,
}

impl Row {
    pub(crate) fn is_tombstone(&self) -> bool {
        matches!(self.state, State::Deleted | State::Removed)
    }

    pub(crate) fn body(&self) -> &str {
        match self.fields.get(BODY) {
            Some(rules::Value::Text(body)) => body,
            _ => "",
        }
    }
}

/// One mark as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct MarkRow {
    pub(crate) target: rules::Target,
    pub(crate) person: String,
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) put_at: Instant,
}

/// Everything that lasts between calls, with what the manifest declares.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) pages: BTreeMap<String, Page>,
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) rows: Vec<Row>,
    pub(crate) marks: Vec<MarkRow>,
    pub(crate) values: BTreeMap<String, Vec<u8>>,
    pub(crate) settings: BTreeMap<String, Setting>,
    pub(crate) declared: Declared,
    pub(crate) grants: Grants,
    pub(crate) reach: Reach,
    pub(crate) place: Place,
    /// Whether new texts wait for a moderator.
    pub(crate) holds: bool,
    pub(crate) next_id: u32,
    pub(crate) ledger: Ledger,
    /// When those came who were not there from the beginning.
    pub(crate) joined: BTreeMap<String, Instant>,
    /// The time zone of the site; UTC where it is empty.
    pub(crate) zone: String,
}

/// Through whose viewer something is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer<'a> {
    pub(crate) page: &'a str,
    pub(crate) person: Option<&'a Person>,
}

impl Viewer<'_> {
    pub(crate) fn is(&self, id: &str) -> bool {
        self.person.is_some_and(|person| person.id == id)
    }

    pub(crate) fn moderates(&self) -> bool {
        self.person.is_some_and(Person::moderates)
    }

    /// Whether the person is among these for an entry by this author.
    pub(crate) fn among(&self, audience: Audience, author: Option<&str>) -> bool {
        match audience {
            Audience::Everybody => true,
            Audience::Author => self.moderates() || author.is_some_and(|author| self.is(author)),
            Audience::Moderators => self.moderates(),
            Audience::Nobody => false,
        }
    }
}

impl World {
    pub(crate) fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    fn children<'w>(&'w self, id: &'w str) -> impl Iterator<Item = &'w Row> {
        self.rows.iter().filter(move |row| row.parent.as_deref() == Some(id))
    }

    /// Visible replies at any depth.
    fn visible_below(&self, row: &Row) -> u32 {
        if row.parent.is_none() {
            let below = self
                .rows
                .iter()
                .filter(|other| other.root == row.id && other.id != row.id && other.state == State::Visible);
            return count(below);
        }
        self.children(&row.id)
            .map(|child| u32::from(child.state == State::Visible) + self.visible_below(child))
            .sum()
    }

    /// Replies at any depth that wait for a moderator or were rejected.
    fn waiting_below(&self, row: &Row) -> u32 {
        self.children(&row.id)
            .map(|child| {
                u32::from(matches!(child.state, State::Held | State::Rejected)) + self.waiting_below(child)
            })
            .sum()
    }

    /// Whether the person gets a line for it, on whatever page it is.
    pub(crate) fn sees(&self, viewer: Viewer<'_>, row: &Row) -> bool {
        if row.state == State::Visible {
            return true;
        }
        let (visible, waiting) = (self.visible_below(row), self.waiting_below(row));
        match listed(convert::state(row.state), visible.into(), waiting.into()) {
            Listed::Everybody => true,
            Listed::AuthorAndModerators => viewer.is(&row.author) || viewer.moderates(),
            Listed::Moderators => viewer.moderates(),
            Listed::Nobody => false,
        }
    }

    /// The row, where the person may see it and the plugin may look there.
    pub(crate) fn seen(&self, viewer: Viewer<'_>, id: &str) -> Option<&Row> {
        let here = |row: &&Row| row.page == viewer.page || self.reach == Reach::Site;
        self.row(id).filter(here).filter(|row| self.sees(viewer, row))
    }

    /// Brings what is kept of the replies to each entry up to date.
    pub(crate) fn derive(&mut self) {
        let mut found = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let kind = self.declared.kinds.get(&row.kind);
            for (name, field) in kind.iter().flat_map(|kind| &kind.fields) {
                if let Some(derived) = field.derived() {
                    found.push((at, name.clone(), self.derived(row, derived)));
                }
            }
        }
        for (at, name, value) in found {
            if let Some(row) = self.rows.get_mut(at) {
                rules::set_values(&mut row.fields, &[(name, value)].into());
            }
        }
    }

    fn derived(&self, row: &Row, derived: Derived<'_>) -> rules::Value {
        let replies = || {
            let visible = |reply: &&Row| reply.kind == derived.kind() && reply.state == State::Visible;
            self.children(&row.id).filter(visible)
        };
        match derived {
            Derived::Count(_) => match count(replies()) {
                0 => rules::Value::Unset,
                number => rules::Value::Number(number.into()),
            },
            Derived::Holder(_, field) => {
                let holds = |reply: &&Row| reply.fields.get(field) == Some(&rules::Value::Boolean(true));
                let holder = replies().find(holds).map(|reply| rules::Value::Text(reply.id.clone()));
                holder.unwrap_or(rules::Value::Unset)
            }
        }
    }

    /// When something was last created in its thread.
    pub(crate) fn active_at(&self, row: &Row) -> Instant {
        let thread = self.rows.iter().filter(|other| other.root == row.id && other.state == State::Visible);
        thread.map(|other| other.created_at).max().unwrap_or(row.created_at).max(row.created_at)
    }

    /// The marks on a target.
    pub(crate) fn marks_on<'w>(
        &'w self,
        target: &'w rules::Target,
        kind: &'w str,
    ) -> impl Iterator<Item = &'w MarkRow> {
        self.marks.iter().filter(move |mark| mark.target == *target && mark.kind == kind)
    }

    /// How many people have put a value.
    pub(crate) fn count(&self, target: &rules::Target, kind: &str, value: &str) -> u32 {
        count(self.marks_on(target, kind).filter(|mark| mark.value == value))
    }

    /// The value of a setting where it is a number, as limits of fields ask for it.
    pub(crate) fn number(&self, setting: &str) -> Option<i64> {
        match self.settings.get(setting) {
            Some(Setting::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// Entries as they cross the border.
    pub(crate) fn list<'w>(
        &self,
        viewer: Viewer<'_>,
        rows: impl IntoIterator<Item = &'w Row>,
    ) -> border::EntryList {
        let mut pool = Pool::new();
        for row in rows {
            self.add(&mut pool, viewer, row);
        }
        pool.list
    }

    fn add(&self, pool: &mut Pool, viewer: Viewer<'_>, row: &Row) {
        let trusted = viewer.is(&row.author) || viewer.moderates();
        let waits = matches!(row.state, State::Held | State::Rejected);
        // What others may not see looks removed to them; it comes only because replies hang on it.
        let open = !row.is_tombstone() && (trusted || !waits);
        let parent = row.parent.as_deref().and_then(|id| self.row(id)).filter(|row| !row.is_tombstone());
        let entry = border::Entry {
            id: pool.index(&row.id),
            kind: pool.index(&row.kind),
            parent: row.parent.as_deref().map(|id| pool.index(id)),
            root: pool.index(&row.root),
            depth: row.depth,
            page: pool.index(&row.page),
            author: open.then(|| pool.index(&row.author)),
            parent_author: parent.map(|row| pool.index(&row.author)),
            state: if waits && !open { State::Removed } else { row.state },
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at.filter(|_| open),
            edited_by_moderator: open && row.edited_by_moderator,
            active_at: self.active_at(row),
            pinned: row.pinned,
            replies: self.visible_below(row),
            replied: self
                .children(&row.id)
                .any(|child| child.state == State::Visible && child.author != row.author),
        };
        if open {
            let at = u32::try_from(pool.list.entries.len()).unwrap_or(u32::MAX);
            pool.fields(at, row);
            self.mark_counts(pool, viewer, at, row);
        }
        pool.list.entries.push(entry);
    }

    /// Counts for those whom the mark's `counts` names. The person's own is always told.
    fn mark_counts(&self, pool: &mut Pool, viewer: Viewer<'_>, entry: u32, row: &Row) {
        let mut counts: BTreeMap<(&str, &str), (u32, bool)> = BTreeMap::new();
        let target = rules::Target::Entry(row.id.clone());
        for mark in self.marks.iter().filter(|mark| mark.target == target && mark.kind != REPORT) {
            let declared = self.declared.marks.get(&mark.kind);
            let told = declared.is_some_and(|declared| viewer.among(declared.counts, Some(&row.author)));
            let (number, mine) = counts.entry((&mark.kind, &mark.value)).or_default();
            *number += u32::from(told);
            *mine |= viewer.is(&mark.person);
        }
        for ((kind, value), (number, mine)) in counts {
            let (kind, value) = (pool.index(kind), pool.index(value));
            pool.list.marks.push(border::MarkCount { entry, kind, value, number, mine });
        }
    }
}

/// A list of entries that grows, each text once.
struct Pool {
    list: border::EntryList,
    places: BTreeMap<String, u32>,
}

impl Pool {
    fn new() -> Self {
        let (strings, entries, fields, marks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { list: border::EntryList { strings, entries, fields, marks }, places: BTreeMap::new() }
    }

    fn index(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.list.strings.len()).unwrap_or(u32::MAX);
        self.list.strings.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    fn fields(&mut self, entry: u32, row: &Row) {
        for (name, value) in row.fields.iter().filter(|(name, value)| *name != BODY && !value.is_blank()) {
            let name = self.index(name);
            let values = match value {
                rules::Value::Unset => Vec::new(),
                rules::Value::Text(text) => vec![border::Stored::Text(self.index(text))],
                rules::Value::Number(number) => vec![border::Stored::Number(*number)],
                rules::Value::Boolean(yes) => vec![border::Stored::Boolean(*yes)],
                rules::Value::Time(at) => vec![border::Stored::Time(*at)],
                rules::Value::Texts(texts) => {
                    texts.iter().map(|text| border::Stored::Text(self.index(text))).collect()
                }
            };
            self.list.fields.extend(values.into_iter().map(|value| border::FieldValue {
                entry,
                name,
                value,
            }));
        }
    }
}

/// How many there are.
pub(crate) fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// That an argument names at most as many things as one call takes.
pub(crate) fn check_number_of(at: &str, ids: &[String]) -> Result<(), Error> {
    let most = rules::limits::IDS_MAX;
    if ids.len() > most { Err(convert::invalid(at, format!("takes at most {most}"))) } else { Ok(()) }
}
