//! What a learning platform says when it opens this host as a tool: LTI 1.3 core (section 5.3) and deep linking 2.0, both
//! messages in an ID token that answers a sign-in which the host has begun (1EdTech Security Framework 1.0, section 5.1).
//!
//! The state of that sign-in needs no cookie: it is signed, holds for ten minutes and for one launch. So it is certain that
//! this host has asked for the token, not that the same browser has: somebody can open a launch of their own in another's
//! browser, who is then signed in there as them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::super::claims::{check_times, line, subject, text};
use super::super::parts::Claims;
use super::super::{
    EMAIL_CHARS_MAX, PAGE_KEY_BYTES_MAX, PAGE_TITLE_CHARS_MAX, ROLES, TOKEN_BYTES_MAX, Vouched,
};
use super::check_audience;
use crate::base::clock::{MINUTE, Micros};
use crate::base::config::Issuer;
use crate::base::keys::{HostKey, random_bytes};
use crate::identity::names::{self, NAME_CHARS_MAX};
use crate::identity::{IdentityError, VouchedPage};
use crate::store::PersonClaims;

/// Seconds from `iat` to `exp`.
const LIFETIME_S_MAX: i64 = 3_600;
/// How long a sign-in may take, in microseconds.
const STATE_LIFETIME: Micros = 10 * MINUTE;
/// How many there is room for at first: room for all of them would be megabytes in a host that nobody uses.
const FEW: usize = 1_000;
/// States remembered as used; each is forgotten when it is too old anyway.
const USED_MAX: usize = 100_000;
/// Bytes of ids that the platform makes.
const ID_BYTES_MAX: usize = 255;
/// Bytes of what is sent back as it came.
const DATA_BYTES_MAX: usize = 8 * 1024;

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";
const DEEP_LINKING: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
/// Where the short names of roles in a context belong.
const CONTEXT_ROLE: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#";

/// What a launch asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The platform.
    pub issuer: String,
    /// Which of its deployments of the tool.
    pub deployment: String,
    /// As the sign-in was begun with.
    pub nonce: String,
    /// The plugin that was chosen when the link was made; none where none was.
    pub plugin: Option<String>,
    /// What the place is called.
    pub title: String,
    /// The key of the page that the link stands for.
    pub page_key: String,
    /// What to send back, where a link is to be made; none where one was followed.
    pub deep_link: Option<DeepLink>,
}

/// Where a choice is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeepLink {
    /// The platform's address for it.
    pub return_url: String,
    /// Comes back as it was sent.
    pub data: Option<String>,
}

/// Check the claims of a launch that one of the keys of `issuer` has signed, which its `iss` names.
///
/// # Errors
/// [`IdentityError`] names the first claim that fails.
pub(in super::super) fn check(
    mut claims: Claims,
    issuer: &Issuer,
    now: Micros,
) -> Result<Vouched, IdentityError> {
    check_audience(&mut claims, issuer.client_id.as_deref().unwrap_or_default())?;
    let times = check_times(&mut claims, LIFETIME_S_MAX, now)?;
    let subject = subject("sub", claims.take("sub"))?;
    let nonce = id("nonce", claims.take("nonce"))?;
    if text("version", claims.take(&format!("{CLAIM}version")))? != "1.3.0" {
        return Err(IdentityError::Claim("version"));
    }
    let deployment = id("deployment_id", claims.take(&format!("{CLAIM}deployment_id")))?;
    if !issuer.deployments.contains(&deployment) {
        return Err(IdentityError::Deployment { id: names::clean(&deployment, ID_BYTES_MAX) });
    }
    let message = text("message_type", claims.take(&format!("{CLAIM}message_type")))?;
    let deep_link = match message.as_str() {
        "LtiResourceLinkRequest" => None,
        "LtiDeepLinkingRequest" => Some(deep_link(claims.take(DEEP_LINKING))?),
        _ => return Err(IdentityError::Claim("message_type")),
    };
    let own = hex::encode(&Sha256::digest(&issuer.issuer)[..4]);
    let (page_key, plugin, title) =
        place(&mut claims, &format!("lti/{own}/{deployment}"), deep_link.is_some())?;
    let roles = roles(claims.take(&format!("{CLAIM}roles")), issuer)?;
    let name = line("name", claims.take("name"), NAME_CHARS_MAX)?.filter(|name| !name.is_empty());
    let email = line("email", claims.take("email"), EMAIL_CHARS_MAX)?.filter(|email| email.contains('@'));
    let person = PersonClaims {
        name: Some(name.unwrap_or_else(|| names::clean(&subject, NAME_CHARS_MAX))),
        email,
        title: None,
        team: None,
        roles: Some(roles),
        groups: None,
        issuer: issuer.issuer.clone(),
        subject,
        issued_at: times.issued_at,
    };
    let page = VouchedPage { key: page_key.clone(), title: title.clone(), url: String::new(), word: None };
    let issuer = issuer.issuer.clone();
    let launch = Launch { issuer, deployment, nonce: nonce.clone(), plugin, title, page_key, deep_link };
    Ok(Vouched {
        claims: person,
        id: nonce,
        expires_at: times.expires_at,
        uses_max: 1,
        page: Some(page),
        launch: Some(launch),
        provider: None,
        nonce: None,
    })
}

fn id(claim: &'static str, value: Option<Value>) -> Result<String, IdentityError> {
    let id = text(claim, value)?;
    match (1..=ID_BYTES_MAX).contains(&id.len()) {
        true => Ok(id),
        false => Err(IdentityError::Claim(claim)),
    }
}

/// The page that a link stands for: what was chosen when it was made, or the link itself; with the plugin and its title. It
/// is a page of this deployment and context: whoever edits a course may write anything into a link.
fn place(
    claims: &mut Claims,
    deployment: &str,
    is_choice: bool,
) -> Result<(String, Option<String>, String), IdentityError> {
    let part = |value: &Option<Value>, name: &str| {
        let part = value.as_ref().and_then(|value| value.get(name)).and_then(Value::as_str);
        part.unwrap_or_default().to_owned()
    };
    let context = claims.take(&format!("{CLAIM}context"));
    let link = claims.take(&format!("{CLAIM}resource_link"));
    let custom = claims.take(&format!("{CLAIM}custom"));
    let link_id = part(&link, "id");
    if link_id.is_empty() && !is_choice {
        return Err(IdentityError::Missing("resource_link"));
    }
    let title = [part(&link, "title"), part(&context, "title")];
    let title = title.into_iter().find(|title| !title.is_empty()).unwrap_or_default();
    let chosen = part(&custom, "stoa_page");
    let own = format!("{deployment}/{}/", part(&context, "id"));
    let key = match (chosen.is_empty(), is_choice) {
        // What is chosen gets a name of its own.
        (_, true) => format!("{own}{}", hex::encode(random_bytes::<8>())),
        (true, false) => format!("{own}{link_id}"),
        (false, false) if chosen.starts_with(&own) => chosen,
        (false, false) => return Err(IdentityError::Claim("custom")),
    };
    if key.len() > PAGE_KEY_BYTES_MAX {
        return Err(IdentityError::Claim("resource_link"));
    }
    let plugin = Some(part(&custom, "stoa_plugin")).filter(|plugin| !plugin.is_empty());
    Ok((key, plugin, names::clean(&title, PAGE_TITLE_CHARS_MAX)))
}

/// The roles that the configuration gives for those of the platform, by their whole names or the short ones of a context.
fn roles(value: Option<Value>, issuer: &Issuer) -> Result<Vec<String>, IdentityError> {
    let given = match value {
        None => Vec::new(),
        Some(Value::Array(given)) if given.len() <= super::super::LIST_MAX => given,
        Some(_) => return Err(IdentityError::Claim("roles")),
    };
    let given: Vec<&str> = given.iter().filter_map(Value::as_str).collect();
    let has = |name: &String| {
        given.iter().any(|given| given == name || given.strip_prefix(CONTEXT_ROLE) == Some(name.as_str()))
    };
    let gives = |role: &str| issuer.roles.iter().any(|(name, gives)| gives == role && has(name));
    Ok(ROLES.iter().filter(|role| gives(role)).map(|role| (*role).to_owned()).collect())
}

fn deep_link(value: Option<Value>) -> Result<DeepLink, IdentityError> {
    let claim = "deep_linking_settings";
    let settings = value.ok_or(IdentityError::Missing(claim))?;
    let url = settings.get("deep_link_return_url").and_then(Value::as_str).unwrap_or_default();
    let takes = settings.get("accept_types").and_then(Value::as_array);
    let is_taken = takes.is_some_and(|types| types.iter().any(|one| one == "ltiResourceLink"));
    let data = match settings.get("data") {
        None | Some(Value::Null) => None,
        Some(Value::String(data)) if data.len() <= DATA_BYTES_MAX => Some(data.clone()),
        Some(_) => return Err(IdentityError::Claim(claim)),
    };
    if crate::base::fetch::check_url(url).is_err() || !is_taken || url.len() > TOKEN_BYTES_MAX {
        return Err(IdentityError::Claim(claim));
    }
    Ok(DeepLink { return_url: url.to_owned(), data })
}

type Mac = Hmac<Sha256>;

/// Sign-ins that this host has begun at platforms.
pub struct LaunchStates {
    keyed: Mac,
    used: Cache<String, Arc<AtomicBool>>,
}

impl std::fmt::Debug for LaunchStates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LaunchStates(..)")
    }
}

impl LaunchStates {
    /// With this host's key, under a name of its own: the same key signs other things too.
    #[must_use]
    pub fn new(key: &HostKey) -> Self {
        let mut keyed = Mac::new_from_slice(key.bytes()).expect("HMAC takes a key of any length (RFC 2104)");
        keyed.update(b"stoa launch state 1\0");
        Self { keyed, used: Cache::with_weighter(FEW, USED_MAX as u64, UnitWeighter) }
    }

    /// Begin a sign-in of a site at a platform: its state and its nonce.
    #[must_use]
    pub fn begin(&self, site: &str, issuer: &str, now: Micros) -> (String, String) {
        let nonce = URL_SAFE_NO_PAD.encode(random_bytes::<24>());
        let tag = URL_SAFE_NO_PAD.encode(self.mac(site, issuer, &nonce, now).finalize().into_bytes());
        (format!("{now}.{nonce}.{tag}"), nonce)
    }

    /// Whether a state is of a sign-in of this site at this platform that is not over, with this nonce. Each holds once.
    ///
    /// # Errors
    /// `State` where it is not this host's or too old, `Nonce` where the token answers another one, `Launched` the second time.
    pub fn end(
        &self,
        site: &str,
        issuer: &str,
        (state, nonce): (&str, &str),
        now: Micros,
    ) -> Result<(), IdentityError> {
        let mut parts = state.split('.');
        let (Some(at), Some(begun), Some(tag), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(IdentityError::State);
        };
        let at: Micros = at.parse().map_err(|_| IdentityError::State)?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| IdentityError::State)?;
        self.mac(site, issuer, begun, at).verify_slice(&tag).map_err(|_| IdentityError::State)?;
        if !(at..=at + STATE_LIFETIME).contains(&now) {
            return Err(IdentityError::State);
        }
        if begun != nonce {
            return Err(IdentityError::LaunchNonce);
        }
        let mine = Arc::new(AtomicBool::new(false));
        let known = self.used.get_or_insert_with(begun, || Ok::<_, IdentityError>(Arc::clone(&mine)))?;
        match known.swap(true, Ordering::Relaxed) {
            true => Err(IdentityError::Launched),
            false => Ok(()),
        }
    }

    fn mac(&self, site: &str, issuer: &str, nonce: &str, at: Micros) -> Mac {
        let mut mac = self.keyed.clone();
        for part in [site, issuer, nonce] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.update(&at.to_be_bytes());
        mac
    }
}
