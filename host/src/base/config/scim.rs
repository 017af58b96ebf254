//! A directory that tells of people and groups by SCIM 2.0 (RFC 7644).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Issuer, Proxy, ROLES, value};

/// Who tells of the people of a site, and how they are known.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scim {
    /// A file with the secrets that the directory may show, one a line, each at least 32 bytes.
    pub secret_file: PathBuf,
    /// Whose people they are: one of the site's issuers. The only one where it is left out.
    #[serde(default)]
    pub issuer: String,
    /// Which attribute is the issuer's name for the person.
    #[serde(default)]
    pub subject: ScimSubject,
    /// The role that a group gives, by the group's `displayName`.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
}

/// Which attribute says whom a user of the directory means. Never an e-mail address: those are given to others later.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub enum ScimSubject {
    /// The directory's own id.
    #[default]
    #[serde(rename = "externalId")]
    ExternalId,
    /// The name to sign in with.
    #[serde(rename = "userName")]
    UserName,
    /// The id that this host gives.
    #[serde(rename = "id")]
    Id,
}

impl Scim {
    /// Check what the types cannot say, and name the issuer; `site` is how the configuration names its site.
    pub(super) fn check(
        &self,
        site: &str,
        issuers: &[Issuer],
        proxy: Option<&Proxy>,
    ) -> Result<(), ConfigError> {
        let wrong = |key: &str, message: &str| Err(value(&format!("{site}.scim.{key}"), message));
        let known = issuers.iter().map(|issuer| &issuer.issuer).chain(proxy.map(|proxy| &proxy.issuer));
        if !known.clone().any(|issuer| *issuer == self.issuer) {
            let names: Vec<_> = known.map(String::as_str).collect();
            return wrong(
                "issuer",
                &format!("`{}` is no issuer of this site\nhint: one of {}", self.issuer, names.join(", ")),
            );
        }
        if let Some(role) = self.roles.values().find(|role| !ROLES.contains(&role.as_str())) {
            return wrong(
                "roles",
                &format!("there is no role `{role}`\nhint: there are {}", ROLES.join(", ")),
            );
        }
        Ok(())
    }

    /// Where only one can be meant, it is.
    pub(super) fn name_issuer(&mut self, issuers: &[Issuer], proxy: Option<&Proxy>) {
        let mut known = issuers.iter().map(|issuer| &issuer.issuer).chain(proxy.map(|proxy| &proxy.issuer));
        if let (true, Some(only), None) = (self.issuer.is_empty(), known.next(), known.next()) {
            self.issuer.clone_from(only);
        }
    }
}
