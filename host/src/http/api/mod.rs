//! The JSON side: what widgets ask. One file a noun.

pub(crate) mod act;
pub(crate) mod counts;
pub(crate) mod live;
pub(crate) mod notices;
mod pages;
pub(crate) mod people;
pub(crate) mod session;
pub(crate) mod view;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::dispatch::ViewResponse;

/// Views of one session request or stream: elements on one page.
const VIEWS_MAX: usize = 20;

/// In which form a view is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As HTML, for `setHTML`.
    Html,
    /// As ops for the DOM.
    Ops,
    /// As the tree of the vocabulary.
    Json,
}

impl Form {
    /// The form that `Accept` names; HTML where it names none (RFC 9110 section 12.5.1, without weights: each
    /// client of this API names one).
    fn asked(headers: &HeaderMap, otherwise: Self) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let forms = [
            ("application/vnd.stoa.ops", Self::Ops),
            ("application/json", Self::Json),
            ("text/html", Self::Html),
        ];
        forms.into_iter().find(|(name, _)| accept.contains(name)).map_or(otherwise, |(_, form)| form)
    }
}

/// A view in an answer: from the base that the browser shows where the host still has it (`base` says so), from
/// nothing otherwise.
pub(crate) fn view_now(shown: &ViewResponse, form: Form) -> Value {
    let mut view = json!({
        "rev": shown.rev,
        "p": shown.parameters,
        "since": shown.since.to_string(),
    });
    if form == Form::Html {
        view["html"] = json!(shown.html());
    } else {
        let (base, ops) = ops_of(shown);
        view["base"] = json!(base);
        view["ops"] = json!(STANDARD.encode(ops));
    }
    view
}

/// The shortest ops, with the base they start from; none: from an empty container.
fn ops_of(shown: &ViewResponse) -> (Option<&str>, Vec<u8>) {
    match (shown.base(), shown.patch()) {
        (Some(base), Some(ops)) => (Some(base), ops),
        _ => (None, shown.build()),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::Form;

    #[test]
    fn a_client_gets_the_form_it_asks_for() {
        let check = |accept: &'static str, expected| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(Form::asked(&headers, Form::Html), expected, "{accept}");
        };
        check("application/vnd.stoa.ops", Form::Ops);
        check("application/json", Form::Json);
        check("text/html,application/xhtml+xml,*/*;q=0.8", Form::Html);
        check("*/*", Form::Html);
        assert_eq!(Form::asked(&HeaderMap::new(), Form::Ops), Form::Ops);
    }
}
