//! What somebody is told, for pages that draw it themselves. The bell shows the same.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dispatch::{Mute, NoticeTold, Read};

use super::super::Host;
use super::super::extract::{CurrentActor, JsonBody, Params, Place};
use super::super::problem::Problem;

/// Bytes of a request.
const BODY_BYTES_MAX: usize = 16 * 1024;
/// Notices of one answer, and ids of one request.
const LIMIT_MAX: u32 = 100;
const LIMIT: u32 = 20;

/// Which part of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    after: Option<String>,
    limit: Option<u32>,
}

/// `GET /v1/sites/{site}/notices`
pub(crate) async fn get(
    State(host): State<Host>,
    place: Place,
    CurrentActor(actor): CurrentActor,
    Params(part): Params<Part>,
) -> Result<Json<Value>, Problem> {
    let limit = part.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::malformed(
            format!("`limit` has to be 1 to {LIMIT_MAX}, not {limit}"),
            "leave it out for 20",
        ));
    }
    let told = host.app.notices(&place.site, &actor, part.after.as_deref(), limit).await?;
    let notices: Vec<Value> = told.items.iter().map(one).collect();
    Ok(Json(json!({"notices": notices, "next": told.next})))
}

fn one(told: &NoticeTold) -> Value {
    let notice = &told.line.newest;
    json!({
        "id": notice.id,
        "kind": notice.kind.word(),
        "why": notice.why.word(),
        "plugin": notice.plugin,
        "page": notice.page,
        "title": told.title,
        "url": told.url,
        "entry": notice.entry,
        "root": notice.root,
        "by": told.actor.as_ref().map(|person| json!({"id": person.id, "name": person.name})),
        "others": told.line.actors.saturating_sub(1),
        "count": told.line.count,
        "note": notice.note,
        "at": notice.at.to_string(),
        "read": told.line.first_unread.is_none(),
    })
}

/// `GET /v1/sites/{site}/notices/count`
pub(crate) async fn count(
    State(host): State<Host>,
    CurrentActor(actor): CurrentActor,
) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({"unread": host.app.count_unread(&actor).await?})))
}

/// Which notices were read: some by id, or all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadAsk {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    all: bool,
}

/// `POST /v1/sites/{site}/notices/read`
pub(crate) async fn read(
    State(host): State<Host>,
    CurrentActor(actor): CurrentActor,
    JsonBody(ask): JsonBody<ReadAsk, BODY_BYTES_MAX>,
) -> Result<StatusCode, Problem> {
    let count = u32::try_from(ask.ids.len()).unwrap_or(u32::MAX);
    let read = match (ask.all, count) {
        (true, 0) => Read::All,
        (false, 1..=LIMIT_MAX) => Read::Some(ask.ids),
        _ => {
            return Err(Problem::malformed(
                "the body names neither some notices nor all",
                "send {\"all\": true}, or {\"ids\": [..]} with 1 to 100 ids",
            ));
        }
    };
    host.app.read_notices(&actor, read).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /v1/sites/{site}/notices/mutes`
pub(crate) async fn mutes(
    State(host): State<Host>,
    CurrentActor(actor): CurrentActor,
) -> Result<Json<Value>, Problem> {
    let mutes: Vec<Value> = host
        .app
        .mutes(&actor)
        .await?
        .iter()
        .map(|mute| {
            let (what, target) = mute.words();
            json!({"what": what, "target": target})
        })
        .collect();
    Ok(Json(json!({"mutes": mutes})))
}

/// What is muted, or not any more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MuteAsk {
    what: String,
    target: String,
    muted: bool,
}

/// `POST /v1/sites/{site}/notices/mutes`
pub(crate) async fn mute(
    State(host): State<Host>,
    CurrentActor(actor): CurrentActor,
    JsonBody(ask): JsonBody<MuteAsk, BODY_BYTES_MAX>,
) -> Result<StatusCode, Problem> {
    let target = Some(ask.target.as_str()).filter(|target| (1..=100).contains(&target.len()));
    let Some(mute) = target.and_then(|target| Mute::from_words(&ask.what, target)) else {
        return Err(Problem::malformed(
            "there is nothing like this to mute",
            "`what` is `thread`, `person` or `kind`; a kind is mention, reply, follow, told, accepted, decision or moderation",
        ));
    };
    host.app.mute(&actor, mute, ask.muted).await?;
    Ok(StatusCode::NO_CONTENT)
}
