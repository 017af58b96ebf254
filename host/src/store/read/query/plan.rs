//! Which index a query walks. Whatever filter does not drive is checked for each entry on the way.
//!
//! The first of these that a query has drives it: a parent; a field that it is sorted by; a field with a value; an own
//! mark; an author; a state other than visible and removed; a kind where the order is by creation; the order itself.
//!
//! A list comes in the order of the index where [`Plan::is_sorted`] says so. Otherwise what drives leaves few entries
//! (replies of one parent, entries with one value, of one author, marked by one person), which are sorted; so are all
//! entries of a page by votes or activity where not only roots are asked for.

use stoa_rules::{Filter, OrderBy, State, Test, Value};

use crate::store::write::{Indexed, indexed};

/// In which order, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort<'a> {
    Created,
    Active,
    Top,
    Controversial,
    Field(&'a str),
}

/// What a query walks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Driver<'a> {
    Order,
    Kind(&'a str),
    Parent(&'a str),
    Author(&'a str),
    State(State),
    /// A field with one of these values.
    Value(&'a str, Vec<Indexed>),
    /// The field that the list is sorted by.
    Sorted(&'a str),
    /// An own mark of this kind, and of this value where one is given.
    Mark(&'a str, Option<&'a str>),
}

/// How a query is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan<'a> {
    pub(super) driver: Driver<'a>,
    /// What is checked for each entry.
    pub(super) checks: Vec<&'a Filter>,
    pub(super) sort: Sort<'a>,
    pub(super) descending: bool,
    /// Whether only entries without a parent are asked for.
    pub(super) roots: bool,
    /// Whether a filter looks at what tombstones do not show.
    pub(super) open: bool,
}

impl<'a> Plan<'a> {
    /// A list without filters is of roots.
    pub(super) fn list(filters: &'a [Filter], order: &'a OrderBy) -> Self {
        let mut plan = Self::new(filters, order, true);
        plan.roots |= filters.is_empty();
        plan
    }

    /// Counting walks once: it looks for one of several values on the way.
    pub(super) fn count(filters: &'a [Filter]) -> Self {
        Self::new(filters, &OrderBy::Newest, false)
    }

    fn new(filters: &'a [Filter], order: &'a OrderBy, several: bool) -> Self {
        let (sort, descending) = match order {
            OrderBy::Newest => (Sort::Created, true),
            OrderBy::Oldest => (Sort::Created, false),
            OrderBy::Active => (Sort::Active, true),
            OrderBy::Top => (Sort::Top, true),
            OrderBy::Controversial => (Sort::Controversial, true),
            OrderBy::Ascending(name) => (Sort::Field(name), false),
            OrderBy::Descending(name) => (Sort::Field(name), true),
        };
        let (driver, driving) = Self::driver(filters, sort, several);
        let checks = filters.iter().enumerate().filter(|(place, _)| Some(*place) != driving);
        Self {
            driver,
            checks: checks.map(|(_, filter)| filter).collect(),
            sort,
            descending,
            roots: filters.contains(&Filter::Roots),
            open: matches!(sort, Sort::Field(_)) || filters.iter().any(looks_inside),
        }
    }

    /// The driver, and which filter it answers.
    fn driver(filters: &'a [Filter], sort: Sort<'a>, several: bool) -> (Driver<'a>, Option<usize>) {
        let first = |drives: &dyn Fn(&'a Filter) -> Option<Driver<'a>>| {
            let mut found = filters.iter().enumerate();
            found.find_map(|(place, filter)| drives(filter).map(|driver| (driver, Some(place))))
        };
        if let Some(found) = first(&|filter| match filter {
            Filter::Parent(id) => Some(Driver::Parent(id)),
            _ => None,
        }) {
            return found;
        }
        if let Sort::Field(name) = sort {
            return (Driver::Sorted(name), None);
        }
        let by_value = first(&|filter| match filter {
            Filter::Field { name, test: Test::Equal(value) } if !value.is_blank() => {
                Some(Driver::Value(name, indexed(value)))
            }
            Filter::Field { name, test: Test::AnyOf(texts) } if several && !texts.is_empty() => {
                Some(Driver::Value(name, indexed(&Value::Texts(texts.clone()))))
            }
            _ => None,
        });
        let by_mark = || {
            first(&|filter| match filter {
                Filter::Mark { kind, value, present: true } => Some(Driver::Mark(kind, value.as_deref())),
                _ => None,
            })
        };
        let by_author = || {
            first(&|filter| match filter {
                Filter::Author(id) => Some(Driver::Author(id)),
                _ => None,
            })
        };
        let by_state = || {
            first(&|filter| match filter {
                Filter::State(state @ (State::Held | State::Rejected | State::Deleted)) => {
                    Some(Driver::State(*state))
                }
                _ => None,
            })
        };
        let by_kind = || {
            first(&|filter| match filter {
                Filter::Kind(kind) if sort == Sort::Created => Some(Driver::Kind(kind)),
                _ => None,
            })
        };
        let found = by_value.or_else(by_mark).or_else(by_author).or_else(by_state).or_else(by_kind);
        found.unwrap_or((Driver::Order, None))
    }

    /// Whether the index gives the order, so that a part of a list costs what that part holds.
    #[cfg(test)]
    pub(super) fn is_sorted(&self) -> bool {
        match self.driver {
            Driver::Sorted(_) => true,
            Driver::Mark(..) => false,
            Driver::Order => self.sort == Sort::Created || self.roots,
            Driver::Kind(_)
            | Driver::Parent(_)
            | Driver::Author(_)
            | Driver::State(_)
            | Driver::Value(..) => self.sort == Sort::Created,
        }
    }
}

/// Whether a filter looks at what is hidden of an entry that shows only its place.
fn looks_inside(filter: &Filter) -> bool {
    matches!(filter, Filter::Author(_) | Filter::Field { .. } | Filter::Mark { .. })
}
