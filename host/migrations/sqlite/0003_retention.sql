-- When the text of a deleted entry was cleared; what is left keeps the place of its answers.
alter table entries add column cleared_at integer;
-- What is still to be cleared, the oldest first.
create index entries_deleted on entries (site, state_at) where state = 'deleted' and cleared_at is null;
