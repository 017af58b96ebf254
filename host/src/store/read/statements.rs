//! The statements that are put together, and those whose words differ between databases. Those that read
//! entries answer with one row of JSON texts: a row costs about 4 µs on its way through the driver, a hundred of
//! them more than the query itself.
//!
//! A limit is written `$1 + 0`: for a bare parameter `SQLite` looks at its value when it plans, and so plans anew at
//! each call (2 ms for these).

use std::sync::Arc;

use crate::store::db::Dialect;
use crate::store::model::Order;

/// The arguments that all of them share: $1 site, $2 page key, $3 plugin, $4 viewer (empty: not signed in),
/// $5 whether they moderate, $6 entries of others made after this are kept back. Their own begin at $7.
const THREAD: &str = "
with thread as (
    select t.number, t.entry_count
    from pages p cross join threads t on t.site = p.site and t.page = p.id and t.plugin = $3
    where p.site = $1 and p.key = $2
)";

/// Who gets a line for the entry `e`. Keep in step with `rules::listed`.
const SEEN: &str = "(e.listed = 1 or $5 = 1 or (e.listed = 2 and e.author = $4))
    and (e.created_at <= $6 or e.author = $4)";

/// What is picked of an entry `e`; `sort` is its place in the list.
const PICKED: &str = "e.id, e.kind, e.parent, e.root, e.depth, e.author, e.parent_author, e.body, e.data, e.state,
    e.reason, e.version, e.created_at, e.edited_at, e.pinned, e.reply_count, e.answer_count, e.report_count, e.counts";

/// The same columns of the entries picked, and the viewer's own marks; none where nobody has put one.
const GIVEN: &str = "s.sort, s.id, s.kind, s.parent, s.root, s.depth, s.author, s.parent_author, s.body, s.data,
    s.state, s.reason, s.version, s.created_at, s.edited_at, s.pinned, s.reply_count, s.answer_count, s.report_count,
    s.counts,
    case when $4 = '' or (s.counts = '' and s.report_count = 0) then null else (
        select {gather}({array}(m.kind, m.value)) from marks m
        where m.site = $1 and m.plugin = $3 and m.target = s.id and m.person = $4
    ) end";

/// The answer: totals, entries in no promised order, people named in them.
const TAIL: &str = "
select
    (select entry_count from thread),
    (select count(*) from (
        select 1 from entries e
        where e.thread = (select number from thread) and (e.state = 'visible' or ($5 = 1 and e.state = 'held'))
            and e.created_at > $6
            and e.author is distinct from $4
        limit 1000
    ) newer),
    (select {gather}({array}({given})) from picked s),
    (select {gather}({array}(p.id, p.name, p.title, p.team, p.roles, p.active)) from people p
        where p.site = $1 and p.id in (
            select s.author from picked s where s.author is not null
            union select s.parent_author from picked s where s.parent_author is not null
        ))";

/// The first `{limit}` answers after ($10, $11) of the thread that begins with `{root}`. A correlated list of row
/// numbers drives the look-up, so that a long thread costs no more than a short one.
const ANSWERS: &str = "e.number in (
        select e.number from entries e
        where e.site = $1 and e.root = {root} and e.parent is not null and e.listed > 0 and {seen}{after}
        order by e.created_at, e.id limit {limit}
    )";

/// $1 site, $2 ids as JSON.
const PEOPLE: &str = "select id, name, title, team, roles, active from people
    where site = $1 and id in (select value from {each}($2))";
/// $1 site, $2 and $3 the range of the longest word, $4 the other words as JSON, $5 how many, $6 the last character.
const FIND_PEOPLE: &str = "select p.id, p.name, p.title, p.team, p.roles, p.active
    from (select distinct w.person from people_words w where w.site = $1 and w.word >= $2 and w.word < $3) f
    cross join people p
    where p.site = $1 and p.id = f.person and p.active = 1
        and not exists (
            select 1 from {each}($4) q where not exists (
                select 1 from people_words o where o.site = $1 and o.person = p.id
                    and o.word >= q.value and o.word < q.value || $6
            )
        )
    order by p.name, p.id limit $5 + 0";

/// The statements, in the words of the database.
#[derive(Debug)]
pub(in crate::store) struct Statements {
    newest: Arc<str>,
    oldest: Arc<str>,
    top: Arc<str>,
    controversial: Arc<str>,
    /// $7 any entry of the thread, $8 and $9 the last answer's instant and id, $10 how many answers.
    pub(super) thread: Arc<str>,
    /// $7 the ids as JSON.
    pub(super) entries: Arc<str>,
    pub(super) people: Arc<str>,
    pub(super) find_people: Arc<str>,
}

impl Statements {
    pub(in crate::store) fn new(dialect: Dialect) -> Self {
        let order = |columns, key| made(dialect, &threads(columns, key));
        Self {
            newest: order("pinned desc, created_at desc", "created_at"),
            oldest: order("loose, created_at", "created_at"),
            top: order("pinned desc, score_top desc", "score_top"),
            controversial: order("pinned desc, score_controversial desc", "score_controversial"),
            thread: made(dialect, &one_thread()),
            entries: made(dialect, &by_id()),
            people: dialect.statement(PEOPLE).into(),
            find_people: dialect.statement(FIND_PEOPLE).into(),
        }
    }

    /// $7 to $9 the last start's pinned flag (`loose` for the oldest first), key and id, $10 how many starts,
    /// $11 how many answers of each, $12 the ids of starts with 200 answers as JSON.
    pub(super) fn threads(&self, order: Order) -> &Arc<str> {
        match order {
            Order::Newest => &self.newest,
            Order::Oldest => &self.oldest,
            Order::Top => &self.top,
            Order::Controversial => &self.controversial,
        }
    }

    /// Every statement, for the check that all can be prepared.
    pub(in crate::store) fn all(&self) -> [&Arc<str>; 8] {
        [
            &self.newest,
            &self.oldest,
            &self.top,
            &self.controversial,
            &self.thread,
            &self.entries,
            &self.people,
            &self.find_people,
        ]
    }
}

fn made(dialect: Dialect, text: &str) -> Arc<str> {
    let whole = format!("{THREAD}{text}{TAIL}")
        .replace("{given}", GIVEN)
        .replace("{seen}", SEEN)
        .replace("{picked}", PICKED);
    dialect.statement(&whole).into()
}

/// The starts of a page with their first answers.
fn threads(order: &str, key: &str) -> String {
    let descending = order.contains("desc");
    let (first, compare, direction) =
        if descending { ("e.pinned", "<", " desc") } else { ("e.loose", ">", "") };
    let few = ANSWERS.replace("{root}", "r.id").replace("{after}", "").replace("{limit}", "$11 + 0");
    let many = ANSWERS.replace("{root}", "r.id").replace("{after}", "").replace("{limit}", "200");
    format!(
        ", starts as materialized (
    select e.{key} as sort, {{picked}} from entries e
    where e.thread = (select number from thread) and e.parent is null and e.listed > 0 and {{seen}}
        and ({first}, e.{key}, e.id) {compare} ($7, $8, $9)
    order by {first}{direction}, e.{key}{direction}, e.id{direction} limit $10 + 0
), picked as materialized (
    select e.* from starts e
    union all
    select e.created_at, {{picked}} from starts r cross join entries e
    where r.id not in (select value from {{each}}($12)) and {few}
    union all
    select e.created_at, {{picked}} from {{each}}($12) j cross join starts r cross join entries e
    where r.id = j.value and {many}
)"
    )
}

/// One thread from its start, with a part of its answers.
fn one_thread() -> String {
    let answers = ANSWERS
        .replace("{root}", "r.id")
        .replace("{after}", " and (e.created_at, e.id) > ($8, $9)")
        .replace("{limit}", "$10 + 0");
    format!(
        ", start as materialized (
    select e.created_at as sort, {{picked}} from entries e
    where e.site = $1 and e.id = (select a.root from entries a where a.site = $1 and a.id = $7)
        and e.thread = (select number from thread) and e.listed > 0 and {{seen}}
), picked as materialized (
    select e.* from start e
    union all
    select e.created_at, {{picked}} from start r cross join entries e
    where {answers}
)"
    )
}

/// Entries by id.
fn by_id() -> String {
    ", picked as materialized (
    select e.created_at as sort, {picked} from {each}($7) j cross join entries e
    where e.site = $1 and e.id = j.value and e.thread = (select number from thread) and e.listed > 0 and {seen}
)"
    .to_owned()
}
