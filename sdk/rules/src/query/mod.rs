//! Which entries a plugin wants to read, and in which order.

mod similar;

use crate::entries::{Declared, Field, FieldKind, State, Value, check_type};
use crate::limits;
use crate::manifest::form::{Problem, is_id, is_mark_value};
pub use similar::{check_similar, similar_words, similarity};

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The page of the call.
    Here,
    /// A page, by its key. More than `Here` needs `scope = "site"` in the manifest.
    Page(String),
    /// All pages whose key starts with this text.
    Prefix(String),
    /// All pages of the site.
    Site,
}

impl Scope {
    /// Whether it needs `scope = "site"` in the manifest.
    #[must_use]
    pub fn needs_site(&self) -> bool {
        *self != Self::Here
    }
}

/// What the value of a field must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// This value; for a field of several texts: that one of them is it.
    Equal(Value),
    /// One of these texts; for a field of several texts: that they share one.
    AnyOf(Vec<String>),
    /// A number or time between these, both included.
    Range(i64, i64),
    /// Any value.
    Present,
    /// No value.
    Absent,
}

/// What an entry must be to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Of this kind.
    Kind(String),
    /// Without a parent.
    Roots,
    /// A reply to this entry.
    Parent(String),
    /// Written by this person.
    Author(String),
    /// In this state.
    State(State),
    /// With such a value in a field that the manifest declares as indexed.
    Field {
        /// The field.
        name: String,
        /// What its value must be.
        test: Test,
    },
    /// With or without a mark of the actor.
    Mark {
        /// The kind of mark.
        kind: String,
        /// The value; none for any.
        value: Option<String>,
        /// Whether the mark must be there or must be absent.
        present: bool,
    },
    /// Created after this time, in microseconds since 1970 (UTC).
    CreatedSince(u64),
}

/// In which order entries come; pinned ones first in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderBy {
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
    /// The latest activity first: creation, edit or visible reply at any depth.
    Active,
    /// The best rated first: see [`crate::score_top`].
    Top,
    /// The most disputed first: see [`crate::score_controversial`].
    Controversial,
    /// By an indexed field, the least value first; entries without one are left out.
    Ascending(String),
    /// By an indexed field, the greatest value first; entries without one are left out.
    Descending(String),
}

/// By what entries are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// By author.
    Author,
    /// By kind.
    Kind,
    /// By page.
    Page,
    /// By the values of an indexed field.
    Field(String),
}

/// A list of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Where to look.
    pub scope: Scope,
    /// All of these must hold; at most [`crate::limits::FILTERS_MAX`].
    pub filters: Vec<Filter>,
    /// In which order.
    pub order: OrderBy,
    /// The cursor of the list that this one continues.
    pub after: Option<String>,
    /// How many entries, 1 to [`crate::limits::LIMIT_MAX`].
    pub limit: u32,
    /// How many replies below each, the oldest first, 0 to [`crate::limits::REPLIES_MAX`].
    pub replies: u32,
    /// Entries below which more replies are listed ([`crate::limits::REPLIES_EXPANDED_MAX`]); at most
    /// [`crate::limits::EXPANDED_MAX`] ids.
    pub expanded: Vec<String>,
    /// Entries of others that were created after this are counted, not listed; in microseconds since 1970 (UTC).
    pub since: Option<u64>,
}

impl Query {
    /// Check the limits, the form of each argument, and that kinds, marks and tested fields are declared.
    ///
    /// Whether the plugin may look beyond the page is asked by [`Scope::needs_site`].
    ///
    /// # Errors
    /// [`Problem`] with the first argument that does not fit.
    pub fn check(&self, declared: &Declared) -> Result<(), Problem> {
        self.check_limits()?;
        check_filters(&self.filters, declared)?;
        match &self.order {
            OrderBy::Ascending(name) | OrderBy::Descending(name) => {
                let fields =
                    indexed(name, &self.filters, declared).map_err(|why| Problem::new("order", why))?;
                if fields.iter().any(|field| field.kind.is_several()) {
                    return Err(Problem::new(
                        "order",
                        format!("`{name}` holds several texts and gives no order"),
                    ));
                }
                Ok(())
            }
            OrderBy::Newest | OrderBy::Oldest | OrderBy::Active | OrderBy::Top | OrderBy::Controversial => {
                Ok(())
            }
        }
    }

    fn check_limits(&self) -> Result<(), Problem> {
        if let Scope::Page(key) | Scope::Prefix(key) = &self.scope
            && !(1..=limits::PAGE_KEY_BYTES_MAX).contains(&key.len())
        {
            return Err(Problem::new("scope", format!("takes 1 to {} bytes", limits::PAGE_KEY_BYTES_MAX)));
        }
        if self.after.as_ref().is_some_and(|cursor| cursor.len() > limits::CURSOR_BYTES_MAX) {
            return Err(Problem::new("after", "is not a cursor of the host"));
        }
        if !(1..=limits::LIMIT_MAX).contains(&self.limit) {
            return Err(Problem::new("limit", format!("takes 1 to {}", limits::LIMIT_MAX)));
        }
        if self.replies > limits::REPLIES_MAX {
            return Err(Problem::new("replies", format!("takes 0 to {}", limits::REPLIES_MAX)));
        }
        if self.expanded.len() > limits::EXPANDED_MAX {
            return Err(Problem::new("expanded", format!("takes at most {} ids", limits::EXPANDED_MAX)));
        }
        if !self.expanded.iter().all(|id| is_id(id)) {
            return Err(Problem::new("expanded", "takes ids of the host"));
        }
        Ok(())
    }
}

/// Check the filters of a query or count.
///
/// # Errors
/// [`Problem`] with the first filter that does not fit: `filters.0`.
pub fn check_filters(filters: &[Filter], declared: &Declared) -> Result<(), Problem> {
    if filters.len() > limits::FILTERS_MAX {
        return Err(Problem::new("filters", format!("takes at most {}", limits::FILTERS_MAX)));
    }
    for (place, filter) in filters.iter().enumerate() {
        check_filter(filter, filters, declared)
            .map_err(|why| Problem::new(format!("filters.{place}"), why))?;
    }
    Ok(())
}

fn check_filter(filter: &Filter, filters: &[Filter], declared: &Declared) -> Result<(), String> {
    match filter {
        Filter::Kind(kind) if declared.kinds.contains_key(kind) => Ok(()),
        Filter::Kind(kind) => Err(format!("the manifest declares no kind `{kind}`")),
        Filter::Parent(id) | Filter::Author(id) if is_id(id) => Ok(()),
        Filter::Parent(_) | Filter::Author(_) => Err("takes an id of the host".to_owned()),
        Filter::Field { name, test } => {
            indexed(name, filters, declared)?.into_iter().try_for_each(|field| check_test(name, field, test))
        }
        Filter::Mark { kind, value, .. } => {
            if !declared.marks.contains_key(kind) {
                return Err(format!("the manifest declares no mark `{kind}`"));
            }
            if value.as_ref().is_some_and(|value| !is_mark_value(value)) {
                return Err(format!("a mark takes 1 to {} bytes in one line", limits::MARK_VALUE_BYTES_MAX));
            }
            Ok(())
        }
        Filter::Roots | Filter::State(_) | Filter::CreatedSince(_) => Ok(()),
    }
}

/// The declarations of a field in the kinds that a query can list; all of them must be indexed.
fn indexed<'a>(name: &str, filters: &[Filter], declared: &'a Declared) -> Result<Vec<&'a Field>, String> {
    let wanted =
        |kind: &String| filters.iter().all(|filter| !matches!(filter, Filter::Kind(only) if only != kind));
    let fields: Vec<&Field> = declared
        .kinds
        .iter()
        .filter(|(kind, _)| wanted(kind))
        .filter_map(|(_, kind)| kind.fields.get(name))
        .collect();
    if fields.is_empty() {
        return Err(format!("the manifest declares no field `{name}` for these kinds"));
    }
    if fields.iter().any(|field| !field.indexed) {
        return Err(format!("the field `{name}` is not indexed: write `indexed = true` in the manifest"));
    }
    Ok(fields)
}

fn check_test(name: &str, field: &Field, test: &Test) -> Result<(), String> {
    let kind = field.kind;
    match test {
        Test::Present | Test::Absent => Ok(()),
        Test::Equal(Value::Unset) => Err("takes a value; for none write `absent`".to_owned()),
        Test::Equal(Value::Text(_)) if kind.is_several() => Ok(()),
        Test::Equal(Value::Texts(_)) => Err(format!("takes one text to be found in `{name}`")),
        Test::Equal(value) => check_type(kind, value).map_err(|why| format!("`{name}` {why}")),
        Test::AnyOf(texts) if texts.is_empty() || texts.len() > limits::ANY_OF_MAX => {
            Err(format!("`any-of` takes 1 to {} texts", limits::ANY_OF_MAX))
        }
        Test::AnyOf(_) if matches!(kind, FieldKind::Number | FieldKind::Boolean | FieldKind::Time) => {
            Err(format!("`any-of` takes texts, and `{name}` is of type {kind}"))
        }
        Test::AnyOf(_) => Ok(()),
        Test::Range(least, greatest) if least > greatest => {
            Err(format!("the range {least} to {greatest} is empty"))
        }
        Test::Range(..) if matches!(kind, FieldKind::Number | FieldKind::Time) => Ok(()),
        Test::Range(..) => Err(format!("`range` is for numbers and times, and `{name}` is of type {kind}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Filter, OrderBy, Query, Scope, Test};
    use crate::{Declared, Manifest, State, Value};

    const ID: &str = "0199e1a0-0000-7000-8000-00000000000a";

    fn declared() -> Declared {
        let text = r#"
            id = "a:b"
            name = "b"
            version = "0.1.0"
            description = "x"
            license = "MIT"
            min_host = "0.2.0"
            extension_points = ["widget"]
            [kinds.question.fields]
            title = { type = "text" }
            tags = { type = "tags", indexed = true }
            due = { type = "time", indexed = true }
            solved = { type = "boolean", indexed = true }
            [kinds.answer]
            parents = ["question"]
            [kinds.answer.fields]
            due = { type = "time" }
            rank = { type = "number", indexed = true }
            [marks.vote]
            on = ["question"]
            values = ["1"]
        "#;
        Manifest::parse(text).unwrap().declared()
    }

    fn query() -> Query {
        Query {
            scope: Scope::Here,
            filters: Vec::new(),
            order: OrderBy::Newest,
            after: None,
            limit: 20,
            replies: 0,
            expanded: Vec::new(),
            since: None,
        }
    }

    fn check(query: &Query, expected: Result<(), (&str, &str)>) {
        match (query.check(&declared()), expected) {
            (Ok(()), Ok(())) => {}
            (Err(problem), Err((at, part))) => {
                assert_eq!(problem.at, at, "{query:?}: {problem}");
                assert!(problem.detail.contains(part), "{query:?}: {problem}");
            }
            (found, expected) => panic!("{query:?}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn each_limit_holds() {
        check(&query(), Ok(()));
        check(&Query { limit: 1, replies: 50, ..query() }, Ok(()));
        check(&Query { limit: 0, ..query() }, Err(("limit", "1 to 100")));
        check(&Query { limit: 101, ..query() }, Err(("limit", "1 to 100")));
        check(&Query { replies: 51, ..query() }, Err(("replies", "0 to 50")));
        check(&Query { after: Some("x".repeat(201)), ..query() }, Err(("after", "cursor")));
        check(&Query { scope: Scope::Prefix(String::new()), ..query() }, Err(("scope", "1 to 200")));
        check(&Query { scope: Scope::Page("x".repeat(201)), ..query() }, Err(("scope", "1 to 200")));
        check(&Query { expanded: vec![ID.to_owned(); 20], ..query() }, Ok(()));
        check(&Query { expanded: vec![ID.to_owned(); 21], ..query() }, Err(("expanded", "20")));
        check(&Query { expanded: vec!["e1".to_owned()], ..query() }, Err(("expanded", "ids")));
        check(&Query { filters: vec![Filter::Roots; 9], ..query() }, Err(("filters", "at most 8")));
    }

    /// A filter of questions.
    fn filtered(filter: Filter, expected: Result<(), &str>) {
        let filters = vec![Filter::Kind("question".to_owned()), filter];
        check(&Query { filters, ..query() }, expected.map_err(|part| ("filters.1", part)));
    }

    fn field(name: &str, test: Test) -> Filter {
        Filter::Field { name: name.to_owned(), test }
    }

    fn mark(kind: &str, value: &str) -> Filter {
        Filter::Mark { kind: kind.to_owned(), value: Some(value.to_owned()), present: true }
    }

    #[test]
    fn filters_name_what_the_manifest_declares() {
        let text = |text: &str| Value::Text(text.to_owned());
        filtered(Filter::State(State::Held), Ok(()));
        filtered(Filter::Parent(ID.to_owned()), Ok(()));
        filtered(Filter::Author("ada".to_owned()), Err("an id"));
        filtered(Filter::Kind("thread".to_owned()), Err("no kind `thread`"));
        filtered(mark("vote", "1"), Ok(()));
        filtered(mark("like", "1"), Err("no mark `like`"));
        filtered(mark("vote", ""), Err("1 to 64 bytes"));
        filtered(field("tags", Test::Equal(text("rust"))), Ok(()));
        filtered(field("tags", Test::AnyOf(vec!["rust".to_owned()])), Ok(()));
        filtered(field("tags", Test::AnyOf(Vec::new())), Err("1 to 20"));
        filtered(field("tags", Test::Equal(Value::Texts(Vec::new()))), Err("one text"));
        filtered(field("tags", Test::Range(1, 2)), Err("numbers and times"));
        filtered(field("title", Test::Present), Err("indexed = true"));
        filtered(field("other", Test::Present), Err("no field `other`"));
        filtered(field("rank", Test::Present), Err("no field `rank`"));
        filtered(field("due", Test::Range(1, 1)), Ok(()));
        filtered(field("due", Test::Range(2, 1)), Err("is empty"));
        filtered(field("due", Test::Equal(Value::Number(1))), Err("type time"));
        filtered(field("due", Test::AnyOf(vec!["x".to_owned()])), Err("of type time"));
        filtered(field("solved", Test::Equal(Value::Boolean(true))), Ok(()));
        filtered(field("solved", Test::Equal(Value::Unset)), Err("absent"));
        filtered(field("solved", Test::Absent), Ok(()));
    }

    #[test]
    fn a_field_of_several_kinds_must_be_indexed_in_each() {
        let due = || field("due", Test::Present);
        check(&Query { filters: vec![due()], ..query() }, Err(("filters.0", "indexed = true")));
        check(&Query { filters: vec![field("rank", Test::Present)], ..query() }, Ok(()));
    }

    #[test]
    fn an_order_is_by_one_indexed_value() {
        let by = |name: &str| OrderBy::Descending(name.to_owned());
        check(&Query { order: by("solved"), ..query() }, Ok(()));
        check(&Query { order: by("tags"), ..query() }, Err(("order", "several texts")));
        check(&Query { order: by("title"), ..query() }, Err(("order", "indexed = true")));
    }

    #[test]
    fn everything_beyond_the_page_needs_the_scope_of_the_site() {
        assert!(!Scope::Here.needs_site());
        for scope in [Scope::Page("a".to_owned()), Scope::Prefix("a".to_owned()), Scope::Site] {
            assert!(scope.needs_site());
        }
    }
}
