-- What people are told, and what they do not want to be told.

-- How far each reader of the outbox has come.
create table consumers (
    name text not null,
    seq integer not null,
    constraint consumers_key primary key (name)
) strict, without rowid;
-- What happened before there were notices is no news.
insert into consumers (name, seq) select 'notices', coalesce(max(seq), 0) from events;

-- One for each person and entry. `why` says what made it theirs, `note` what a moderator wrote.
-- `withdrawn_at` is set while the entry is gone and the notice was not read.
create table notices (
    site text not null,
    person text not null,
    entry text not null,
    id text not null,
    kind text not null,
    plugin text not null,
    page text not null,
    root text not null,
    actor text,
    why text not null,
    note text not null,
    created_at integer not null,
    read_at integer,
    withdrawn_at integer,
    constraint notices_key primary key (site, person, entry),
    constraint notices_person foreign key (site, person) references people (site, id) on delete cascade,
    constraint notices_entry foreign key (site, entry) references entries (site, id) on delete cascade
) strict, without rowid;
create index notices_newest on notices (site, person, created_at, id) where withdrawn_at is null;
create index notices_unread on notices (site, person) where read_at is null and withdrawn_at is null;
create unique index notices_by_id on notices (site, person, id);
create index notices_of_entry on notices (site, entry);
create index notices_age on notices (created_at);

-- Grows with every change of what somebody is told.
create table notice_boxes (
    site text not null,
    person text not null,
    revision integer not null,
    constraint notice_boxes_key primary key (site, person),
    constraint notice_boxes_person foreign key (site, person) references people (site, id) on delete cascade
) strict, without rowid;

-- `what` is `thread`, `person` or `kind`; `target` the start of the thread, the other person or the kind of notice.
create table notice_mutes (
    site text not null,
    person text not null,
    what text not null,
    target text not null,
    muted_at integer not null,
    constraint notice_mutes_key primary key (site, person, what, target),
    constraint notice_mutes_person foreign key (site, person) references people (site, id) on delete cascade,
    constraint notice_mutes_what check (what in ('thread', 'person', 'kind'))
) strict, without rowid;
create index notice_mutes_by_target on notice_mutes (site, what, target);
