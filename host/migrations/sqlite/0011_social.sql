-- Notices stand in lines, moderators are told what waits, and the outbox is read in portions.

-- The event after `seq` that has told some of its followers, and the last of them: a number and an id, or nothing.
alter table consumers add column part text not null default '';

-- One for each person, entry and topic: `entry` tells of the entry itself, `duty` that it waits for a moderator. `line`
-- says with which others it is told together; the others as before.
create table notices_in_lines (
    site text not null,
    person text not null,
    entry text not null,
    topic text not null,
    id text not null,
    kind text not null,
    line text not null,
    plugin text not null,
    page text not null,
    root text not null,
    actor text,
    why text not null,
    note text not null,
    created_at integer not null,
    read_at integer,
    withdrawn_at integer,
    constraint notices_entry_topic primary key (site, person, entry, topic),
    constraint notices_person foreign key (site, person) references people (site, id) on delete cascade,
    constraint notices_entry foreign key (site, entry) references entries (site, id) on delete cascade,
    constraint notices_topic check (topic in ('entry', 'duty'))
) strict, without rowid;
insert into notices_in_lines (site, person, entry, topic, id, kind, line, plugin, page, root, actor, why, note,
    created_at, read_at, withdrawn_at)
    select site, person, entry, 'entry', id, kind, case
        when kind in ('reply', 'follow') then 'follow:' || root
        when kind in ('approved', 'rejected', 'removed', 'restored') then 'decision:' || entry
        else kind || ':' || root
    end, plugin, page, root, actor, why, note,
    created_at, read_at, withdrawn_at from notices;
drop table notices;
alter table notices_in_lines rename to notices;
create index notices_newest on notices (site, person, created_at, id) where withdrawn_at is null;
create index notices_of_line on notices (site, person, line, created_at, id) where withdrawn_at is null;
create index notices_unread on notices (site, person, line) where read_at is null and withdrawn_at is null;
create unique index notices_by_id on notices (site, person, id);
create index notices_of_entry on notices (site, entry);
create index notices_age on notices (created_at);

-- Who is told what waits.
alter table people add column moderates integer not null
    generated always as (instr(roles, '"moderator"') > 0 or instr(roles, '"admin"') > 0) virtual;
create index people_moderators on people (site, id) where moderates = 1;

-- Whether colleagues see what somebody has contributed: 0 no, 1 yes, 2 as the site says.
alter table people add column shares integer not null default 2;

-- Titles of entries that are older than the search for them.
insert into entry_titles (rowid, title)
    select e.number, json_extract(e.data, '$.title') from entries e
    where e.state in ('visible', 'held')
        and case when json_valid(e.data) then json_type(e.data, '$.title') end = 'text'
        and not exists (select 1 from entry_titles t where t.rowid = e.number);
