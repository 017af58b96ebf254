-- The words of the titles of entries, for finding similar ones; rows are those of `entries` by number.
create table entry_titles (
    number bigint not null,
    title tsvector not null,
    constraint entry_titles_key primary key (number)
);
create index entry_titles_words on entry_titles using gin (title);
