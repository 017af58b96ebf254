//! From what is kept to a resource, and from what a directory sends to what is kept.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::schema::{Attribute, ENTERPRISE, Kind, Mutability, Type, named};
use crate::base::clock::Micros;
use crate::dispatch::{DirectoryGroup, DirectoryPerson, DirectoryUser, GroupRecord};

/// Characters of a text.
const TEXT_CHARS_MAX: usize = 1_000;
/// Characters of `userName`, `displayName` of a group, and `externalId`.
const NAME_CHARS_MAX: usize = 255;
/// Values of a list; members of a group.
const LIST_MAX: usize = 20;
const MEMBERS_MAX: usize = 20_000;

/// A user as it is shown.
pub(super) fn user(base: &str, user: &DirectoryUser, groups: &[(String, String)]) -> Value {
    // Written by `person` below, and by nothing else.
    let kept: Value = serde_json::from_str(&user.attributes).unwrap_or_default();
    let mut shown = match kept {
        Value::Object(kept) => kept,
        _ => Map::new(),
    };
    let schemas = match shown.contains_key(ENTERPRISE) {
        true => json!([Type::User.schema(), ENTERPRISE]),
        false => json!([Type::User.schema()]),
    };
    shown.insert("schemas".to_owned(), schemas);
    shown.insert("id".to_owned(), json!(user.id));
    shown.insert("userName".to_owned(), json!(user.user_name));
    if let Some(id) = &user.external_id {
        shown.insert("externalId".to_owned(), json!(id));
    }
    if !groups.is_empty() {
        let group = |(id, name): &(String, String)| json!({"value": id, "$ref": format!("{base}/Groups/{id}"), "display": name, "type": "direct"});
        shown.insert("groups".to_owned(), groups.iter().map(group).collect());
    }
    let times = (user.version, user.created_at, user.changed_at);
    shown.insert("meta".to_owned(), meta(base, Type::User, &user.id, times));
    Value::Object(shown)
}

/// A group as it is shown.
pub(super) fn group(base: &str, group: &DirectoryGroup) -> Value {
    let mut shown = json!({
        "schemas": [Type::Group.schema()],
        "id": group.id,
        "displayName": group.name,
        "meta": meta(base, Type::Group, &group.id, (group.version, group.created_at, group.changed_at)),
    });
    if let Some(id) = &group.external_id {
        shown["externalId"] = json!(id);
    }
    if !group.members.is_empty() {
        let member = |id: &String| json!({"value": id, "$ref": format!("{base}/Users/{id}"), "type": "User"});
        shown["members"] = group.members.iter().map(member).collect();
    }
    shown
}

fn meta(base: &str, kind: Type, id: &str, (version, created, changed): (u32, Micros, Micros)) -> Value {
    json!({
        "resourceType": kind.name(),
        "created": instant(created),
        "lastModified": instant(changed),
        "location": format!("{base}{}/{id}", kind.endpoint()),
        "version": etag(version),
    })
}

fn instant(at: Micros) -> String {
    // Every instant of the store is one of this calendar.
    Timestamp::from_microsecond(at).map(|at| at.to_string()).unwrap_or_default()
}

/// The weak `ETag` of a version (RFC 7644 section 3.14).
pub(super) fn etag(version: u32) -> String {
    format!("W/\"{version}\"")
}

/// What is kept of a user.
///
/// # Errors
/// `invalidValue` for what is not of the right form, or missing.
pub(super) fn person(sent: &Value) -> Result<DirectoryPerson, ScimError> {
    let mut kept = cleaned(Type::User, sent)?;
    let user_name = text_of(kept.remove("userName")).ok_or_else(|| missing("userName"))?;
    let external_id = text_of(kept.remove("externalId"));
    // Kept as it was sent, so that it can be taken out again; who is not said to be away is here.
    let active = kept.get("active").is_none_or(|active| *active == Value::Bool(true));
    let at = |pointer: &str| {
        Value::pointer(&Value::Object(kept.clone()), pointer).and_then(Value::as_str).map(str::to_owned)
    };
    let name = at("/displayName").or_else(|| at("/name/formatted")).or_else(|| {
        let parts: Vec<String> = ["/name/givenName", "/name/familyName"].into_iter().filter_map(at).collect();
        Some(parts.join(" ")).filter(|name| !name.is_empty())
    });
    let emails = kept.get("emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let primary = emails.iter().find(|email| email["primary"] == Value::Bool(true)).or(emails.first());
    let email = primary.and_then(|email| email["value"].as_str()).map(str::to_owned);
    Ok(DirectoryPerson {
        name: name.unwrap_or_else(|| user_name.clone()),
        title: at("/title"),
        team: at(&format!("/{ENTERPRISE}/department")),
        email,
        attributes: Value::Object(kept).to_string(),
        user_name,
        external_id,
        active,
    })
}

/// What is kept of a group.
///
/// # Errors
/// As [`person`].
pub(super) fn team(sent: &Value) -> Result<GroupRecord, ScimError> {
    let mut kept = cleaned(Type::Group, sent)?;
    let name = text_of(kept.remove("displayName")).ok_or_else(|| missing("displayName"))?;
    let mut members = Vec::new();
    for member in kept.get("members").and_then(Value::as_array).into_iter().flatten() {
        let id = member["value"].as_str().ok_or_else(|| missing("members.value"))?;
        if member.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("Group")) {
            return Err(ScimError::value("`members` takes users, not groups"));
        }
        members.push(id.to_owned());
    }
    members.sort();
    members.dedup();
    Ok(GroupRecord { name, external_id: text_of(kept.remove("externalId")), members })
}

fn text_of(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn missing(name: &str) -> ScimError {
    ScimError::value(format!("`{name}` is missing"))
}

/// The attributes that are kept, under the names of the schema, each of its form. What the schema does not have, and
/// what only this host writes, is left out.
fn cleaned(kind: Type, sent: &Value) -> Result<Map<String, Value>, ScimError> {
    const EXTERNAL: &[Attribute] = &[super::schema::EXTERNAL_ID];
    let Value::Object(sent) = sent else {
        return Err(ScimError::new(StatusCode::BAD_REQUEST, "invalidSyntax", "a resource is a JSON object"));
    };
    let mut kept = Map::new();
    for (name, value) in sent {
        let found = named(kind.attributes(), name).or_else(|| named(EXTERNAL, name));
        if let Some(attribute) = found {
            if let Some(value) = checked(attribute, value)? {
                kept.insert(attribute.name.to_owned(), value);
            }
        } else if let Some((urn, attributes)) = kind.extension()
            && name.eq_ignore_ascii_case(urn)
            && let Some(parts) = complex(attributes, value, urn)?
        {
            kept.insert(urn.to_owned(), parts);
        }
    }
    Ok(kept)
}

/// A value as it is kept; none for nothing, and for what this host writes.
fn checked(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    if attribute.mutability == Mutability::ReadOnly || value.is_null() {
        return Ok(None);
    }
    if !attribute.many {
        return one(attribute, value);
    }
    let Value::Array(items) = value else {
        return Err(ScimError::value(format!("`{}` has to be a list", attribute.name)));
    };
    let max = if attribute.name == "members" { MEMBERS_MAX } else { LIST_MAX };
    if items.len() > max {
        return Err(ScimError::value(format!("`{}` takes {max} values at the most", attribute.name)));
    }
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        kept.extend(one(attribute, item)?);
    }
    let is_primary = |value: &&Value| value.get("primary") == Some(&Value::Bool(true));
    if kept.iter().filter(is_primary).count() > 1 {
        return Err(ScimError::value(format!("only one of `{}` can be primary", attribute.name)));
    }
    Ok(Some(Value::Array(kept)).filter(|kept| *kept != json!([])))
}

fn one(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    let odd = |form: &str| Err(ScimError::value(format!("`{}` has to be {form}", attribute.name)));
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::Complex(parts), value) => complex(parts, value, attribute.name),
        (Kind::Flag, Value::Bool(_)) => Ok(Some(value.clone())),
        // As some directories write it.
        (Kind::Flag, Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(json!(true))),
        (Kind::Flag, Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(json!(false))),
        (Kind::Flag, _) => odd("true or false"),
        (_, Value::String(text)) => {
            let is_name = attribute.unique || attribute.name == "externalId";
            let max = if is_name { NAME_CHARS_MAX } else { TEXT_CHARS_MAX };
            if text.chars().count() > max {
                return odd(&format!("{max} characters at the most"));
            }
            if is_name && text.trim().is_empty() {
                return odd("a text that is not blank");
            }
            Ok(Some(value.clone()).filter(|_| !text.is_empty()))
        }
        _ => odd("text"),
    }
}

fn complex(parts: &'static [Attribute], value: &Value, name: &str) -> Result<Option<Value>, ScimError> {
    let Value::Object(sent) = value else {
        return Err(ScimError::value(format!("`{name}` has to be an object")));
    };
    let mut kept = Map::new();
    for (name, value) in sent {
        if let Some(part) = named(parts, name)
            && let Some(value) = checked(part, value)?
        {
            kept.insert(part.name.to_owned(), value);
        }
    }
    Ok(Some(Value::Object(kept)).filter(|kept| *kept != json!({})))
}

/// A resource with the attributes that are asked for, or without those that are not wanted (RFC 7644 section 3.9).
pub(super) fn narrowed(kind: Type, resource: Value, wanted: Option<&str>, unwanted: Option<&str>) -> Value {
    let Value::Object(resource) = resource else { return resource };
    let listed = |list: &str| -> Vec<(String, Option<String>)> {
        let paths = list.split(',').take(100).filter_map(|name| super::schema::path(name.trim()).ok());
        let found = paths.filter_map(|path| kind.find(&path).ok().flatten());
        found
            .map(|found| match (found.extension, found.attribute) {
                (Some(urn), attribute) => {
                    (urn.to_owned(), attribute.map(|attribute| attribute.name.to_owned()))
                }
                (None, attribute) => (
                    attribute.map(|attribute| attribute.name.to_owned()).unwrap_or_default(),
                    found.part.map(|part| part.name.to_owned()),
                ),
            })
            .collect()
    };
    let always = |name: &str| matches!(name, "id" | "schemas");
    match (wanted, unwanted) {
        (Some(wanted), _) => {
            let wanted = listed(wanted);
            let keep = |(name, value): (String, Value)| {
                let mut mine = wanted.iter().filter(|(known, _)| *known == name).peekable();
                mine.peek()?;
                let parts: Option<Vec<&str>> = mine.map(|(_, part)| part.as_deref()).collect();
                Some((
                    name,
                    match parts {
                        Some(parts) => each(value, |part| parts.contains(&part)),
                        None => value,
                    },
                ))
            };
            resource
                .into_iter()
                .filter_map(|pair| if always(&pair.0) { Some(pair) } else { keep(pair) })
                .collect()
        }
        (None, Some(unwanted)) => {
            let unwanted = listed(unwanted);
            let keep = |(name, value): (String, Value)| {
                let mine: Vec<_> = unwanted.iter().filter(|(known, _)| *known == name).collect();
                if !always(&name) && mine.iter().any(|(_, part)| part.is_none()) {
                    return None;
                }
                let is_kept = |part: &str| !mine.iter().any(|(_, known)| known.as_deref() == Some(part));
                Some((name, if mine.is_empty() { value } else { each(value, is_kept) }))
            };
            resource.into_iter().filter_map(keep).collect()
        }
        (None, None) => Value::Object(resource),
    }
}

/// An object, or each of a list, with some of its parts.
fn each(value: Value, is_kept: impl Fn(&str) -> bool + Copy) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| each(item, is_kept)).collect(),
        Value::Object(parts) => parts.into_iter().filter(|(name, _)| is_kept(name)).collect(),
        other => other,
    }
}
