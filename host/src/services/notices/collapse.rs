//! Notices as lines of a list: those of one thread and kind are one line.

use crate::base::id::PersonId;
use crate::store::{Notice, NoticeKind};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The newest of its notices.
    pub newest: Notice,
    /// Where unread ones are in it, the oldest of them: where reading goes on.
    pub first_unread: Option<Notice>,
    /// Who did it, each once, the latest first.
    pub actors: Vec<PersonId>,
    /// The ids of all its notices.
    pub ids: Vec<String>,
}

/// The lines of notices that come the newest first. A decision is a line of its own.
#[must_use]
pub fn collapse(notices: Vec<Notice>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for notice in notices {
        let joins = |row: &&mut Row| {
            let newest = &row.newest;
            !notice.kind.is_decision()
                && joined(newest.kind) == joined(notice.kind)
                && newest.plugin == notice.plugin
                && newest.root == notice.root
        };
        match rows.iter_mut().find(joins) {
            Some(row) => row.add(notice),
            None => {
                let mut row =
                    Row { newest: notice.clone(), first_unread: None, actors: Vec::new(), ids: Vec::new() };
                row.add(notice);
                rows.push(row);
            }
        }
    }
    rows
}

/// Which kinds stand in one line.
fn joined(kind: NoticeKind) -> NoticeKind {
    // Both say that there is something new in a thread.
    if kind == NoticeKind::Reply { NoticeKind::Follow } else { kind }
}

impl Row {
    fn add(&mut self, notice: Notice) {
        self.ids.push(notice.id.clone());
        if let Some(actor) = notice.actor.as_ref().filter(|actor| !self.actors.contains(actor)) {
            self.actors.push(actor.clone());
        }
        if !notice.read {
            self.first_unread = Some(notice);
        }
    }
}

#[cfg(test)]
mod tests {
    use stoa_rules::Fields;

    use super::collapse;
    use crate::store::{Notice, NoticeKind, Why};

    fn notice(id: &str, kind: NoticeKind, root: &str, actor: &str, read: bool) -> Notice {
        Notice {
            id: id.to_owned(),
            kind,
            plugin: "comments".into(),
            page: "p".to_owned(),
            page_url: String::new(),
            page_title: String::new(),
            entry: id.into(),
            root: root.into(),
            root_kind: String::new(),
            root_fields: Fields::new(),
            actor: Some(actor.into()),
            why: Why::Wrote,
            note: String::new(),
            at: 1,
            read,
        }
    }

    /// Each line: its newest, whether unread and from where, its people.
    fn lines(notices: Vec<Notice>) -> Vec<String> {
        let line = |row: &super::Row| {
            let people: Vec<&str> = row.actors.iter().map(crate::base::id::PersonId::as_str).collect();
            let unread = row.first_unread.as_ref().map_or("-", |notice| notice.id.as_str());
            format!("{} {unread} {} {}", row.newest.id, people.join(","), row.ids.join(","))
        };
        collapse(notices).iter().map(line).collect()
    }

    #[test]
    fn those_of_one_thread_are_one_line() {
        use NoticeKind::{Approved, Follow, Mention, Removed, Reply};
        let one = |id, kind, root, actor| notice(id, kind, root, actor, false);
        let check = |notices: Vec<Notice>, expected: &[&str]| assert_eq!(lines(notices), expected);
        check(vec![], &[]);
        check(vec![one("2", Reply, "a", "tom"), one("1", Reply, "b", "tom")], &["2 2 tom 2", "1 1 tom 1"]);
        check(
            vec![
                one("4", Reply, "a", "tom"),
                one("3", Mention, "a", "eva"),
                one("2", Follow, "a", "ben"),
                one("1", Follow, "a", "tom"),
            ],
            &["4 1 tom,ben 4,2,1", "3 3 eva 3"],
        );
        check(
            vec![one("2", Removed, "a", "mona"), one("1", Approved, "a", "mona")],
            &["2 2 mona 2", "1 1 mona 1"],
        );
    }

    #[test]
    fn a_line_leads_to_the_oldest_unread() {
        let one = |id, read| notice(id, NoticeKind::Reply, "a", "tom", read);
        let check = |notices: Vec<Notice>, expected: &str| assert_eq!(lines(notices), [expected]);
        check(vec![one("3", false), one("2", false), one("1", true)], "3 2 tom 3,2,1");
        check(vec![one("2", true), one("1", true)], "2 - tom 2,1");
    }
}
