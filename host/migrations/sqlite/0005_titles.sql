-- The words of the titles of entries, for finding similar ones; rows are those of `entries` by number.
create virtual table entry_titles using fts5 (title, content = '', contentless_delete = 1);
