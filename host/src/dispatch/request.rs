//! What is asked of the host and what it answers, free of any protocol.

use std::sync::Arc;

use bytes::Bytes;

use crate::base::clock::Micros;
use crate::base::id::{PluginName, SiteId};
use crate::identity::Actor;
use crate::store::{NoticeLine, Person};

use super::view::Rendered;

/// A view that somebody wants to see.
#[derive(Clone, Debug)]
pub struct ViewRequest {
    /// The site.
    pub site: SiteId,
    /// The plugin, by the name that widgets use.
    pub plugin: PluginName,
    /// The stable key of the page, 1 to 200 bytes.
    pub page_key: String,
    /// The page's title as the widget knows it; empty when not told.
    pub page_title: String,
    /// The page's address as the widget knows it; empty when not told.
    pub page_url: String,
    /// The state of the view as a query string, 1 KiB at the most.
    pub parameters: String,
    /// When the browser last asked for everything; later entries of others wait behind "3 new".
    pub since: Option<Micros>,
    /// The language of the interface.
    pub lang: String,
    /// Who asks.
    pub actor: Actor,
    /// Whether it is for the plain page, which works without script.
    pub plain: bool,
}

/// A view as it is shown.
#[derive(Clone, Debug)]
pub struct ViewResponse {
    pub(super) rendered: Arc<Rendered>,
    /// The revision: the same as long as nothing that is shown has changed.
    pub rev: String,
    /// The state of the view as a query string.
    pub parameters: String,
    /// From when on entries of others wait behind "3 new".
    pub since: Micros,
    /// The title of the page.
    pub title: String,
    pub(super) base: Option<Arc<Rendered>>,
}

impl ViewResponse {
    /// The view as an HTML fragment with one root element.
    #[must_use]
    pub fn html(&self) -> &str {
        self.rendered.html()
    }

    /// As [`ViewResponse::html`], to be sent: shared, not copied.
    #[must_use]
    pub fn html_bytes(&self) -> Bytes {
        struct Html(Arc<Rendered>);
        impl AsRef<[u8]> for Html {
            fn as_ref(&self) -> &[u8] {
                self.0.html().as_bytes()
            }
        }
        Bytes::from_owner(Html(Arc::clone(&self.rendered)))
    }

    /// The view as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        self.rendered.json()
    }

    /// The ops that build the view in an empty container.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        stoa_view::ops::build(self.rendered.tree())
    }

    /// The ops from the base that was asked for; none where the host does not have it any more.
    #[must_use]
    pub fn patch(&self) -> Option<Vec<u8>> {
        let base = self.base.as_ref()?;
        Some(stoa_view::ops::diff(base.tree(), self.rendered.tree()))
    }

    /// The revision that [`ViewResponse::patch`] starts from.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        self.base.as_ref().map(|base| base.rev())
    }
}

/// What a person did in a view.
#[derive(Clone, Debug)]
pub struct ActionRequest {
    /// Makes a repetition safe, 1 to 128 bytes.
    pub idempotency_key: String,
    /// The token of the subject, as the view has it.
    pub token: String,
    /// The verb.
    pub verb: String,
    /// What it is done to.
    pub subject: Option<String>,
    /// The fields of the form.
    pub fields: Vec<(String, String)>,
    /// The revision that the browser shows.
    pub base: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct ActionOutcome {
    /// The view now; its patch starts from the base that was asked for.
    pub shown: ViewResponse,
    /// A message to be read aloud, in the person's language.
    pub announce: Option<String>,
    /// The DOM id of the element that gets the focus.
    pub focus: Option<String>,
    /// Whether what was written is seen by everybody: `visible` or `held`; none where nothing was written.
    pub state: Option<&'static str>,
    /// Whether this is the answer to a repetition.
    pub replayed: bool,
}

/// A view that a live stream shows.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The browser's name for it.
    pub id: String,
    /// The view.
    pub ask: ViewRequest,
    /// The revision that the browser shows.
    pub rev: String,
}

/// Something a live stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveItem {
    /// A view has changed.
    Patch {
        /// The browser's name for the view.
        id: String,
        /// The revision that the ops start from.
        base: String,
        /// The revision that they lead to.
        rev: String,
        /// The ops.
        ops: Vec<u8>,
    },
    /// A view has changed and its base is not known any more: fetch it anew.
    Resync {
        /// The browser's name for the view.
        id: String,
    },
}

/// A notice with what only the host knows.
#[derive(Clone, Debug)]
pub struct NoticeTold {
    /// The notices that are told together.
    pub line: NoticeLine,
    /// Where reading goes on.
    pub url: String,
    /// What its thread or page is called; may be empty.
    pub title: String,
    /// Who did it.
    pub actor: Option<Person>,
}

/// A part of somebody's notices.
#[derive(Clone, Debug)]
pub struct NoticesTold {
    /// The newest first.
    pub items: Vec<NoticeTold>,
    /// Where the list continues.
    pub next: Option<String>,
}

/// A person who can be mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonHit {
    /// The id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// What they do.
    pub title: String,
    /// 0 to 359: the colour behind their initials.
    pub hue: u16,
}
