//! Partial changes (RFC 7644 section 3.5.2), also in the ways in which Microsoft Entra and Okta write them: operations
//! in any case, `members` removed by a list of values, names with dots in place of objects.

use std::collections::HashSet;

use scim_v2::filter::{AttrPath, PatchPath, PatchValuePath, ValFilter};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::filter::matches_part;
use super::schema::{Attribute, Found, Kind, Mutability, Type, named, path, shortened};

const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Operations of one request, and bytes of a path.
const OPERATIONS_MAX: usize = 1_000;
const PATH_BYTES_MAX: usize = 1_000;

/// What is asked.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    schemas: Vec<String>,
    #[serde(rename = "Operations", alias = "operations")]
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    op: String,
    path: Option<String>,
    value: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

/// The resource after all operations, or none of them.
///
/// # Errors
/// `invalidSyntax`, `invalidPath`, `noTarget`, `mutability`, `invalidFilter`, `invalidValue`, `tooMany`.
pub(super) fn apply(kind: Type, resource: Value, sent: &Value) -> Result<Value, ScimError> {
    let message: Message = Message::deserialize(sent)
        .map_err(|error| ScimError::bad("invalidSyntax", format!("this is no PatchOp: {error}")))?;
    if !message.schemas.iter().any(|schema| schema.eq_ignore_ascii_case(MESSAGE)) {
        return Err(ScimError::bad("invalidSyntax", format!("`schemas` has to have {MESSAGE}")));
    }
    if message.operations.is_empty() || message.operations.len() > OPERATIONS_MAX {
        let detail = format!("`Operations` takes 1 to {OPERATIONS_MAX}");
        return Err(ScimError::bad("tooMany", detail));
    }
    let mut resource = resource;
    for operation in message.operations {
        let verb = match operation.op.to_ascii_lowercase().as_str() {
            "add" => Verb::Add,
            "replace" => Verb::Replace,
            "remove" => Verb::Remove,
            _ => return Err(ScimError::bad("invalidSyntax", "`op` is add, replace or remove")),
        };
        one(kind, &mut resource, verb, operation)?;
    }
    Ok(resource)
}

fn one(kind: Type, resource: &mut Value, verb: Verb, operation: Operation) -> Result<(), ScimError> {
    let value = operation.value.filter(|value| !value.is_null());
    let Some(text) = operation.path.filter(|path| !path.is_empty()) else {
        return match (verb, value) {
            (Verb::Remove, _) => Err(ScimError::bad("noTarget", "`remove` needs a `path`")),
            (_, Some(Value::Object(parts))) => whole(kind, resource, verb, parts),
            _ => Err(ScimError::bad("invalidSyntax", "without a `path`, `value` has to be an object")),
        };
    };
    let wrong = || ScimError::bad("invalidPath", format!("`{}` is no path", shortened(&text)));
    if text.len() > PATH_BYTES_MAX {
        return Err(wrong());
    }
    if kind.extension().is_some_and(|(urn, _)| urn.eq_ignore_ascii_case(&text)) {
        return at(kind, resource, verb, &path(&text)?, value);
    }
    match text.parse().map_err(|_| wrong())? {
        PatchPath::Attr(path) => at(kind, resource, verb, &path, value),
        PatchPath::Value(path) => among(kind, resource, verb, &path, value),
    }
}

/// Each attribute of an object, as if it had a path of its own. What only this host writes is passed over here: some
/// directories send the id along.
fn whole(kind: Type, resource: &mut Value, verb: Verb, parts: Map<String, Value>) -> Result<(), ScimError> {
    for (name, value) in parts {
        let path = path(&name)?;
        let found = kind.find(&path).map_err(|detail| ScimError::bad("invalidPath", detail))?;
        let is_given = |found: &Found| {
            found.attribute.is_some_and(|attribute| attribute.mutability == Mutability::ReadOnly)
        };
        if found.as_ref().is_some_and(is_given) {
            continue;
        }
        let value = Some(value).filter(|value| !value.is_null());
        let verb = if value.is_none() { Verb::Remove } else { verb };
        at(kind, resource, verb, &path, value)?;
    }
    Ok(())
}

/// What a path leads to, in a resource of that kind; none for what is not kept.
fn target(kind: Type, path: &AttrPath) -> Result<Option<Found>, ScimError> {
    let found = kind.find(path).map_err(|detail| ScimError::bad("invalidPath", detail))?;
    let Some(found) = found else { return Ok(None) };
    let is_given = |attribute: &&Attribute| attribute.mutability == Mutability::ReadOnly;
    if found.attribute.as_ref().is_some_and(is_given) || found.part.as_ref().is_some_and(is_given) {
        return Err(ScimError::bad("mutability", format!("`{path}` cannot be changed")));
    }
    Ok(Some(found))
}

/// The object that holds the attribute; made where there is none.
fn holder<'r>(resource: &'r mut Value, found: &Found) -> Result<&'r mut Map<String, Value>, ScimError> {
    let fault = || ScimError::value("this is no object");
    match found.extension {
        None => resource.as_object_mut(),
        Some(urn) => {
            let all = resource.as_object_mut().ok_or_else(fault)?;
            all.entry(urn).or_insert_with(|| json!({})).as_object_mut()
        }
    }
    .ok_or_else(fault)
}

/// Change the attribute, or part of it, that a path names.
fn at(
    kind: Type,
    resource: &mut Value,
    verb: Verb,
    path: &AttrPath,
    value: Option<Value>,
) -> Result<(), ScimError> {
    let Some(found) = target(kind, path)? else { return Ok(()) };
    let Some(attribute) = found.attribute else { return extension(kind, resource, verb, &found, value) };
    if attribute.required && found.part.is_none() && verb == Verb::Remove {
        return Err(ScimError::value(format!("`{path}` cannot be removed")));
    }
    let holder = holder(resource, &found)?;
    match (found.part, attribute.many) {
        (Some(part), false) => {
            let parts = holder.entry(attribute.name).or_insert_with(|| json!({}));
            let parts = parts.as_object_mut().ok_or_else(|| ScimError::value("this is no object"))?;
            set(parts, part.name, verb, value)
        }
        // Of every value in the list (RFC 7644 section 3.5.2.3).
        (Some(part), true) => {
            for item in holder.get_mut(attribute.name).and_then(Value::as_array_mut).into_iter().flatten() {
                if let Some(parts) = item.as_object_mut() {
                    set(parts, part.name, verb, value.clone())?;
                }
            }
            Ok(())
        }
        (None, true) => list(holder, attribute, verb, value),
        (None, false) if verb != Verb::Remove && matches!(attribute.kind, Kind::Complex(_)) => {
            let Some(Value::Object(parts)) = value else {
                return Err(ScimError::value(format!("`{path}` has to be an object")));
            };
            let known = holder.entry(attribute.name).or_insert_with(|| json!({}));
            merge(known, attribute, parts);
            Ok(())
        }
        (None, false) => set(holder, attribute.name, verb, value),
    }
}

/// An extension as a whole.
fn extension(
    kind: Type,
    resource: &mut Value,
    verb: Verb,
    found: &Found,
    value: Option<Value>,
) -> Result<(), ScimError> {
    let urn = found.extension.unwrap_or_default();
    match (verb, value) {
        (Verb::Remove, _) => {
            resource.as_object_mut().map(|all| all.remove(urn));
            Ok(())
        }
        (_, Some(Value::Object(parts))) => {
            // Some clients send along what the extension is called.
            let named = parts.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"));
            let named = named.map(|(name, value)| (format!("{urn}:{name}"), value)).collect();
            whole(kind, resource, verb, named)
        }
        _ => Err(ScimError::value(format!("`{urn}` has to be an object"))),
    }
}

fn set(
    parts: &mut Map<String, Value>,
    name: &str,
    verb: Verb,
    value: Option<Value>,
) -> Result<(), ScimError> {
    match (verb, value) {
        (Verb::Remove, _) => drop(parts.remove(name)),
        (_, Some(value)) => drop(parts.insert(name.to_owned(), value)),
        // To replace by nothing is to remove (RFC 7643 section 2.5).
        (Verb::Replace, None) => drop(parts.remove(name)),
        (Verb::Add, None) => return Err(ScimError::value("`add` needs a `value`")),
    }
    Ok(())
}

/// Parts that are sent take the place of those that are there; others stay.
fn merge(known: &mut Value, attribute: &Attribute, sent: Map<String, Value>) {
    let Kind::Complex(parts) = attribute.kind else { return };
    for (name, value) in sent {
        if let Some(part) = named(parts, &name) {
            known[part.name] = value;
        }
    }
}

/// What tells a value of a list from others: a member by its id.
fn key(attribute: &Attribute, value: &Value) -> String {
    match value.get("value") {
        Some(Value::String(id)) if attribute.name == "members" => id.clone(),
        _ => value.to_string(),
    }
}

fn list(
    holder: &mut Map<String, Value>,
    attribute: &'static Attribute,
    verb: Verb,
    value: Option<Value>,
) -> Result<(), ScimError> {
    let sent = match value {
        Some(Value::Array(items)) => Some(items),
        Some(one @ Value::Object(_)) => Some(vec![one]),
        Some(_) => return Err(ScimError::value(format!("`{}` has to be a list", attribute.name))),
        None => None,
    };
    let before = holder.remove(attribute.name).and_then(|value| match value {
        Value::Array(items) => Some(items),
        _ => None,
    });
    let before = before.unwrap_or_default();
    let after = match (verb, sent) {
        (Verb::Remove, None) | (Verb::Replace, None) => Vec::new(),
        (Verb::Remove, Some(gone)) => {
            let gone: HashSet<String> = gone.iter().map(|value| key(attribute, value)).collect();
            before.into_iter().filter(|value| !gone.contains(&key(attribute, value))).collect()
        }
        (Verb::Replace, Some(new)) => new,
        (Verb::Add, Some(new)) => joined(attribute, before, new),
        (Verb::Add, None) => return Err(ScimError::value("`add` needs a `value`")),
    };
    if !after.is_empty() {
        holder.insert(attribute.name.to_owned(), Value::Array(after));
    }
    Ok(())
}

/// A list with new values; one that is primary takes that from the others (RFC 7644 section 3.5.2).
fn joined(attribute: &Attribute, before: Vec<Value>, new: Vec<Value>) -> Vec<Value> {
    let known: HashSet<String> = before.iter().map(|value| key(attribute, value)).collect();
    let new: Vec<Value> = new.into_iter().filter(|value| !known.contains(&key(attribute, value))).collect();
    let mut all = before;
    if new.iter().any(is_primary) {
        all.iter_mut().for_each(unmark);
    }
    all.extend(new);
    all
}

fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

fn unmark(value: &mut Value) {
    if let Some(parts) = value.as_object_mut()
        && parts.contains_key("primary")
    {
        parts.insert("primary".to_owned(), Value::Bool(false));
    }
}

/// Change those values of a list that a filter means.
fn among(
    kind: Type,
    resource: &mut Value,
    verb: Verb,
    path: &PatchValuePath,
    value: Option<Value>,
) -> Result<(), ScimError> {
    let Some(found) = target(kind, &path.attr)? else { return Ok(()) };
    let (Some(attribute), None) = (found.attribute, found.part) else {
        return Err(ScimError::bad("invalidPath", format!("`{}` has no values to choose from", path.attr)));
    };
    let (Kind::Complex(parts), true) = (attribute.kind, attribute.many) else {
        return Err(ScimError::bad("invalidPath", format!("`{}` has no values to choose from", path.attr)));
    };
    let part = match &path.sub_attr {
        None => None,
        // A part of an address that nobody has a use for.
        Some(name) => match named(parts, name) {
            None => return Ok(()),
            part => part,
        },
    };
    let holder = holder(resource, &found)?;
    let before = holder.remove(attribute.name).unwrap_or_else(|| json!([]));
    let Value::Array(items) = before else { return Err(ScimError::value("this is no list")) };
    let items = chosen(items, (attribute, parts, part), verb, &path.filter, value)?;
    if !items.is_empty() {
        holder.insert(attribute.name.to_owned(), Value::Array(items));
    }
    Ok(())
}

/// The values of a list after those that a filter means have been changed.
fn chosen(
    mut items: Vec<Value>,
    (attribute, parts, part): (&Attribute, &'static [Attribute], Option<&Attribute>),
    verb: Verb,
    filter: &ValFilter,
    value: Option<Value>,
) -> Result<Vec<Value>, ScimError> {
    let mut is_meant = Vec::with_capacity(items.len());
    for item in &items {
        is_meant.push(matches_part(filter, parts, item)?);
    }
    if !is_meant.contains(&true) {
        match (verb, made(filter, parts)) {
            (Verb::Remove, _) => {}
            (Verb::Add, Some(new)) => {
                items.push(new);
                is_meant.push(true);
            }
            _ => return Err(ScimError::bad("noTarget", "the filter of `path` finds nothing")),
        }
    }
    let chosen = items.iter_mut().zip(&is_meant).filter(|(_, is_meant)| **is_meant).map(|(item, _)| item);
    match (verb, part) {
        (Verb::Remove, None) => {
            let mut meant = is_meant.iter();
            items.retain(|_| !meant.next().copied().unwrap_or(false));
        }
        (_, Some(part)) => {
            for item in chosen {
                if let Some(known) = item.as_object_mut() {
                    set(known, part.name, verb, value.clone())?;
                }
            }
        }
        (_, None) => {
            let Some(Value::Object(sent)) = value else {
                return Err(ScimError::value("the `value` has to be an object"));
            };
            chosen.for_each(|item| merge(item, attribute, sent.clone()));
        }
    }
    items.retain(|item| *item != json!({}));
    Ok(items)
}

/// The value that a filter of one condition describes, for `add`: Microsoft Entra adds a work address so.
fn made(filter: &ValFilter, parts: &'static [Attribute]) -> Option<Value> {
    use scim_v2::filter::{AttrExp, CompValue, CompareOp};
    let ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) = filter else {
        return None;
    };
    let part = named(parts, &path.name)?;
    Some(json!({part.name: text}))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::schema::{ENTERPRISE, Type};
    use super::{MESSAGE, apply};

    fn patched(kind: Type, resource: Value, operations: Value) -> Result<Value, &'static str> {
        let sent = json!({"schemas": [MESSAGE], "Operations": operations});
        apply(kind, resource, &sent).map_err(|error| error.word)
    }

    #[track_caller]
    fn check(operations: Value, expected: Result<Value, &str>) {
        let anna = json!({
            "id": "i1", "userName": "anna", "name": {"familyName": "Berg"}, "title": "Editor",
            "emails": [{"value": "a@work.example", "type": "work", "primary": true}],
        });
        let told = operations.to_string();
        let found = patched(Type::User, anna.clone(), operations);
        let expected = expected.map(|changes| {
            let mut anna = anna;
            for (name, value) in changes.as_object().unwrap() {
                match value {
                    Value::Null => drop(anna.as_object_mut().unwrap().remove(name)),
                    value => anna[name] = value.clone(),
                }
            }
            anna
        });
        assert_eq!(found, expected, "{told}");
    }

    #[test]
    fn what_directories_send_is_understood() {
        check(json!([{"op": "Replace", "path": "active", "value": "False"}]), Ok(json!({"active": "False"})));
        check(json!([{"op": "replace", "value": {"active": false}}]), Ok(json!({"active": false})));
        check(
            json!([{"op": "replace", "value": {"id": "x", "title": "Cook"}}]),
            Ok(json!({"title": "Cook"})),
        );
        check(
            json!([{"op": "add", "path": "name.givenName", "value": "Anna"}]),
            Ok(json!({"name": {"familyName": "Berg", "givenName": "Anna"}})),
        );
        check(
            json!([{"op": "Add", "value": {"name.givenName": "Anna"}}]),
            Ok(json!({"name": {"familyName": "Berg", "givenName": "Anna"}})),
        );
        check(
            json!([{"op": "replace", "path": "NAME", "value": {"givenName": "A"}}]),
            Ok(json!({"name": {"familyName": "Berg", "givenName": "A"}})),
        );
        check(json!([{"op": "remove", "path": "title"}]), Ok(json!({"title": null})));
        check(json!([{"op": "replace", "path": "title", "value": null}]), Ok(json!({"title": null})));
        check(
            json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "b@work.example"}]),
            Ok(json!({"emails": [{"value": "b@work.example", "type": "work", "primary": true}]})),
        );
        check(
            json!([{"op": "add", "path": "emails[type eq \"home\"].value", "value": "a@home.example"}]),
            Ok(
                json!({"emails": [{"value": "a@work.example", "type": "work", "primary": true}, {"type": "home", "value": "a@home.example"}]}),
            ),
        );
        check(
            json!([{"op": "add", "path": "emails", "value": [{"value": "b@b.example", "primary": true}]}]),
            Ok(
                json!({"emails": [{"value": "a@work.example", "type": "work", "primary": false}, {"value": "b@b.example", "primary": true}]}),
            ),
        );
        check(json!([{"op": "remove", "path": "emails[type eq \"work\"]"}]), Ok(json!({"emails": null})));
        check(json!([{"op": "remove", "path": "emails[type eq \"home\"]"}]), Ok(json!({})));
        let team = json!({ENTERPRISE: {"department": "News"}});
        check(
            json!([{"op": "add", "path": format!("{ENTERPRISE}:department"), "value": "News"}]),
            Ok(team.clone()),
        );
        check(
            json!([{"op": "add", "value": {format!("{ENTERPRISE}:department"): "News"}}]),
            Ok(team.clone()),
        );
        check(
            json!([{"op": "add", "path": ENTERPRISE, "value": {"department": "News", "manager": "x"}}]),
            Ok(team),
        );
    }

    #[test]
    fn what_is_not_kept_is_passed_over() {
        // Of the schema, but of no use here.
        check(
            json!([{"op": "add", "path": "addresses[type eq \"work\"].locality", "value": "Bonn"}]),
            Ok(json!({})),
        );
        check(json!([{"op": "replace", "path": "preferredLanguage", "value": "de"}]), Ok(json!({})));
    }

    #[test]
    fn what_makes_no_sense_changes_nothing() {
        check(json!([]), Err("tooMany"));
        check(json!([{"op": "move", "path": "title"}]), Err("invalidSyntax"));
        check(json!([{"path": "title"}]), Err("invalidSyntax"));
        check(json!([{"op": "remove"}]), Err("noTarget"));
        check(json!([{"op": "add", "value": "x"}]), Err("invalidSyntax"));
        check(json!([{"op": "add", "path": "wages", "value": 7}]), Err("invalidPath"));
        check(json!([{"op": "add", "value": {"wages": 7}}]), Err("invalidPath"));
        check(json!([{"op": "add", "path": "emails[", "value": 7}]), Err("invalidPath"));
        check(json!([{"op": "add", "path": "title[type eq \"x\"]", "value": 7}]), Err("invalidPath"));
        check(json!([{"op": "replace", "path": "id", "value": "x"}]), Err("mutability"));
        check(json!([{"op": "replace", "path": "groups", "value": []}]), Err("mutability"));
        check(json!([{"op": "remove", "path": "userName"}]), Err("invalidValue"));
        check(
            json!([{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "x"}]),
            Err("noTarget"),
        );
        check(json!([{"op": "add", "path": "emails", "value": "x"}]), Err("invalidValue"));
        check(json!([{"op": "add", "path": "name", "value": "x"}]), Err("invalidValue"));
        check(json!([{"op": "replace", "path": "x".repeat(2_000), "value": "x"}]), Err("invalidPath"));
        let many = vec![json!({"op": "remove", "path": "title"}); 1_001];
        check(json!(many), Err("tooMany"));
        assert!(
            apply(Type::User, json!({}), &json!({"Operations": [{"op": "remove", "path": "title"}]}))
                .is_err()
        );
        assert!(apply(Type::User, json!({}), &json!([])).is_err());
    }

    #[test]
    fn members_are_added_and_removed_in_each_way() {
        let member = |id: &str| json!({"value": id, "type": "User"});
        let check = |operations: Value, expected: &[&str]| {
            let told = operations.to_string();
            let group = json!({"displayName": "A", "members": [member("1"), member("2")]});
            let found = patched(Type::Group, group, operations).unwrap();
            let ids: Vec<&str> = found["members"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| one["value"].as_str().unwrap())
                .collect();
            assert_eq!(ids, expected, "{told}");
        };
        check(
            json!([{"op": "Add", "path": "members", "value": [{"value": "3"}, {"value": "1"}]}]),
            &["1", "2", "3"],
        );
        check(json!([{"op": "add", "path": "members", "value": {"value": "3"}}]), &["1", "2", "3"]);
        check(json!([{"op": "remove", "path": "members[value eq \"1\"]"}]), &["2"]);
        check(json!([{"op": "Remove", "path": "members", "value": [{"value": "1"}]}]), &["2"]);
        check(json!([{"op": "remove", "path": "members"}]), &[]);
        check(json!([{"op": "replace", "path": "members", "value": [{"value": "7"}]}]), &["7"]);
        check(json!([{"op": "replace", "value": {"members": []}}]), &[]);
    }
}
