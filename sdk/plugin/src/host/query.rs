//! Which entries are wanted.

use std::ops::RangeInclusive;

use crate::bindings::stoa::plugin::entries as border;
use crate::{Instant, State, Value};

/// In which order entries come. Pinned ones come first in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
    /// The thread with the newest entry first.
    Active,
    /// By the lower bound of the Wilson interval of the votes.
    Top,
    /// The most disputed first.
    Controversial,
    /// By an indexed field, the smallest first; entries without it are left out.
    Ascending(&'static str),
    /// By an indexed field, the largest first; entries without it are left out.
    Descending(&'static str),
}

/// By what entries are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping<'a> {
    /// By author.
    Author,
    /// By kind.
    Kind,
    /// By page.
    Page,
    /// By the values of an indexed field.
    Field(&'a str),
}

/// Which entries: those of the page of this call that pass all filters, 8 at most.
///
/// Without any filter it lists roots alone; each root is followed by its [`Query::replies`].
///
/// ```
/// use stoa_plugin::{Order, Query};
///
/// let open_polls = Query::new(Order::Newest, 20).kind("poll").field_is("closed", false).not_marked("choice");
/// let everywhere = open_polls.site();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Query {
    pub(crate) border: border::Query,
}

impl Query {
    /// The first `limit` (1 to 100) roots of this page in this order, without replies.
    pub fn new(order: Order, limit: u32) -> Self {
        Self {
            border: border::Query {
                scope: border::Scope::Here,
                filters: Vec::new(),
                order: order.into(),
                after: None,
                limit,
                replies: 0,
                expanded: Vec::new(),
                since: None,
            },
        }
    }

    /// On another page. Needs `scope = "site"` of the capability `entries` in the manifest.
    pub fn page(mut self, key: &str) -> Self {
        self.border.scope = border::Scope::Page(key.to_owned());
        self
    }

    /// On all pages whose key starts so. Needs `scope = "site"` of the capability `entries` in the manifest.
    pub fn prefix(mut self, start: &str) -> Self {
        self.border.scope = border::Scope::Prefix(start.to_owned());
        self
    }

    /// On the whole site. Needs `scope = "site"` of the capability `entries` in the manifest.
    pub fn site(mut self) -> Self {
        self.border.scope = border::Scope::Site;
        self
    }

    /// Of this kind.
    pub fn kind(self, kind: &str) -> Self {
        self.filter(border::Filter::Kind(kind.to_owned()))
    }

    /// Without a parent.
    pub fn roots(self) -> Self {
        self.filter(border::Filter::Roots)
    }

    /// Replies to this entry.
    pub fn parent(self, id: &str) -> Self {
        self.filter(border::Filter::Parent(id.to_owned()))
    }

    /// By this author.
    pub fn author(self, id: &str) -> Self {
        self.filter(border::Filter::Author(id.to_owned()))
    }

    /// In this moderation state.
    pub fn state(self, state: State) -> Self {
        self.filter(border::Filter::State(state))
    }

    /// Created at this instant or later.
    pub fn created_since(self, instant: Instant) -> Self {
        self.filter(border::Filter::CreatedSince(instant))
    }

    /// Whose indexed field has this value; a field of several texts holds it. What was never set is not found, not even
    /// by `false`.
    pub fn field_is(self, name: &str, value: impl Into<Value>) -> Self {
        self.test(name, border::Test::Equal(value.into()))
    }

    /// Whose indexed field has one of these texts, 50 at most.
    pub fn field_is_any_of(self, name: &str, texts: &[&str]) -> Self {
        self.test(name, border::Test::AnyOf(texts.iter().map(|text| (*text).to_owned()).collect()))
    }

    /// Whose indexed field, a number or a time, is in this range.
    pub fn field_in(self, name: &str, range: RangeInclusive<i64>) -> Self {
        self.test(name, border::Test::Range((*range.start(), *range.end())))
    }

    /// Whose indexed field is set.
    pub fn field_present(self, name: &str) -> Self {
        self.test(name, border::Test::Present)
    }

    /// Whose indexed field is not set.
    pub fn field_absent(self, name: &str) -> Self {
        self.test(name, border::Test::Absent)
    }

    /// With a mark of this kind by the person of this call.
    pub fn marked(self, kind: &str) -> Self {
        self.mark(kind, None, true)
    }

    /// With a mark of this kind and value by the person of this call.
    pub fn marked_with(self, kind: &str, value: &str) -> Self {
        self.mark(kind, Some(value), true)
    }

    /// Without a mark of this kind by the person of this call.
    pub fn not_marked(self, kind: &str) -> Self {
        self.mark(kind, None, false)
    }

    /// From where the last list ended.
    pub fn after(mut self, cursor: Option<&str>) -> Self {
        self.border.after = cursor.map(str::to_owned);
        self
    }

    /// With so many replies below each root, the oldest first, 0 to 50.
    pub fn replies(mut self, count: u32) -> Self {
        self.border.replies = count;
        self
    }

    /// With 200 replies below these roots, 20 at most.
    pub fn expanded(mut self, roots: &[String]) -> Self {
        self.border.expanded = roots.to_vec();
        self
    }

    /// Without entries of others created after this; they are counted in [`Found::newer`](crate::Found::newer).
    pub fn since(mut self, instant: Option<Instant>) -> Self {
        self.border.since = instant;
        self
    }

    fn filter(mut self, filter: border::Filter) -> Self {
        self.border.filters.push(filter);
        self
    }

    fn test(self, name: &str, test: border::Test) -> Self {
        self.filter(border::Filter::Field(border::FieldTest { name: name.to_owned(), test }))
    }

    fn mark(self, kind: &str, value: Option<&str>, present: bool) -> Self {
        let value = value.map(str::to_owned);
        self.filter(border::Filter::Mark(border::MarkTest { kind: kind.to_owned(), value, present }))
    }
}

impl From<Order> for border::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Newest => Self::Newest,
            Order::Oldest => Self::Oldest,
            Order::Active => Self::Active,
            Order::Top => Self::Top,
            Order::Controversial => Self::Controversial,
            Order::Ascending(field) => Self::Ascending(field.to_owned()),
            Order::Descending(field) => Self::Descending(field.to_owned()),
        }
    }
}

impl From<Grouping<'_>> for border::Grouping {
    fn from(grouping: Grouping<'_>) -> Self {
        match grouping {
            Grouping::Author => Self::Author,
            Grouping::Kind => Self::Kind,
            Grouping::Page => Self::Page,
            Grouping::Field(name) => Self::Field(name.to_owned()),
        }
    }
}
