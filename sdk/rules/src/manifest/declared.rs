//! The rules for `[kinds]` and `[marks]` of a manifest.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{At as _, Rule, rule};
use super::{Setting, SettingKind, check_choices};
use crate::entries::{Field, FieldKind, Kind, Limit, Mark, MarkValues, SetBy, Unique, UniqueBy};
use crate::limits;
use crate::manifest::form::{PAGE, PERSON, REPORT, is_mark_value, is_message_id};

/// Names that the host gives to what every entry has.
const RESERVED_FIELDS: [&str; 13] = [
    "id",
    "kind",
    "parent",
    "page",
    "author",
    "state",
    "version",
    "pinned",
    "replies",
    "replied",
    "created_at",
    "edited_at",
    "active_at",
];

/// What the rules of a kind or field look at besides the field itself.
struct Around<'a> {
    name: &'a str,
    kind: &'a Kind,
    kinds: &'a BTreeMap<String, Kind>,
    settings: &'a [Setting],
}

pub(super) fn check_kinds(kinds: &BTreeMap<String, Kind>, settings: &[Setting]) -> Rule {
    count("kinds", kinds.len(), limits::KINDS_MAX)?;
    for (name, kind) in kinds {
        check_name(name)
            .and_then(|()| {
                rule(name != PAGE && name != PERSON, || {
                    format!("\"{name}\" is a word of the host; choose another")
                })
            })
            .and_then(|()| check_kind(&Around { name, kind, kinds, settings }))
            .at(name)?;
    }
    Ok(())
}

fn check_kind(around: &Around<'_>) -> Rule {
    let Around { kind, kinds, .. } = *around;
    let known = |parent: &String| parent == PAGE || kinds.contains_key(parent);
    different(&kind.parents).at("parents")?;
    if let Some(unknown) = kind.parents.iter().find(|parent| !known(parent)) {
        return rule(false, || {
            format!("there is no kind \"{unknown}\"; write {PAGE} or one of: {}", list(kinds.keys()))
        })
        .at("parents");
    }
    if let Some(unique) = &kind.unique {
        check_unique(unique, kind).at("unique")?;
    }
    count("fields", kind.fields.len(), limits::FIELDS_MAX).at("fields")?;
    for (name, field) in &kind.fields {
        check_field(name, field, around).at(name).at("fields")?;
    }
    if let Some(title) = &kind.title {
        let is_text = kind.fields.get(title).is_some_and(|field| field.kind == FieldKind::Text);
        rule(is_text, || format!("\"{title}\" is no field of type text; name one")).at("title")?;
    }
    Ok(())
}

fn check_unique(unique: &Unique, kind: &Kind) -> Rule {
    let by = &unique.by;
    rule(!by.is_empty(), || "is empty; write one or more of: parent, author, page".to_owned()).at("by")?;
    rule(by.iter().collect::<BTreeSet<_>>().len() == by.len(), || "names something twice".to_owned())
        .at("by")?;
    rule(!by.contains(&UniqueBy::Parent) || has_parents(kind), || {
        "\"parent\" is for kinds that reply to others; write parents or leave it out".to_owned()
    })
    .at("by")?;
    rule(is_message_id(&unique.text), || format!("\"{}\" is not the id of a message", unique.text)).at("text")
}

fn check_field(name: &str, field: &Field, around: &Around<'_>) -> Rule {
    check_field_name(name)?;
    let kind = field.kind;
    rule((name == "body") == (kind == FieldKind::LongText), || {
        "long-text is the type of the field `body` and of no other; write text".to_owned()
    })
    .at("type")?;
    check_bounds(field, around)?;
    check_counts(field)?;
    match (kind, field.choices.is_empty()) {
        (FieldKind::Choice, _) | (FieldKind::Tags, false) => check_choices(&field.choices).at("choices")?,
        (_, true) => {}
        (_, false) => {
            rule(false, || "belong to the types choice and tags; leave them out".to_owned()).at("choices")?
        }
    }
    rule(!field.indexed || !matches!(kind, FieldKind::LongText | FieldKind::List), || {
        format!("a field of type {kind} cannot be indexed; leave it out")
    })
    .at("indexed")?;
    check_one(field, around).at("one_for_each_parent")?;
    check_derived(field, around)?;
    rule(
        !field.told || field.one_for_each_parent || matches!(kind, FieldKind::Person | FieldKind::People),
        || "belongs to the types person and people and to one_for_each_parent; leave it out".to_owned(),
    )
    .at("told")?;
    check_set_by(field, around).at("set_by")
}

/// What the host keeps of the replies: a count of one kind, or the one that has a field.
fn check_derived(field: &Field, around: &Around<'_>) -> Rule {
    let replies = |name: &str| {
        let kind = around.kinds.get(name)?;
        kind.parents.iter().any(|parent| parent == around.name).then_some(kind)
    };
    if let Some(name) = &field.count_of {
        rule(field.kind == FieldKind::Number && !field.required && field.holder_of.is_none(), || {
            "belongs to a field of type number that is not required; leave it out".to_owned()
        })
        .at("count_of")?;
        let bounds = field.min.is_none() && field.max.is_none();
        rule(bounds, || "is kept by the host; leave min and max out".to_owned()).at("count_of")?;
        return rule(replies(name).is_some(), || format!("no kind \"{name}\" replies to this one"))
            .at("count_of");
    }
    let Some(holder) = &field.holder_of else { return Ok(()) };
    rule(field.kind == FieldKind::Reference && !field.required, || {
        "belongs to a field of type reference that is not required; leave it out".to_owned()
    })
    .at("holder_of")?;
    let (name, of) = holder.split_once('.').unwrap_or((holder, ""));
    let held = replies(name).and_then(|kind| kind.fields.get(of));
    rule(held.is_some_and(|held| held.one_for_each_parent), || {
        format!("\"{holder}\" is no field with one_for_each_parent of a kind that replies to this one; write KIND.FIELD")
    })
    .at("holder_of")
}

fn check_field_name(name: &str) -> Rule {
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= limits::FIELD_NAME_BYTES_MAX
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    rule(fits, || {
        format!(
            "\"{name}\" is not a field name: write small letters, digits and underscores, a letter first, at most {}",
            limits::FIELD_NAME_BYTES_MAX
        )
    })?;
    rule(!RESERVED_FIELDS.contains(&name), || {
        format!("every entry has `{name}` from the host; choose another name")
    })
}

/// The greatest `max` of a type that has lengths or values.
fn most(kind: FieldKind) -> Option<i64> {
    let chars = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    match kind {
        FieldKind::Text => Some(chars(limits::TEXT_CHARS_MAX)),
        FieldKind::LongText => Some(chars(limits::LONG_TEXT_CHARS_MAX)),
        FieldKind::Number => Some(i64::MAX),
        FieldKind::Choice
        | FieldKind::Boolean
        | FieldKind::Time
        | FieldKind::Person
        | FieldKind::People
        | FieldKind::Tags
        | FieldKind::List
        | FieldKind::Reference => None,
    }
}

fn check_bounds(field: &Field, around: &Around<'_>) -> Rule {
    let kind = field.kind;
    let Some(most) = most(kind) else {
        let belongs = || "belongs to the types text, long-text and number; leave it out".to_owned();
        rule(field.min.is_none(), belongs).at("min")?;
        return rule(field.max.is_none(), belongs).at("max");
    };
    let least = if kind == FieldKind::Number { i64::MIN } else { 0 };
    if let Some(min) = field.min {
        rule(min >= least, || format!("{min} is below 0; write 0 or more")).at("min")?;
    }
    let min = field.min.unwrap_or(least);
    match &field.max {
        None => rule(min <= default_max(kind), || {
            format!("{min} is above the default max {}; write max, too", default_max(kind))
        })
        .at("min"),
        Some(Limit::Number(max)) => rule((min..=most).contains(max), || {
            format!("{max} is outside of {min} to {most}; write a number between them")
        })
        .at("max"),
        Some(Limit::Setting(name)) => check_limit_setting(name, min, most, around).at("max"),
    }
}

fn default_max(kind: FieldKind) -> i64 {
    let count = match kind {
        FieldKind::LongText => limits::LONG_TEXT_CHARS_DEFAULT,
        FieldKind::Text => limits::TEXT_CHARS_DEFAULT,
        _ => return i64::MAX,
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn check_limit_setting(name: &str, min: i64, most: i64, around: &Around<'_>) -> Rule {
    let integers = || around.settings.iter().filter(|setting| setting.kind == SettingKind::Integer);
    let Some(setting) = integers().find(|setting| setting.name.as_str() == name) else {
        let names = list(integers().map(|setting| setting.name.as_str()));
        return rule(false, || format!("there is no integer setting \"{name}\"; there are: {names}"));
    };
    rule(setting.max.unwrap_or(i64::MAX) <= most, || {
        format!("the setting \"{name}\" can be above {most}; give it max = {most} or less")
    })?;
    rule(setting.min.unwrap_or(i64::MIN) >= min, || {
        format!("the setting \"{name}\" can be below min {min}; give it min = {min} or more")
    })
}

fn check_counts(field: &Field) -> Rule {
    let (least, greatest) = (field.min_count.unwrap_or(0), field.max_count.unwrap_or(limits::ITEMS_DEFAULT));
    if !field.kind.is_several() {
        let belongs = || "belongs to the types people, tags and list; leave it out".to_owned();
        rule(field.min_count.is_none(), belongs).at("min_count")?;
        return rule(field.max_count.is_none(), belongs).at("max_count");
    }
    rule((1..=limits::ITEMS_MAX).contains(&greatest), || {
        format!("{greatest} is outside of 1 to {}", limits::ITEMS_MAX)
    })
    .at("max_count")?;
    rule(least <= greatest, || format!("{least} is above max_count {greatest}; write at most {greatest}"))
        .at("min_count")
}

fn check_one(field: &Field, around: &Around<'_>) -> Rule {
    if !field.one_for_each_parent {
        return Ok(());
    }
    rule(field.kind == FieldKind::Boolean && !field.required, || {
        "belongs to fields of type boolean that are not required; leave it out".to_owned()
    })?;
    rule(has_parents(around.kind), || {
        "belongs to kinds that reply to others; write parents or leave it out".to_owned()
    })
}

fn check_set_by(field: &Field, around: &Around<'_>) -> Rule {
    let by = &field.set_by;
    rule(by.iter().collect::<BTreeSet<_>>().len() == by.len(), || "names somebody twice".to_owned())?;
    rule(!by.contains(&SetBy::ParentAuthor) || has_parents(around.kind), || {
        "\"parent-author\" is for kinds that reply to others; write parents or leave it out".to_owned()
    })?;
    let author = by.is_empty() || by.contains(&SetBy::Author) || by.contains(&SetBy::Member);
    rule(author || !field.required, || {
        "leaves out the author, who has to set a required field at creation; add \"author\" or leave out `required`"
            .to_owned()
    })
}

pub(super) fn check_marks(marks: &BTreeMap<String, Mark>, kinds: &BTreeMap<String, Kind>) -> Rule {
    count("marks", marks.len(), limits::MARKS_MAX)?;
    for (name, mark) in marks {
        check_name(name)
            .and_then(|()| {
                rule(name != REPORT, || format!("`{REPORT}` is the host's own mark; leave it out"))
            })
            .and_then(|()| check_mark(mark, kinds))
            .at(name)?;
    }
    Ok(())
}

fn check_mark(mark: &Mark, kinds: &BTreeMap<String, Kind>) -> Rule {
    let known = |on: &String| on == PAGE || on == PERSON || kinds.contains_key(on);
    different(&mark.on).at("on")?;
    if mark.on.is_empty() || !mark.on.iter().all(known) {
        return rule(false, || format!("write {PAGE}, {PERSON} or kinds: {}", list(kinds.keys()))).at("on");
    }
    check_mark_values(mark, kinds).at("values")?;
    let votes = matches!(&mark.values, MarkValues::Listed(values) if values.iter().all(|one| one == "1" || one == "-1"));
    rule(!mark.ranks || votes, || "is for marks with the values \"1\" and \"-1\"; leave it out".to_owned())
        .at("ranks")
}

fn check_mark_values(mark: &Mark, kinds: &BTreeMap<String, Kind>) -> Rule {
    match &mark.values {
        MarkValues::Any => Ok(()),
        MarkValues::Listed(values) => {
            different(values)?;
            rule((1..=limits::MARK_VALUES_MAX).contains(&values.len()), || {
                format!("write 1 to {} of them, or \"any\"", limits::MARK_VALUES_MAX)
            })?;
            rule(values.iter().all(|value| is_mark_value(value)), || {
                format!("a value has 1 to {} bytes in one line", limits::MARK_VALUE_BYTES_MAX)
            })
        }
        MarkValues::Positions(name) => {
            let fixed = |on: &String| {
                let field = kinds.get(on).and_then(|kind| kind.fields.get(name));
                field.is_some_and(|field| field.kind == FieldKind::List && field.set_by.is_empty())
            };
            rule(mark.on.iter().all(fixed), || {
                format!(
                    "positions are counted in a list that never changes: give each kind in `on` the field \
                     `{name} = {{ type = \"list\", set_by = [] }}`"
                )
            })
        }
    }
}

/// Whether entries of the kind reply to others.
fn has_parents(kind: &Kind) -> bool {
    kind.parents.iter().any(|parent| parent != PAGE)
}

pub(super) fn check_name(name: &str) -> Rule {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    rule(plain && (1..=limits::NAME_BYTES_MAX).contains(&name.len()), || {
        format!("\"{name}\" is not a name: write 1 to {} of a-z and `-`", limits::NAME_BYTES_MAX)
    })
}

fn count(what: &str, found: usize, most: usize) -> Rule {
    rule(found <= most, || format!("there are {found} {what}; write at most {most}"))
}

fn different(texts: &[String]) -> Rule {
    rule(texts.iter().collect::<BTreeSet<_>>().len() == texts.len(), || "names something twice".to_owned())
}

pub(super) fn list<T: AsRef<str>>(names: impl Iterator<Item = T>) -> String {
    let names: Vec<String> = names.map(|name| name.as_ref().to_owned()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
