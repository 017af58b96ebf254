-- People and groups as a directory tells of them (SCIM), and people who are known by more than one name of an issuer.

-- `directed`: groups and roles come from the directory alone. `suspended`: an admin keeps the person out.
alter table people add column directed integer not null default 0;
alter table people add column suspended integer not null default 0;
-- The roles that groups give, as they were last applied.
alter table sites add column directory_rules text not null default '';

-- Further names of a person, as an admin has linked them.
create table people_identities (
    site text not null,
    issuer text not null,
    subject text not null,
    person text not null,
    linked_at integer not null,
    constraint people_identities_key primary key (site, issuer, subject),
    constraint people_identities_person foreign key (site, person) references people (site, id)
) strict, without rowid;
create index people_identities_of on people_identities (site, person);

-- Whose rights have changed other than by a token: hosts that run look here for what they keep in memory.
create table people_changes (
    number integer primary key autoincrement,
    site text not null,
    person text not null,
    made_at integer not null
) strict;

-- `person` is empty while the directory does not say whom it means. `attributes` is a JSON object.
create table directory_users (
    site text not null,
    id text not null,
    person text,
    user_name text not null,
    user_name_folded text not null,
    external_id text,
    active integer not null,
    attributes text not null,
    version integer not null,
    created_at integer not null,
    changed_at integer not null,
    constraint directory_users_key primary key (site, id),
    constraint directory_users_name unique (site, user_name_folded),
    constraint directory_users_external unique (site, external_id),
    constraint directory_users_one unique (site, person),
    constraint directory_users_person foreign key (site, person) references people (site, id),
    constraint directory_users_site foreign key (site) references sites (id),
    constraint directory_users_active check (active in (0, 1))
) strict, without rowid;

create table directory_groups (
    site text not null,
    id text not null,
    name text not null,
    name_folded text not null,
    external_id text,
    version integer not null,
    created_at integer not null,
    changed_at integer not null,
    constraint directory_groups_key primary key (site, id),
    constraint directory_groups_name unique (site, name_folded),
    constraint directory_groups_external unique (site, external_id),
    constraint directory_groups_site foreign key (site) references sites (id)
) strict, without rowid;

create table directory_members (
    site text not null,
    team text not null,
    member text not null,
    constraint directory_members_key primary key (site, team, member),
    constraint directory_members_team foreign key (site, team) references directory_groups (site, id) on delete cascade,
    constraint directory_members_member foreign key (site, member) references directory_users (site, id) on delete cascade
) strict, without rowid;
create index directory_members_of on directory_members (site, member, team);
