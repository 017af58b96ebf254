-- The social store. Instants are microseconds since 1970 (UTC), ids UUIDv7 text, flags 0 or 1.
-- Applied by the SQLite store; 0001 of postgres/ says the same in PostgreSQL's words.

create table sites (
    id text not null,
    created_at integer not null,
    constraint sites_key primary key (id)
) strict, without rowid;

create table people (
    site text not null,
    id text not null,
    issuer text not null,
    subject text not null,
    name text not null,
    email text not null,
    title text not null,
    team text not null,
    roles text not null,
    member_of text not null,
    active integer not null,
    issued_at integer not null,
    created_at integer not null,
    constraint people_key primary key (site, id),
    constraint people_subject unique (site, issuer, subject),
    constraint people_site foreign key (site) references sites (id),
    constraint people_active check (active in (0, 1))
) strict, without rowid;

-- Each word of each name, folded, so that a search by the start of a word is a range of the key.
create table people_words (
    site text not null,
    word text not null,
    person text not null,
    constraint people_words_key primary key (site, word, person),
    constraint people_words_person foreign key (site, person) references people (site, id) on delete cascade
) strict, without rowid;
create index people_words_of on people_words (site, person);

create table pages (
    site text not null,
    id text not null,
    key text not null,
    url text not null,
    title text not null,
    owner text,
    closed integer not null default 0,
    revision integer not null default 0,
    created_at integer not null,
    constraint pages_key primary key (site, id),
    constraint pages_by_key unique (site, key),
    constraint pages_site foreign key (site) references sites (id),
    constraint pages_owner foreign key (site, owner) references people (site, id),
    constraint pages_closed check (closed in (0, 1))
) strict, without rowid;

-- What one plugin keeps on one page. Counters are of visible entries.
create table threads (
    number integer primary key,
    site text not null,
    page text not null,
    plugin text not null,
    entry_count integer not null default 0,
    root_count integer not null default 0,
    revision integer not null default 0,
    constraint threads_page_plugin unique (site, page, plugin),
    constraint threads_page foreign key (site, page) references pages (site, id),
    constraint threads_counts check (entry_count >= root_count and root_count >= 0)
) strict;

-- `listed` says who gets a line for it: 1 everybody, 2 its author and moderators, 3 moderators, 0 nobody.
-- `reply_count` counts visible entries below, `waiting_count` held and rejected ones, at any depth.
-- `answer_count` counts visible direct answers by others. `parent_author` is empty while the parent is not visible.
create table entries (
    number integer primary key,
    site text not null,
    id text not null,
    thread integer not null,
    kind text not null,
    parent text,
    root text not null,
    depth integer not null,
    author text,
    parent_author text,
    body text not null,
    data text not null,
    state text not null,
    reason text not null,
    state_at integer not null,
    approved_at integer,
    version integer not null,
    created_at integer not null,
    edited_at integer,
    edited_by text,
    pinned integer not null default 0,
    loose integer not null generated always as (1 - pinned) virtual,
    listed integer not null,
    reply_count integer not null default 0,
    waiting_count integer not null default 0,
    answer_count integer not null default 0,
    suspect integer not null default 0,
    report_count integer not null default 0,
    up_count integer not null default 0,
    down_count integer not null default 0,
    score_top integer not null default 0,
    score_controversial integer not null default 0,
    counts text not null default '',
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
) strict;
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
    site text not null,
    entry text not null,
    version integer not null,
    author text,
    replaced_at integer not null,
    body text not null,
    constraint entry_revisions_key primary key (site, entry, version),
    constraint entry_revisions_entry foreign key (site, entry) references entries (site, id)
) strict, without rowid;

-- `target` is the id of an entry or of a page.
create table marks (
    site text not null,
    plugin text not null,
    target text not null,
    person text not null,
    kind text not null,
    value text not null,
    put_at integer not null,
    constraint marks_key primary key (site, plugin, target, person, kind),
    constraint marks_person foreign key (site, person) references people (site, id)
) strict, without rowid;

create table plugin_values (
    site text not null,
    plugin text not null,
    key text not null,
    value blob not null,
    constraint plugin_values_key primary key (site, plugin, key)
) strict;

-- How many bytes of keys and values a plugin keeps.
create table plugin_spaces (
    site text not null,
    plugin text not null,
    byte_count integer not null,
    constraint plugin_spaces_key primary key (site, plugin),
    constraint plugin_spaces_count check (byte_count >= 0)
) strict, without rowid;

create table requests (
    site text not null,
    person text not null,
    key text not null,
    fingerprint blob not null,
    answer text not null,
    made_at integer not null,
    constraint requests_key primary key (site, person, key)
) strict;
create index requests_age on requests (made_at);

-- The outbox. autoincrement: a number is never given twice, even when the last events are gone.
create table events (
    seq integer primary key autoincrement,
    id text not null,
    site text not null,
    plugin text not null,
    page text not null,
    kind text not null,
    entry text,
    actor text,
    made_at integer not null,
    data text not null,
    constraint events_id unique (id)
) strict;

-- Which entry an item of an imported file became.
create table imported (
    site text not null,
    local_id text not null,
    entry text not null,
    constraint imported_key primary key (site, local_id),
    constraint imported_entry foreign key (site, entry) references entries (site, id)
) strict, without rowid;
