//! The values of fields and their JSON form.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value; in a change: clear the field.
    Unset,
    /// Of a field of kind `text`, `long-text`, `choice`, `person` or `reference`.
    Text(String),
    /// Of a field of kind `number`.
    Number(i64),
    /// Of a field of kind `boolean`.
    Boolean(bool),
    /// Of a field of kind `time`: microseconds since 1970 (UTC).
    Time(u64),
    /// Of a field of kind `tags`, `people` or `list`, in order.
    Texts(Vec<String>),
}

impl Value {
    /// Whether it says nothing: unset, a text of blanks or a list without items. Such a value is not stored.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Unset => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Texts(texts) => texts.is_empty(),
            Self::Number(_) | Self::Boolean(_) | Self::Time(_) => false,
        }
    }
}

/// Values by the names of the fields.
pub type Fields = BTreeMap<String, Value>;

/// Whether the value of a field is the wanted one. Blank values are none, and a `boolean` that was never set is
/// `false`.
#[must_use]
pub fn value_is(kept: Option<&Value>, wanted: &Value) -> bool {
    let says = |value: &Value| !value.is_blank() && *value != Value::Boolean(false);
    match kept.filter(|value| says(value)) {
        None => !says(wanted),
        Some(kept) => kept == wanted,
    }
}

/// Set values among those of an entry: the names of those that are others now. A change that changes nothing makes
/// no version.
pub fn set_values<'f>(all: &mut Fields, fields: &'f Fields) -> Vec<&'f str> {
    let mut changed = Vec::new();
    for (name, value) in fields {
        let before = all.get(name).unwrap_or(&Value::Unset);
        if before == value || (before.is_blank() && value.is_blank()) {
            continue;
        }
        changed.push(name.as_str());
        if value.is_blank() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    changed
}

/// The compact JSON form of fields, in the order of their names; blank ones are left out. A time is
/// `{"time":1}`, so that the text can be read without the manifest.
#[must_use]
pub fn fields_to_json(fields: &Fields) -> String {
    let set: BTreeMap<&String, &Value> = fields.iter().filter(|(_, value)| !value.is_blank()).collect();
    serde_json::to_string(&set).expect("keys are texts, and no value of a field fails to be written")
}

/// How many characters of a text people see: of a mention `@[Petra Jansen](id)` the `@` and the name.
#[must_use]
pub fn chars_seen(text: &str) -> usize {
    let mut count = text.chars().count();
    let mut rest = text;
    while let Some(at) = rest.find("@[") {
        rest = &rest[at + 2..];
        let mention = rest.split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?.0)));
        if let Some((name, id)) = mention.filter(|(name, _)| !name.contains(['\n', '[', ']']))
            && (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_graphic())
        {
            count -= "[](".len() + id.len() + ")".len();
            rest = &rest[name.len() + 2 + id.len() + 1..];
        }
    }
    count
}

/// Read what [`fields_to_json`] has written.
///
/// # Errors
/// The error of `serde_json` for a text that is not of that form.
pub fn fields_from_json(json: &str) -> Result<Fields, serde_json::Error> {
    serde_json::from_str(json)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unset => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::Time(time) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("time", time)?;
                map.end()
            }
            Self::Texts(texts) => serializer.collect_seq(texts),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, whole number, boolean, list of texts or {\"time\": microseconds}")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Unset)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Number).map_err(|_| E::custom("a number of more than 63 bits"))
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::Boolean(boolean))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Value::Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let entry: Option<(String, u64)> = map.next_entry()?;
        let end: Option<(String, u64)> = map.next_entry()?;
        match (entry, end) {
            (Some((key, time)), None) if key == "time" => Ok(Value::Time(time)),
            _ => Err(A::Error::custom("an object other than {\"time\": microseconds}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, Value, fields_from_json, fields_to_json, set_values, value_is};

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn what_was_never_set_is_blank_or_false() {
        for (kept, wanted, expected) in [
            (None, Value::Unset, true),
            (None, Value::Boolean(false), true),
            (None, text(" "), true),
            (None, Value::Number(0), false),
            (Some(Value::Boolean(false)), Value::Unset, true),
            (Some(Value::Boolean(true)), Value::Unset, false),
            (Some(text("a")), text("a"), true),
            (Some(text("a")), text("b"), false),
            (Some(Value::Number(0)), Value::Unset, false),
        ] {
            assert_eq!(value_is(kept.as_ref(), &wanted), expected, "{kept:?} {wanted:?}");
        }
    }

    #[test]
    fn only_other_values_are_changes() {
        let mut all: Fields = [("a".to_owned(), text("1")), ("b".to_owned(), text("2"))].into();
        let fields: Fields = [
            ("a".to_owned(), text("1")),
            ("b".to_owned(), Value::Unset),
            ("c".to_owned(), text("")),
            ("d".to_owned(), Value::Number(4)),
        ]
        .into();
        assert_eq!(set_values(&mut all, &fields), ["b", "d"]);
        let expected: Fields = [("a".to_owned(), text("1")), ("d".to_owned(), Value::Number(4))].into();
        assert_eq!(all, expected);
        assert!(set_values(&mut all, &fields).is_empty());
    }

    #[test]
    fn each_value_is_read_back_as_it_was() {
        for (value, expected) in [
            (Value::Text("a \"b\"\n".to_owned()), r#"{"f":"a \"b\"\n"}"#),
            (Value::Number(i64::MIN), r#"{"f":-9223372036854775808}"#),
            (Value::Number(i64::MAX), r#"{"f":9223372036854775807}"#),
            (Value::Boolean(false), r#"{"f":false}"#),
            (Value::Time(u64::MAX), r#"{"f":{"time":18446744073709551615}}"#),
            (Value::Texts(vec!["x".to_owned(), "1".to_owned()]), r#"{"f":["x","1"]}"#),
        ] {
            let fields: Fields = [("f".to_owned(), value)].into();
            let json = fields_to_json(&fields);
            assert_eq!(json, expected);
            assert_eq!(fields_from_json(&json).unwrap(), fields);
        }
    }

    #[test]
    fn blank_fields_are_left_out_and_the_others_are_in_order() {
        let fields: Fields = [
            ("b".to_owned(), Value::Number(1)),
            ("c".to_owned(), Value::Unset),
            ("a".to_owned(), Value::Boolean(true)),
            ("d".to_owned(), Value::Text(" ".to_owned())),
            ("e".to_owned(), Value::Texts(Vec::new())),
        ]
        .into();
        assert_eq!(fields_to_json(&fields), r#"{"a":true,"b":1}"#);
    }

    #[test]
    fn other_json_is_refused() {
        for json in [
            r#"{"f":1.5}"#,
            r#"{"f":9223372036854775808}"#,
            r#"{"f":[1]}"#,
            r#"{"f":{}}"#,
            r#"{"f":{"t":1}}"#,
            r#"{"f":{"time":1,"zone":2}}"#,
            "[]",
        ] {
            assert!(fields_from_json(json).is_err(), "{json}");
        }
    }
}
