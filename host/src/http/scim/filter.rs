//! Filters (RFC 7644 section 3.4.2.2). The parser bounds how deep and long they may be.

use std::cmp::Ordering;

use jiff::Timestamp;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use serde_json::Value;

use super::error::ScimError;
use super::schema::{Attribute, Kind, Type, named, shortened};

/// Bytes of a filter.
const BYTES_MAX: usize = 4_096;

/// A filter, or why it is none.
///
/// # Errors
/// `invalidFilter`.
pub(super) fn parse(text: &str) -> Result<Filter, ScimError> {
    let wrong = || ScimError::bad("invalidFilter", format!("`{}` is no filter", shortened(text)));
    if text.len() > BYTES_MAX {
        return Err(ScimError::bad("invalidFilter", format!("a filter has {BYTES_MAX} bytes at the most")));
    }
    text.parse().map_err(|_| wrong())
}

/// The value that a filter asks for by `eq`, alone or with other conditions: what can be found without a look at
/// everybody.
pub(super) fn asked<'f>(filter: &'f Filter, name: &str) -> Option<&'f str> {
    match filter {
        Filter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(value)))
            if path.uri.is_none() && path.sub_attr.is_none() && path.name.eq_ignore_ascii_case(name) =>
        {
            Some(value)
        }
        Filter::And(all) => all.iter().find_map(|one| asked(one, name)),
        _ => None,
    }
}

/// Whether a resource is one of those that are asked for.
///
/// # Errors
/// `invalidFilter` for attributes that there are not, and comparisons that make no sense.
pub(super) fn matches(filter: &Filter, kind: Type, resource: &Value) -> Result<bool, ScimError> {
    Ok(match filter {
        Filter::Attr(term) => {
            let (path, test) = parts(term);
            let (attribute, values) = values(kind, path, resource)?;
            test.holds(attribute, &values)?
        }
        Filter::ValuePath(inner) => {
            let (attribute, values) = values(kind, &inner.attr, resource)?;
            let Some(Kind::Complex(parts)) = attribute.map(|attribute| attribute.kind) else {
                return Err(wrong(format!("`{}` has no parts", inner.attr)));
            };
            any(&values, |value| matches_part(&inner.filter, parts, value))?
        }
        Filter::Not(inner) => !matches(inner, kind, resource)?,
        Filter::And(all) => {
            for one in all.iter() {
                if !matches(one, kind, resource)? {
                    return Ok(false);
                }
            }
            true
        }
        Filter::Or(all) => any(all.as_slice(), |one| matches(one, kind, resource))?,
    })
}

/// Whether one value of a list is meant.
///
/// # Errors
/// As [`matches`].
pub(super) fn matches_part(
    filter: &ValFilter,
    parts_known: &'static [Attribute],
    value: &Value,
) -> Result<bool, ScimError> {
    Ok(match filter {
        ValFilter::Attr(term) => {
            let (path, test) = parts(term);
            let part = named(parts_known, &path.name).ok_or_else(|| unknown(path))?;
            let found: Vec<&Value> = value.get(part.name).into_iter().collect();
            test.holds(Some(part), &found)?
        }
        ValFilter::Not(inner) => !matches_part(inner, parts_known, value)?,
        ValFilter::And(all) => {
            for one in all.iter() {
                if !matches_part(one, parts_known, value)? {
                    return Ok(false);
                }
            }
            true
        }
        ValFilter::Or(all) => any(all.as_slice(), |one| matches_part(one, parts_known, value))?,
    })
}

fn any<T>(items: &[T], mut holds: impl FnMut(&T) -> Result<bool, ScimError>) -> Result<bool, ScimError> {
    for item in items {
        if holds(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

enum Test<'f> {
    Present,
    Compared(&'f CompareOp, &'f CompValue),
}

fn parts(term: &AttrExp) -> (&AttrPath, Test<'_>) {
    match term {
        AttrExp::Present(path) => (path, Test::Present),
        AttrExp::Comparison(path, operator, value) => (path, Test::Compared(operator, value)),
    }
}

fn wrong(detail: impl Into<String>) -> ScimError {
    ScimError::bad("invalidFilter", detail)
}

fn unknown(path: &AttrPath) -> ScimError {
    wrong(format!("there is no attribute `{}`", shortened(&path.to_string())))
}

/// The attribute that is compared, and what a resource has there. One that is not kept is nowhere.
fn values<'r>(
    kind: Type,
    path: &AttrPath,
    resource: &'r Value,
) -> Result<(Option<&'static Attribute>, Vec<&'r Value>), ScimError> {
    let Some(found) = kind.find(path).map_err(|_| unknown(path))? else { return Ok((None, Vec::new())) };
    let holder = match found.extension {
        Some(urn) => resource.get(urn),
        None => Some(resource),
    };
    let attribute = found.attribute.ok_or_else(|| unknown(path))?;
    let value = holder.and_then(|holder| holder.get(attribute.name));
    let values: Vec<&Value> = match value {
        Some(Value::Array(items)) => items.iter().collect(),
        other => other.into_iter().collect(),
    };
    match found.part {
        Some(part) => Ok((Some(part), values.into_iter().filter_map(|value| value.get(part.name)).collect())),
        None => Ok((Some(attribute), values)),
    }
}

impl Test<'_> {
    fn holds(&self, attribute: Option<&'static Attribute>, values: &[&Value]) -> Result<bool, ScimError> {
        let (operator, wanted) = match self {
            Self::Present => return Ok(values.iter().any(|value| !is_nothing(value))),
            Self::Compared(operator, wanted) => (operator, wanted),
        };
        // A list of complex values is compared by their `value` (RFC 7644 section 3.4.2.2).
        let (attribute, values) = match attribute {
            Some(Attribute { kind: Kind::Complex(parts), .. }) => {
                let part = named(parts, "value").ok_or_else(|| wrong("name a part of the attribute"))?;
                (Some(part), values.iter().filter_map(|value| value.get("value")).collect())
            }
            other => (other, values.to_vec()),
        };
        let Some(attribute) = attribute else { return Ok(matches!(operator, CompareOp::Ne)) };
        match (operator, wanted) {
            (CompareOp::Eq, CompValue::Null) => Ok(values.is_empty()),
            (CompareOp::Ne, CompValue::Null) => Ok(!values.is_empty()),
            (CompareOp::Ne, _) => {
                Ok(!any(&values, |value| compare(attribute, value, &CompareOp::Eq, wanted))?)
            }
            _ => any(&values, |value| compare(attribute, value, operator, wanted)),
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(parts) => parts.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn compare(
    attribute: &Attribute,
    value: &Value,
    operator: &CompareOp,
    wanted: &CompValue,
) -> Result<bool, ScimError> {
    let odd = || wrong(format!("`{}` cannot be compared so", attribute.name));
    match (attribute.kind, value, wanted) {
        (Kind::Flag, Value::Bool(value), CompValue::True | CompValue::False) => match operator {
            CompareOp::Eq => Ok(*value == matches!(wanted, CompValue::True)),
            _ => Err(odd()),
        },
        // As some directories write it.
        (Kind::Flag, Value::Bool(value), CompValue::Str(text)) if matches!(operator, CompareOp::Eq) => {
            Ok(text.parse() == Ok(*value) || text.eq_ignore_ascii_case(&value.to_string()))
        }
        (Kind::Time, Value::String(value), CompValue::Str(wanted)) => {
            let (value, wanted) = (value.parse::<Timestamp>(), wanted.parse::<Timestamp>());
            let (Ok(value), Ok(wanted)) = (value, wanted) else { return Err(odd()) };
            order(value.cmp(&wanted), operator).ok_or_else(odd)
        }
        (Kind::Text, Value::String(value), CompValue::Str(wanted)) => {
            Ok(compare_text(&value.to_lowercase(), &wanted.to_lowercase(), operator))
        }
        (Kind::Exact | Kind::Reference, Value::String(value), CompValue::Str(wanted)) => {
            Ok(compare_text(value, wanted, operator))
        }
        _ => Err(odd()),
    }
}

fn compare_text(value: &str, wanted: &str, operator: &CompareOp) -> bool {
    match operator {
        CompareOp::Co => value.contains(wanted),
        CompareOp::Sw => value.starts_with(wanted),
        CompareOp::Ew => value.ends_with(wanted),
        _ => order(value.cmp(wanted), operator).unwrap_or(false),
    }
}

fn order(order: Ordering, operator: &CompareOp) -> Option<bool> {
    Some(match operator {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::schema::{ENTERPRISE, Type};
    use super::{matches, parse};

    fn anna() -> Value {
        json!({
            "id": "i1", "externalId": "Ext-1", "userName": "anna@intranet.example", "active": true,
            "name": {"familyName": "Bergmann"},
            "emails": [{"value": "anna@work.example", "type": "work"}, {"value": "a@home.example", "type": "home"}],
            "meta": {"lastModified": "2026-03-02T09:00:00Z"},
            ENTERPRISE: {"department": "News"},
        })
    }

    #[track_caller]
    fn check(text: &str, expected: Result<bool, &str>) {
        let found = parse(text).and_then(|filter| matches(&filter, Type::User, &anna()));
        assert_eq!(found.map_err(|error| error.word), expected, "{text}");
    }

    #[test]
    fn filters_of_directories_find_whom_they_mean() {
        for text in [
            r#"userName eq "ANNA@intranet.example""#,
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName Eq "anna@intranet.example""#,
            r#"externalId eq "Ext-1" and active eq true"#,
            r#"active eq "True""#,
            r#"userName sw "anna" and (name.familyName co "erg" or title pr)"#,
            r#"emails[type eq "work" and value co "@work"]"#,
            r#"emails.type eq "home""#,
            r#"emails co "@home.example""#,
            r#"not (userName eq "ben")"#,
            r#"title eq null"#,
            r#"meta.lastModified ge "2026-03-02T10:00:00+01:00""#,
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "news""#,
            r#"nickName ne "x""#,
        ] {
            check(text, Ok(true));
        }
        for text in [
            r#"externalId eq "ext-1""#,
            r#"userName eq "anna""#,
            r#"emails[type eq "home" and value co "@work"]"#,
            r#"meta.lastModified gt "2026-03-02T09:00:00Z""#,
            r#"title pr"#,
            r#"nickName eq "x""#,
            r#"active eq false"#,
        ] {
            check(text, Ok(false));
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let deep = format!("{}title pr{}", "not (".repeat(100), ")".repeat(100));
        let long = vec!["title pr"; 400].join(" or ");
        for text in [
            "",
            "userName",
            r#"userName eq anna"#,
            r#"userName eq "a" and"#,
            r#"wages gt 7"#,
            r#"userName eq true"#,
            r#"active gt true"#,
            r#"meta.lastModified gt "yesterday""#,
            r#"name eq "x""#,
            r#"name.first eq "x" or wages pr"#,
            r#"emails[wages eq "x"]"#,
            r#"title[type eq "x"]"#,
            "userName eq \"a\u{0}",
            &deep,
            &long,
        ] {
            check(text, Err("invalidFilter"));
        }
    }
}
