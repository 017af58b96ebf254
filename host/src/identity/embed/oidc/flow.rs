//! Signing in at an OpenID provider from this host's own pages: authorization code (OpenID Connect Core 1.0 section 3.1)
//! with PKCE (RFC 7636) and the issuer's name in the answer (RFC 9207).
//!
//! What a sign-in needs to end is in a cookie of the browser that began it, signed by this host: nobody else can end it,
//! and nothing is kept for those who never come back. The tokens are checked as those that pages hand on; a library for
//! the whole of OpenID Connect would bring a second way to check them beside the one that is under attack in tests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use crate::base::clock::{MINUTE, Micros};
use crate::base::config::Issuer;
use crate::base::fetch::{FetchError, Fetcher, check_url};
use crate::base::keys::{HostKey, random_bytes};
use crate::identity::IdentityError;

/// How long somebody may take at the provider.
pub const TIME: Micros = 15 * MINUTE;
/// Bytes of the address that somebody comes back to.
pub const BACK_BYTES_MAX: usize = 1_000;

/// How long a provider's description is believed.
const FRESH: Micros = 60 * MINUTE;
/// How long a provider that could not be reached is not asked again.
const PAUSE: Micros = MINUTE / 6;
/// Bytes of a description, and of what the token endpoint answers.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// What is asked for where the configuration does not say.
const SCOPE: &str = "openid profile email";

type Mac = Hmac<Sha256>;

/// A provider that people sign in at.
#[derive(Debug)]
pub struct Provider {
    config: Issuer,
    fetcher: Fetcher,
    description: Mutex<Known>,
}

/// What is known of a provider's description.
#[derive(Debug, Default)]
struct Known {
    fetched: Option<(Micros, Description)>,
    /// When it could not be had: whoever comes soon after is not kept waiting for the same again.
    failed_at: Option<Micros>,
}

/// What the description says that a sign-in needs (OpenID Connect Discovery 1.0 section 3).
#[derive(Clone, Debug)]
struct Description {
    authorization: String,
    token: String,
    /// Whether it names itself in each answer (RFC 9207 section 3).
    names_itself: bool,
    /// Whether a client with a secret shows it in the form, not by HTTP Basic.
    secret_in_form: bool,
}

/// What the browser keeps while somebody is at the provider.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Ticket {
    site: String,
    /// Who was asked.
    pub issuer: String,
    /// Told to the provider, and back by it.
    pub state: String,
    /// In the ID token.
    pub nonce: String,
    verifier: String,
    /// Where to go then: a path of this host.
    pub back: String,
    /// Until when.
    pub expires_at: Micros,
}

/// What the provider's answer says in its address.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The code; none for an error.
    pub code: Option<String>,
    /// What was told.
    pub state: Option<String>,
    /// Who answers.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl Provider {
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new(config: Issuer) -> Result<Self, FetchError> {
        Ok(Self { config, fetcher: Fetcher::new()?, description: Mutex::default() })
    }

    /// The address at the provider that a sign-in begins at, with what the browser has to keep until then.
    ///
    /// # Errors
    /// `ProviderUnavailable` when its description cannot be had.
    pub async fn begin(
        &self,
        site: &str,
        here: &str,
        back: &str,
        now: Micros,
    ) -> Result<(String, Ticket), IdentityError> {
        let description = self.description(now).await?;
        let random = || URL_SAFE_NO_PAD.encode(random_bytes::<32>());
        let ticket = Ticket {
            site: site.to_owned(),
            issuer: self.config.issuer.clone(),
            state: random(),
            nonce: random(),
            verifier: random(),
            back: back.to_owned(),
            expires_at: now + TIME,
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&ticket.verifier));
        let mut url = Url::parse(&description.authorization)
            .map_err(|_| self.unavailable("authorization_endpoint is no address"))?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client())
            .append_pair("redirect_uri", here)
            .append_pair("scope", self.config.scope.as_deref().unwrap_or(SCOPE))
            .append_pair("state", &ticket.state)
            .append_pair("nonce", &ticket.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok((url.into(), ticket))
    }

    /// The ID token that a code is good for; not checked yet.
    ///
    /// # Errors
    /// `SignInStray` for an answer to another sign-in, `SignInIssuer` for one of another provider, `SignInDenied` where
    /// the provider has refused, `ProviderUnavailable`.
    pub async fn redeem(
        &self,
        ticket: &Ticket,
        answer: &Answer,
        here: &str,
        now: Micros,
    ) -> Result<String, IdentityError> {
        let description = self.description(now).await?;
        match &answer.iss {
            Some(issuer) if *issuer != self.config.issuer => return Err(IdentityError::SignInIssuer),
            None if description.names_itself => return Err(IdentityError::SignInIssuer),
            _ => {}
        }
        if let Some(error) = &answer.error {
            tracing::warn!(error = %error.escape_debug().take(100).collect::<String>(), "the provider signs somebody not in");
            return Err(IdentityError::SignInDenied);
        }
        let code =
            answer.code.as_deref().filter(|code| !code.is_empty()).ok_or(IdentityError::SignInDenied)?;
        let secret = self.secret().await?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", here),
            ("code_verifier", &ticket.verifier),
        ];
        let encode = |text: &str| url_encoded(text);
        let (client, word) = (encode(self.client()), secret.as_deref().map(encode));
        let login = match (&secret, &word) {
            (Some(secret), _) if description.secret_in_form => {
                form.extend([("client_id", self.client()), ("client_secret", secret.as_str())]);
                None
            }
            // Encoded first (RFC 6749 section 2.3.1).
            (Some(_), Some(word)) => Some((client.as_str(), word.as_str())),
            _ => {
                form.push(("client_id", self.client()));
                None
            }
        };
        let answered = self.fetcher.post(&description.token, &form, login, DOCUMENT_BYTES_MAX).await;
        let answered = match answered {
            Ok(answered) => answered,
            Err(FetchError::Status { status, .. }) if (400..500).contains(&status) => {
                tracing::warn!(
                    status,
                    "the provider does not take a code: it was used, or the client is refused"
                );
                return Err(IdentityError::SignInDenied);
            }
            Err(error) => return Err(self.unavailable(&error.to_string())),
        };
        let answered: Value = serde_json::from_slice(&answered).unwrap_or_default();
        let token = answered.get("id_token").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| self.unavailable("the answer to the code has no id_token"))
    }

    fn client(&self) -> &str {
        self.config.client_id.as_deref().unwrap_or_default()
    }

    /// Read each time: a new one is good at once.
    async fn secret(&self) -> Result<Option<String>, IdentityError> {
        let Some(path) = &self.config.client_secret_file else { return Ok(None) };
        let text = tokio::fs::read_to_string(path).await;
        let text = text.map_err(|error| self.unavailable(&format!("{}: {error}", path.display())))?;
        Ok(Some(text.trim_end().to_owned()))
    }

    async fn description(&self, now: Micros) -> Result<Description, IdentityError> {
        let mut known = self.description.lock().await;
        let within = |at: Micros, time: Micros| (at..at + time).contains(&now);
        let is_down = known.failed_at.is_some_and(|at| within(at, PAUSE));
        match &known.fetched {
            Some((at, description)) if is_down || within(*at, FRESH) => return Ok(description.clone()),
            None if is_down => return Err(IdentityError::ProviderUnavailable),
            _ => {}
        }
        let url = self.config.description_url();
        let fetched = match self.fetcher.get(&url, DOCUMENT_BYTES_MAX).await {
            Ok(bytes) => describe(&bytes, &self.config.issuer, &url),
            Err(error) => Err(error.to_string()),
        };
        match fetched {
            Ok(description) => {
                *known = Known { fetched: Some((now, description.clone())), failed_at: None };
                Ok(description)
            }
            Err(problem) => {
                known.failed_at = Some(now);
                let told = self.unavailable(&problem);
                // It seldom changes: the one that is known serves meanwhile.
                known.fetched.as_ref().map(|(_, description)| description.clone()).ok_or(told)
            }
        }
    }

    fn unavailable(&self, problem: &str) -> IdentityError {
        tracing::error!(issuer = self.config.issuer, problem, "nobody can sign in at the provider");
        IdentityError::ProviderUnavailable
    }
}

fn url_encoded(text: &str) -> String {
    let pair = serde_urlencoded::to_string([("", text)]).unwrap_or_default();
    pair.trim_start_matches('=').to_owned()
}

fn describe(bytes: &[u8], issuer: &str, url: &str) -> Result<Description, String> {
    let told: Value = serde_json::from_slice(bytes).map_err(|_| format!("{url} is no description"))?;
    let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("issuer") != issuer {
        return Err(format!("{url} is of `{}`, not of `{issuer}`", text("issuer")));
    }
    for name in ["authorization_endpoint", "token_endpoint"] {
        check_url(text(name)).map_err(|error| format!("{name}: {error}"))?;
        if url.starts_with("https:") && !text(name).starts_with("https:") {
            return Err(format!("{name} is not https"));
        }
    }
    let methods = told.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let has = |method: &str| methods.is_some_and(|methods| methods.iter().any(|known| known == method));
    Ok(Description {
        authorization: text("authorization_endpoint").to_owned(),
        token: text("token_endpoint").to_owned(),
        names_itself: told.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        secret_in_form: has("client_secret_post") && !has("client_secret_basic"),
    })
}

/// Signs what browsers keep while somebody is at the provider.
#[derive(Clone)]
pub struct Tickets {
    keyed: Mac,
}

impl std::fmt::Debug for Tickets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tickets(..)")
    }
}

impl Tickets {
    /// With this host's key, under a name of its own: the same key signs other things too.
    #[must_use]
    pub fn new(key: &HostKey) -> Self {
        let mut keyed = Mac::new_from_slice(key.bytes()).expect("HMAC takes a key of any length (RFC 2104)");
        keyed.update(b"stoa sign-in ticket 1\0");
        Self { keyed }
    }

    /// A ticket as the value of a cookie.
    #[must_use]
    pub fn seal(&self, ticket: &Ticket) -> String {
        let text = serde_json::to_vec(ticket).expect("a ticket of texts is always JSON");
        let tag = self.keyed.clone().chain_update(&text).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(tag))
    }

    /// The ticket that an answer belongs to.
    ///
    /// # Errors
    /// `SignInStray` where the browser has none of this site, or an old one, or the answer is to another sign-in.
    pub fn open(
        &self,
        sealed: Option<&str>,
        site: &str,
        answer: &Answer,
        now: Micros,
    ) -> Result<Ticket, IdentityError> {
        let stray = || IdentityError::SignInStray;
        let (text, tag) = sealed.and_then(|sealed| sealed.split_once('.')).ok_or_else(stray)?;
        let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| stray())?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| stray())?;
        self.keyed.clone().chain_update(&text).verify_slice(&tag).map_err(|_| stray())?;
        let ticket: Ticket = serde_json::from_slice(&text).map_err(|_| stray())?;
        let is_mine = ticket.site == site && answer.state.as_deref() == Some(ticket.state.as_str());
        if is_mine && now < ticket.expires_at { Ok(ticket) } else { Err(stray()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Ticket, Tickets, describe, url_encoded};
    use crate::base::keys::HostKey;

    const NOW: i64 = 1_790_000_000_000_000;

    #[test]
    fn a_sign_in_ends_only_in_the_browser_that_began_it() {
        let tickets = Tickets::new(&HostKey::ephemeral());
        let ticket = Ticket {
            site: "demo".to_owned(),
            issuer: "https://login.example".to_owned(),
            state: "s1".to_owned(),
            nonce: "n1".to_owned(),
            verifier: "v1".to_owned(),
            back: "/t/demo/comments?page=x".to_owned(),
            expires_at: NOW + 60,
        };
        let sealed = tickets.seal(&ticket);
        let open = |sealed: Option<&str>, site: &str, state: &str, now| {
            let answer = Answer { state: Some(state.to_owned()), ..Answer::default() };
            tickets.open(sealed, site, &answer, now).is_ok()
        };
        assert!(open(Some(&sealed), "demo", "s1", NOW));
        assert!(!open(Some(&sealed), "demo", "s2", NOW), "another sign-in's answer");
        assert!(!open(Some(&sealed), "other", "s1", NOW), "another site's");
        assert!(!open(Some(&sealed), "demo", "s1", NOW + 60), "too late");
        assert!(!open(None, "demo", "s1", NOW), "another browser");
        let forged = Tickets::new(&HostKey::ephemeral()).seal(&ticket);
        let cut = &sealed[..sealed.len() - 1];
        for odd in [forged.as_str(), cut, "", ".", "a.b", &sealed.replace('.', "")] {
            assert!(!open(Some(odd), "demo", "s1", NOW), "{odd}");
        }
        assert!(tickets.open(Some(&sealed), "demo", &Answer::default(), NOW).is_err(), "no state");
    }

    #[test]
    fn a_description_is_the_issuers_own_and_leads_to_no_other_place() {
        let check = |issuer: &str, endpoint: &str, is_good: bool| {
            let told = serde_json::json!({"issuer": issuer, "authorization_endpoint": endpoint, "token_endpoint": endpoint});
            let found =
                describe(told.to_string().as_bytes(), "https://login.example", "https://login.example/d");
            assert_eq!(found.is_ok(), is_good, "{issuer} {endpoint}: {found:?}");
        };
        check("https://login.example", "https://login.example/a", true);
        check("https://evil.example", "https://login.example/a", false);
        check("https://login.example", "http://127.0.0.1/a", false);
        check("https://login.example", "http://169.254.169.254/latest", false);
        check("https://login.example", "javascript:alert(1)", false);
        check("https://login.example", "", false);
        assert!(describe(b"<html>", "https://login.example", "https://login.example/d").is_err());
        assert_eq!(url_encoded("a secret: & more"), "a+secret%3A+%26+more");
    }
}
