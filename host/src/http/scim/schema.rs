//! What is kept of people and groups: the attributes of RFC 7643 that Stoa has a use for, and no others.

use scim_v2::filter::AttrPath;
use serde_json::{Value, json};

use super::error::ScimError;

/// The schemas of users, of what enterprises know of them, and of groups.
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// Attributes of those schemas that Stoa has no use for: what a directory says there is passed over, not refused.
const NOT_KEPT: [&str; 17] = [
    "nickName",
    "profileUrl",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "password",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "entitlements",
    "roles",
    "x509Certificates",
    "employeeNumber",
    "costCenter",
    "manager",
];
const NOT_KEPT_EITHER: [&str; 2] = ["organization", "division"];

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, compared in any case.
    Text,
    /// Text, compared to the letter.
    Exact,
    Flag,
    Time,
    Reference,
    Complex(&'static [Attribute]),
}

/// Who may change an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutability {
    ReadWrite,
    ReadOnly,
    Immutable,
}

/// One attribute (RFC 7643 section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) many: bool,
    pub(super) required: bool,
    pub(super) unique: bool,
    pub(super) mutability: Mutability,
    /// Values that directories usually send.
    usual: &'static [&'static str],
    about: &'static str,
}

const fn attribute(name: &'static str, kind: Kind, about: &'static str) -> Attribute {
    let (many, required, unique) = (false, false, false);
    Attribute { name, kind, many, required, unique, mutability: Mutability::ReadWrite, usual: &[], about }
}

const fn given(attribute: Attribute) -> Attribute {
    Attribute { mutability: Mutability::ReadOnly, ..attribute }
}

const fn list(name: &'static str, parts: &'static [Attribute], about: &'static str) -> Attribute {
    Attribute { many: true, ..attribute(name, Kind::Complex(parts), about) }
}

const NAME: &[Attribute] = &[
    attribute("formatted", Kind::Text, "The whole name."),
    attribute("familyName", Kind::Text, "The family name."),
    attribute("givenName", Kind::Text, "The given name."),
];
const EMAIL: &[Attribute] = &[
    attribute("value", Kind::Text, "The address; never shown to anybody."),
    Attribute { usual: &["work", "home", "other"], ..attribute("type", Kind::Text, "What it is for.") },
    attribute("primary", Kind::Flag, "Whether it is the one to write to."),
];
const TEAM: &[Attribute] = &[
    given(attribute("value", Kind::Exact, "The group's id.")),
    given(attribute("$ref", Kind::Reference, "The group's address.")),
    given(attribute("display", Kind::Text, "What it is called.")),
    given(attribute("type", Kind::Text, "Always `direct`.")),
];
const MEMBER: &[Attribute] = &[
    Attribute { mutability: Mutability::Immutable, ..attribute("value", Kind::Exact, "The user's id.") },
    Attribute {
        mutability: Mutability::Immutable,
        ..attribute("$ref", Kind::Reference, "The user's address.")
    },
    Attribute {
        mutability: Mutability::Immutable,
        usual: &["User"],
        ..attribute("type", Kind::Text, "Always `User`.")
    },
];
const META: &[Attribute] = &[
    given(attribute("resourceType", Kind::Exact, "User or Group.")),
    given(attribute("created", Kind::Time, "When it was made.")),
    given(attribute("lastModified", Kind::Time, "When it was last changed.")),
    given(attribute("location", Kind::Reference, "Its address.")),
    given(attribute("version", Kind::Exact, "Its ETag.")),
];
pub(super) const EXTERNAL_ID: Attribute = attribute("externalId", Kind::Exact, "The directory's own id.");
/// Of every resource (RFC 7643 section 3.1); in no schema.
const COMMON: &[Attribute] = &[
    given(attribute("id", Kind::Exact, "The id here.")),
    EXTERNAL_ID,
    given(attribute("meta", Kind::Complex(META), "What is known of the resource.")),
    given(Attribute { many: true, ..attribute("schemas", Kind::Exact, "What it is made of.") }),
];
const OF_USER: &[Attribute] = &[
    Attribute {
        required: true,
        unique: true,
        ..attribute("userName", Kind::Text, "The name to sign in with.")
    },
    attribute("name", Kind::Complex(NAME), "The parts of the name."),
    attribute("displayName", Kind::Text, "The name that is shown."),
    attribute("title", Kind::Text, "What they do."),
    attribute("active", Kind::Flag, "Whether they are here; who is not is signed out at once."),
    list("emails", EMAIL, "Where notices are sent."),
    given(list("groups", TEAM, "The groups they belong to.")),
];
const OF_ENTERPRISE: &[Attribute] = &[attribute("department", Kind::Text, "Their team.")];
const OF_GROUP: &[Attribute] = &[
    Attribute { required: true, unique: true, ..attribute("displayName", Kind::Text, "What it is called.") },
    list("members", MEMBER, "Who belongs to it: users."),
];

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    User,
    Group,
}

/// An attribute of a resource, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The extension that it is in.
    pub(super) extension: Option<&'static str>,
    /// None for the extension as a whole.
    pub(super) attribute: Option<&'static Attribute>,
    pub(super) part: Option<&'static Attribute>,
}

impl Type {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    pub(super) fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    pub(super) fn schema(self) -> &'static str {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
        }
    }

    pub(super) fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::User => OF_USER,
            Self::Group => OF_GROUP,
        }
    }

    pub(super) fn extension(self) -> Option<(&'static str, &'static [Attribute])> {
        (self == Self::User).then_some((ENTERPRISE, OF_ENTERPRISE))
    }

    /// What a path names; none for what is in the schema of RFC 7643 and not kept.
    ///
    /// # Errors
    /// Says that there is no such attribute.
    pub(super) fn find(self, path: &AttrPath) -> Result<Option<Found>, String> {
        let unknown = || format!("there is no attribute `{path}`");
        let (extension, attributes) = match (&path.uri, self.extension()) {
            (Some(uri), Some((urn, _))) if format!("{uri}:{}", path.name).eq_ignore_ascii_case(urn) => {
                return Ok(Some(Found { extension: Some(urn), attribute: None, part: None }));
            }
            (Some(uri), Some((urn, attributes))) if uri.eq_ignore_ascii_case(urn) => (Some(urn), attributes),
            (Some(uri), _) if !uri.eq_ignore_ascii_case(self.schema()) => return Err(unknown()),
            _ => (None, self.attributes()),
        };
        let common = if extension.is_none() { COMMON } else { &[] };
        let Some(attribute) = named(attributes, &path.name).or_else(|| named(common, &path.name)) else {
            return if self == Self::User && is_passed_over(&path.name) { Ok(None) } else { Err(unknown()) };
        };
        let part = match (&path.sub_attr, attribute.kind) {
            (None, _) => None,
            (Some(part), Kind::Complex(parts)) => match named(parts, part) {
                Some(part) => Some(part),
                // Parts of names, addresses and members that nobody has a use for.
                None if attribute.mutability == Mutability::ReadWrite => return Ok(None),
                None => return Err(unknown()),
            },
            _ => return Err(unknown()),
        };
        Ok(Some(Found { extension, attribute: Some(attribute), part }))
    }
}

/// An attribute by its name in any case (RFC 7643 section 2.1).
pub(super) fn named(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

fn is_passed_over(name: &str) -> bool {
    NOT_KEPT.iter().chain(&NOT_KEPT_EITHER).any(|known| known.eq_ignore_ascii_case(name))
}

/// The three schemas, as `/Schemas` gives them (RFC 7643 section 7).
pub(super) fn schemas(base: &str) -> Vec<Value> {
    let schema = |id: &str, name: &str, about: &str, attributes: &[Attribute]| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id,
            "name": name,
            "description": about,
            "attributes": attributes.iter().map(described).collect::<Vec<_>>(),
            "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{id}")},
        })
    };
    vec![
        schema(USER, "User", "Somebody who works here.", OF_USER),
        schema(ENTERPRISE, "EnterpriseUser", "What an organisation knows of them.", OF_ENTERPRISE),
        schema(GROUP, "Group", "People who belong together.", OF_GROUP),
    ]
}

fn described(attribute: &Attribute) -> Value {
    let kind = match attribute.kind {
        Kind::Text | Kind::Exact => "string",
        Kind::Flag => "boolean",
        Kind::Time => "dateTime",
        Kind::Reference => "reference",
        Kind::Complex(_) => "complex",
    };
    let mut value = json!({
        "name": attribute.name,
        "type": kind,
        "multiValued": attribute.many,
        "description": attribute.about,
        "required": attribute.required,
        "caseExact": matches!(attribute.kind, Kind::Exact | Kind::Reference),
        "mutability": match attribute.mutability {
            Mutability::ReadWrite => "readWrite",
            Mutability::ReadOnly => "readOnly",
            Mutability::Immutable => "immutable",
        },
        "returned": "default",
        "uniqueness": if attribute.unique { "server" } else { "none" },
    });
    if !attribute.usual.is_empty() {
        value["canonicalValues"] = json!(attribute.usual);
    }
    match attribute.kind {
        Kind::Complex(parts) => value["subAttributes"] = parts.iter().map(described).collect(),
        Kind::Reference => {
            value["referenceTypes"] =
                json!([if attribute.mutability == Mutability::Immutable { "User" } else { "Group" }])
        }
        _ => {}
    }
    value
}

/// As `/ResourceTypes` gives them (RFC 7643 section 6).
pub(super) fn resource_types(base: &str) -> Vec<Value> {
    [Type::User, Type::Group]
        .into_iter()
        .map(|kind| {
            let extensions = kind.extension().map(|(urn, _)| json!({"schema": urn, "required": false}));
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
                "id": kind.name(),
                "name": kind.name(),
                "endpoint": kind.endpoint(),
                "description": if kind == Type::User { "People" } else { "Groups of people" },
                "schema": kind.schema(),
                "schemaExtensions": extensions.into_iter().collect::<Vec<_>>(),
                "meta": {"resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{}", kind.name())},
            })
        })
        .collect()
}

/// As `/ServiceProviderConfig` gives it (RFC 7643 section 5).
pub(super) fn service(base: &str, results_max: usize) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": results_max},
        "changePassword": {"supported": false},
        "sort": {"supported": false},
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer",
            "description": "A secret of the site, sent as `Authorization: Bearer`",
            "primary": true,
        }],
        "meta": {"resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig")},
    })
}

/// A path, or why it names nothing.
pub(super) fn path(text: &str) -> Result<AttrPath, ScimError> {
    match text.parse() {
        Ok(scim_v2::filter::PatchPath::Attr(path)) => Ok(path),
        _ => Err(ScimError::bad("invalidPath", format!("`{}` names no attribute", shortened(text)))),
    }
}

/// As much of what somebody sent as fits in a message.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
