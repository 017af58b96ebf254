-- Who may read a page, its other keys, changes of pages that can be undone, and what is proposed.

-- `audience` is what a page gets that nobody has told the readers of. In `pages` it is null for everybody who may read the
-- site, 0 for nobody, otherwise a number of `audiences`.
alter table sites add column audience bigint;
alter table pages add column audience bigint;
alter table pages add column audience_at bigint not null default 0;
-- What the page said when it was looked at last, and when that was.
alter table pages add column fingerprint text not null default '';
alter table pages add column looked_at bigint not null default 0;
create index pages_guarded on pages (site) where audience is not null;
create index pages_by_fingerprint on pages (site, fingerprint) where fingerprint <> '';

-- `names` are the groups as JSON, in order.
create table audiences (
    number bigint generated always as identity primary key,
    site text not null,
    names text not null,
    constraint audiences_names unique (site, names)
);
create table audience_groups (
    audience bigint not null,
    site text not null,
    name text not null,
    constraint audience_groups_key primary key (audience, name),
    constraint audience_groups_audience foreign key (audience) references audiences (number)
);
create index audience_groups_by_name on audience_groups (site, name, audience);

-- The groups of `people.member_of`, one a row.
create table person_groups (
    site text not null,
    person text not null,
    name text not null,
    constraint person_groups_key primary key (site, person, name),
    constraint person_groups_person foreign key (site, person) references people (site, id) on delete cascade
);
insert into person_groups (site, person, name)
    select p.site, p.id, g.value from people p cross join json_array_elements_text(p.member_of::json) g (value)
    on conflict do nothing;

create table page_aliases (
    site text not null,
    alias text not null,
    page text not null,
    made_at bigint not null,
    constraint page_aliases_key primary key (site, alias),
    constraint page_aliases_page foreign key (site, page) references pages (site, id)
);
create index page_aliases_of_page on page_aliases (site, page);

-- `kind` is `alias`, `move` or `merge`; `source` and `target` are keys as they were then, `page` and `into_page` ids. Changes
-- of one `batch` are undone together, the last first.
create table page_changes (
    site text not null,
    id text not null,
    batch text not null,
    kind text not null,
    source text not null,
    target text not null,
    page text not null,
    into_page text not null,
    made_at bigint not null,
    undone_at bigint,
    constraint page_changes_key primary key (site, id),
    constraint page_changes_kind check (kind in ('alias', 'move', 'merge'))
);
create index page_changes_by_batch on page_changes (site, batch);

-- What a merge has moved: `what` is `root` (the start of a thread), `mark` or `alias`; `origin` is the thread or page it was on.
create table page_moved (
    site text not null,
    change text not null,
    what text not null,
    item text not null,
    origin text not null,
    constraint page_moved_key primary key (site, change, what, item),
    constraint page_moved_change foreign key (site, change) references page_changes (site, id)
);

-- Two keys that seem to be one page. `why` is `redirect`, `canonical`, `address` or `content`.
create table page_proposals (
    site text not null,
    source text not null,
    target text not null,
    why text not null,
    made_at bigint not null,
    decided_at bigint,
    accepted bigint not null default 0,
    constraint page_proposals_key primary key (site, source, target),
    constraint page_proposals_source foreign key (site, source) references pages (site, id),
    constraint page_proposals_target foreign key (site, target) references pages (site, id),
    constraint page_proposals_why check (why in ('redirect', 'canonical', 'address', 'content')),
    constraint page_proposals_accepted check (accepted in (0, 1))
);
