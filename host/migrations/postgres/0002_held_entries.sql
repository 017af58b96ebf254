-- How many entries wait, and since when, without a look at all others.
create index entries_held on entries (thread, created_at) where state = 'held';
