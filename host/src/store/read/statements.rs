//! The statements that are put together, and those whose words differ between databases.
//!
//! The arguments that all statements about entries share: $1 site, $2 the thread's number, $3 plugin, $4 viewer (empty:
//! not signed in), $5 whether they moderate, $6 entries of others made after this are kept back. Their own begin at $7.
//!
//! A limit is written `$1 + 0`: for a bare parameter `SQLite` looks at its value when it plans, and so plans anew at
//! each call (2 ms for some of these).

use std::sync::Arc;

use super::row::COLUMNS;
use crate::store::db::Dialect;
use crate::store::model::Order;

/// Whether a person belongs to an audience; $1 is the site.
macro_rules! belongs {
    ($audience:expr, $person:expr) => {
        concat!(
            "exists (select 1 from audience_groups a cross join person_groups m where a.audience = ",
            $audience,
            " and m.site = $1 and m.person = ",
            $person,
            " and m.name = a.name)"
        )
    };
}
pub(in crate::store) use belongs;

macro_rules! thread {
    () => {
        "
select t.number, t.entry_count,
    (select count(*) from (
        select 1 from entries e
        where e.thread = t.number and e.state = 'visible' and e.created_at > $6 and e.author is distinct from $4
        limit 1000
    ) newer) + case when $5 = 1 then (select count(*) from (
        select 1 from entries e
        where e.thread = t.number and e.state = 'held' and e.created_at > $6 and e.author is distinct from $4
        limit 1000
    ) held) else 0 end
from pages p cross join threads t on t.site = p.site and t.page = p.id and t.plugin = $3
where p.site = $1 and p.key = $2"
    };
}

/// The thread of a plugin on a page and its totals; no row where nothing was ever written. Here $2 is the page's key.
pub(super) const THREAD: &str = thread!();
/// As [`THREAD`]; no row where the viewer may not read the page either.
pub(super) const READABLE_THREAD: &str =
    concat!(thread!(), " and (p.audience is null or ", belongs!("p.audience", "$4"), ")");

/// The thread of a page that may be read because the session's token names it, or by its readers.
pub(super) fn thread_of(is_vouched: bool) -> &'static str {
    if is_vouched { THREAD } else { READABLE_THREAD }
}

/// Replies of others that are kept back, by the root of their thread: `newer` counts them, so the roots must not.
pub(super) const KEPT_BACK: &str = "select e.root, count(*) from entries e
    where e.thread = $2 and e.state = 'visible' and e.created_at > $6 and e.author is distinct from $4
        and e.parent is not null and e.site = $1
    group by e.root";

/// Who gets a line for the entry `e`. Keep in step with `stoa_rules::listed`.
pub(super) const SEEN: &str = "(e.listed = 1 or $5 = 1 or (e.listed = 2 and e.author = $4))
    and (e.created_at <= $6 or e.author = $4)";

/// Whether the page of the entry `e` may be read. $2 is the key of the page that the session's token names.
pub(super) const READABLE: &str = concat!(
    "not exists (select 1 from threads g cross join pages q on q.site = g.site and q.id = g.page
        where g.number = e.thread and q.audience is not null and q.key <> $2 and not ",
    belongs!("q.audience", "$4"),
    ")"
);
/// Whether any page of the site is not for everybody.
pub(super) const GUARDED: &str = "select 1 from pages where site = $1 and audience is not null limit 1";

/// $7 to $9 the last start's pinned flag (`loose` for the oldest first), key and id, $10 how many.
const STARTS: &str = "select {columns} from entries e
    where e.thread = $2 and {seen} and e.parent is null and e.listed > 0 and ({first}, {key}, e.id) {after} ($7, $8, $9)
    order by {first}{way}, {key}{way}, e.id{way} limit $10 + 0";

/// The answers to a start, oldest first: $7 the start, $8 and $9 the last answer's instant and id, $10 how many.
/// Asked for each start: to `SQLite` that is a call of a function, not a round trip, and one statement for all starts
/// took longer (measured: 1.65 against 1.42 million instructions for 100 entries).
/// `+ 0`: by the thread, `SQLite` would look through all replies of the page.
const ANSWERS: &str = "select {columns} from entries e
    where e.thread + 0 = $2 and {seen} and e.site = $1 and e.root = $7 and e.parent is not null and e.listed > 0
        and ({key}, e.id) > ($8, $9)
    order by {key}, e.id limit $10 + 0";

/// The same from any page of the site.
const ANSWERS_ANYWHERE: &str = "select {columns} from entries e
    where e.plugin || '' = $3 and {seen} and e.site = $1 and e.root = $7 and e.parent is not null and e.listed > 0
        and ({key}, e.id) > ($8, $9)
    order by {key}, e.id limit $10 + 0";

/// The start of the thread that $7 is in.
const START: &str = "select {columns} from entries e
    where e.thread = $2 and {seen} and e.site = $1 and e.id = (select a.root from entries a where a.site = $1 and a.id = $7)
        and e.listed > 0";

/// The same from any page of the site.
const START_ANYWHERE: &str = "select {columns} from entries e
    where e.plugin || '' = $3 and {seen} and e.site = $1
        and e.id = (select a.root from entries a where a.site = $1 and a.id = $7) and e.listed > 0 and {readable}";

/// $7 ids as JSON.
const BY_ID: &str = "select {columns} from {each}($7) j cross join entries e
    where e.thread = $2 and {seen} and e.site = $1 and e.id = j.value and e.listed > 0";

/// The same from any page of the site.
const BY_ID_ANYWHERE: &str = "select {columns} from {each}($7) j cross join entries e
    where e.plugin || '' = $3 and {seen} and e.site = $1 and e.id = j.value and e.listed > 0 and {readable}";

/// $1 site, $2 ids as JSON.
const PEOPLE: &str = "select id, name, title, team, roles, active from people
    where site = $1 and id in (select value from {each}($2))";
/// $1 site, $2 keys as JSON.
const PAGES: &str =
    "select p.id, p.key, p.url, p.title, p.owner, p.closed from {each}($2) j cross join pages p
    where p.site = $1 and p.key = j.value";
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
/// The same among those who may read the page with the key $7.
const FIND_READERS: &str = "select p.id, p.name, p.title, p.team, p.roles, p.active
    from (select distinct w.person from people_words w where w.site = $1 and w.word >= $2 and w.word < $3) f
    cross join people p
    where p.site = $1 and p.id = f.person and p.active = 1
        and not exists (
            select 1 from {each}($4) q where not exists (
                select 1 from people_words o where o.site = $1 and o.person = p.id
                    and o.word >= q.value and o.word < q.value || $6
            )
        )
        and case when exists (select 1 from pages k where k.site = $1 and k.key = $7)
            then exists (select 1 from pages k where k.site = $1 and k.key = $7 and (k.audience is null or {belongs}))
            else not exists (select 1 from sites s where s.id = $1 and s.audience is not null) end
    order by p.name, p.id limit $5 + 0";

/// The key of the page of the entry `e`.
pub(super) const PAGE_KEY: &str = "(
    select p.key from threads t cross join pages p where t.number = e.thread and p.site = t.site and p.id = t.page)";

/// The statements, in the words of the database.
#[derive(Debug)]
pub(in crate::store) struct Statements {
    pub(super) dialect: Dialect,
    newest: Arc<str>,
    oldest: Arc<str>,
    top: Arc<str>,
    controversial: Arc<str>,
    pub(super) answers: Arc<str>,
    pub(super) answers_anywhere: Arc<str>,
    pub(super) start: Arc<str>,
    pub(super) start_anywhere: Arc<str>,
    pub(super) by_id: Arc<str>,
    pub(super) by_id_anywhere: Arc<str>,
    pub(super) pages: Arc<str>,
    pub(super) people: Arc<str>,
    pub(super) find_people: Arc<str>,
    pub(super) find_readers: Arc<str>,
}

impl Statements {
    pub(in crate::store) fn new(dialect: Dialect) -> Self {
        let made = |text: &str, key: &str, page: &str| -> Arc<str> {
            let whole = text
                .replace("{columns}", COLUMNS)
                .replace("{seen}", SEEN)
                .replace("{key}", key)
                .replace("{readable}", READABLE);
            dialect.statement(&whole.replace("{page}", page)).into()
        };
        let here = |text: &str, key| made(text, key, "null");
        let anywhere = |text: &str| made(text, "e.created_at", PAGE_KEY);
        let pinned_first =
            STARTS.replace("{first}", "e.pinned").replace("{after}", "<").replace("{way}", " desc");
        let oldest_first = STARTS.replace("{first}", "e.loose").replace("{after}", ">").replace("{way}", "");
        Self {
            dialect,
            newest: here(&pinned_first, "e.created_at"),
            oldest: here(&oldest_first, "e.created_at"),
            top: here(&pinned_first, "e.score_top"),
            controversial: here(&pinned_first, "e.score_controversial"),
            answers: here(ANSWERS, "e.created_at"),
            answers_anywhere: anywhere(ANSWERS_ANYWHERE),
            start: here(START, "e.created_at"),
            start_anywhere: anywhere(START_ANYWHERE),
            by_id: here(BY_ID, "e.created_at"),
            by_id_anywhere: anywhere(BY_ID_ANYWHERE),
            pages: dialect.statement(PAGES).into(),
            people: dialect.statement(PEOPLE).into(),
            find_people: dialect.statement(FIND_PEOPLE).into(),
            find_readers: dialect
                .statement(&FIND_READERS.replace("{belongs}", belongs!("k.audience", "p.id")))
                .into(),
        }
    }

    /// The starts of a page.
    pub(super) fn starts(&self, order: Order) -> &Arc<str> {
        match order {
            Order::Newest => &self.newest,
            Order::Oldest => &self.oldest,
            Order::Top => &self.top,
            Order::Controversial => &self.controversial,
        }
    }

    /// Every statement, for the check that all can be prepared.
    pub(in crate::store) fn all(&self) -> [&Arc<str>; 14] {
        [
            &self.newest,
            &self.oldest,
            &self.top,
            &self.controversial,
            &self.answers,
            &self.answers_anywhere,
            &self.start,
            &self.start_anywhere,
            &self.by_id,
            &self.by_id_anywhere,
            &self.pages,
            &self.people,
            &self.find_people,
            &self.find_readers,
        ]
    }
}
