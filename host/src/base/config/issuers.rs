//! Who may vouch for people of a site, and where their keys are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{ConfigError, value};
use crate::base::fetch;

/// Roles that a site may give; a member is everybody.
pub const ROLES: [&str; 6] = ["expert", "leader", "steward", "moderator", "admin", "guest"];

/// Keys of one issuer in the configuration.
const KEYS_MAX: usize = 16;

/// Somebody who signs tokens for people.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The claim `iss`, exactly.
    pub issuer: String,
    /// What its tokens are.
    #[serde(default)]
    pub kind: IssuerKind,
    /// The one algorithm it signs with. With addresses of keys it may be left out: each key says what it is for.
    pub algorithm: Option<Algorithm>,
    /// A file with the shared secret (`HS256`), at least 32 bytes.
    pub secret_file: Option<PathBuf>,
    /// A file with the public key as PEM (`RS256`, `ES256`, `EdDSA`).
    pub key_file: Option<PathBuf>,
    /// Several keys, for the time in which one takes the place of another.
    #[serde(default)]
    pub keys: Vec<IssuerKey>,
    /// The address of its public keys as a JWK set (RFC 7517 section 5).
    pub jwks_url: Option<String>,
    /// For `oidc`: this site's client id at the provider, which is the claim `aud`.
    pub client_id: Option<String>,
    /// For `oidc`: the address of the provider's description; the issuer with `/.well-known/openid-configuration` where
    /// it is left out (OpenID Connect Discovery 1.0 section 4).
    pub discovery_url: Option<String>,
    /// For `oidc`: which claims say what.
    #[serde(default)]
    pub claims: ClaimNames,
    /// For `oidc`: the role that a group gives; for `lti` the one that a role of the platform gives.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// For `oidc`: whether people sign in there from this host's own pages, by code and PKCE.
    #[serde(default)]
    pub sign_in: bool,
    /// For `sign_in`: a file with the client's secret at the provider; none for a public client.
    pub client_secret_file: Option<PathBuf>,
    /// For `sign_in`: what is asked for; `openid profile email` where it is left out.
    pub scope: Option<String>,
    /// For `lti`: the platform's address for sign-ins (OpenID Connect's authorization endpoint).
    pub authorization_url: Option<String>,
    /// For `lti`: the ids of the platform's deployments of this tool; launches of others are refused.
    #[serde(default)]
    pub deployments: Vec<String>,
}

/// A proxy in front of the host that has signed people in, and names them in headers of each request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// The issuer that its people are known by.
    #[serde(default = "default_proxy_issuer")]
    pub issuer: String,
    /// The header with the person's stable id.
    pub user_header: String,
    /// The header with the display name.
    pub name_header: Option<String>,
    /// The header with the e-mail address.
    pub email_header: Option<String>,
    /// The header with the groups.
    pub groups_header: Option<String>,
    /// What stands between groups.
    #[serde(default = "default_separator")]
    pub groups_separator: String,
    /// The role that a group gives.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
}

fn default_proxy_issuer() -> String {
    "proxy".to_owned()
}

fn default_separator() -> String {
    ",".to_owned()
}

impl Proxy {
    /// Check what the types cannot say; `site` is how the configuration names its site.
    pub(super) fn check(&self, site: &str, issuers: &[Issuer]) -> Result<(), ConfigError> {
        let wrong = |key: &str, message: &str| Err(value(&format!("{site}.proxy.{key}"), message));
        let optional = [&self.name_header, &self.email_header, &self.groups_header];
        for name in optional.into_iter().flatten().chain([&self.user_header]) {
            let is_token = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let is_own = name.to_ascii_lowercase().starts_with("x-forwarded-");
            if name.is_empty() || !name.chars().all(is_token) || is_own {
                return wrong(
                    "user_header",
                    &format!(
                        "`{name}` is no name for such a header\nhint: letters, digits and `-`, for example X-Remote-User"
                    ),
                );
            }
        }
        if self.issuer.is_empty() || issuers.iter().any(|issuer| issuer.issuer == self.issuer) {
            return wrong(
                "issuer",
                "is empty or one of the issuers of tokens\nhint: give the proxy a name of its own",
            );
        }
        if self.groups_separator.is_empty() {
            return wrong("groups_separator", "is empty\nhint: leave it out for a comma");
        }
        if !self.roles.is_empty() && self.groups_header.is_none() {
            return wrong("roles", "groups give roles, and there is no groups_header\nhint: name the header");
        }
        if let Some(role) = self.roles.values().find(|role| !ROLES.contains(&role.as_str())) {
            return wrong(
                "roles",
                &format!("there is no role `{role}`\nhint: there are {}", ROLES.join(", ")),
            );
        }
        Ok(())
    }
}

/// What the tokens of an issuer are.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum IssuerKind {
    /// Made for this site by the embedding system, as host/README.md says.
    #[default]
    Jwt,
    /// ID tokens of an OpenID provider.
    Oidc,
    /// Launches of a learning platform (LTI 1.3).
    Lti,
}

/// One of several keys.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerKey {
    /// Its name, as the header's `kid` has it; a key without one is tried for every token.
    pub kid: Option<String>,
    /// What it is for.
    pub algorithm: Algorithm,
    /// A file with the shared secret (`HS256`), at least 32 bytes.
    pub secret_file: Option<PathBuf>,
    /// A file with the public key as PEM (`RS256`, `ES256`, `EdDSA`).
    pub key_file: Option<PathBuf>,
    /// The public key itself as PEM, in place of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pem: Option<String>,
    /// For `HS256`: the name of a secret that this host makes of its own key, in place of a file; the console makes such
    /// ones. The secret is kept nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<String>,
    /// The secret that `derived` names, once [`Site::derive`](super::Site::derive) has made it.
    #[serde(skip)]
    pub(super) secret: Option<Derived>,
}

/// A secret that is never shown by accident.
#[derive(Clone)]
pub(super) struct Derived(pub(super) String);

impl std::fmt::Debug for Derived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Derived(..)")
    }
}

impl IssuerKey {
    /// A secret that this host makes of its own key, under this name.
    #[must_use]
    pub fn derived(name: String) -> Self {
        Self { algorithm: Algorithm::HS256, derived: Some(name), ..Self::of(Algorithm::HS256) }
    }

    /// A public key as PEM.
    #[must_use]
    pub fn public(algorithm: Algorithm, pem: String) -> Self {
        Self { pem: Some(pem), ..Self::of(algorithm) }
    }

    /// A key in a file.
    #[must_use]
    pub fn in_file(algorithm: Algorithm, secret_file: Option<PathBuf>, key_file: Option<PathBuf>) -> Self {
        Self { secret_file, key_file, ..Self::of(algorithm) }
    }

    fn of(algorithm: Algorithm) -> Self {
        Self {
            kid: None,
            algorithm,
            secret_file: None,
            key_file: None,
            pem: None,
            derived: None,
            secret: None,
        }
    }

    /// The key itself, where it is in no file.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        let secret = self.secret.as_ref().map(|secret| secret.0.as_bytes());
        secret.or(self.pem.as_ref().map(String::as_bytes))
    }

    /// Where it is from, for the admin.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.derived, &self.pem) {
            (None, None) => self.path().display().to_string(),
            _ => "the console".to_owned(),
        }
    }

    fn is_whole(&self) -> bool {
        let secrets = usize::from(self.secret_file.is_some()) + usize::from(self.derived.is_some());
        let publics = usize::from(self.key_file.is_some()) + usize::from(self.pem.is_some());
        match self.algorithm {
            Algorithm::HS256 => (secrets, publics) == (1, 0),
            Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => (secrets, publics) == (0, 1),
        }
    }

    /// Where the key is. The configuration's check has made sure that the fitting one of both is there.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.secret_file.as_deref().or(self.key_file.as_deref()).unwrap_or(Path::new(""))
    }
}

/// Which claims of an ID token say what: names, or JSON pointers (RFC 6901) such as `/realm_access/roles`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// Who it is, for ever: never an address or a login that another person may get later.
    pub subject: String,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The title of their job.
    pub title: String,
    /// Their team.
    pub team: String,
    /// Their groups, which also give roles.
    pub groups: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        let named = |name: &str| name.to_owned();
        Self {
            subject: named("sub"),
            name: named("name"),
            email: named("email"),
            title: String::new(),
            team: String::new(),
            groups: named("groups"),
        }
    }
}

/// How a token may be signed.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256 and a shared secret.
    HS256,
    /// RSA with at least 2048 bits and SHA-256 (PKCS #1 v1.5).
    RS256,
    /// ECDSA with P-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// In files.
    Files(Vec<IssuerKey>),
    /// At an address, as a JWK set.
    Jwks(String),
    /// At the address that the provider's description names.
    Discovery(String),
}

impl Issuer {
    /// Where its keys are.
    #[must_use]
    pub fn source(&self) -> KeySource {
        if let Some(url) = &self.jwks_url {
            return KeySource::Jwks(url.clone());
        }
        if self.kind == IssuerKind::Oidc {
            return KeySource::Discovery(self.description_url());
        }
        let mut keys = self.keys.clone();
        if let Some(algorithm) = self.algorithm {
            let (secret_file, key_file) = (self.secret_file.clone(), self.key_file.clone());
            keys.push(IssuerKey::in_file(algorithm, secret_file, key_file));
        }
        KeySource::Files(keys)
    }

    /// The address of a provider's description (OpenID Connect Discovery 1.0 section 4).
    #[must_use]
    pub fn description_url(&self) -> String {
        let usual = || format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        self.discovery_url.clone().unwrap_or_else(usual)
    }

    /// The files of its keys, to be anchored.
    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let keys = self.keys.iter_mut().flat_map(|key| [&mut key.secret_file, &mut key.key_file]);
        let own = [&mut self.secret_file, &mut self.key_file, &mut self.client_secret_file];
        own.into_iter().chain(keys).flatten()
    }

    /// Check what the types cannot say; `site` is how the configuration names its site.
    pub(super) fn check(&self, site: &str) -> Result<(), ConfigError> {
        let wrong =
            |message: &str| Err(value(&format!("{site}.issuers"), &format!("{}: {message}", self.issuer)));
        if self.issuer.is_empty() {
            return wrong("`issuer` is empty\nhint: write the claim `iss` of its tokens there");
        }
        match self.kind {
            IssuerKind::Jwt if self.client_id.is_some() || self.discovery_url.is_some() => {
                return wrong("client_id and discovery_url belong to a provider\nhint: add kind = \"oidc\"");
            }
            IssuerKind::Jwt if self.sign_in => {
                return wrong("sign_in belongs to a provider\nhint: add kind = \"oidc\"");
            }
            _ if !self.sign_in && (self.client_secret_file.is_some() || self.scope.is_some()) => {
                return wrong("client_secret_file and scope belong to sign_in\nhint: add sign_in = true");
            }
            _ if self.scope.as_ref().is_some_and(|scope| !scope.split(' ').any(|one| one == "openid")) => {
                return wrong("`scope` has to have openid");
            }
            IssuerKind::Jwt | IssuerKind::Oidc
                if self.authorization_url.is_some() || !self.deployments.is_empty() =>
            {
                return wrong(
                    "authorization_url and deployments belong to a platform\nhint: add kind = \"lti\"",
                );
            }
            IssuerKind::Lti => self.check_platform().or_else(&wrong)?,
            IssuerKind::Jwt if !self.roles.is_empty() => {
                return wrong("`roles` belongs to a provider; a token of your own has its claim `roles`");
            }
            IssuerKind::Oidc if self.client_id.as_deref().unwrap_or_default().is_empty() => {
                return wrong("client_id is missing\nhint: write the client id of this site at the provider");
            }
            IssuerKind::Oidc
                if !self.keys.is_empty() || self.secret_file.is_some() || self.key_file.is_some() =>
            {
                return wrong("a provider's keys are fetched\nhint: take keys, secret_file and key_file out");
            }
            IssuerKind::Oidc if self.algorithm == Some(Algorithm::HS256) => {
                return wrong("HS256 takes a shared secret; a provider signs with RS256, ES256 or EdDSA");
            }
            _ => {}
        }
        if let Some(role) = self.roles.values().find(|role| !ROLES.contains(&role.as_str())) {
            return wrong(&format!("there is no role `{role}`\nhint: there are {}", ROLES.join(", ")));
        }
        match self.source() {
            KeySource::Files(keys) => self.check_files(&keys).or_else(|message| wrong(&message)),
            KeySource::Jwks(url) | KeySource::Discovery(url) => {
                if self.secret_file.is_some() || self.key_file.is_some() || !self.keys.is_empty() {
                    return wrong("jwks_url and files of keys exclude each other\nhint: keep one of them");
                }
                if self.algorithm == Some(Algorithm::HS256) {
                    return wrong("a shared secret is in no JWK set\nhint: HS256 takes secret_file");
                }
                fetch::check_url(&url).or_else(|error| wrong(&error.to_string()))
            }
        }
    }

    fn check_platform(&self) -> Result<(), &'static str> {
        if self.client_id.as_deref().unwrap_or_default().is_empty() {
            return Err("client_id is missing\nhint: the platform shows it when the tool is registered");
        }
        if self.jwks_url.is_none() {
            return Err("jwks_url is missing\nhint: the platform calls it public keyset URL");
        }
        if self.deployments.is_empty() {
            return Err(
                "deployments is empty\nhint: the platform shows an id for each place where the tool is deployed",
            );
        }
        match self.authorization_url.as_deref().map(fetch::check_url) {
            Some(Ok(())) => Ok(()),
            _ => Err(
                "authorization_url is missing or not https\nhint: the platform calls it authentication request URL",
            ),
        }
    }

    fn check_files(&self, keys: &[IssuerKey]) -> Result<(), String> {
        if self.algorithm.is_none() && (self.secret_file.is_some() || self.key_file.is_some()) {
            return Err("`algorithm` is missing\nhint: HS256, RS256, ES256 or EdDSA".to_owned());
        }
        if keys.is_empty() {
            return Err(
                "there is no key\nhint: HS256 takes secret_file; RS256, ES256 and EdDSA take key_file; \
                        jwks_url is for keys that are fetched"
                    .to_owned(),
            );
        }
        if keys.len() > KEYS_MAX {
            return Err(format!("{} keys are more than {KEYS_MAX}\nhint: take the old ones out", keys.len()));
        }
        for key in keys {
            if !key.is_whole() {
                return Err("HS256 takes secret_file; RS256, ES256 and EdDSA take key_file".to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Issuer;

    fn check(text: &str, expected: &str) {
        let issuer: Issuer = toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        match issuer.check("sites.demo") {
            Ok(()) => assert_eq!(expected, "", "{text}"),
            Err(error) => {
                let told = error.to_string();
                assert!(!expected.is_empty() && told.contains(expected), "{text}: {told}");
                assert!(told.starts_with("sites.demo.issuers: "), "{told}");
            }
        }
    }

    #[test]
    fn each_way_to_give_keys_is_taken_and_no_mixture() {
        check("issuer = 'x'\nalgorithm = 'HS256'\nsecret_file = 's'", "");
        check("issuer = 'x'\nalgorithm = 'RS256'\nkey_file = 'k'", "");
        check("issuer = 'x'\n[[keys]]\nkid = 'a'\nalgorithm = 'EdDSA'\nkey_file = 'k'", "");
        check("issuer = 'x'\njwks_url = 'https://login.example/keys'", "");
        check("issuer = 'x'\njwks_url = 'http://127.0.0.1:80/keys'\nalgorithm = 'RS256'", "");
        check("issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'stoa'", "");
        check(
            "issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'stoa'\nsign_in = true\nclient_secret_file = 's'",
            "",
        );
        check("issuer = 'x'\nsign_in = true\nalgorithm = 'HS256'\nsecret_file = 's'", "sign_in");
        check(
            "issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'c'\nclient_secret_file = 's'",
            "sign_in = true",
        );
        check(
            "issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'c'\nsign_in = true\nscope = 'email'",
            "openid",
        );
        check("issuer = ''\nalgorithm = 'HS256'\nsecret_file = 's'", "empty");
        check("issuer = 'x'", "there is no key");
        check("issuer = 'x'\nsecret_file = 's'", "`algorithm` is missing");
        check("issuer = 'x'\nalgorithm = 'HS256'\nkey_file = 'k'", "takes secret_file");
        check("issuer = 'x'\nalgorithm = 'ES256'\nsecret_file = 'k'", "take key_file");
        check("issuer = 'x'\nalgorithm = 'ES256'\nkey_file = 'k'\njwks_url = 'https://a.example'", "exclude");
        check("issuer = 'x'\nalgorithm = 'HS256'\njwks_url = 'https://a.example'", "no JWK set");
        check("issuer = 'x'\njwks_url = 'http://login.example/keys'", "https");
        check("issuer = 'x'\nclient_id = 'c'\nalgorithm = 'HS256'\nsecret_file = 's'", "kind = \"oidc\"");
        check("issuer = 'https://x.example'\nkind = 'oidc'", "client_id is missing");
        check("issuer = 'plain'\nkind = 'oidc'\nclient_id = 'c'", "https");
        check("issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'c'\nkey_file = 'k'", "fetched");
        check("issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'c'\nalgorithm = 'HS256'", "HS256");
        check(
            "issuer = 'https://x.example'\nkind = 'oidc'\nclient_id = 'c'\nroles = { a = 'root' }",
            "no role",
        );
        let platform = "issuer = 'https://l.example'\nkind = 'lti'\nclient_id = 'c'\njwks_url = 'https://l.example/keys'\nauthorization_url = 'https://l.example/auth'";
        check(&format!("{platform}\ndeployments = ['1']"), "");
        check(platform, "deployments is empty");
        check(
            &format!(
                "{}\ndeployments = ['1']",
                platform.replace("https://l.example/auth", "http://l.example/auth")
            ),
            "authorization_url",
        );
        check("issuer = 'x'\nkind = 'lti'\nclient_id = 'c'", "jwks_url is missing");
        check("issuer = 'x'\nalgorithm = 'HS256'\nsecret_file = 's'\ndeployments = ['1']", "kind = \"lti\"");
        check("issuer = 'x'\nalgorithm = 'HS256'\nsecret_file = 's'\nroles = { a = 'admin' }", "`roles`");
    }
}
