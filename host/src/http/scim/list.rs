//! Lists (RFC 7644 section 3.4.2). What a filter asks for by name or id is found by it; for any other filter all are
//! looked through.

use axum::http::StatusCode;
use axum::response::Response;
use scim_v2::filter::Filter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Host;
use super::error::ScimError;
use super::schema::Type;
use super::{Directory, filter, resource, respond};
use crate::dispatch::DirectoryKey;

/// Resources in one answer.
pub(super) const RESULTS_MAX: usize = 500;
/// As many where the directory does not say.
const RESULTS: usize = 100;
/// Resources read at a time.
const BATCH: u32 = 500;

/// Which attributes are wanted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    attributes: Option<String>,
    #[serde(rename = "excludedAttributes")]
    excluded: Option<String>,
}

impl Asked {
    pub(super) fn narrow(&self, kind: Type, resource: Value) -> Value {
        resource::narrowed(kind, resource, self.attributes.as_deref(), self.excluded.as_deref())
    }

    /// Whether an answer may have this attribute.
    fn wants(&self, name: &str) -> bool {
        let has = |list: &str| {
            list.split(',')
                .any(|one| one.trim().split('.').next().is_some_and(|one| one.eq_ignore_ascii_case(name)))
        };
        match (&self.attributes, &self.excluded) {
            (Some(wanted), _) => has(wanted),
            (None, Some(unwanted)) => !has(unwanted),
            (None, None) => true,
        }
    }
}

/// What is asked of a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    filter: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

/// As [`Listed`], in the body of `POST /.search` (RFC 7644 section 3.4.3).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Search {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    #[serde(default)]
    attributes: Vec<String>,
    #[serde(default)]
    excluded_attributes: Vec<String>,
}

impl From<Search> for Listed {
    fn from(search: Search) -> Self {
        let list = |names: Vec<String>| Some(names.join(",")).filter(|names| !names.is_empty());
        Self {
            filter: search.filter,
            start_index: search.start_index.map(|number| number.to_string()),
            count: search.count.map(|number| number.to_string()),
            attributes: list(search.attributes),
            excluded_attributes: list(search.excluded_attributes),
        }
    }
}

/// A list that is there as a whole.
pub(super) fn all(resources: Vec<Value>) -> Value {
    page(resources.len(), 1, resources)
}

fn page(total: usize, start: usize, resources: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// A number of the query: what is below the least counts as that (RFC 7644 section 3.4.2.4).
fn number(text: Option<&str>, least: usize, usual: usize) -> Result<usize, ScimError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(usual) };
    let number = text.parse::<i64>().map_err(|_| ScimError::value("startIndex and count are numbers"))?;
    Ok(usize::try_from(number).unwrap_or(0).max(least))
}

/// The resources that are asked for.
///
/// # Errors
/// `invalidFilter`; `invalidValue` for numbers that are none.
pub(super) async fn answer(
    host: &Host,
    directory: &Directory,
    kind: Type,
    listed: &Listed,
) -> Result<Response, ScimError> {
    let start = number(listed.start_index.as_deref(), 1, 1)?;
    let count = number(listed.count.as_deref(), 0, RESULTS)?.min(RESULTS_MAX);
    let filter = listed.filter.as_deref().map(filter::parse).transpose()?;
    let asked = Asked { attributes: listed.attributes.clone(), excluded: listed.excluded_attributes.clone() };
    let wanted = Wanted { kind, start, count, asked: &asked };
    let (total, found) = match &filter {
        None => every(host, directory, &wanted).await?,
        Some(filter) => some(host, directory, &wanted, filter).await?,
    };
    Ok(respond(StatusCode::OK, &page(total, start, found)))
}

/// Which part of a list is wanted.
struct Wanted<'a> {
    kind: Type,
    start: usize,
    count: usize,
    asked: &'a Asked,
}

/// A part of all resources, and how many there are.
async fn every(
    host: &Host,
    directory: &Directory,
    wanted: &Wanted<'_>,
) -> Result<(usize, Vec<Value>), ScimError> {
    let (site, base) = (&directory.site, directory.base.as_str());
    let (skipped, limit) = (wanted.start - 1, u32::try_from(wanted.count).unwrap_or(u32::MAX));
    let (resources, total): (Vec<Value>, u32) = match wanted.kind {
        Type::User => {
            let (users, total) = host.app.page_of_directory_users(site, skipped, limit).await?;
            (users.iter().map(|(user, groups)| resource::user(base, user, groups)).collect(), total)
        }
        Type::Group => {
            let members = wanted.asked.wants("members");
            let (groups, total) = host.app.page_of_directory_groups(site, (skipped, limit), members).await?;
            (groups.iter().map(|group| resource::group(base, group)).collect(), total)
        }
    };
    let narrow = |resource| wanted.asked.narrow(wanted.kind, resource);
    Ok((usize::try_from(total).unwrap_or(usize::MAX), resources.into_iter().map(narrow).collect()))
}

/// A part of the resources that a filter means, and how many those are.
async fn some(
    host: &Host,
    directory: &Directory,
    wanted: &Wanted<'_>,
    filter: &Filter,
) -> Result<(usize, Vec<Value>), ScimError> {
    let kind = wanted.kind;
    // Also where there is nobody to look at, what makes no sense is refused.
    filter::matches(filter, kind, &json!({}))?;
    let (mut total, mut found) = (0, Vec::new());
    let mut take = |resource: Value| -> Result<(), ScimError> {
        if filter::matches(filter, kind, &resource)? {
            total += 1;
            if total >= wanted.start && found.len() < wanted.count {
                found.push(wanted.asked.narrow(kind, resource));
            }
        }
        Ok(())
    };
    if let Some(key) = key(filter, kind) {
        if let Some(resource) = one(host, directory, kind, key).await? {
            take(resource)?;
        }
        return Ok((total, found));
    }
    let members = wanted.asked.wants("members") || filter.to_string().to_lowercase().contains("members");
    let mut after = String::new();
    loop {
        let batch = batch(host, directory, (kind, members), &after).await?;
        let Some((last, _)) = batch.last() else { return Ok((total, found)) };
        after.clone_from(last);
        for (_, resource) in batch {
            take(resource)?;
        }
    }
}

/// By what the one resource that can be meant is found.
fn key(filter: &Filter, kind: Type) -> Option<DirectoryKey<'_>> {
    let name = match kind {
        Type::User => "userName",
        Type::Group => "displayName",
    };
    let by = |name| filter::asked(filter, name);
    by("id")
        .map(DirectoryKey::Id)
        .or_else(|| by(name).map(DirectoryKey::Name))
        .or_else(|| by("externalId").map(DirectoryKey::External))
}

async fn one(
    host: &Host,
    directory: &Directory,
    kind: Type,
    key: DirectoryKey<'_>,
) -> Result<Option<Value>, ScimError> {
    Ok(match kind {
        Type::User => {
            let found = host.app.directory_user(&directory.site, key).await?;
            found.map(|(user, groups)| resource::user(&directory.base, &user, &groups))
        }
        Type::Group => {
            let found = host.app.directory_group(&directory.site, key).await?;
            found.map(|group| resource::group(&directory.base, &group))
        }
    })
}

/// Resources after an id, with their ids.
async fn batch(
    host: &Host,
    directory: &Directory,
    (kind, members): (Type, bool),
    after: &str,
) -> Result<Vec<(String, Value)>, ScimError> {
    let (site, base) = (&directory.site, &directory.base);
    Ok(match kind {
        Type::User => {
            let users = host.app.directory_users(site, after, BATCH).await?;
            users
                .into_iter()
                .map(|(user, groups)| (user.id.clone(), resource::user(base, &user, &groups)))
                .collect()
        }
        Type::Group => {
            let groups = host.app.directory_groups(site, after, BATCH, members).await?;
            groups.into_iter().map(|group| (group.id.clone(), resource::group(base, &group))).collect()
        }
    })
}
