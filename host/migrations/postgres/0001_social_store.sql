-- The social store. Instants are microseconds since 1970 (UTC), ids UUIDv7 text, flags 0 or 1.
-- Applied by the PostgreSQL store; 0001 of sqlite/ says the same in SQLite's words. Collation "C" everywhere:
-- cursors and ranges compare bytes.

create table sites (
    id text collate "C" not null,
    created_at bigint not null,
    constraint sites_key primary key (id)
);

create table people (
    site text collate "C" not null,
    id text collate "C" not null,
    issuer text collate "C" not null,
    subject text collate "C" not null,
    name text collate "C" not null,
    email text collate "C" not null,
    title text collate "C" not null,
    team text collate "C" not null,
    roles text collate "C" not null,
    member_of text collate "C" not null,
    active bigint not null,
    issued_at bigint not null,
    created_at bigint not null,
    constraint people_key primary key (site, id),
    constraint people_subject unique (site, issuer, subject),
    constraint people_site foreign key (site) references sites (id),
    constraint people_active check (active in (0, 1))
);

-- Each word of each name, folded, so that a search by the start of a word is a range of the key.
create table people_words (
    site text collate "C" not null,
    word text collate "C" not null,
    person text collate "C" not null,
    constraint people_words_key primary key (site, word, person),
    constraint people_words_person foreign key (site, person) references people (site, id) on delete cascade
);
create index people_words_of on people_words (site, person);

create table pages (
    site text collate "C" not null,
    id text collate "C" not null,
    key text collate "C" not null,
    url text collate "C" not null,
    title text collate "C" not null,
    owner text collate "C",
    closed bigint not null default 0,
    revision bigint not null default 0,
    created_at bigint not null,
    constraint pages_key primary key (site, id),
    constraint pages_by_key unique (site, key),
    constraint pages_site foreign key (site) references sites (id),
    constraint pages_owner foreign key (site, owner) references people (site, id),
    constraint pages_closed check (closed in (0, 1))
);

-- What one plugin keeps on one page. Counters are of visible entries.
create table threads (
    number bigint generated always as identity primary key,
    site text collate "C" not null,
    page text collate "C" not null,
    plugin text collate "C" not null,
    entry_count bigint not null default 0,
    root_count bigint not null default 0,
    revision bigint not null default 0,
    constraint threads_page_plugin unique (site, page, plugin),
    constraint threads_page foreign key (site, page) references pages (site, id),
    constraint threads_counts check (entry_count >= root_count and root_count >= 0)
);

-- `listed` says who gets a line for it: 1 everybody, 2 its author and moderators, 3 moderators, 0 nobody.
-- `reply_count` counts visible entries below, `waiting_count` held and rejected ones, at any depth.
-- `answer_count` counts visible direct answers by others. `parent_author` is empty while the parent is not visible.
create table entries (
    number bigint generated always as identity primary key,
    site text collate "C" not null,
    id text collate "C" not null,
    thread bigint not null,
    kind text collate "C" not null,
    parent text collate "C",
    root text collate "C" not null,
    depth bigint not null,
    author text collate "C",
    parent_author text collate "C",
    body text collate "C" not null,
    data text collate "C" not null,
    state text collate "C" not null,
    reason text collate "C" not null,
    state_at bigint not null,
    approved_at bigint,
    version bigint not null,
    created_at bigint not null,
    edited_at bigint,
    edited_by text collate "C",
    pinned bigint not null default 0,
    loose bigint not null generated always as (1 - pinned) stored,
    listed bigint not null,
    reply_count bigint not null default 0,
    waiting_count bigint not null default 0,
    answer_count bigint not null default 0,
    suspect bigint not null default 0,
    report_count bigint not null default 0,
    up_count bigint not null default 0,
    down_count bigint not null default 0,
    score_top bigint not null default 0,
    score_controversial bigint not null default 0,
    counts text collate "C" not null default '',
    constraint entries_id unique (site, id),
    constraint entries_thread foreign key (thread) references threads (number),
    constraint entries_parent foreign key (site, parent) references entries (site, id),
    constraint entries_author foreign key (site, author) references people (site, id),
    constraint entries_state check (state in ('visible', 'held', 'rejected', 'deleted', 'removed')),
    constraint entries_pinned check (pinned in (0, 1)),
    constraint entries_counts check (
        reply_count >= 0 and waiting_count >= 0 and answer_count >= 0 and report_count >= 0
        and up_count >= 0 and down_count >= 0
    )
);
create index entries_newest on entries (thread, pinned, created_at, id) where parent is null and listed > 0;
create index entries_oldest on entries (thread, loose, created_at, id) where parent is null and listed > 0;
create index entries_top on entries (thread, pinned, score_top, id) where parent is null and listed > 0;
create index entries_controversial on entries (thread, pinned, score_controversial, id)
    where parent is null and listed > 0;
create index entries_replies on entries (site, root, created_at, id) where parent is not null;
create index entries_parent on entries (site, parent) where parent is not null;
create index entries_newer on entries (thread, created_at) where state = 'visible';
create index entries_by_author on entries (site, author, created_at);

create table entry_revisions (
    site text collate "C" not null,
    entry text collate "C" not null,
    version bigint not null,
    author text collate "C",
    replaced_at bigint not null,
    body text collate "C" not null,
    constraint entry_revisions_key primary key (site, entry, version),
    constraint entry_revisions_entry foreign key (site, entry) references entries (site, id)
);

-- `target` is the id of an entry or of a page.
create table marks (
    site text collate "C" not null,
    plugin text collate "C" not null,
    target text collate "C" not null,
    person text collate "C" not null,
    kind text collate "C" not null,
    value text collate "C" not null,
    put_at bigint not null,
    constraint marks_key primary key (site, plugin, target, person, kind),
    constraint marks_person foreign key (site, person) references people (site, id)
);

create table plugin_values (
    site text collate "C" not null,
    plugin text collate "C" not null,
    key text collate "C" not null,
    value bytea not null,
    constraint plugin_values_key primary key (site, plugin, key)
);

-- How many bytes of keys and values a plugin keeps.
create table plugin_spaces (
    site text collate "C" not null,
    plugin text collate "C" not null,
    byte_count bigint not null,
    constraint plugin_spaces_key primary key (site, plugin),
    constraint plugin_spaces_count check (byte_count >= 0)
);

create table requests (
    site text collate "C" not null,
    person text collate "C" not null,
    key text collate "C" not null,
    fingerprint bytea not null,
    answer text collate "C" not null,
    made_at bigint not null,
    constraint requests_key primary key (site, person, key)
);
create index requests_age on requests (made_at);

-- The outbox. Numbers are given before the commit, so a reader takes only those below the oldest running
-- transaction (`made_in`).
create table events (
    seq bigint generated always as identity primary key,
    id text collate "C" not null,
    site text collate "C" not null,
    plugin text collate "C" not null,
    page text collate "C" not null,
    kind text collate "C" not null,
    entry text collate "C",
    actor text collate "C",
    made_at bigint not null,
    data text collate "C" not null,
    made_in xid8 not null default pg_current_xact_id(),
    constraint events_id unique (id)
);

-- Which entry an item of an imported file became.
create table imported (
    site text collate "C" not null,
    local_id text collate "C" not null,
    entry text collate "C" not null,
    constraint imported_key primary key (site, local_id),
    constraint imported_entry foreign key (site, entry) references entries (site, id)
);
