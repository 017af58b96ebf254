-- Points: transfers between accounts, never changed, and what is in each account.

-- `person` is empty for an account of the site. `granted` and `began_at` tell the last budget and its period.
-- People are never below 0; the site is where points come from.
create table accounts (
    site text collate "C" not null,
    plugin text collate "C" not null,
    unit text collate "C" not null,
    name text collate "C" not null,
    person text collate "C" not null,
    balance bigint not null,
    granted bigint not null,
    began_at bigint not null,
    constraint accounts_key primary key (site, plugin, unit, name, person),
    constraint accounts_balance check (balance >= 0 or person = '')
);

-- `payer` and `payee` are people, empty for the site. `entry` and `actor` say by what and by whom it came about; both
-- are missing in a budget. `reverses` names the transfer that this one takes back.
create table transfers (
    site text collate "C" not null,
    id text collate "C" not null,
    plugin text collate "C" not null,
    unit text collate "C" not null,
    reason text collate "C" not null,
    payer_account text collate "C" not null,
    payer text collate "C" not null,
    payee_account text collate "C" not null,
    payee text collate "C" not null,
    amount bigint not null,
    entry text collate "C",
    actor text collate "C",
    made_at bigint not null,
    reverses text collate "C",
    constraint transfers_key primary key (site, id),
    constraint transfers_entry foreign key (site, entry) references entries (site, id),
    constraint transfers_reverses foreign key (site, reverses) references transfers (site, id),
    constraint transfers_amount check (amount >= 0)
);
create unique index transfers_reversed_once on transfers (site, reverses) where reverses is not null;
create index transfers_of_entry on transfers (site, entry, made_at) where entry is not null;
create index transfers_of_payer on transfers (site, plugin, unit, reason, payer, made_at);
create index transfers_of_payee on transfers (site, plugin, unit, reason, payee, made_at);
