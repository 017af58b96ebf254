//! What a person did in a view.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use crate::dispatch::{ActionRequest, Refusal, ViewRequest};

use super::super::Host;
use super::super::extract::{CurrentActor, JsonBody, Place, instant, language};
use super::super::problem::Problem;
use super::{Form, view_now};

/// The longest text of an entry, 65,535 characters of four bytes at the most, and as much again beside it.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// Characters of an idempotency key.
const KEY_CHARS_MAX: usize = 128;

/// What is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    page: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    p: String,
    since: Option<String>,
    base: Option<String>,
    lang: Option<String>,
    fields: BTreeMap<String, OneOrMore>,
}

/// The value of a field; several where several were chosen.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// `POST /v1/sites/{site}/plugins/{plugin}/act`
pub(crate) async fn post(
    State(host): State<Host>,
    place: Place,
    CurrentActor(actor): CurrentActor,
    headers: HeaderMap,
    JsonBody(ask): JsonBody<Ask, BODY_BYTES_MAX>,
) -> Result<Response, Problem> {
    let form = Form::asked(&headers, Form::Ops);
    let idempotency_key = key(&headers)?;
    let fields = ask.fields.into_iter().flat_map(|(name, values)| match values {
        OneOrMore::One(value) => vec![(name, value)],
        OneOrMore::More(values) => values.into_iter().map(|value| (name.clone(), value)).collect(),
    });
    let action = action(fields.collect(), idempotency_key, ask.base.filter(|base| !base.is_empty()));
    let view = ViewRequest {
        lang: language(ask.lang.as_deref(), &place.config),
        site: place.site,
        plugin: place.plugin,
        page_key: ask.page,
        page_title: ask.title,
        page_url: ask.url,
        parameters: ask.p,
        since: instant(ask.since.as_deref())?,
        actor,
        plain: false,
    };
    let acted = host.app.act(&view, action).await.map_err(|refusal| refused(refusal, form))?;
    let mut answer = view_now(&acted.shown, form);
    answer["announce"] = json!(acted.announce);
    answer["focus"] = json!(acted.focus);
    answer["state"] = json!(acted.state);
    Ok(Json(answer).into_response())
}

/// A form's pairs as an action: `t` is the token, `s` the subject, `do` the verb, the rest are its fields. A button
/// outside of forms has all of it in `do`: the verb, the token, the subject (may be empty) and, where there is one,
/// the field `value`, with a space between.
pub(crate) fn action(
    pairs: Vec<(String, String)>,
    idempotency_key: String,
    base: Option<String>,
) -> ActionRequest {
    let mut action = ActionRequest {
        idempotency_key,
        token: String::new(),
        verb: String::new(),
        subject: None,
        fields: Vec::new(),
        base,
    };
    for (name, value) in pairs {
        match name.as_str() {
            "t" => action.token = value,
            "s" => action.subject = Some(value).filter(|subject| !subject.is_empty()),
            "do" => {
                let mut parts = value.splitn(4, ' ');
                parts.next().unwrap_or_default().clone_into(&mut action.verb);
                if let (Some(token), subject) = (parts.next(), parts.next()) {
                    token.clone_into(&mut action.token);
                    action.subject = subject.filter(|subject| !subject.is_empty()).map(str::to_owned);
                }
                action.fields.extend(parts.next().map(|value| ("value".to_owned(), value.to_owned())));
            }
            _ => action.fields.push((name, value)),
        }
    }
    action
}

/// The header of draft-ietf-httpapi-idempotency-key-header; some clients put it in quotes, as the draft says.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let value = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = value.trim().trim_matches('"');
    if key.is_empty() || key.len() > KEY_CHARS_MAX {
        return Err(Problem::malformed(
            format!("the header Idempotency-Key has to have 1 to {KEY_CHARS_MAX} characters"),
            "make a random one for each thing done, and send the same again when repeating it",
        ));
    }
    Ok(key.to_owned())
}

/// In swap mode the view that comes with a refusal is HTML as well.
fn refused(refusal: Refusal, form: Form) -> Problem {
    let shown = match &refusal {
        Refusal::Conflict { shown, .. } | Refusal::Gone { shown, .. } | Refusal::Stale { shown, .. } => {
            shown.as_ref().filter(|_| form == Form::Html).map(|acted| Box::new(view_now(&acted.shown, form)))
        }
        _ => None,
    };
    let mut problem = Problem::from(refusal);
    if shown.is_some() {
        problem.view = shown;
    }
    problem
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{action, key};

    #[test]
    fn a_form_becomes_an_action() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = vec![
            pair("t", "T"),
            pair("s", "e1"),
            pair("do", "reply"),
            pair("body", "a"),
            pair("tag", "x"),
            pair("tag", "y"),
        ];
        let action = action(pairs, "k".to_owned(), None);
        assert_eq!((action.token.as_str(), action.verb.as_str()), ("T", "reply"));
        assert_eq!(action.subject.as_deref(), Some("e1"));
        assert_eq!(action.fields, [pair("body", "a"), pair("tag", "x"), pair("tag", "y")]);
        assert_eq!(super::action(vec![pair("s", "")], String::new(), None).subject, None);
        let button = |value: &str| {
            let action = super::action(vec![pair("do", value)], String::new(), None);
            (action.verb, action.token, action.subject, action.fields)
        };
        let text = str::to_owned;
        assert_eq!(button("like T e1"), (text("like"), text("T"), Some(text("e1")), vec![]));
        assert_eq!(button("follow T "), (text("follow"), text("T"), None, vec![]));
        assert_eq!(button("react T e1 \u{1f44d} x").3, [pair("value", "\u{1f44d} x")]);
        assert_eq!(button("react"), (text("react"), String::new(), None, vec![]));
    }

    #[test]
    fn every_act_needs_a_key_of_bounded_length() {
        let check = |value: &str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", HeaderValue::from_str(value).unwrap());
            assert_eq!(key(&headers).ok().as_deref(), expected, "{value}");
        };
        check("abc", Some("abc"));
        check("\"abc\"", Some("abc"));
        check("", None);
        check(&"x".repeat(129), None);
        assert!(key(&HeaderMap::new()).is_err());
    }
}
