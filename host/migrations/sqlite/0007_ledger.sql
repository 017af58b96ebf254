-- Points: transfers between accounts, never changed, and what is in each account.

-- `person` is empty for an account of the site. `granted` and `began_at` tell the last budget and its period.
-- People are never below 0; the site is where points come from.
create table accounts (
    site text not null,
    plugin text not null,
    unit text not null,
    name text not null,
    person text not null,
    balance integer not null,
    granted integer not null,
    began_at integer not null,
    constraint accounts_key primary key (site, plugin, unit, name, person),
    constraint accounts_balance check (balance >= 0 or person = '')
) strict, without rowid;

-- `payer` and `payee` are people, empty for the site. `entry` and `actor` say by what and by whom it came about; both
-- are missing in a budget. `reverses` names the transfer that this one takes back.
create table transfers (
    site text not null,
    id text not null,
    plugin text not null,
    unit text not null,
    reason text not null,
    payer_account text not null,
    payer text not null,
    payee_account text not null,
    payee text not null,
    amount integer not null,
    entry text,
    actor text,
    made_at integer not null,
    reverses text,
    constraint transfers_key primary key (site, id),
    constraint transfers_entry foreign key (site, entry) references entries (site, id),
    constraint transfers_reverses foreign key (site, reverses) references transfers (site, id),
    constraint transfers_amount check (amount >= 0)
) strict, without rowid;
create unique index transfers_reversed_once on transfers (site, reverses) where reverses is not null;
create index transfers_of_entry on transfers (site, entry, made_at) where entry is not null;
create index transfers_of_payer on transfers (site, plugin, unit, reason, payer, made_at);
create index transfers_of_payee on transfers (site, plugin, unit, reason, payee, made_at);
