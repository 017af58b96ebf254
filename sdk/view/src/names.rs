//! People in a text that somebody edits: `@Petra Jansen` on the screen, `@[Petra Jansen](id)` for plugins and the store.
//!
//! Which label stands for whom travels beside the text, in hidden fields named `@` and the text's field, each with an id,
//! a space and a label. Labels differ within one text: where two people have one name, what they do follows in brackets.

use std::borrow::Cow;

/// What the value of a hidden field says where its text field is a list of people, not a text.
pub const LIST: &str = "*";

/// Whom a label stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The person's id.
    pub id: String,
    /// What stands in the text, without the `@`.
    pub label: String,
}

/// The name of the hidden fields that belong to a field.
#[must_use]
pub fn companion(field: &str) -> String {
    format!("@{field}")
}

/// The value of a hidden field.
#[must_use]
pub fn pair(id: &str, label: &str) -> String {
    format!("{id} {label}")
}

/// Reads the value of a hidden field.
#[must_use]
pub fn read_pair(value: &str) -> Option<Named> {
    let (id, label) = value.split_once(' ')?;
    let named = Named { id: id.to_owned(), label: label.trim().to_owned() };
    (!named.id.is_empty() && !named.label.is_empty()).then_some(named)
}

/// The label of a person in a text where others are `taken`, which the person then belongs to.
pub fn label(id: &str, name: &str, title: Option<&str>, taken: &mut Vec<Named>) -> String {
    if let Some(known) = taken.iter().find(|known| known.id == id) {
        return known.label.clone();
    }
    let name = plain(name);
    let titled = title.map(|title| format!("{name} ({})", plain(title)));
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    let free = |label: &String| taken.iter().all(|known| known.label != *label);
    let label = std::iter::once(name.clone()).chain(titled).chain(numbered).find(free).unwrap_or(name);
    taken.push(Named { id: id.to_owned(), label: label.clone() });
    label
}

/// A name without what has a meaning in a list of names, in Markdown's links or between lines.
fn plain(name: &str) -> String {
    let blank = |c: char| if c.is_control() || matches!(c, ',' | '[' | ']' | '\\') { ' ' } else { c };
    let mapped: String = name.chars().map(blank).collect();
    mapped.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text to be edited, and whom its labels stand for. `person` gives the present name and what somebody does.
pub fn editable<'a, 'p>(
    markdown: &'a str,
    person: impl Fn(&str) -> Option<(&'p str, Option<&'p str>)>,
) -> (Cow<'a, str>, Vec<Named>) {
    let mut people = Vec::new();
    if !markdown.contains("@[") {
        return (Cow::Borrowed(markdown), people);
    }
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find("@[") {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let found = stored(from).and_then(|(name, id, length)| {
            let known = person(id);
            (known.is_some() || is_id(id)).then(|| (known.unwrap_or((name, None)), id, length))
        });
        if let Some(((name, title), id, length)) = found {
            text.push('@');
            text.push_str(&label(id, name, title, &mut people));
            rest = from.get(length..).unwrap_or_default();
        } else {
            text.push_str("@[");
            rest = from.get(2..).unwrap_or_default();
        }
    }
    text.push_str(rest);
    (Cow::Owned(text), people)
}

/// Reads `@[name](id)` at the start of a text: name, id and the length in bytes.
fn stored(text: &str) -> Option<(&str, &str, usize)> {
    let inner = text.strip_prefix("@[")?;
    let (name, after) = inner.split_once("](")?;
    let (id, _) = after.split_once(')')?;
    let sound = !name.contains(['\n', '[', ']']) && (1..=64).contains(&id.len());
    (sound && id.bytes().all(|byte| byte.is_ascii_graphic())).then_some((
        name,
        id,
        "@[](".len() + name.len() + id.len() + ")".len(),
    ))
}

/// Whether this is an id of the host's (a UUID as text), of whomever it may have been.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The text as plugins and the store have it. `people` are the labels with id and present name.
#[must_use]
pub fn stored_form(text: &str, people: &[(Named, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let begins = !out.chars().next_back().is_some_and(char::is_alphanumeric);
        let after = from.get(1..).unwrap_or_default();
        let meant = |(named, _): &&(Named, String)| {
            after
                .strip_prefix(named.label.as_str())
                .is_some_and(|tail| !tail.chars().next().is_some_and(char::is_alphanumeric))
        };
        // Of `Petra Jansen` and `Petra Jansen (Sales)` the longer one is meant where it stands.
        let found = people.iter().filter(meant).max_by_key(|(named, _)| named.label.len());
        if let Some((named, name)) = found.filter(|_| begins) {
            out.push_str(&format!("@[{}]({})", plain(name), named.id));
            rest = after.get(named.label.len()..).unwrap_or_default();
        } else {
            out.push('@');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Named, editable, label, pair, read_pair, stored_form};

    const PETRA: &str = "01890000-0000-7000-8000-000000000001";
    const OTHER: &str = "01890000-0000-7000-8000-000000000002";
    const GONE: &str = "01890000-0000-7000-8000-000000000003";

    fn person(id: &str) -> Option<(&'static str, Option<&'static str>)> {
        match id {
            PETRA => Some(("Petra Jansen", Some("Purchasing"))),
            OTHER => Some(("Petra Jansen", Some("Sales, Kiel"))),
            _ => None,
        }
    }

    /// Edited without a change, a text is what it was.
    fn check(stored: &str, shown: &str) {
        let (text, people) = editable(stored, person);
        assert_eq!(text, shown);
        let name = |named: &Named| person(&named.id).map_or(named.label.clone(), |(name, _)| name.to_owned());
        let people: Vec<_> = people.into_iter().map(|named| (named.clone(), name(&named))).collect();
        assert_eq!(stored_form(&text, &people), stored, "{shown}");
    }

    #[test]
    fn nobody_sees_an_id_and_nothing_is_lost() {
        check("no one", "no one");
        check(&format!("Ask @[Petra Jansen]({PETRA}), please"), "Ask @Petra Jansen, please");
        check(&format!("@[Petra Jansen]({PETRA})"), "@Petra Jansen");
        check(&format!("was @[Otto Weg]({GONE})"), "was @Otto Weg");
        check(
            &format!("@[Petra Jansen]({PETRA}) @[Petra Jansen]({OTHER}) @[Petra Jansen]({PETRA})"),
            "@Petra Jansen @Petra Jansen (Sales Kiel) @Petra Jansen",
        );
        check("@[a link](https://example.org) @[", "@[a link](https://example.org) @[");
        check("mail@[x", "mail@[x");
    }

    #[test]
    fn a_label_means_somebody_only_where_it_stands_alone() {
        let people =
            [(Named { id: PETRA.to_owned(), label: "Petra".to_owned() }, "Petra [J] Jansen".to_owned())];
        let of = |text: &str| stored_form(text, &people);
        assert_eq!(of("Hi @Petra!"), format!("Hi @[Petra J Jansen]({PETRA})!"));
        for other in ["@Petras", "x@Petra", "@Petr", "Petra", "@", "@@"] {
            assert_eq!(of(other), other);
        }
    }

    #[test]
    fn labels_of_one_text_differ() {
        let mut taken = Vec::new();
        let mut of = |id: &str, title| label(id, "Kim, Lee", title, &mut taken);
        assert_eq!(of("1", Some("Sales")), "Kim Lee");
        assert_eq!(of("2", Some("Sales")), "Kim Lee (Sales)");
        assert_eq!(of("3", Some("Sales")), "Kim Lee (2)");
        assert_eq!(of("4", None), "Kim Lee (3)");
        assert_eq!(of("2", None), "Kim Lee (Sales)");
    }

    #[test]
    fn pairs_are_read_as_they_are_written() {
        let named = Named { id: PETRA.to_owned(), label: "Petra Jansen".to_owned() };
        assert_eq!(read_pair(&pair(PETRA, "Petra Jansen")), Some(named));
        for bad in ["*", "", " x", "x "] {
            assert_eq!(read_pair(bad), None, "{bad:?}");
        }
    }
}
