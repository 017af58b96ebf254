//! Which values the fields of an entry take.

use std::collections::BTreeSet;

use super::field::{Field, FieldKind, FieldProblem, Limit, Why};
use super::kind::Kind;
use super::value::{Fields, Value, chars_seen};
use crate::limits;
use crate::manifest::form::{PAGE, is_id, is_line};

/// The value of an integer setting; none where the manifest does not declare it.
type Settings<'a> = &'a dyn Fn(&str) -> Option<i64>;

impl Kind {
    /// Check a new entry. The rights of the author are checked by [`super::may_set_new`].
    ///
    /// A limit that is a setting without a value is the greatest that the type allows.
    ///
    /// # Errors
    /// [`FieldProblem`] with the first field that does not fit: `parent`, then by name.
    pub fn check_new(
        &self,
        parent_kind: Option<&str>,
        fields: &Fields,
        settings: Settings<'_>,
    ) -> Result<(), FieldProblem> {
        if !self.may_reply_to(parent_kind) {
            return Err(problem("parent", self.wrong_parent()));
        }
        self.check_new_fields(fields, settings)
    }

    /// Check the fields of a new entry whose parent is not known yet.
    ///
    /// # Errors
    /// [`FieldProblem`] with the first field that does not fit, by name.
    pub fn check_new_fields(&self, fields: &Fields, settings: Settings<'_>) -> Result<(), FieldProblem> {
        for (name, field) in &self.fields {
            if field.required && fields.get(name).is_none_or(Value::is_blank) {
                return Err(problem(name, Why::Missing));
            }
        }
        self.check_change(fields, settings)
    }

    /// Check new values of an entry that exists. The rights of the person are checked by [`super::may_set`].
    ///
    /// A limit that is a setting without a value is the greatest that the type allows.
    ///
    /// # Errors
    /// [`FieldProblem`] with the first field that does not fit, by name.
    pub fn check_change(&self, fields: &Fields, settings: Settings<'_>) -> Result<(), FieldProblem> {
        for (name, value) in fields {
            let field = self.fields.get(name).ok_or_else(|| problem(name, Why::Undeclared))?;
            if field.derived().is_some() {
                return Err(problem(name, Why::Derived));
            }
            check_value(field, value, settings).map_err(|why| problem(name, why))?;
        }
        Ok(())
    }

    /// As [`Kind::check_change`], and that `seen` is there where a text is changed.
    ///
    /// # Errors
    /// [`FieldProblem`] with the first field that does not fit, by name.
    pub fn check_versioned_change(
        &self,
        seen: Option<u32>,
        fields: &Fields,
        settings: Settings<'_>,
    ) -> Result<(), FieldProblem> {
        self.check_change(fields, settings)?;
        let is_text = |name: &&String| self.fields.get(*name).is_some_and(|field| field.kind.is_text());
        match fields.keys().find(is_text) {
            Some(name) if seen.is_none() => Err(problem(name, Why::NoVersion)),
            _ => Ok(()),
        }
    }

    fn wrong_parent(&self) -> Why {
        let alone = if self.parents.is_empty() { vec![PAGE.to_owned()] } else { Vec::new() };
        Why::WrongParent { wanted: self.parents.iter().cloned().chain(alone).collect() }
    }
}

fn problem(field: &str, why: Why) -> FieldProblem {
    FieldProblem { field: field.to_owned(), why }
}

fn check_value(field: &Field, value: &Value, settings: Settings<'_>) -> Result<(), Why> {
    check_type(field.kind, value)?;
    if value.is_blank() {
        return if field.required { Err(Why::Missing) } else { Ok(()) };
    }
    match value {
        Value::Text(text) => check_text(field, text, settings),
        Value::Number(number) => check_number(field, *number, settings),
        Value::Texts(items) => check_items(field, items),
        Value::Time(time) => match i64::try_from(*time) {
            Ok(_) => Ok(()),
            Err(_) => Err(Why::OutOfRange { min: 0, max: i64::MAX }),
        },
        Value::Boolean(_) | Value::Unset => Ok(()),
    }
}

/// Whether a value is of the type of a field.
pub(crate) fn check_type(kind: FieldKind, value: &Value) -> Result<(), Why> {
    let fits = match kind {
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Choice
        | FieldKind::Person
        | FieldKind::Reference => matches!(value, Value::Text(_)),
        FieldKind::Number => matches!(value, Value::Number(_)),
        FieldKind::Boolean => matches!(value, Value::Boolean(_)),
        FieldKind::Time => matches!(value, Value::Time(_)),
        FieldKind::People | FieldKind::Tags | FieldKind::List => matches!(value, Value::Texts(_)),
    };
    if fits || *value == Value::Unset { Ok(()) } else { Err(Why::WrongType { wanted: kind }) }
}

fn check_text(field: &Field, text: &str, settings: Settings<'_>) -> Result<(), Why> {
    match field.kind {
        FieldKind::Choice if field.choices.iter().any(|choice| choice == text) => Ok(()),
        FieldKind::Choice => Err(Why::NotAChoice),
        FieldKind::Person | FieldKind::Reference if is_id(text) => Ok(()),
        FieldKind::Person | FieldKind::Reference => Err(Why::NotAnId),
        FieldKind::Text if !is_line(text) => Err(Why::NotOneLine),
        _ => {
            let (default, most) = if field.kind == FieldKind::LongText {
                (limits::LONG_TEXT_CHARS_DEFAULT, limits::LONG_TEXT_CHARS_MAX)
            } else {
                (limits::TEXT_CHARS_DEFAULT, limits::TEXT_CHARS_MAX)
            };
            check_chars(text, chars(field.min.unwrap_or(0)), chars_max(field, default, most, settings))
        }
    }
}

fn check_chars(text: &str, min: usize, max: usize) -> Result<(), Why> {
    // A text of at most `max` bytes has at most `max` characters: most are not counted for that.
    if text.len() > max && chars_seen(text) > max {
        return Err(Why::TooLong { max });
    }
    if text.chars().take(min).count() < min {
        return Err(Why::TooShort { min });
    }
    Ok(())
}

fn chars_max(field: &Field, default: usize, most: usize, settings: Settings<'_>) -> usize {
    match &field.max {
        None => default,
        Some(Limit::Number(number)) => chars(*number).min(most),
        Some(Limit::Setting(name)) => settings(name).map_or(most, |number| chars(number).min(most)),
    }
}

/// A number of characters; a negative one counts as none.
fn chars(number: i64) -> usize {
    usize::try_from(number.max(0)).unwrap_or(usize::MAX)
}

fn check_number(field: &Field, number: i64, settings: Settings<'_>) -> Result<(), Why> {
    let min = field.min.unwrap_or(i64::MIN);
    let max = match &field.max {
        None => i64::MAX,
        Some(Limit::Number(number)) => *number,
        Some(Limit::Setting(name)) => settings(name).unwrap_or(i64::MAX),
    };
    if (min..=max).contains(&number) { Ok(()) } else { Err(Why::OutOfRange { min, max }) }
}

fn check_items(field: &Field, items: &[String]) -> Result<(), Why> {
    let (min, max) = (field.min_count.unwrap_or(0), field.max_count.unwrap_or(limits::ITEMS_DEFAULT));
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if count > max {
        return Err(Why::TooMany { max });
    }
    if count < min {
        return Err(Why::TooFew { min });
    }
    let mut seen = BTreeSet::new();
    for item in items {
        check_item(field, item)?;
        if !seen.insert(item) {
            return Err(Why::Duplicate);
        }
    }
    Ok(())
}

fn check_item(field: &Field, item: &str) -> Result<(), Why> {
    if field.kind == FieldKind::People {
        return if is_id(item) { Ok(()) } else { Err(Why::NotAnId) };
    }
    if item.trim().is_empty() {
        return Err(Why::EmptyItem);
    }
    if !is_line(item) {
        return Err(Why::NotOneLine);
    }
    if !field.choices.is_empty() && !field.choices.iter().any(|choice| choice == item) {
        return Err(Why::NotAChoice);
    }
    check_chars(item, 0, limits::ITEM_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use crate::{Field, FieldKind, FieldProblem, Fields, Kind, Limit, Value, Why};

    const ID: &str = "0199e1a0-0000-7000-8000-00000000000a";
    const OTHER_ID: &str = "0199e1a0-0000-7000-8000-00000000000b";

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn texts(texts: &[&str]) -> Value {
        Value::Texts(texts.iter().map(|one| (*one).to_owned()).collect())
    }

    /// One field `f` and one value for it; the setting `most` is 10.
    fn check(field: &Field, value: Value, expected: Result<(), Why>) {
        let kind = Kind { fields: [("f".to_owned(), field.clone())].into(), ..Kind::default() };
        let fields: Fields = [("f".to_owned(), value.clone())].into();
        let settings = |name: &str| (name == "most").then_some(10);
        let found = kind.check_new(None, &fields, &settings);
        let expected = expected.map_err(|why| FieldProblem { field: "f".to_owned(), why });
        assert_eq!(found, expected, "{field:?} {value:?}");
    }

    #[test]
    fn a_text_is_one_line_between_its_limits() {
        let title = Field {
            required: true,
            min: Some(2),
            max: Some(Limit::Number(5)),
            ..Field::new(FieldKind::Text)
        };
        let plain = Field::new(FieldKind::Text);
        for (field, value, expected) in [
            (&title, text("äöü€!"), Ok(())),
            (&title, text("äöü€!x"), Err(Why::TooLong { max: 5 })),
            (&title, text("x"), Err(Why::TooShort { min: 2 })),
            (&title, text("  "), Err(Why::Missing)),
            (&title, Value::Unset, Err(Why::Missing)),
            (&title, text("a\nb"), Err(Why::NotOneLine)),
            (&title, text("a\u{2028}b"), Err(Why::NotOneLine)),
            (&title, Value::Number(1), Err(Why::WrongType { wanted: FieldKind::Text })),
            (&plain, text(""), Ok(())),
            (&plain, Value::Unset, Ok(())),
            (&plain, text(&"x".repeat(200)), Ok(())),
            (&plain, text(&"x".repeat(201)), Err(Why::TooLong { max: 200 })),
        ] {
            check(field, value, expected);
        }
    }

    #[test]
    fn a_limit_can_be_a_setting_and_never_exceeds_that_of_the_type() {
        let of = |name: &str| Some(Limit::Setting(name.to_owned()));
        let body = Field { max: of("most"), ..Field::new(FieldKind::LongText) };
        check(&body, text("0123\n56789"), Ok(()));
        check(&body, text("0123\n567890"), Err(Why::TooLong { max: 10 }));
        let unknown = Field { max: of("unknown"), ..Field::new(FieldKind::LongText) };
        check(&unknown, text(&"x".repeat(65_535)), Ok(()));
        check(&unknown, text(&"x".repeat(65_536)), Err(Why::TooLong { max: 65_535 }));
        let default = Field::new(FieldKind::LongText);
        check(&default, text(&"x".repeat(5_001)), Err(Why::TooLong { max: 5_000 }));
        let number = Field { min: Some(0), max: of("most"), ..Field::new(FieldKind::Number) };
        check(&number, Value::Number(10), Ok(()));
        check(&number, Value::Number(11), Err(Why::OutOfRange { min: 0, max: 10 }));
        check(&number, Value::Number(-1), Err(Why::OutOfRange { min: 0, max: 10 }));
        check(&Field::new(FieldKind::Number), Value::Number(i64::MIN), Ok(()));
    }

    #[test]
    fn a_choice_is_one_of_its_choices_and_an_id_has_its_form() {
        let choices = vec!["red".to_owned(), "blue".to_owned()];
        let choice = Field { choices: choices.clone(), ..Field::new(FieldKind::Choice) };
        check(&choice, text("blue"), Ok(()));
        check(&choice, text("green"), Err(Why::NotAChoice));
        let tags = Field { choices, ..Field::new(FieldKind::Tags) };
        check(&tags, texts(&["red"]), Ok(()));
        check(&tags, texts(&["red", "green"]), Err(Why::NotAChoice));
        for kind in [FieldKind::Person, FieldKind::Reference] {
            check(&Field::new(kind), text(ID), Ok(()));
            check(&Field::new(kind), text("ada"), Err(Why::NotAnId));
        }
        check(&Field::new(FieldKind::Time), Value::Time(1), Ok(()));
        let range = Why::OutOfRange { min: 0, max: i64::MAX };
        check(&Field::new(FieldKind::Time), Value::Time(u64::MAX), Err(range));
    }

    #[test]
    fn several_texts_are_different_lines_and_counted() {
        let people = Field { min_count: Some(2), max_count: Some(2), ..Field::new(FieldKind::People) };
        check(&people, texts(&[ID, OTHER_ID]), Ok(()));
        check(&people, texts(&[ID]), Err(Why::TooFew { min: 2 }));
        check(&people, texts(&[ID, OTHER_ID, ID]), Err(Why::TooMany { max: 2 }));
        check(&people, texts(&[ID, ID]), Err(Why::Duplicate));
        check(&people, texts(&[ID, "ada"]), Err(Why::NotAnId));
        check(&people, texts(&[]), Ok(()));
        let list = Field { required: true, ..Field::new(FieldKind::List) };
        check(&list, texts(&[]), Err(Why::Missing));
        check(&list, texts(&["a", " "]), Err(Why::EmptyItem));
        check(&list, texts(&["a", "b\tc"]), Err(Why::NotOneLine));
        check(&list, texts(&[&"x".repeat(201)]), Err(Why::TooLong { max: 200 }));
        let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
        check(&list, Value::Texts(many), Err(Why::TooMany { max: 20 }));
    }

    #[test]
    fn every_kind_of_field_takes_one_type_of_value() {
        let values = [text(ID), Value::Number(1), Value::Boolean(true), Value::Time(1), texts(&[ID])];
        for kind in FieldKind::ALL {
            let field = Field { choices: vec![ID.to_owned()], ..Field::new(kind) };
            let kind = Kind { fields: [("f".to_owned(), field)].into(), ..Kind::default() };
            let takes = |value: &&Value| {
                kind.check_change(&[("f".to_owned(), (*value).clone())].into(), &|_| None).is_ok()
            };
            assert_eq!(values.iter().filter(takes).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn a_new_entry_has_what_is_required_and_nothing_undeclared() {
        let title = Field { required: true, ..Field::new(FieldKind::Text) };
        let kind = Kind { fields: [("title".to_owned(), title)].into(), ..Kind::default() };
        let none = |_: &str| None;
        let missing = FieldProblem { field: "title".to_owned(), why: Why::Missing };
        assert_eq!(kind.check_new(None, &Fields::new(), &none), Err(missing.clone()));
        assert_eq!(kind.check_change(&Fields::new(), &none), Ok(()));
        let cleared: Fields = [("title".to_owned(), Value::Unset)].into();
        assert_eq!(kind.check_change(&cleared, &none), Err(missing));
        let other: Fields = [("other".to_owned(), Value::Unset)].into();
        let undeclared = FieldProblem { field: "other".to_owned(), why: Why::Undeclared };
        assert_eq!(kind.check_change(&other, &none), Err(undeclared));
    }

    #[test]
    fn an_entry_replies_to_the_kinds_that_its_kind_names() {
        let kind = |parents: &[&str]| Kind {
            parents: parents.iter().map(|one| (*one).to_owned()).collect(),
            ..Kind::default()
        };
        for (parents, parent, fits) in [
            (&[][..], None, true),
            (&[], Some("comment"), false),
            (&["question"], Some("question"), true),
            (&["question"], Some("answer"), false),
            (&["question"], None, false),
            (&["page", "comment"], None, true),
            (&["page", "comment"], Some("comment"), true),
            (&["page"], Some("page"), false),
        ] {
            let found = kind(parents).check_new(parent, &Fields::new(), &|_| None);
            assert_eq!(found.is_ok(), fits, "{parents:?} {parent:?}");
            assert_eq!(found.is_err_and(|problem| problem.field == "parent"), !fits);
        }
    }

    #[test]
    fn a_changed_text_needs_the_version_that_was_seen() {
        let fields =
            [("a".to_owned(), Field::new(FieldKind::Boolean)), ("b".to_owned(), Field::new(FieldKind::Tags))];
        let kind = Kind { fields: fields.into(), ..Kind::default() };
        let none = |_: &str| None;
        let flag: Fields = [("a".to_owned(), Value::Boolean(true))].into();
        let tags: Fields = [("b".to_owned(), texts(&["x"]))].into();
        assert_eq!(kind.check_versioned_change(None, &flag, &none), Ok(()));
        assert_eq!(kind.check_versioned_change(Some(1), &tags, &none), Ok(()));
        let problem = FieldProblem { field: "b".to_owned(), why: Why::NoVersion };
        assert_eq!(kind.check_versioned_change(None, &tags, &none), Err(problem));
    }
}
