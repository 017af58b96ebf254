-- What people are told, and what they do not want to be told.

-- How far each reader of the outbox has come.
create table consumers (
    name text collate "C" not null,
    seq bigint not null,
    constraint consumers_key primary key (name)
);
-- What happened before there were notices is no news.
insert into consumers (name, seq) select 'notices', coalesce(max(seq), 0) from events;

-- One for each person and entry. `why` says what made it theirs, `note` what a moderator wrote.
-- `withdrawn_at` is set while the entry is gone and the notice was not read.
create table notices (
    site text collate "C" not null,
    person text collate "C" not null,
    entry text collate "C" not null,
    id text collate "C" not null,
    kind text collate "C" not null,
    plugin text collate "C" not null,
    page text collate "C" not null,
    root text collate "C" not null,
    actor text collate "C",
    why text collate "C" not null,
    note text collate "C" not null,
    created_at bigint not null,
    read_at bigint,
    withdrawn_at bigint,
    constraint notices_key primary key (site, person, entry),
    constraint notices_person foreign key (site, person) references people (site, id) on delete cascade,
    constraint notices_entry foreign key (site, entry) references entries (site, id) on delete cascade
);
create index notices_newest on notices (site, person, created_at, id) where withdrawn_at is null;
create index notices_unread on notices (site, person) where read_at is null and withdrawn_at is null;
create unique index notices_by_id on notices (site, person, id);
create index notices_of_entry on notices (site, entry);
create index notices_age on notices (created_at);

-- Grows with every change of what somebody is told.
create table notice_boxes (
    site text collate "C" not null,
    person text collate "C" not null,
    revision bigint not null,
    constraint notice_boxes_key primary key (site, person),
    constraint notice_boxes_person foreign key (site, person) references people (site, id) on delete cascade
);

-- `what` is `thread`, `person` or `kind`; `target` the start of the thread, the other person or the kind of notice.
create table notice_mutes (
    site text collate "C" not null,
    person text collate "C" not null,
    what text collate "C" not null,
    target text collate "C" not null,
    muted_at bigint not null,
    constraint notice_mutes_key primary key (site, person, what, target),
    constraint notice_mutes_person foreign key (site, person) references people (site, id) on delete cascade,
    constraint notice_mutes_what check (what in ('thread', 'person', 'kind'))
);
create index notice_mutes_by_target on notice_mutes (site, what, target);
