-- The admin's console: who may open it, the sites made and changed there, what was changed by whom, and what widgets
-- report of the pages they stand on.

-- A link that opens the console once. Only a hash of it is kept.
create table console_links (
    hash text collate "C" not null,
    made_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    constraint console_links_key primary key (hash)
);

-- `site` is null for who may change everything; `person` names who was signed in by a site's token, whose roles are
-- looked up anew each time.
create table console_sessions (
    hash text collate "C" not null,
    name text collate "C" not null,
    site text collate "C",
    person text collate "C",
    made_at bigint not null,
    expires_at bigint not null,
    constraint console_sessions_key primary key (hash),
    constraint console_sessions_whose check ((site is null) = (person is null))
);
create index console_sessions_age on console_sessions (expires_at);

-- A site as the console has saved it, in the words of the configuration, as JSON.
create table console_sites (
    site text collate "C" not null,
    body text collate "C" not null,
    version bigint not null,
    changed_at bigint not null,
    constraint console_sites_key primary key (site)
);

-- Every change: `before` and `after` are JSON objects with what is different, without secrets.
create table console_audit (
    seq bigint not null,
    at bigint not null,
    who text collate "C" not null,
    site text collate "C",
    what text collate "C" not null,
    before text collate "C" not null,
    after text collate "C" not null,
    constraint console_audit_key primary key (seq)
);
create index console_audit_of_site on console_audit (site, seq);
create function console_audit_stays() returns trigger language plpgsql as $$
    begin raise exception 'the audit is not changed'; end $$;
create trigger console_audit_is_not_changed before update or delete on console_audit
    for each row execute function console_audit_stays();

-- What widgets meet in the field: one row for each kind and origin, with a count. Nothing of people.
create table console_reports (
    site text collate "C" not null,
    code text collate "C" not null,
    origin text collate "C" not null,
    page text collate "C" not null,
    count bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    constraint console_reports_key primary key (site, code, origin)
);
