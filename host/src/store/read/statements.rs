//! The statements that are put together, and those whose words differ between databases. Those that read
//! entries answer with one row, all entries in one text: a row costs about 4 µs on its way through the driver,
//! a hundred of them more than the query itself. Each entry is looked up once and becomes text at once; bodies are
//! never carried through temporary tables.
//!
//! A limit is written `$1 + 0`: for a bare parameter `SQLite` looks at its value when it plans, and so plans anew at
//! each call (2 ms for these).

use std::sync::Arc;

use crate::store::db::Dialect;
use crate::store::model::Order;

/// The answer: totals and entries; no row where nothing was ever written.
/// The arguments that all of them share: $1 site, $2 page key, $3 plugin, $4 viewer (empty: not signed in),
/// $5 whether they moderate, $6 entries of others made after this are kept back. Their own begin at $7.
const ANSWER: &str = "
select t.entry_count,
    (select count(*) from (
        select 1 from entries e
        where e.thread = t.number and e.state = 'visible' and e.created_at > $6 and e.author is distinct from $4
        limit 1000
    ) newer) + case when $5 = 1 then (select count(*) from (
        select 1 from entries e
        where e.thread = t.number and e.state = 'held' and e.created_at > $6 and e.author is distinct from $4
        limit 1000
    ) held) else 0 end,
    coalesce((select string_agg(s.line, '\u{1e}') from ({entries}) s), '')
from pages p cross join threads t on t.site = p.site and t.page = p.id and t.plugin = $3
where p.site = $1 and p.key = $2";

/// Who gets a line for the entry `e`. Keep in step with `rules::listed`.
const SEEN: &str = "(e.listed = 1 or $5 = 1 or (e.listed = 2 and e.author = $4))
    and (e.created_at <= $6 or e.author = $4)";

/// An entry `e` as a line of text that `lines` reads: values with U+001F between them, texts that people or plugins
/// wrote last and after their lengths. A null is left out, and so is the whole second part for most entries.
/// Measured: as JSON a page of 100 took 1.6 times as many instructions.
const LINE: &str = "concat_ws('\u{1f}', e.id, e.depth, coalesce(nullif(e.parent, e.root), ''), e.root, coalesce(e.author, ''),
    coalesce(e.parent_author, ''), e.state, e.version, e.created_at, e.reply_count, e.answer_count, {key},
    octet_length(e.kind), octet_length(e.body), e.kind, e.body,
    case when e.counts = '' and e.data = '' and e.reason = '' and e.edited_at is null and e.pinned = 0
        and e.report_count = 0 then null
    else concat_ws('\u{1f}', coalesce(e.edited_at, ''), e.pinned, e.report_count, octet_length(e.data),
        octet_length(e.reason), octet_length(e.counts), e.data, e.reason, e.counts, {mine}) end)";

/// The viewer's own marks on `e` as JSON; none where nobody has put one.
const MINE: &str = "case when $4 = '' or (e.counts = '' and e.report_count = 0) then '[]' else (
        select {gather}({array}(m.kind, m.value)) from marks m
        where m.site = $1 and m.plugin = $3 and m.target = e.id and m.person = $4
    ) end";

/// The first `{limit}` answers of the thread that begins with `{root}`, oldest first; none as null.
const ANSWERS: &str = "(
        select string_agg(a.line, '\u{1e}') from (
            select {line} as line from entries e
            where e.site = $1 and e.root = {root} and e.parent is not null and e.listed > 0 and {seen}{after}
            order by e.created_at, e.id limit {limit}
        ) a
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

fn made(dialect: Dialect, entries: &str) -> Arc<str> {
    let whole = ANSWER
        .replace("{entries}", entries)
        .replace("{line}", LINE)
        .replace("{mine}", MINE)
        .replace("{key}", "''")
        .replace("{seen}", SEEN);
    dialect.statement(&whole).into()
}

/// The answers of a start `r`, each after U+001E; nothing where there are none.
fn answers(after: &str, limit: &str) -> String {
    let answers = ANSWERS.replace("{root}", "r.id").replace("{after}", after).replace("{limit}", limit);
    format!("coalesce('\u{1e}' || {answers}, '')")
}

/// The starts of a page, each followed by its first answers.
fn threads(order: &str, key: &str) -> String {
    let descending = order.contains("desc");
    let (first, compare, direction) =
        if descending { ("e.pinned", "<", " desc") } else { ("e.loose", ">", "") };
    let (few, many) = (answers("", "$11 + 0"), answers("", "200"));
    let start =
        if key == "created_at" { LINE.to_owned() } else { LINE.replace("{key}", &format!("e.{key}")) };
    format!(
        "select r.line
        || case when r.id in (select value from {{each}}($12)) then {many} else {few} end as line
    from (
        select e.id, {start} as line from entries e
        where e.thread = t.number and e.parent is null and e.listed > 0 and {{seen}}
            and ({first}, e.{key}, e.id) {compare} ($7, $8, $9)
        order by {first}{direction}, e.{key}{direction}, e.id{direction} limit $10 + 0
    ) r"
    )
}

/// One thread from its start, with a part of its answers.
fn one_thread() -> String {
    let answers = answers(" and (e.created_at, e.id) > ($8, $9)", "$10 + 0");
    format!(
        "select r.line || {answers} as line
    from (
        select e.id, {{line}} as line from entries e
        where e.site = $1 and e.id = (select a.root from entries a where a.site = $1 and a.id = $7)
            and e.thread = t.number and e.listed > 0 and {{seen}}
        limit 1
    ) r"
    )
}

/// Entries by id.
fn by_id() -> String {
    "select {line} as line from {each}($7) j cross join entries e
    where e.site = $1 and e.id = j.value and e.thread = t.number and e.listed > 0 and {seen}"
        .to_owned()
}
