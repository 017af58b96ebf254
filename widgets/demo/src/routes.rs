//! The routes, and what every answer carries: who is signed in, the switches of the address, the headers.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::content::{self, Content, ContentError, Person};
use crate::layout::{self, Embed, Spa, Visit, assets};
use crate::token::Minter;

/// Cookie that says who is looking at the intranet. It is the demo's whole sign-in.
const PERSON_COOKIE: &str = "person";
/// Value of the cookie after "Not signed in" was chosen.
const NOBODY: &str = "none";
/// Who is signed in before anybody was chosen.
const FIRST_PERSON: &str = "anna.bergmann";
/// Shortest secret for HS256, in bytes (RFC 7518, section 3.2: as long as the hash).
const SECRET_BYTES_MIN: usize = 32;

/// Where the site is, where the widgets are and how tokens are signed.
pub struct Settings {
    /// Origin of this site, without a slash at the end.
    pub origin: String,
    /// Origin of the Stoa host, without a slash at the end.
    pub stoa: String,
    /// Site id at the Stoa host.
    pub site: String,
    /// Whether pages embed questions.
    pub questions: bool,
    secret: String,
}

/// Why the site cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An origin is not `http(s)://host[:port]`.
    #[error("{0} is not an origin\nhint: scheme, host and port only, as http://intranet.localhost:4100")]
    Origin(String),
    /// The site id has other characters than lower-case letters, digits and hyphens.
    #[error("{0} is not a site id\nhint: lower-case letters, digits and hyphens, as demo")]
    Site(String),
    /// The secret is too short to sign with.
    #[error("the secret has fewer than {SECRET_BYTES_MIN} bytes\nhint: openssl rand -hex 32")]
    Secret,
    /// The compiled-in content is broken.
    #[error(transparent)]
    Content(#[from] ContentError),
}

impl Settings {
    /// Checked settings.
    ///
    /// # Errors
    /// [`SetupError`] when an origin, the site id or the secret cannot be used.
    pub fn new(origin: &str, stoa: &str, site: &str, secret: &str) -> Result<Self, SetupError> {
        let is_slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if site.is_empty() || !site.chars().all(is_slug) {
            return Err(SetupError::Site(site.to_owned()));
        }
        if secret.len() < SECRET_BYTES_MIN {
            return Err(SetupError::Secret);
        }
        Ok(Self {
            origin: check_origin(origin)?,
            stoa: check_origin(stoa)?,
            site: site.to_owned(),
            questions: true,
            secret: secret.to_owned(),
        })
    }
}

/// Scheme and authority, nothing else: it goes into headers and attributes.
fn check_origin(text: &str) -> Result<String, SetupError> {
    let wrong = || SetupError::Origin(text.to_owned());
    let origin = text.trim_end_matches('/');
    let uri: Uri = origin.parse().map_err(|_| wrong())?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    let authority = uri.authority().ok_or_else(wrong)?.as_str();
    let plain = authority.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter));
    let rebuilt = format!("{}://{authority}", uri.scheme_str().unwrap_or_default());
    if is_http && plain && rebuilt == origin { Ok(rebuilt) } else { Err(wrong()) }
}

struct Site {
    settings: Settings,
    content: Content,
    minter: Minter,
}

/// The whole site as a router.
///
/// # Errors
/// [`SetupError::Content`] when the compiled-in content is broken.
pub fn router(settings: Settings) -> Result<Router, SetupError> {
    let mut content = content::load()?;
    if !settings.questions {
        content.leave_out_questions();
    }
    let minter = Minter::new(&settings.origin, &settings.site, &settings.secret);
    let site = Arc::new(Site { settings, content, minter });
    Ok(Router::new()
        .route("/assets/{*path}", get(asset))
        .route("/stoa/token", get(token))
        .route("/switch", post(switch))
        .fallback(get(page))
        .with_state(site))
}

/// Switches in the address that change how a page is delivered, for trying out and for tests.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Switches {
    embed: String,
    csp: String,
    spa: String,
    lang: String,
    dir: String,
}

impl Switches {
    fn embed(&self) -> Embed {
        match self.embed.as_str() {
            "placeholder" => Embed::Placeholder,
            "link" => Embed::Link,
            _ => Embed::Element,
        }
    }

    fn spa(&self) -> Spa {
        match self.spa.as_str() {
            "1" => Spa::Replace,
            "attributes" => Spa::Attributes,
            _ => Spa::Off,
        }
    }

    fn lang(&self) -> Option<&str> {
        let is_tag = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        ((2..=12).contains(&self.lang.len()) && self.lang.chars().all(is_tag)).then_some(self.lang.as_str())
    }
}

async fn page(
    State(site): State<Arc<Site>>,
    Query(switches): Query<Switches>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let person = signed_in(&site, &headers);
    let token = match person.map(|person| site.minter.mint(person)).transpose() {
        Ok(token) => token,
        Err(error) => return unsigned(&error),
    };
    let visit = Visit {
        content: &site.content,
        settings: &site.settings,
        person,
        token: token.as_deref(),
        embed: switches.embed(),
        spa: switches.spa(),
        lang: switches.lang(),
        rtl: switches.dir == "rtl",
        address: uri.path_and_query().map_or("/", |address| address.as_str()),
    };
    let (status, html) = layout::document(&visit, uri.path());
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // The page differs by person and carries a token: the browser may keep it for "back", nobody else may.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    if let Some(policy) = content_security_policy(&switches.csp, &site.settings.stoa) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The policy of `?csp=strict`, or of `?csp=nowasm` where WebAssembly is forbidden too.
fn content_security_policy(variant: &str, stoa: &str) -> Option<HeaderValue> {
    let wasm = match variant {
        "strict" => " 'wasm-unsafe-eval'",
        "nowasm" => "",
        _ => return None,
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' {stoa}{wasm}; connect-src 'self' {stoa}; style-src 'self'; \
         img-src 'self' data: {stoa}; form-action 'self' {stoa}; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

async fn asset(Path(path): Path<String>) -> Response {
    let Some(asset) = assets::find(&path) else {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    // Addresses carry the content's hash, so the answer never changes.
    let caching = "public, max-age=31536000, immutable";
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, asset.content_type()),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.text).into_response()
}

/// A fresh token for whoever is signed in; the widget asks shortly before the old one ends.
async fn token(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let mut response = match signed_in(&site, &headers).map(|person| site.minter.mint(person)) {
        Some(Ok(token)) => Json(json!({ "token": token })).into_response(),
        Some(Err(error)) => unsigned(&error),
        None => (StatusCode::UNAUTHORIZED, Json(json!({ "title": "Nobody is signed in." }))).into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[derive(Deserialize)]
struct SwitchForm {
    #[serde(default)]
    person: String,
    #[serde(default)]
    back: String,
}

/// Changes who is signed in and goes back to the page the form was on.
async fn switch(State(site): State<Arc<Site>>, headers: HeaderMap, Form(form): Form<SwitchForm>) -> Response {
    if !from_this_site(&headers) {
        return (StatusCode::FORBIDDEN, "Please switch from a page of this intranet.\n").into_response();
    }
    let subject = site.content.person(&form.person).map_or(NOBODY, |person| person.subject.as_str());
    let cookie = format!("{PERSON_COOKIE}={subject}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    // Only a path of this site: `//elsewhere` and `/\elsewhere` would leave it, control characters end a header.
    let is_local = form.back.starts_with('/')
        && !form.back.starts_with("//")
        && form.back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let back = if is_local { form.back.as_str() } else { "/" };
    ([(header::SET_COOKIE, cookie)], Redirect::to(back)).into_response()
}

/// Whether a form was sent from a page under the very host name it was sent to. Tools send no `Origin`.
fn from_this_site(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == host
}

/// Who is signed in: the first person before anybody was chosen, nobody for an unknown name.
fn signed_in<'a>(site: &'a Site, headers: &HeaderMap) -> Option<&'a Person> {
    let chosen = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == PERSON_COOKIE).then_some(value));
    site.content.person(chosen.unwrap_or(FIRST_PERSON))
}

fn unsigned(error: &jsonwebtoken::errors::Error) -> Response {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "stoa-demo: a token could not be signed: {error}");
    (StatusCode::INTERNAL_SERVER_ERROR, "We could not sign you in. Please try again.\n").into_response()
}
