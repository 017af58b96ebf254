//! The statements of a plan. Conditions that no index is to answer are written so that none can (`+ 0`, `|| ''`): the
//! planner would take the index with the most columns, not the one that leaves the fewest entries.

use stoa_rules::{Filter, State, Test, Value as Field};

use super::plan::{Driver, Plan, Sort};
use crate::store::db::{Dialect, Value};
use crate::store::read::row::COLUMNS;
use crate::store::read::statements::{PAGE_KEY, READABLE, SEEN};
use crate::store::write::{Indexed, indexed};

/// The entries of which pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    /// Of one page; its thread is $2.
    Page,
    /// Of the site.
    Site,
    /// Of pages whose keys start so.
    Prefix(String),
}

/// A statement with the values of its arguments.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

/// The type of a key that entries are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyType {
    Number,
    Text,
}

/// One of the walks that make a list together: they differ in what they find, not in how they are sorted.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) pinned: bool,
    /// The value that drives, for a field with one of several.
    pub(super) value: Option<Indexed>,
    pub(super) key: KeyType,
}

/// The place in a list after which a walk starts.
#[derive(Clone, Debug)]
pub(super) struct After {
    pub(super) key: Value,
    pub(super) created_at: i64,
    pub(super) id: String,
}

/// What an entry must be for the viewer to see more than its place.
const OPEN: &str = "(e.state = 'visible' or (e.state in ('held', 'rejected') and ($5 = 1 or e.author = $4)))";

/// A statement that is being put together.
pub(super) struct Builder<'a> {
    dialect: Dialect,
    pages: &'a Pages,
    /// Whether some of the pages may not be for the viewer.
    guarded: bool,
    plan: &'a Plan<'a>,
    values: Vec<Value>,
    from: String,
    conditions: Vec<String>,
}

impl<'a> Builder<'a> {
    /// `shared` are $1 to $6 of all statements about entries.
    pub(super) fn new(
        dialect: Dialect,
        (pages, guarded): (&'a Pages, bool),
        plan: &'a Plan<'a>,
        shared: &[Value],
    ) -> Self {
        let (values, from) = (shared.to_vec(), "entries e".to_owned());
        Self { dialect, pages, guarded, plan, values, from, conditions: Vec::new() }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn also(&mut self, condition: impl Into<String>) {
        self.conditions.push(condition.into());
    }

    /// A part of the list.
    pub(super) fn list(mut self, lane: &Lane, after: Option<&After>, limit: u32) -> Statement {
        if lane.pinned {
            self.pinned();
            self.join_key(lane.key);
        } else {
            self.drive(lane.value.as_ref(), lane.key);
            let indexed = self.has_pinned_in_index();
            self.also(if indexed { "e.pinned = 0" } else { "e.pinned + 0 = 0" });
            if !matches!(self.plan.driver, Driver::Sorted(_)) {
                self.join_key(lane.key);
            }
        }
        self.check();
        self.also(SEEN);
        let (key, tie) = self.keys(lane);
        let way = if self.plan.descending { " desc" } else { "" };
        if let Some(after) = after {
            let than = if self.plan.descending { "<" } else { ">" };
            let at = self.bind(after.key.clone());
            let mut places = vec![at];
            if tie.len() == 2 {
                places.push(self.bind(after.created_at));
            }
            places.push(self.bind(after.id.as_str()));
            self.also(format!("({key}, {}) {than} ({})", tie.join(", "), places.join(", ")));
        }
        let order: Vec<String> =
            std::iter::once(key.as_str()).chain(tie).map(|key| format!("{key}{way}")).collect();
        let (number, text) = match lane.key {
            KeyType::Number => (key.as_str(), "null"),
            KeyType::Text => ("null", key.as_str()),
        };
        let columns = COLUMNS.replace("{key}", "e.created_at").replace("{page}", PAGE_KEY);
        let limit = self.bind(limit);
        let text = format!(
            "select {columns}, {number}, {text} from {} where {} order by {} limit {limit} + 0",
            self.from,
            self.conditions.join(" and "),
            order.join(", ")
        );
        self.made(&text)
    }

    /// How many entries match among the first `look` that the driver finds: looked at, and found.
    pub(super) fn count(mut self, look: u32, created_after: bool) -> Statement {
        let hit = self.counted(created_after);
        let (order, look) = (self.newest(), self.bind(look));
        let text = format!(
            "select count(*), coalesce(sum(m.hit), 0) from (
                select case when {hit} then 1 else 0 end as hit from {} where {}{order} limit {look} + 0
            ) m",
            self.from,
            self.conditions.join(" and ")
        );
        self.made(&text)
    }

    /// How many matches there are of each key, the most first. `join` brings `x`, the field that they are counted by.
    pub(super) fn count_by(mut self, key: &str, field: Option<&str>, look: u32, limit: u32) -> Statement {
        let hit = self.counted(false);
        if let Some(name) = field {
            let name = self.bind(name);
            self.from.push_str(" cross join entry_fields x");
            self.also(format!("x.site = $1 and x.entry = e.id and x.name = {name}"));
        }
        let (order, look, limit) = (self.newest(), self.bind(look), self.bind(limit));
        let text = format!(
            "select m.word, count(*) from (
                select {key} as word, case when {hit} then 1 else 0 end as hit
                from {} where {}{order} limit {look} + 0
            ) m where m.hit = 1 and m.word is not null
            group by m.word order by count(*) desc, m.word limit {limit} + 0",
            self.from,
            self.conditions.join(" and ")
        );
        self.made(&text)
    }

    /// Walk what drives; the rest becomes one condition of a match, which everybody must see.
    fn counted(&mut self, created_after: bool) -> String {
        self.drive(None, KeyType::Number);
        if created_after {
            self.also("e.created_at > $6");
        }
        let driven = std::mem::take(&mut self.conditions);
        self.check();
        if created_after {
            self.also("e.author is distinct from $4");
            self.also("(e.state = 'visible' or ($5 = 1 and e.state = 'held'))");
        } else {
            self.also("e.state || '' = 'visible'");
        }
        let checks = std::mem::replace(&mut self.conditions, driven);
        checks.join(" and ")
    }

    /// The newest first, where the index gives that.
    fn newest(&self) -> &'static str {
        match self.plan.driver {
            Driver::Value(_, ref values) if values.len() == 1 => " order by f.created_at desc, f.entry desc",
            Driver::Value(..) | Driver::Sorted(_) | Driver::Mark(..) => "",
            Driver::Order | Driver::Kind(_) | Driver::Parent(_) | Driver::Author(_) | Driver::State(_) => {
                " order by e.created_at desc, e.id desc"
            }
        }
    }

    fn made(self, text: &str) -> Statement {
        Statement { text: self.dialect.statement(text), values: self.values }
    }

    /// Whether the roots of a page are walked by an index that has the pinned ones apart.
    fn has_pinned_in_index(&self) -> bool {
        *self.pages == Pages::Page
            && self.plan.driver == Driver::Order
            && self.plan.roots
            && matches!(self.plan.sort, Sort::Created | Sort::Top | Sort::Controversial)
    }

    /// All pinned entries: there are few.
    fn pinned(&mut self) {
        self.also("e.site = $1 and e.plugin = $3 and e.pinned = 1 and e.listed > 0");
        match self.pages {
            Pages::Page => self.also("e.thread = $2"),
            Pages::Site => {}
            Pages::Prefix(_) => self.of_pages(),
        }
        let plan = self.plan;
        let driving = match &plan.driver {
            Driver::Order | Driver::Sorted(_) => None,
            Driver::Kind(kind) => Some(Filter::Kind((*kind).to_owned())),
            Driver::Parent(id) => Some(Filter::Parent((*id).to_owned())),
            Driver::Author(id) => Some(Filter::Author((*id).to_owned())),
            Driver::State(state) => Some(Filter::State(*state)),
            Driver::Value(name, values) => {
                let condition = self.one_of(name, values);
                self.also(condition);
                None
            }
            Driver::Mark(kind, value) => Some(Filter::Mark {
                kind: (*kind).to_owned(),
                value: value.map(str::to_owned),
                present: true,
            }),
        };
        if let Some(filter) = driving {
            self.check_one(&filter);
        }
    }

    /// The field that a list is sorted by, of entries that something else drives.
    fn join_key(&mut self, key: KeyType) {
        if let Sort::Field(name) = self.plan.sort {
            let name = self.bind(name);
            let column = if key == KeyType::Text { "f.text" } else { "f.number" };
            self.from.push_str(" cross join entry_fields f");
            self.also(format!(
                "f.site = $1 and f.entry = e.id and f.name = {name} and f.item = 0 and {column} is not null"
            ));
        }
    }

    /// What the driver walks.
    fn drive(&mut self, value: Option<&Indexed>, key: KeyType) {
        let plan = self.plan;
        match &plan.driver {
            Driver::Order => self.walk_pages(""),
            Driver::Kind(kind) => {
                let kind = self.bind(*kind);
                self.walk_pages(&format!("e.kind = {kind} and "));
            }
            Driver::Parent(id) => {
                let id = self.bind(*id);
                self.also(format!(
                    "e.site = $1 and e.parent = {id} and e.parent is not null and e.listed > 0"
                ));
                self.of_pages();
            }
            Driver::Author(id) => {
                let id = self.bind(*id);
                self.also(format!("e.site = $1 and e.author = {id} and e.listed > 0"));
                self.of_pages();
            }
            Driver::State(state) => {
                let word = self.bind(state.word());
                self.also(format!(
                    "e.site = $1 and e.plugin = $3 and e.state = {word} and e.state <> 'visible' and e.listed > 0"
                ));
                self.of_pages();
                self.check_one(&Filter::State(*state));
            }
            Driver::Value(name, values) => self.walk_field(name, value.or(values.first()), key),
            Driver::Sorted(name) => self.walk_field(name, None, key),
            Driver::Mark(kind, value) => {
                self.from = "marks d cross join entries e".to_owned();
                let kind = self.bind(*kind);
                self.also(format!("d.site = $1 and d.plugin = $3 and d.person = $4 and d.kind = {kind}"));
                if let Some(value) = value {
                    let value = self.bind(*value);
                    self.also(format!("d.value = {value}"));
                }
                self.also("e.site = $1 and e.id = d.target and e.listed > 0");
                self.of_pages();
            }
        }
    }

    /// By an index that begins with the page or with the site and plugin.
    fn walk_pages(&mut self, then: &str) {
        match self.pages {
            Pages::Page => self.also(format!("e.thread = $2 and {then}e.listed > 0")),
            Pages::Site => self.also(format!("e.site = $1 and e.plugin = $3 and {then}e.listed > 0")),
            Pages::Prefix(_) => {
                self.also(format!("e.site = $1 and e.plugin = $3 and {then}e.listed > 0"));
                self.of_pages();
            }
        }
    }

    /// By the index of a field: one value, or all in their order.
    fn walk_field(&mut self, name: &str, value: Option<&Indexed>, key: KeyType) {
        self.from = "entry_fields f cross join entries e".to_owned();
        match self.pages {
            Pages::Page => self.also("f.thread = $2"),
            Pages::Site | Pages::Prefix(_) => self.also("f.site = $1 and f.plugin = $3"),
        }
        let name = self.bind(name);
        self.also(format!("f.name = {name}"));
        match value {
            Some(Indexed::Text(text)) => {
                let text = self.bind(text.as_str());
                self.also(format!("f.text = {text} and f.text is not null"));
            }
            Some(Indexed::Number(number)) => {
                let number = self.bind(*number);
                self.also(format!("f.number = {number} and f.number is not null"));
            }
            None => {
                let column = if key == KeyType::Text { "f.text" } else { "f.number" };
                self.also(format!("{column} is not null and f.item + 0 = 0"));
            }
        }
        self.also("e.site = $1 and e.id = f.entry and e.listed > 0");
        if let Pages::Prefix(_) = self.pages {
            self.of_pages();
        }
    }

    /// Entries of these pages alone, where the driver does not say so.
    fn of_pages(&mut self) {
        match self.pages {
            Pages::Page => self.also("e.thread + 0 = $2"),
            Pages::Site => self.also("e.plugin || '' = $3"),
            Pages::Prefix(prefix) => {
                let (low, high) = (prefix.clone(), format!("{prefix}{}", char::MAX));
                let (low, high) = (self.bind(low), self.bind(high));
                self.also("e.plugin || '' = $3");
                self.also(format!("{PAGE_KEY} >= {low} and {PAGE_KEY} < {high}"));
            }
        }
    }

    /// Everything that the driver does not say.
    fn check(&mut self) {
        let plan = self.plan;
        if plan.roots {
            self.also("e.parent is null");
        }
        if plan.open {
            self.also(OPEN);
        }
        for filter in &plan.checks {
            self.check_one(filter);
        }
        if self.guarded {
            self.also(READABLE);
        }
    }

    fn check_one(&mut self, filter: &Filter) {
        let condition = match filter {
            Filter::Roots => return,
            Filter::Kind(kind) => format!("e.kind || '' = {}", self.bind(kind.as_str())),
            Filter::Parent(id) => format!("e.parent || '' = {}", self.bind(id.as_str())),
            Filter::Author(id) => format!("e.author || '' = {}", self.bind(id.as_str())),
            Filter::State(state) => state_shown(*state).to_owned(),
            Filter::CreatedSince(at) => {
                let at = i64::try_from(*at).unwrap_or(i64::MAX);
                format!("e.created_at + 0 >= {}", self.bind(at))
            }
            Filter::Field { name, test } => self.field(name, test),
            Filter::Mark { kind, value, present } => {
                let kind = self.bind(kind.as_str());
                let value = value.as_deref().map(|value| format!(" and x.value = {}", self.bind(value)));
                let not = if *present { "" } else { "not " };
                format!(
                    "{not}exists (select 1 from marks x where x.site = $1 and x.plugin = $3 and x.target = e.id
                        and x.person = $4 and x.kind = {kind}{})",
                    value.unwrap_or_default()
                )
            }
        };
        self.also(condition);
    }

    fn field(&mut self, name: &str, test: &Test) -> String {
        match test {
            Test::Equal(value) => self.one_of(name, &indexed(value)),
            Test::AnyOf(texts) => self.one_of(name, &indexed(&Field::Texts(texts.clone()))),
            Test::Range(least, greatest) => {
                let (least, greatest) = (self.bind(*least), self.bind(*greatest));
                self.with_field(name, &format!(" and x.number >= {least} and x.number <= {greatest}"))
            }
            Test::Present => self.with_field(name, ""),
            Test::Absent => format!("not {}", self.with_field(name, "")),
        }
    }

    fn with_field(&mut self, name: &str, and: &str) -> String {
        let name = self.bind(name);
        format!(
            "exists (select 1 from entry_fields x where x.site = $1 and x.entry = e.id and x.name = {name}{and})"
        )
    }

    fn one_of(&mut self, name: &str, values: &[Indexed]) -> String {
        let mut tests = Vec::with_capacity(values.len());
        for value in values {
            tests.push(match value {
                Indexed::Text(text) => format!("x.text = {}", self.bind(text.as_str())),
                Indexed::Number(number) => format!("x.number = {}", self.bind(*number)),
            });
        }
        let any = if tests.is_empty() { "1 = 0".to_owned() } else { tests.join(" or ") };
        self.with_field(name, &format!(" and ({any})"))
    }

    /// The column that a list is sorted by, and those that decide between equal ones.
    fn keys(&self, lane: &Lane) -> (String, Vec<&'static str>) {
        let of_field = !lane.pinned && matches!(self.plan.driver, Driver::Value(..));
        match self.plan.sort {
            Sort::Created if of_field => ("f.created_at".to_owned(), vec!["f.entry"]),
            Sort::Created => ("e.created_at".to_owned(), vec!["e.id"]),
            Sort::Active => ("e.active_at".to_owned(), vec!["e.id"]),
            Sort::Top => ("e.score_top".to_owned(), vec!["e.id"]),
            Sort::Controversial => ("e.score_controversial".to_owned(), vec!["e.id"]),
            Sort::Field(_) => {
                let column = if lane.key == KeyType::Text { "f.text" } else { "f.number" };
                (column.to_owned(), vec!["f.created_at", "f.entry"])
            }
        }
    }
}

/// Whether an entry is in a state as the viewer is told: waiting entries of others look removed.
fn state_shown(state: State) -> &'static str {
    match state {
        State::Visible => "e.state || '' = 'visible'",
        State::Deleted => "e.state || '' = 'deleted'",
        State::Held => "e.state || '' = 'held' and ($5 = 1 or e.author = $4)",
        State::Rejected => "e.state || '' = 'rejected' and ($5 = 1 or e.author = $4)",
        State::Removed => {
            "(e.state || '' = 'removed' or (e.state || '' in ('held', 'rejected') and $5 = 0
                and e.author is distinct from $4))"
        }
    }
}
