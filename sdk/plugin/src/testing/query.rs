//! Lists of entries by a plain scan, with the filters and orders of the host.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use stoa_rules as rules;
use stoa_rules::{Filter, OrderBy, Query, Reach, Scope, Test, Value, limits};

use super::convert::{self, WrittenOut, invalid};
use super::world::{Row, Viewer, World, count};
use crate::bindings::stoa::plugin::entries as border;
use crate::{Error, Instant, State};

/// The most replies of one call for a thread.
const THREAD_MAX: u32 = 200;

impl World {
    /// A list.
    pub(crate) fn find(&self, viewer: Viewer<'_>, query: &Query) -> Result<border::Found, Error> {
        WrittenOut(self).query(query).check(&self.declared).map_err(convert::problem)?;
        self.check_scope(&query.scope)?;
        let is_new = |row: &&Row| self.is_newer(viewer, row, query.since);
        let matching = self.matching(viewer, &query.scope, &query.filters);
        let newer = count(matching.iter().filter(|row| is_new(row)));
        let mut listed: Vec<&Row> = matching
            .iter()
            .copied()
            .filter(|row| !query.filters.is_empty() || row.parent.is_none())
            .filter(|row| !is_new(row))
            .collect();
        let visible = |rows: &[&Row]| count(rows.iter().filter(|row| row.state == State::Visible));
        let total = if query.filters.is_empty() { visible(&matching) } else { visible(&listed) };
        self.sort(&mut listed, &query.order);
        let from = place_after(&listed, query)?;
        let upto = (from + query.limit as usize).min(listed.len());
        let mut rows = Vec::new();
        for root in &listed[from..upto] {
            rows.push(*root);
            let most =
                if query.expanded.contains(&root.id) { limits::REPLIES_EXPANDED_MAX } else { query.replies };
            rows.extend(self.replies(viewer, &root.id, query.since).into_iter().take(most as usize));
        }
        let last = listed[..upto].last().filter(|_| upto < listed.len());
        Ok(border::Found {
            entries: self.list(viewer, rows),
            total: Some(total),
            next: last.map(|row| cursor(&query.order, &row.id)),
            newer,
        })
    }

    /// A thread from its root.
    pub(crate) fn thread(
        &self,
        viewer: Viewer<'_>,
        id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<border::Found, Error> {
        if !(1..=THREAD_MAX).contains(&limit) {
            return Err(invalid("limit", format!("takes 1 to {THREAD_MAX}")));
        }
        let root = &self.seen(viewer, id).ok_or(Error::NotFound)?.root;
        let start = self.seen(viewer, root).ok_or(Error::NotFound)?;
        let replies = self.replies(viewer, root, None);
        let from = match after {
            None => 0,
            Some(last) => {
                let place = replies.iter().position(|row| row.id == last);
                place.ok_or_else(|| invalid("after", "is a cursor of another thread"))? + 1
            }
        };
        let upto = (from + limit as usize).min(replies.len());
        let next = replies[..upto].last().map(|last| last.id.clone()).filter(|_| upto < replies.len());
        let rows = std::iter::once(start).chain(replies[from..upto].iter().copied());
        let page = self.rows.iter().filter(|row| row.page == start.page && row.state == State::Visible);
        Ok(border::Found { entries: self.list(viewer, rows), total: Some(count(page)), next, newer: 0 })
    }

    /// The visible entries that match, the newest first.
    pub(crate) fn visible_matches(
        &self,
        viewer: Viewer<'_>,
        scope: &Scope,
        filters: &[Filter],
    ) -> Result<Vec<&Row>, Error> {
        let written = WrittenOut(self).filters(filters);
        rules::check_filters(&written, &self.declared).map_err(convert::problem)?;
        self.check_scope(scope)?;
        let mut rows = self.matching(viewer, scope, filters);
        rows.retain(|row| row.state == State::Visible);
        rows.reverse();
        Ok(rows)
    }

    /// How many there are in each group, the largest first.
    pub(crate) fn groups(
        rows: &[&Row],
        by: &border::Grouping,
        limit: u32,
    ) -> Result<Vec<border::GroupCount>, Error> {
        let mut groups: BTreeMap<String, u32> = BTreeMap::new();
        for row in rows {
            let keys = match by {
                border::Grouping::Author => vec![row.author.clone()],
                border::Grouping::Kind => vec![row.kind.clone()],
                border::Grouping::Page => vec![row.page.clone()],
                border::Grouping::Field(name) => row.fields.get(name).map(words).unwrap_or_default(),
                border::Grouping::Other(_) => return Err(invalid("by", "this host does not know it")),
            };
            for key in keys {
                *groups.entry(key).or_default() += 1;
            }
        }
        let mut groups: Vec<border::GroupCount> =
            groups.into_iter().map(|(key, number)| border::GroupCount { key, number }).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.number));
        groups.truncate(limit as usize);
        Ok(groups)
    }

    fn check_scope(&self, scope: &Scope) -> Result<(), Error> {
        if scope.needs_site() && self.reach != Reach::Site {
            return Err(Error::NotGranted("entries, scope = \"site\"".to_owned()));
        }
        Ok(())
    }

    /// Everything that the person sees and that passes all filters, oldest first.
    fn matching(&self, viewer: Viewer<'_>, scope: &Scope, filters: &[Filter]) -> Vec<&Row> {
        let there = |row: &Row| match scope {
            Scope::Here => row.page == viewer.page,
            Scope::Page(key) => row.page == *key,
            Scope::Prefix(start) => row.page.starts_with(start),
            Scope::Site => true,
        };
        let fits = |row: &&Row| {
            there(row)
                && self.sees(viewer, row)
                && filters.iter().all(|filter| self.passes(viewer, row, filter))
        };
        self.rows.iter().filter(fits).collect()
    }

    fn passes(&self, viewer: Viewer<'_>, row: &Row, filter: &Filter) -> bool {
        match filter {
            Filter::Kind(kind) => row.kind == *kind,
            Filter::Roots => row.parent.is_none(),
            Filter::Parent(id) => row.parent.as_ref() == Some(id),
            Filter::Author(id) => row.author == *id && !row.is_tombstone(),
            Filter::State(state) => convert::state(row.state) == *state,
            Filter::Field { name, test } => {
                let value = row.fields.get(name).filter(|value| !value.is_blank());
                !row.is_tombstone() && holds(test, value)
            }
            Filter::Mark { kind, value, present } => {
                let target = rules::Target::Entry(row.id.clone());
                let mut own = self.marks_on(&target, kind).filter(|mark| viewer.is(&mark.person));
                own.any(|mark| value.as_ref().is_none_or(|value| mark.value == *value)) == *present
            }
            Filter::CreatedSince(at) => row.created_at >= *at,
        }
    }

    fn is_newer(&self, viewer: Viewer<'_>, row: &Row, since: Option<Instant>) -> bool {
        row.state == State::Visible
            && !viewer.is(&row.author)
            && since.is_some_and(|since| row.created_at > since)
    }

    fn replies(&self, viewer: Viewer<'_>, root: &str, since: Option<Instant>) -> Vec<&Row> {
        let shown = |row: &&Row| {
            row.root == root && row.id != root && self.sees(viewer, row) && !self.is_newer(viewer, row, since)
        };
        self.rows.iter().filter(shown).collect()
    }

    /// Pinned ones first in each order, the newer first where it says nothing.
    fn sort(&self, rows: &mut Vec<&Row>, order: &OrderBy) {
        if *order != OrderBy::Oldest {
            rows.reverse();
        }
        if let OrderBy::Ascending(field) | OrderBy::Descending(field) = order {
            rows.retain(|row| row.fields.get(field).is_some_and(|value| !value.is_blank()));
        }
        rows.sort_by(|a, b| match order {
            OrderBy::Newest | OrderBy::Oldest => Ordering::Equal,
            OrderBy::Active => self.active_at(b).cmp(&self.active_at(a)),
            OrderBy::Top => self.votes(b, rules::score_top).cmp(&self.votes(a, rules::score_top)),
            OrderBy::Controversial => {
                self.votes(b, rules::score_controversial).cmp(&self.votes(a, rules::score_controversial))
            }
            OrderBy::Ascending(field) => compare(a.fields.get(field), b.fields.get(field)),
            OrderBy::Descending(field) => compare(b.fields.get(field), a.fields.get(field)),
        });
        rows.sort_by_key(|row| !row.pinned);
    }

    /// A score by the mark that the manifest says ranks.
    fn votes(&self, row: &Row, score: fn(u32, u32) -> i64) -> i64 {
        let target = rules::Target::Entry(row.id.clone());
        let ranks = self.declared.marks.iter().filter(|(_, mark)| mark.ranks);
        let (up, down) = ranks.fold((0, 0), |(up, down), (kind, _)| {
            (up + self.count(&target, kind, "1"), down + self.count(&target, kind, "-1"))
        });
        score(up, down)
    }
}

/// What entries with a similar title are looked for by.
pub(crate) struct Similar<'a> {
    pub(crate) text: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) scope: &'a Scope,
    pub(crate) limit: u32,
}

impl World {
    /// Visible entries with a similar title: those of the page first, then the most alike, then the oldest.
    pub(crate) fn similar(
        &self,
        viewer: Viewer<'_>,
        wanted: &Similar<'_>,
    ) -> Result<border::EntryList, Error> {
        let checked = rules::check_similar(wanted.text, wanted.kind, wanted.limit, &self.declared);
        let title = checked.map_err(convert::problem)?;
        self.check_scope(wanted.scope)?;
        let words = rules::similar_words(wanted.text);
        let kind = [Filter::Kind(wanted.kind.to_owned())];
        let mut alike: Vec<(u32, &Row)> = self
            .matching(viewer, wanted.scope, &kind)
            .into_iter()
            .filter(|row| row.state == State::Visible)
            .filter_map(|row| match row.fields.get(title) {
                Some(Value::Text(title)) => Some((rules::similarity(&words, title)?, row)),
                _ => None,
            })
            .collect();
        alike.sort_by_key(|(share, row)| (row.page != viewer.page, std::cmp::Reverse(*share)));
        Ok(self.list(viewer, alike.into_iter().take(wanted.limit as usize).map(|(_, row)| row)))
    }
}

fn holds(test: &Test, value: Option<&Value>) -> bool {
    match (test, value) {
        (Test::Absent, value) => value.is_none(),
        (_, None) => false,
        (Test::Present, Some(_)) => true,
        (Test::Equal(Value::Text(wanted)), Some(Value::Texts(texts))) => texts.contains(wanted),
        (Test::Equal(wanted), Some(value)) => value == wanted,
        (Test::AnyOf(wanted), Some(Value::Text(text))) => wanted.contains(text),
        (Test::AnyOf(wanted), Some(Value::Texts(texts))) => texts.iter().any(|text| wanted.contains(text)),
        (Test::Range(from, to), Some(Value::Number(number))) => (from..=to).contains(&number),
        (Test::Range(from, to), Some(Value::Time(at))) => {
            i64::try_from(*at).is_ok_and(|at| (*from..=*to).contains(&at))
        }
        (Test::AnyOf(_) | Test::Range(..), Some(_)) => false,
    }
}

/// Values of one field, which have one type.
fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => a.cmp(b),
        (Some(Value::Number(a)), Some(Value::Number(b))) => a.cmp(b),
        (Some(Value::Boolean(a)), Some(Value::Boolean(b))) => a.cmp(b),
        (Some(Value::Time(a)), Some(Value::Time(b))) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// A value as the keys of groups.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Unset => Vec::new(),
        Value::Text(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Boolean(yes) => vec![yes.to_string()],
        Value::Time(at) => vec![at.to_string()],
        Value::Texts(texts) => texts.clone(),
    }
}

fn place_after(listed: &[&Row], query: &Query) -> Result<usize, Error> {
    let Some(after) = &query.after else { return Ok(0) };
    let last = after
        .strip_prefix(&cursor(&query.order, ""))
        .ok_or_else(|| invalid("after", "is a cursor of another query"))?;
    Ok(listed.iter().position(|row| row.id == last).map_or(listed.len(), |place| place + 1))
}

/// Where a list in this order continues: after this entry.
fn cursor(order: &OrderBy, last: &str) -> String {
    let order = match order {
        OrderBy::Newest => "newest".to_owned(),
        OrderBy::Oldest => "oldest".to_owned(),
        OrderBy::Active => "active".to_owned(),
        OrderBy::Top => "top".to_owned(),
        OrderBy::Controversial => "controversial".to_owned(),
        OrderBy::Ascending(field) => format!("ascending.{field}"),
        OrderBy::Descending(field) => format!("descending.{field}"),
    };
    format!("{order}:{last}")
}
