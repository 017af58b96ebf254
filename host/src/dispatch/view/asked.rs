//! What is asked of a view: its sizes, its parameters, and the whole question as one value.

use sha2::{Digest as _, Sha256};
use stoa_rules::clean_line;

use super::{BELL_ID, Installed, Rendered};
use crate::base::clock::Micros;
use crate::base::id::PersonId;
use crate::store::Page;

use super::super::refusal::Refusal;
use super::super::request::ViewRequest;

/// Bytes of a page key.
const PAGE_KEY_MAX_BYTES: usize = 200;
/// Bytes of a view's parameters.
const PARAMETERS_MAX_BYTES: usize = 1_024;
/// Parameters of a view.
const PARAMETERS_MAX_COUNT: usize = 16;

/// The question with the title that the base was made with, where it tells none: requests after the first one need not
/// say again what a page is called that the store does not know yet.
pub(super) fn titled(ask: &ViewRequest, base: Option<&Rendered>) -> Option<ViewRequest> {
    let base = base.filter(|base| ask.page_title.is_empty() && base.ask.page_key == ask.page_key)?;
    Some(ViewRequest { page_title: base.ask.page_title.clone(), ..ask.clone() })
}

pub(super) fn check_sizes(ask: &ViewRequest, on_page: bool) -> Result<(), Refusal> {
    if (on_page && ask.page_key.is_empty()) || ask.page_key.len() > PAGE_KEY_MAX_BYTES {
        return Err(Refusal::Malformed {
            detail: "the page key has to have 1 to 200 bytes".to_owned(),
            hint: "give the element an attribute `page` with a short key that stays; without one the key is the page's address",
        });
    }
    if ask.parameters.len() > PARAMETERS_MAX_BYTES {
        return Err(malformed("the view's parameters are longer than 1,024 bytes"));
    }
    Ok(())
}

fn malformed(detail: &str) -> Refusal {
    Refusal::Malformed {
        detail: detail.to_owned(),
        hint: "widgets/README.md lists the attributes and their limits",
    }
}

pub(super) fn unknown_page(ask: &ViewRequest) -> Page {
    Page {
        id: String::new().into(),
        key: ask.page_key.clone(),
        url: ask.page_url.clone(),
        title: clean_line(&ask.page_title, 300),
        owner: None,
        closed: false,
    }
}

/// What a page is called: one that is known by its readers alone so far, as the widget says.
pub(super) fn title_of(ask: &ViewRequest, page: &Page) -> String {
    if page.title.is_empty() { clean_line(&ask.page_title, 300) } else { page.title.clone() }
}

pub(in crate::dispatch) fn parse_parameters(text: &str) -> Result<Vec<(String, String)>, Refusal> {
    let parameters: Vec<(String, String)> = serde_urlencoded::from_str(text)
        .map_err(|_| malformed("the view's parameters are not a query string"))?;
    if parameters.len() > PARAMETERS_MAX_COUNT {
        return Err(malformed("a view has 16 parameters at the most"));
    }
    Ok(parameters)
}

/// Action tokens name their hour, so a view is made anew each hour.
pub(super) fn hour(at: Micros) -> Micros {
    at / 3_600_000_000
}

/// What is asked, as one value: everything that a view depends on beside the page's content and the time.
/// `serial` is that of the site's state, `reach` tells which pages may be read.
pub(super) fn question(
    ask: &ViewRequest,
    serial: u64,
    installed: Option<&Installed>,
    reach: &str,
) -> [u8; 32] {
    let person = ask.actor.person.as_ref();
    let mut hash = Sha256::new();
    let since = ask.since.map(|since| since.to_string()).unwrap_or_default();
    let roles = person.map(|person| person.roles.join(",")).unwrap_or_default();
    for part in [
        ask.site.as_str(),
        &serial.to_string(),
        ask.plugin.as_str(),
        &ask.page_key,
        &ask.page_title,
        &ask.parameters,
        &since,
        &ask.lang,
        if ask.plain { "plain" } else { "" },
        ask.actor.person_id().map(PersonId::as_str).unwrap_or_default(),
        &roles,
        reach,
        ask.actor.page.as_ref().map_or("", |page| &page.key),
        installed.map_or(BELL_ID, |installed| installed.plugin.digest()),
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
