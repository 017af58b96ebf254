//! SCIM 2.0 (RFC 7643, RFC 7644): an identity provider tells who works here and who belongs to which group.
//!
//! Deliberately absent: `/Bulk`, `/Me`, sorting, passwords, and every attribute that nobody here has a use for.

mod error;
mod filter;
mod list;
mod patch;
mod resource;
mod schema;

use axum::Router;
use axum::extract::{FromRequestParts, Path, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Host;
use super::extract::{bearer, read};
use super::layers::observe;
use crate::base::id::SiteId;
use crate::dispatch::{DirectoryError, DirectoryKey, DirectoryWrite};
use error::ScimError;
use list::{Asked, Listed, Search};
use schema::Type;

/// Bytes of a body: a group of 10,000 members.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How often a change is made again because somebody else was faster, where the directory does not say which version
/// it means.
const TRIES_MAX: usize = 5;

/// The addresses below `/scim/v2/sites/{site}`.
pub(super) fn routes() -> Router<Host> {
    Router::new()
        .route("/Users", get(list_users).post(post_user))
        .route("/Users/.search", post(search_users))
        .route("/Users/{id}", get(get_user).put(put_user).patch(patch_user).delete(delete_user))
        .route("/Groups", get(list_groups).post(post_group))
        .route("/Groups/.search", post(search_groups))
        .route("/Groups/{id}", get(get_group).put(put_group).patch(patch_group).delete(delete_group))
        .route("/.search", post(search_all))
        .route("/ServiceProviderConfig", get(service))
        .route("/ResourceTypes", get(resource_types))
        .route("/ResourceTypes/{id}", get(resource_type))
        .route("/Schemas", get(schemas))
        .route("/Schemas/{id}", get(schema_of))
        .fallback(any(async || ScimError::absent()))
        .method_not_allowed_fallback(async || {
            ScimError::new(StatusCode::METHOD_NOT_ALLOWED, "", "this address does not take this method")
        })
        .layer(from_fn(observe::in_time))
}

type Answer = Result<Response, ScimError>;

/// The directory that asks: it has shown the site's secret.
struct Directory {
    site: SiteId,
    /// The address that all others start with.
    base: String,
}

impl FromRequestParts<Host> for Directory {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, ScimError> {
        let params =
            RawPathParams::from_request_parts(parts, host).await.map_err(|_| ScimError::unknown())?;
        let site = params.iter().find(|(name, _)| *name == "site").map_or("", |(_, value)| value);
        let site = SiteId::from(site);
        let shown = bearer(&parts.headers).map_err(|_| ScimError::unknown())?.unwrap_or_default();
        if !host.app.is_directory(&site, shown) {
            tracing::warn!(%site, "a directory has shown no secret of this site");
            return Err(ScimError::unknown());
        }
        Ok(Self { base: format!("{}/scim/v2/sites/{site}", host.app.config().public_url), site })
    }
}

/// The query of the address; what it has beside is passed over.
struct Params<T>(T);

impl<T: DeserializeOwned> FromRequestParts<Host> for Params<T> {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, _: &Host) -> Result<Self, ScimError> {
        let query = parts.uri.query().unwrap_or_default();
        let read = serde_urlencoded::from_str(query).map(Self);
        read.map_err(|error| ScimError::value(format!("the query is not as expected: {error}")))
    }
}

/// An answer with its media type (RFC 7644 section 3.1).
fn respond(status: StatusCode, body: &Value) -> Response {
    let kind = HeaderValue::from_static("application/scim+json");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

async fn body_of(request: Request, host: &Host) -> Result<Value, ScimError> {
    let bytes = read(request, host, BODY_BYTES_MAX).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| ScimError::bad("invalidSyntax", format!("the body is no JSON: {error}")))
}

/// A resource with its version and, where it is new, its address.
fn shown(status: StatusCode, kind: Type, resource: Value, asked: &Asked) -> Response {
    let header_of = |value: &Value| value.as_str().and_then(|text| HeaderValue::from_str(text).ok());
    let version = header_of(&resource["meta"]["version"]);
    let location = header_of(&resource["meta"]["location"]);
    let resource = asked.narrow(kind, resource);
    let mut response = respond(status, &resource);
    let named: [(HeaderName, _); 2] = [(header::ETAG, version), (header::LOCATION, location)];
    for (name, value) in named {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether a header lists this version (RFC 9110 section 13.1); none where there is no such header.
fn names_version(headers: &HeaderMap, name: &HeaderName, version: u32) -> Option<bool> {
    let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).peekable();
    values.peek()?;
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    let wanted = version.to_string();
    Some(values.flat_map(|value| value.split(',')).any(|tag| tag.trim() == "*" || plain(tag) == wanted))
}

/// # Errors
/// 412 where `If-Match` names another version.
fn check_match(headers: &HeaderMap, version: u32) -> Result<(), ScimError> {
    match names_version(headers, &header::IF_MATCH, version) {
        Some(false) => Err(ScimError::stale()),
        _ => Ok(()),
    }
}

/// A user or a group as it is kept, and as it is shown.
struct Known {
    version: u32,
    resource: Value,
}

impl Directory {
    async fn load(&self, host: &Host, kind: Type, id: &str) -> Result<Known, ScimError> {
        let key = DirectoryKey::Id(id);
        let known = match kind {
            Type::User => host.app.directory_user(&self.site, key).await?.map(|(user, groups)| Known {
                version: user.version,
                resource: resource::user(&self.base, &user, &groups),
            }),
            Type::Group => host
                .app
                .directory_group(&self.site, key)
                .await?
                .map(|group| Known { version: group.version, resource: resource::group(&self.base, &group) }),
        };
        known.ok_or_else(ScimError::absent)
    }

    /// Keep a resource as it was sent: a new one, or in the place of a version.
    async fn put(
        &self,
        host: &Host,
        kind: Type,
        id: &str,
        version: Option<u32>,
        sent: &Value,
    ) -> Result<(), ScimError> {
        match kind {
            Type::User => {
                let person = resource::person(sent)?;
                host.app.write_directory_user(&self.site, id, version, person).await?;
            }
            Type::Group => {
                let record = Box::new(resource::team(sent)?);
                let change = DirectoryWrite::Group { id: id.to_owned(), version, record };
                host.app.write_directory(&self.site, change).await?;
            }
        }
        Ok(())
    }

    async fn make(&self, host: &Host, kind: Type, asked: &Asked, sent: &Value) -> Answer {
        let id = host.app.directory_id();
        self.put(host, kind, &id, None, sent).await?;
        let known = self.load(host, kind, &id).await?;
        Ok(shown(StatusCode::CREATED, kind, known.resource, asked))
    }

    /// Put what `change` makes of a resource in its place. Where somebody else was faster it is made of the newer one,
    /// unless the directory has said which version it means.
    async fn change(
        &self,
        host: &Host,
        (kind, id): (Type, &str),
        (headers, asked): (&HeaderMap, &Asked),
        change: impl Fn(Value) -> Result<Value, ScimError>,
    ) -> Answer {
        let mut tries = 0;
        loop {
            tries += 1;
            let known = self.load(host, kind, id).await?;
            check_match(headers, known.version)?;
            let newer = change(known.resource.clone())?;
            if newer == known.resource {
                return Ok(shown(StatusCode::OK, kind, known.resource, asked));
            }
            match self.put(host, kind, id, Some(known.version), &newer).await {
                Err(error) if error.status == StatusCode::PRECONDITION_FAILED && tries < TRIES_MAX => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    let known = self.load(host, kind, id).await?;
                    return Ok(shown(StatusCode::OK, kind, known.resource, asked));
                }
            }
        }
    }

    async fn get(&self, host: &Host, (kind, id): (Type, &str), headers: &HeaderMap, asked: &Asked) -> Answer {
        let known = self.load(host, kind, id).await?;
        if names_version(headers, &header::IF_NONE_MATCH, known.version) == Some(true) {
            return Ok(StatusCode::NOT_MODIFIED.into_response());
        }
        Ok(shown(StatusCode::OK, kind, known.resource, asked))
    }

    async fn delete(&self, host: &Host, (kind, id): (Type, &str), headers: &HeaderMap) -> Answer {
        let version = match headers.contains_key(header::IF_MATCH) {
            false => None,
            true => {
                let known = self.load(host, kind, id).await?;
                check_match(headers, known.version)?;
                Some(known.version)
            }
        };
        let id = id.to_owned();
        let change = match kind {
            Type::User => DirectoryWrite::DeleteUser { id, version },
            Type::Group => DirectoryWrite::DeleteGroup { id, version },
        };
        host.app
            .write_directory(&self.site, change)
            .await
            .map_err(|error: DirectoryError| error.into())
            .map(|()| StatusCode::NO_CONTENT.into_response())
    }
}

/// The id in an address; the other parameter is the site.
type Id = Path<(String, String)>;

async fn list_users(State(host): State<Host>, directory: Directory, Params(asked): Params<Listed>) -> Answer {
    list::answer(&host, &directory, Type::User, &asked).await
}

async fn list_groups(
    State(host): State<Host>,
    directory: Directory,
    Params(asked): Params<Listed>,
) -> Answer {
    list::answer(&host, &directory, Type::Group, &asked).await
}

async fn search(host: &Host, directory: &Directory, kind: Type, request: Request) -> Answer {
    let search: Search = serde_json::from_value(body_of(request, host).await?)
        .map_err(|error| ScimError::bad("invalidSyntax", format!("this is no SearchRequest: {error}")))?;
    list::answer(host, directory, kind, &search.into()).await
}

async fn search_users(State(host): State<Host>, directory: Directory, request: Request) -> Answer {
    search(&host, &directory, Type::User, request).await
}

async fn search_groups(State(host): State<Host>, directory: Directory, request: Request) -> Answer {
    search(&host, &directory, Type::Group, request).await
}

/// Over several kinds of resources.
async fn search_all(_: Directory) -> ScimError {
    let detail = "search one kind of resource: /Users/.search or /Groups/.search";
    ScimError::new(StatusCode::NOT_IMPLEMENTED, "", detail)
}

macro_rules! handlers {
    ($kind:expr, $post:ident, $get:ident, $put:ident, $patch:ident, $delete:ident) => {
        async fn $post(
            State(host): State<Host>,
            directory: Directory,
            Params(asked): Params<Asked>,
            request: Request,
        ) -> Answer {
            let sent = body_of(request, &host).await?;
            directory.make(&host, $kind, &asked, &sent).await
        }

        async fn $get(
            State(host): State<Host>,
            directory: Directory,
            Path((_, id)): Id,
            Params(asked): Params<Asked>,
            headers: HeaderMap,
        ) -> Answer {
            directory.get(&host, ($kind, &id), &headers, &asked).await
        }

        async fn $put(
            State(host): State<Host>,
            directory: Directory,
            Path((_, id)): Id,
            Params(asked): Params<Asked>,
            headers: HeaderMap,
            request: Request,
        ) -> Answer {
            let sent = body_of(request, &host).await?;
            directory.change(&host, ($kind, &id), (&headers, &asked), |_| Ok(sent.clone())).await
        }

        async fn $patch(
            State(host): State<Host>,
            directory: Directory,
            Path((_, id)): Id,
            Params(asked): Params<Asked>,
            headers: HeaderMap,
            request: Request,
        ) -> Answer {
            let sent = body_of(request, &host).await?;
            let change = |known| patch::apply($kind, known, &sent);
            directory.change(&host, ($kind, &id), (&headers, &asked), change).await
        }

        async fn $delete(
            State(host): State<Host>,
            directory: Directory,
            Path((_, id)): Id,
            headers: HeaderMap,
        ) -> Answer {
            directory.delete(&host, ($kind, &id), &headers).await
        }
    };
}

handlers!(Type::User, post_user, get_user, put_user, patch_user, delete_user);
handlers!(Type::Group, post_group, get_group, put_group, patch_group, delete_group);

async fn service(directory: Directory) -> Response {
    respond(StatusCode::OK, &schema::service(&directory.base, list::RESULTS_MAX))
}

async fn resource_types(directory: Directory) -> Response {
    respond(StatusCode::OK, &list::all(schema::resource_types(&directory.base)))
}

async fn resource_type(directory: Directory, Path((_, id)): Id) -> Answer {
    one_of(schema::resource_types(&directory.base), &id)
}

async fn schemas(directory: Directory) -> Response {
    respond(StatusCode::OK, &list::all(schema::schemas(&directory.base)))
}

async fn schema_of(directory: Directory, Path((_, id)): Id) -> Answer {
    one_of(schema::schemas(&directory.base), &id)
}

fn one_of(all: Vec<Value>, id: &str) -> Answer {
    let found = all.into_iter().find(|one| one["id"] == id);
    found.map(|one| respond(StatusCode::OK, &one)).ok_or_else(ScimError::absent)
}
