-- Typed fields of entries, lists over all pages of a site, and marks of one person.

-- `active_at` is the newest of: created, edited, a visible reply at any depth.
alter table entries add column plugin text collate "C" not null default '';
alter table entries add column active_at bigint not null default 0;
update entries set
    plugin = (select t.plugin from threads t where t.number = entries.thread),
    active_at = greatest(
        created_at,
        coalesce(edited_at, 0),
        coalesce((
            select max(r.created_at) from entries r
            where r.site = entries.site and r.root = entries.id and r.parent is not null and r.state = 'visible'
        ), 0)
    );

-- Lists of one page, then of all pages. Each also serves the other direction.
create index entries_page on entries (thread, created_at, id) where listed > 0;
create index entries_page_kind on entries (thread, kind, created_at, id) where listed > 0;
create index entries_page_active on entries (thread, active_at, id) where parent is null and listed > 0;
create index entries_site on entries (site, plugin, created_at, id) where listed > 0;
create index entries_site_kind on entries (site, plugin, kind, created_at, id) where listed > 0;
create index entries_site_active on entries (site, plugin, active_at, id) where parent is null and listed > 0;
create index entries_site_top on entries (site, plugin, score_top, id) where parent is null and listed > 0;
create index entries_site_controversial on entries (site, plugin, score_controversial, id)
    where parent is null and listed > 0;
create index entries_site_state on entries (site, plugin, state, created_at, id) where state <> 'visible';
create index entries_site_pinned on entries (site, plugin, thread) where pinned = 1;
create index entries_children on entries (site, parent, created_at, id) where parent is not null;
drop index entries_parent;
create index entries_of_author on entries (site, author, created_at, id);
drop index entries_by_author;

-- The indexed values of entries that are visible or held; `item` counts the texts of a field that has several.
create table entry_fields (
    site text collate "C" not null,
    entry text collate "C" not null,
    name text collate "C" not null,
    item bigint not null,
    plugin text collate "C" not null,
    thread bigint not null,
    kind text collate "C" not null,
    text text collate "C",
    number bigint,
    created_at bigint not null,
    constraint entry_fields_key primary key (site, entry, name, item),
    constraint entry_fields_entry foreign key (site, entry) references entries (site, id) on delete cascade,
    constraint entry_fields_value check ((text is null) <> (number is null))
);
create index entry_fields_text on entry_fields (site, plugin, name, text, created_at, entry)
    where text is not null;
create index entry_fields_number on entry_fields (site, plugin, name, number, created_at, entry)
    where number is not null;
create index entry_fields_page_text on entry_fields (thread, name, text, created_at, entry)
    where text is not null;
create index entry_fields_page_number on entry_fields (thread, name, number, created_at, entry)
    where number is not null;

-- Which of the replies to a parent has a field that only one of them can have.
create table entry_holders (
    site text collate "C" not null,
    parent text collate "C" not null,
    kind text collate "C" not null,
    name text collate "C" not null,
    entry text collate "C" not null,
    constraint entry_holders_key primary key (site, parent, kind, name),
    constraint entry_holders_entry foreign key (site, entry) references entries (site, id) on delete cascade
);
create index entry_holders_by_entry on entry_holders (site, entry);

-- What only one entry of a kind may have among those that are visible or held: `key` joins what its kind declares.
create table entry_keys (
    site text collate "C" not null,
    plugin text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    entry text collate "C" not null,
    constraint entry_keys_key primary key (site, plugin, kind, key),
    constraint entry_keys_entry foreign key (site, entry) references entries (site, id) on delete cascade
);
create index entry_keys_by_entry on entry_keys (site, entry);

-- The texts of an earlier version beside the body, with all its other fields.
alter table entry_revisions add column data text collate "C" not null default '';

-- `ranks` says whether the mark counts for the orders by votes.
alter table marks add column ranks bigint not null default 0;
update marks set ranks = 1 where kind = 'vote';

-- Who has put a mark on something, and what somebody has marked.
create index marks_holders on marks (site, plugin, target, kind, put_at, person);
create index marks_of_person on marks (site, plugin, person, kind, target);

-- How often anything has changed that a plugin shows on a site.
create index threads_of_plugin on threads (site, plugin, revision);
