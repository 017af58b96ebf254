-- The admin's console: who may open it, the sites made and changed there, what was changed by whom, and what widgets
-- report of the pages they stand on.

-- A link that opens the console once. Only a hash of it is kept.
create table console_links (
    hash text not null,
    made_at integer not null,
    expires_at integer not null,
    used_at integer,
    constraint console_links_key primary key (hash)
) strict, without rowid;

-- `site` is null for who may change everything; `person` names who was signed in by a site's token, whose roles are
-- looked up anew each time.
create table console_sessions (
    hash text not null,
    name text not null,
    site text,
    person text,
    made_at integer not null,
    expires_at integer not null,
    constraint console_sessions_key primary key (hash),
    constraint console_sessions_whose check ((site is null) = (person is null))
) strict, without rowid;
create index console_sessions_age on console_sessions (expires_at);

-- A site as the console has saved it, in the words of the configuration, as JSON.
create table console_sites (
    site text not null,
    body text not null,
    version integer not null,
    changed_at integer not null,
    constraint console_sites_key primary key (site)
) strict, without rowid;

-- Every change: `before` and `after` are JSON objects with what is different, without secrets.
create table console_audit (
    seq integer not null,
    at integer not null,
    who text not null,
    site text,
    what text not null,
    before text not null,
    after text not null,
    constraint console_audit_key primary key (seq)
) strict;
create index console_audit_of_site on console_audit (site, seq);
create trigger console_audit_is_not_changed before update on console_audit
    begin select raise(abort, 'the audit is not changed'); end;
create trigger console_audit_is_not_deleted before delete on console_audit
    begin select raise(abort, 'the audit is not deleted'); end;

-- What widgets meet in the field: one row for each kind and origin, with a count. Nothing of people.
create table console_reports (
    site text not null,
    code text not null,
    origin text not null,
    page text not null,
    count integer not null,
    first_at integer not null,
    last_at integer not null,
    constraint console_reports_key primary key (site, code, origin)
) strict, without rowid;
