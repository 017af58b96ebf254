//! Learning platforms: sign-ins that begin there, launches, and choices that are sent back.

use serde_json::{Map, Value, json};

use super::App;
use crate::base::config::{Algorithm, Issuer, IssuerKind, Site};
use crate::base::id::SiteId;
use crate::dispatch::refusal::Refusal;
use crate::identity::embed::mint::SigningKey;
use crate::identity::embed::{DeepLink, Launch};
use crate::identity::{Actor, IdentityError};

/// Seconds that a choice holds.
const CHOICE_LIFETIME_S: i64 = 300;
/// The name of the key that choices are signed with, where a site has one alone.
const KEY_NAME: &str = "stoa";

/// A sign-in that was begun.
#[derive(Debug)]
pub struct LaunchBegun {
    /// The platform's address for sign-ins.
    pub authorization_url: String,
    /// The tool's id there.
    pub client_id: String,
    /// Comes back as it was sent.
    pub state: String,
    /// Comes back in the token.
    pub nonce: String,
}

/// Something that can be chosen for a place in a course.
#[derive(Debug)]
pub struct LaunchChoice {
    /// The plugin.
    pub plugin: String,
    /// What is sent back for it: a JWT.
    pub jwt: String,
}

impl App {
    /// Begin a sign-in at a platform of the site, as the platform has asked.
    ///
    /// # Errors
    /// `UnknownSite`; `SignIn` where the platform is none of the site's, or knows the tool by another id.
    pub fn begin_launch(
        &self,
        site: &SiteId,
        issuer: &str,
        client_id: Option<&str>,
    ) -> Result<LaunchBegun, Refusal> {
        let state = self.site_state(site)?;
        let platform = platform(&state.config, issuer).ok_or(IdentityError::Issuer)?;
        let (Some(known), Some(url)) = (&platform.client_id, &platform.authorization_url) else {
            return Err(IdentityError::Issuer.into());
        };
        if client_id.is_some_and(|client_id| client_id != known) {
            return Err(IdentityError::Client("client_id").into());
        }
        let (state, nonce) = self.0.launch_states.begin(site.as_str(), issuer, self.0.clock.now());
        Ok(LaunchBegun { authorization_url: url.clone(), client_id: known.clone(), state, nonce })
    }

    /// What a launch asks for, and who is there.
    ///
    /// # Errors
    /// `UnknownSite`; `SignIn` with the failing claim; `Unavailable`.
    pub async fn launch(&self, site: &SiteId, token: &str, state: &str) -> Result<(Launch, Actor), Refusal> {
        let known = self.site_state(site)?;
        let (sessions, store) = (&self.0.sessions, &self.0.store);
        let proof = (token, state);
        let launch =
            sessions.launch(&known.config, &known.issuers, store, proof, &self.0.launch_states).await?;
        Ok(launch)
    }

    /// The origin of the platform that a launch came from: it may frame what is answered.
    #[must_use]
    pub fn platform_origin(&self, site: &SiteId, launch: &Launch) -> Option<String> {
        let known = self.site_state(site).ok()?;
        let platform = platform(&known.config, &launch.issuer)?;
        let url = reqwest::Url::parse(platform.authorization_url.as_deref()?).ok()?;
        Some(url.origin().ascii_serialization())
    }

    /// What can be chosen for the place of a launch; nothing where the site has no key to sign with.
    ///
    /// # Errors
    /// `UnknownSite`; `Internal` where the key does not sign.
    pub fn launch_choices(
        &self,
        site: &SiteId,
        launch: &Launch,
        link: &DeepLink,
    ) -> Result<Vec<LaunchChoice>, Refusal> {
        let state = self.site_state(site)?;
        let (Some(key), Some(platform)) = (&state.lti_key, platform(&state.config, &launch.issuer)) else {
            return Ok(Vec::new());
        };
        let url = format!("{}/lti/{site}/launch", self.0.config.public_url);
        let mut plugins: Vec<&str> = state.plugins.keys().map(|name| name.as_str()).collect();
        plugins.sort_unstable();
        let choice = |plugin: &str| {
            let claims = choice(platform, launch, link, (plugin, &url));
            let jwt = key.sign(Some(KEY_NAME), claims, CHOICE_LIFETIME_S, self.0.clock.now());
            let jwt = jwt.map_err(|error| Refusal::Internal(error.to_string()))?;
            Ok(LaunchChoice { plugin: plugin.to_owned(), jwt })
        };
        plugins.into_iter().map(choice).collect()
    }

    /// The public key that choices are checked with, as a JWK set (RFC 7517 section 5); an empty one where there is none.
    ///
    /// # Errors
    /// `UnknownSite`.
    pub fn launch_keys(&self, site: &SiteId) -> Result<Value, Refusal> {
        let known = self.site_state(site)?;
        let key = known.lti_key.as_ref();
        let keys: Vec<Value> = key.and_then(|key| key.public_jwk(KEY_NAME)).into_iter().collect();
        Ok(json!({"keys": keys}))
    }
}

/// The message of LTI deep linking 2.0 section 5.1: one link, which stands for the plugin on a page of its own.
fn choice(
    platform: &Issuer,
    launch: &Launch,
    link: &DeepLink,
    (plugin, url): (&str, &str),
) -> Map<String, Value> {
    const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";
    const CHOICE: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/";
    let item = json!({
        "type": "ltiResourceLink", "url": url,
        "custom": {"stoa_plugin": plugin, "stoa_page": launch.page_key},
    });
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), json!(platform.client_id));
    claims.insert("aud".to_owned(), json!([platform.issuer]));
    claims.insert("nonce".to_owned(), json!(launch.nonce));
    claims.insert(format!("{CLAIM}deployment_id"), json!(launch.deployment));
    claims.insert(format!("{CLAIM}message_type"), json!("LtiDeepLinkingResponse"));
    claims.insert(format!("{CLAIM}version"), json!("1.3.0"));
    claims.insert(format!("{CHOICE}content_items"), json!([item]));
    if let Some(data) = &link.data {
        claims.insert(format!("{CHOICE}data"), json!(data));
    }
    claims
}

fn platform<'s>(site: &'s Site, issuer: &str) -> Option<&'s Issuer> {
    site.issuers.iter().find(|known| known.kind == IssuerKind::Lti && known.issuer == issuer)
}

/// The key that a site's choices are signed with.
///
/// # Errors
/// What is wrong with it, with what to do.
pub(super) async fn read_key(site: &Site) -> Result<Option<SigningKey>, String> {
    let Some(path) = &site.lti_key_file else { return Ok(None) };
    let wrong = |what: String| {
        let hint = "make one with `openssl genrsa -out lti.pem 2048`";
        format!("sites.{}.lti_key_file: {}: {what}\nhint: {hint}", site.id, path.display())
    };
    let bytes = tokio::fs::read(path).await.map_err(|error| wrong(error.to_string()))?;
    let key = SigningKey::from_pem(&bytes).map_err(|error| wrong(error.to_string()))?;
    match key.algorithm() {
        Algorithm::RS256 => Ok(Some(key)),
        _ => Err(wrong("LTI takes RSA keys alone".to_owned())),
    }
}
