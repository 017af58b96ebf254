//! What every request to the console passes: the table says who may ask and how long a form may be. What is not in the
//! table is refused.

use axum::extract::{FromRequest as _, MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::super::Host;
use super::super::extract::{FormBody, browser_language};
use super::super::layers::observe::Client;
use super::super::plain::is_own;
use super::super::problem::Problem;
use super::layout::{self, Words};
use super::{Need, ROUTES, Route};
use crate::base::id::SiteId;
use crate::dispatch::console::{ManagedSite, Operator};

/// The most that any form of the console takes; each route says less.
const BYTES_MAX: usize = 512 * 1024;

/// What a form or a query has.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The value of the first field of this name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether a box of this name is ticked.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The values of all fields of this name.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// The lines of a field, without blanks around them and without empty ones.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.get(name).lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// A request that has passed.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Who; none where nobody has to be signed in.
    pub(super) operator: Option<Operator>,
    /// The site that the address names.
    pub(super) site: Option<ManagedSite>,
    pub(super) query: Fields,
    pub(super) form: Fields,
    pub(super) words: Words,
}

impl Asked {
    /// The site and who asks; both are there where the table says `Here`.
    ///
    /// # Errors
    /// A page that says so, where the table does not.
    pub(super) fn here(&self) -> Result<(&ManagedSite, &Operator, SiteId), Box<Response>> {
        match (&self.site, &self.operator) {
            (Some(site), Some(operator)) => Ok((site, operator, SiteId::from(site.config.id.as_str()))),
            _ => Err(Box::new(Problem::internal().into_response())),
        }
    }
}

/// The middleware of all routes of the console.
pub(super) async fn guard(
    State(host): State<Host>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = if request.method() == "HEAD" { "GET" } else { request.method().as_str() };
    let route = ROUTES.iter().find(|route| path.as_deref() == Some(route.path) && route.method == method);
    let Some(route) = route else { return Problem::no_method().into_response() };
    let language = browser_language(request.headers()).unwrap_or("en").to_owned();
    let words = Words::new(&host, &language);
    let site = params.iter().find(|(name, _)| *name == "site").map(|(_, value)| SiteId::from(value));
    match pass(&host, route, site, words.clone(), &mut request).await {
        Ok(asked) => {
            request.extensions_mut().insert(asked);
            next.run(request).await
        }
        Err(Refused::Problem(problem)) => layout::refused(&host, &words, &problem),
        Err(Refused::SignIn) => {
            let mut response = super::access::page(&host, &words, None, "");
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            response
        }
    }
}

enum Refused {
    SignIn,
    Problem(Box<Problem>),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

async fn pass(
    host: &Host,
    route: &Route,
    site: Option<SiteId>,
    words: Words,
    request: &mut Request,
) -> Result<Asked, Refused> {
    let query = serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap_or_default();
    if route.method == "POST" && matches!(route.need, Need::Nobody | Need::Intranet) {
        let client = request.extensions().get::<Client>().and_then(|client| client.0);
        host.app.check_attempt(client, &words.language).map_err(Problem::from)?;
    }
    if route.method == "POST"
        && route.need != Need::Intranet
        && !is_own(request.headers(), &host.app.config().public_url)
    {
        return Err(forged().into());
    }
    let bearer = cookie(request.headers(), &host.app.config().public_url).map(str::to_owned);
    let operator = match bearer {
        Some(bearer) => host.app.operator(&bearer).await.map_err(Problem::from)?,
        None => None,
    };
    let form = match route.method {
        "POST" => form(host, request, route.bytes_max).await?,
        _ => Fields::default(),
    };
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "unknown_site", words.t("problem-no-site"));
    let denied = || Problem::new(StatusCode::FORBIDDEN, "denied", words.t("problem-denied"));
    if matches!(route.need, Need::Nobody | Need::Intranet) {
        return Ok(Asked { operator, site: None, query: Fields(query), form, words });
    }
    let operator = operator.ok_or(Refused::SignIn)?;
    match route.need {
        Need::Host if operator.site.is_none() => {}
        Need::Anywhere(role) if operator.role >= role => {}
        // Whoever sees another site alone is told the same of one that is there and one that is not.
        Need::Here(_) if operator.site.is_some() && operator.site != site => return Err(unknown().into()),
        Need::Here(role) if operator.may(role, site.as_ref()) => {}
        _ => return Err(denied().into()),
    }
    if route.method == "POST" && !is_same(form.get("form"), &operator.form_token) {
        return Err(forged().into());
    }
    let site = match site {
        Some(id) => Some(host.app.managed_site(&id).await.map_err(|_| unknown())?),
        None => None,
    };
    Ok(Asked { operator: Some(operator), site, query: Fields(query), form, words })
}

fn forged() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "forged",
        "this form was not sent from the console; open it there and send it again",
    )
}

async fn form(host: &Host, request: &mut Request, bytes_max: usize) -> Result<Fields, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > bytes_max) {
        return Err(Problem::too_large(bytes_max));
    }
    let body = std::mem::take(request.body_mut());
    let whole = Request::new(body);
    let FormBody::<BYTES_MAX>(pairs) = FormBody::from_request(whole, host).await?;
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    // Written in fewer bytes than they were sent in, so that this refuses no form that is short enough.
    if bytes > bytes_max + 2 {
        return Err(Problem::too_large(bytes_max));
    }
    Ok(Fields(pairs))
}

/// Compared in the same time wherever they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differing =
        one.bytes().zip(other.bytes()).fold(0, |differing, (one, other)| differing | (one ^ other));
    one.len() == other.len() && differing == 0
}

/// The name of the cookie: where there is TLS, one that no other host of the domain can set (RFC 6265bis section 4.1.3.2).
pub(super) fn cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https://") { "__Host-stoa-console" } else { "stoa-console" }
}

fn cookie<'h>(headers: &'h HeaderMap, public_url: &str) -> Option<&'h str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie_name(public_url)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn only_the_same_text_is_the_same() {
        assert!(is_same("abc", "abc") && is_same("", ""));
        assert!(!is_same("abc", "abd") && !is_same("abc", "ab") && !is_same("", "a") && !is_same("a", ""));
    }
}
