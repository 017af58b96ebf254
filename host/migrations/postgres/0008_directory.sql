-- People and groups as a directory tells of them (SCIM), and people who are known by more than one name of an issuer.

-- `directed`: groups and roles come from the directory alone. `suspended`: an admin keeps the person out.
alter table people add column directed bigint not null default 0;
alter table people add column suspended bigint not null default 0;
-- The roles that groups give, as they were last applied.
alter table sites add column directory_rules text collate "C" not null default '';

-- Further names of a person, as an admin has linked them.
create table people_identities (
    site text collate "C" not null,
    issuer text collate "C" not null,
    subject text collate "C" not null,
    person text collate "C" not null,
    linked_at bigint not null,
    constraint people_identities_key primary key (site, issuer, subject),
    constraint people_identities_person foreign key (site, person) references people (site, id)
);
create index people_identities_of on people_identities (site, person);

-- Whose rights have changed other than by a token: hosts that run look here for what they keep in memory.
create table people_changes (
    number bigint generated always as identity primary key,
    site text collate "C" not null,
    person text collate "C" not null,
    made_at bigint not null
);

-- `person` is empty while the directory does not say whom it means. `attributes` is a JSON object.
create table directory_users (
    site text collate "C" not null,
    id text collate "C" not null,
    person text collate "C",
    user_name text collate "C" not null,
    user_name_folded text collate "C" not null,
    external_id text collate "C",
    active bigint not null,
    attributes text collate "C" not null,
    version bigint not null,
    created_at bigint not null,
    changed_at bigint not null,
    constraint directory_users_key primary key (site, id),
    constraint directory_users_name unique (site, user_name_folded),
    constraint directory_users_external unique (site, external_id),
    constraint directory_users_one unique (site, person),
    constraint directory_users_person foreign key (site, person) references people (site, id),
    constraint directory_users_site foreign key (site) references sites (id),
    constraint directory_users_active check (active in (0, 1))
);

create table directory_groups (
    site text collate "C" not null,
    id text collate "C" not null,
    name text collate "C" not null,
    name_folded text collate "C" not null,
    external_id text collate "C",
    version bigint not null,
    created_at bigint not null,
    changed_at bigint not null,
    constraint directory_groups_key primary key (site, id),
    constraint directory_groups_name unique (site, name_folded),
    constraint directory_groups_external unique (site, external_id),
    constraint directory_groups_site foreign key (site) references sites (id)
);

create table directory_members (
    site text collate "C" not null,
    team text collate "C" not null,
    member text collate "C" not null,
    constraint directory_members_key primary key (site, team, member),
    constraint directory_members_team foreign key (site, team) references directory_groups (site, id) on delete cascade,
    constraint directory_members_member foreign key (site, member) references directory_users (site, id) on delete cascade
);
create index directory_members_of on directory_members (site, member, team);
