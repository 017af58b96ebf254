//! One request for all widgets of a page: who is it, and what do they show. With no views it renews a session.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, http};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::dispatch::{Refusal, TAB, ViewRequest};
use crate::identity::{Actor, Session};

use super::super::Host;
use super::super::extract::{JsonBody, Place, Proxied, bearer, language};
use super::super::layers::cors::RequestOrigin;
use super::super::layers::observe::RequestId;
use super::super::problem::Problem;
use super::VIEWS_MAX;
use super::pages::{self, Memory};

/// Bytes of a request: a token of 16 KiB and some elements.
const BODY_BYTES_MAX: usize = 32 * 1024;

/// What the loader asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    /// The embedding page's word for the person; none, or an empty one, for somebody not signed in.
    token: Option<String>,
    lang: Option<String>,
    /// What the browser keeps: the hash of its styles and, after a `?`, what it remembers of pages.
    css: Option<String>,
    /// Ops instead of HTML, for a browser without `setHTML`.
    #[serde(default)]
    ops: bool,
    /// The bearer of somebody who has just signed out; anything else where there was none.
    out: Option<Value>,
    /// The fragment of the page's address, split at `#stoa-` and at the first `?`, each with what stands in between: the
    /// third is a plugin, the fourth its parameters.
    #[serde(default)]
    at: Vec<Option<String>>,
    /// What the page is called that the elements are in.
    #[serde(default)]
    title: String,
    /// Its canonical address, or the one it was reached under.
    #[serde(default)]
    url: String,
    #[serde(default)]
    views: Vec<Element>,
}

/// An element on the page, by its attributes; what it does not say is empty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Element {
    plugin: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    p: String,
    #[serde(default)]
    scope: String,
    #[serde(default, rename = "for")]
    whom: String,
}

/// `POST /v1/sites/{site}/session`
pub(crate) async fn post(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    Extension(id): Extension<RequestId>,
    place: Place,
    Proxied(proxied): Proxied,
    JsonBody(ask): JsonBody<Ask, BODY_BYTES_MAX>,
) -> Result<Response, Problem> {
    if ask.views.len() > VIEWS_MAX {
        let detail = format!("{} views are more than {VIEWS_MAX}", ask.views.len());
        return Err(Problem::malformed(detail, "put fewer elements on a page"));
    }
    let lang = language(ask.lang.as_deref(), &place.config);
    if let Some(Value::String(bearer)) = &ask.out {
        // One that is over already is what was asked for.
        let _ = host.app.sign_out(&place.site, bearer, origin.as_deref()).await;
    }
    // A page that asks its server for a token gets an empty one for somebody who is not signed in there.
    let token = ask.token.as_deref().filter(|token| !token.trim().is_empty());
    let session = sign_in(&host, &place, token, proxied, origin.as_deref()).await.map_err(|refusal| {
        let css = Some(Box::new(css(&host, &lang, ask.css.as_deref())));
        Problem { css, ..Problem::from(refusal).worded(&host.app, &lang) }
    })?;
    let (bearer, expires_in_s, actor) = match session {
        Some(session) => {
            let left = (session.expires_at - host.app.clock().now()).max(0) / 1_000_000;
            (Some(session.bearer), left, session.actor)
        }
        None => (None, 0, Actor::anonymous(place.site.clone())),
    };
    let css = css(&host, &lang, ask.css.as_deref());
    let (ops, memory) = (ask.ops, Memory::read(ask.css.as_deref().unwrap_or_default()));
    let at = match &*ask.at {
        [_, None, Some(plugin), Some(parameters), ..] => Some((plugin.clone(), parameters.clone())),
        _ => None,
    };
    let (title, url, views) = (ask.title, ask.url, ask.views);
    let asks =
        views.into_iter().map(|element| element.within(&title, &url, at.as_ref()).ask(&place, &lang, &actor));
    let shown = Showing { host: &host, ops, id: &id, memory: &memory, at: at.as_ref() };
    let shown = futures::future::join_all(asks.map(|ask| shown.element(ask))).await;
    let lacks = |view: &Value| view["problem"]["code"] == "unknown_plugin";
    if let Some(origin) = origin.as_deref().filter(|_| shown.iter().any(lacks)) {
        host.app.note(&place.site, "plugin", origin, "");
    }
    let person = actor.person.as_ref().map(|person| json!({"id": person.id, "name": person.name}));
    let answer = json!({
        "bearer": bearer,
        "expires_in": expires_in_s,
        "person": person,
        "lang": lang,
        "css": css,
        "runtime": host.assets.url("runtime.js"),
        "swap": host.assets.url("swap.js"),
        "sanitizer": sanitizer(),
        "texts": texts(&host, &lang),
        "views": shown,
    });
    Ok(([(http::header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// By the page's token; without one by what a proxy says. None for somebody not signed in.
async fn sign_in(
    host: &Host,
    place: &Place,
    token: Option<&str>,
    proxied: Result<Option<Actor>, Refusal>,
    origin: Option<&str>,
) -> Result<Option<Session>, Refusal> {
    if let Some(token) = token {
        let session = host.app.sign_in(&place.site, token, origin).await.inspect_err(|refusal| {
            tracing::warn!(site = %place.site, origin, code = refusal.code(), %refusal, "a token was refused");
            if let (Some(origin), true) = (origin, refusal.code().starts_with("token_")) {
                host.app.note(&place.site, "token", origin, "");
            }
        });
        return session.map(Some);
    }
    match proxied? {
        Some(actor) => host.app.admit(actor, origin).await.map(Some),
        None => Ok(None),
    }
}

/// `DELETE /v1/sites/{site}/session`: the bearer of `Authorization` and its streams end; with a token there, all of the
/// person's.
pub(crate) async fn delete(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    place: Place,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let bearer = bearer(&headers)?.ok_or(Refusal::SignInNeeded)?;
    host.app.sign_out(&place.site, bearer, origin.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Element {
    /// With what the page around it says: its title, its address, and the state that this names for the plugin.
    fn within(self, title: &str, url: &str, at: Option<&(String, String)>) -> Self {
        let at = at.filter(|(plugin, _)| *plugin == self.plugin).map(|(_, parameters)| parameters.clone());
        Self {
            title: if self.title.is_empty() { title.to_owned() } else { self.title },
            url: pages::address(&self.url, url),
            p: at.unwrap_or(self.p),
            ..self
        }
    }

    fn ask(self, place: &Place, lang: &str, actor: &Actor) -> ViewRequest {
        let (plugin, view) = match self.plugin.as_str() {
            // A button of that plugin.
            "thanks" => ("kudos", "button"),
            name => (name, ""),
        };
        let set = [("scope", self.scope.as_str()), ("for", self.whom.as_str()), ("view", view)];
        ViewRequest {
            site: place.site.clone(),
            plugin: plugin.into(),
            page_key: if self.page.is_empty() { pages::key(&self.url).to_owned() } else { self.page },
            page_title: self.title,
            parameters: pages::parameters(&self.p, &set),
            page_url: self.url,
            since: None,
            lang: lang.to_owned(),
            actor: actor.clone(),
            plain: false,
        }
    }
}

/// How the elements of a request are shown.
struct Showing<'a> {
    host: &'a Host,
    ops: bool,
    id: &'a RequestId,
    memory: &'a Memory,
    /// The plugin and the parameters that the page's address names.
    at: Option<&'a (String, String)>,
}

impl Showing<'_> {
    /// A view; of a whole page's block the tabs, and with them what is shown first.
    async fn element(&self, mut ask: ViewRequest) -> Value {
        if !ask.is_page() {
            return show(self.host, &ask, self.ops, self.id).await;
        }
        let asked = self.at.map(|(plugin, _)| plugin.clone());
        let asked = asked.or_else(|| pages::parameter(&ask.parameters, TAB));
        let (last, seen) = (self.memory.tab.as_deref(), self.memory.seen(&ask.page_key));
        // What keeps the tabs from being shown is told in their place.
        let chosen = self.host.app.page_tab(&ask, asked.as_deref(), last, seen).await.unwrap_or_default();
        if let Some(chosen) = &chosen {
            ask.parameters = format!("{TAB}={chosen}");
        }
        let mut view = show(self.host, &ask, self.ops, self.id).await;
        if let (Some(chosen), true) = (chosen, view.get("problem").is_none()) {
            view["given"] = json!({
                "name": chosen.as_str(), "page": ask.page_key, "title": ask.page_title, "url": ask.page_url,
            });
            if self.host.app.has_tabs(&ask) {
                view["given"]["role"] = json!("tabpanel");
            }
            let at = self.at.filter(|(plugin, _)| plugin == chosen.as_str());
            ask.parameters = at.map(|(_, parameters)| parameters.clone()).unwrap_or_default();
            ask.plugin = chosen;
            view["inner"] = show(self.host, &ask, self.ops, self.id).await;
        }
        view
    }
}

/// One element that cannot be shown does not keep the others from it.
async fn show(host: &Host, ask: &ViewRequest, ops: bool, id: &RequestId) -> Value {
    match host.app.view(ask, None).await {
        Ok(shown) => {
            let mut view = json!({
                "plugin": ask.plugin.as_str(),
                "page": ask.page_key,
                "title": ask.page_title,
                "url": ask.page_url,
                "rev": shown.rev,
                "since": shown.since.to_string(),
                "p": shown.parameters,
            });
            match ops {
                true => view["ops"] = json!(STANDARD.encode(shown.build())),
                false => view["html"] = json!(shown.html()),
            }
            view
        }
        Err(refusal) => {
            let is_plugin = matches!(refusal, Refusal::Plugin(_));
            let problem = Problem::from(logged(refusal));
            // It stands in the page in the place of the plugin, for people.
            let failed = || problem.explained(&host.app, &host.app.text(&ask.lang, "host-plugin-failed"));
            let failed = is_plugin.then(failed);
            let mut problem = problem.worded(&host.app, &ask.lang);
            if problem.code == "malformed" {
                let words = host.app.text(&ask.lang, "host-problem-embedding").into();
                problem.reason = Some(std::mem::replace(&mut problem.detail, words));
            }
            if let Some(failed) = failed {
                problem.detail = failed;
            }
            json!({"problem": problem.to_json(&id.0)})
        }
    }
}

fn logged(refusal: Refusal) -> Refusal {
    tracing::info!(code = refusal.code(), "an element cannot be shown");
    refusal
}

/// The styles, with what a widget says while the host cannot be reached; none for a browser that has both already, as
/// `known` says.
fn css(host: &Host, lang: &str, known: Option<&str>) -> Value {
    let Some((hash, text)) = host.assets.styles() else { return Value::Null };
    let hash = format!("{hash}-{lang}");
    let known = known.unwrap_or_default();
    let (known, memory) = known.split_once('?').unwrap_or((known, ""));
    match known == hash {
        true => Value::Null,
        false => {
            // What the browser remembers goes with it: it keeps the one with the other.
            let hash = format!("{hash}?{memory}");
            json!({"hash": hash, "text": text, "down": host.app.text(lang, "host-down")})
        }
    }
}

/// What `setHTML` may let through: exactly what the renderer writes.
fn sanitizer() -> Value {
    let elements: Vec<Value> = stoa_view::ops::elements()
        .map(|(name, namespace)| match namespace {
            Some(namespace) => json!({"name": name, "namespace": namespace}),
            None => json!(name),
        })
        .collect();
    let attributes: Vec<&str> = stoa_view::ops::attributes().collect();
    json!({"elements": elements, "attributes": attributes})
}

/// What the browser's runtime says itself, by names without the prefix they have in the bundles.
fn texts(host: &Host, lang: &str) -> Map<String, Value> {
    let texts = host.app.widget_texts(lang).into_iter();
    texts.map(|(id, text)| (id.trim_start_matches("widget-").to_owned(), Value::String(text))).collect()
}
