-- Notices stand in lines, moderators are told what waits, and the outbox is read in portions.

-- The event after `seq` that has told some of its followers, and the last of them: a number and an id, or nothing.
alter table consumers add column part text collate "C" not null default '';

-- One for each person, entry and topic: `entry` tells of the entry itself, `duty` that it waits for a moderator. `line`
-- says with which others it is told together.
alter table notices add column topic text collate "C" not null default 'entry';
alter table notices add column line text collate "C" not null default '';
update notices set line = case
        when kind in ('reply', 'follow') then 'follow:' || root
        when kind in ('approved', 'rejected', 'removed', 'restored') then 'decision:' || entry
        else kind || ':' || root
    end;
alter table notices drop constraint notices_key;
alter table notices add constraint notices_key primary key (site, person, entry, topic);
alter table notices add constraint notices_topic check (topic in ('entry', 'duty'));
create index notices_of_line on notices (site, person, line, created_at, id) where withdrawn_at is null;
drop index notices_unread;
create index notices_unread on notices (site, person, line) where read_at is null and withdrawn_at is null;

-- Who is told what waits.
alter table people add column moderates integer not null generated always as (
    case when position('"moderator"' in roles) > 0 or position('"admin"' in roles) > 0 then 1 else 0 end
) stored;
create index people_moderators on people (site, id) where moderates = 1;

-- Whether colleagues see what somebody has contributed: 0 no, 1 yes, 2 as the site says.
alter table people add column shares bigint not null default 2;

-- Titles of entries that are older than the search for them.
insert into entry_titles (number, title)
    select e.number, to_tsvector('simple', nullif(e.data, '')::jsonb ->> 'title') from entries e
    where e.state in ('visible', 'held') and nullif(e.data, '')::jsonb ->> 'title' is not null
    on conflict (number) do nothing;
