//! Action tokens: a view offers a verb for a subject to one person at one place, and only what was offered can be
//! done. That also keeps forged forms out: another site cannot make a token.
//!
//! A token binds the plugin by name and id and the verb by name, so that an update of a plugin cannot give an open page
//! another verb; and the version of the subject that the view showed, so that a verb can be refused where the subject
//! has changed since.
//!
//! HMAC-SHA256 over every field, each with its length in front, the tag cut to 8 bytes (NIST SP 800-107 section
//! 5.3.3: enough where each guess is a request that is counted and logged).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::IdentityError;
use crate::base::clock::Micros;
use crate::base::id::{PersonId, PluginName, SiteId};
use crate::base::keys::HostKey;

/// Hours that an offer holds.
pub const HOURS_MAX: u32 = 24;

const HOUR: Micros = 3_600_000_000;
const TAG_BYTES: usize = 8;
const TOKEN_CHARS: usize = 22;

type Mac = Hmac<Sha256>;

/// Signs and checks offers with this host's key.
#[derive(Clone)]
pub struct ActionTokens {
    keyed: Mac,
}

impl std::fmt::Debug for ActionTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ActionTokens(..)")
    }
}

/// Where and for whom something is offered.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The site.
    pub site: &'a SiteId,
    /// The plugin, by the name that pages use.
    pub plugin: &'a PluginName,
    /// The plugin's id: another plugin under the same name offers nothing in its place.
    pub plugin_id: &'a str,
    /// The page's key.
    pub page_key: &'a str,
    /// The person; none for somebody not signed in.
    pub person: Option<&'a PersonId>,
}

/// Signs offers of one scope and hour: what they share is hashed once, for a page has a hundred.
#[derive(Clone)]
pub struct ScopedTokens {
    scoped: Mac,
    hour: u32,
}

impl std::fmt::Debug for ScopedTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScopedTokens(hour {})", self.hour)
    }
}

impl ActionTokens {
    /// With this host's key, under a name of its own: the same key signs other things too.
    #[must_use]
    pub fn new(key: &HostKey) -> Self {
        let mut keyed = Mac::new_from_slice(key.bytes()).expect("HMAC takes a key of any length (RFC 2104)");
        keyed.update(b"stoa action token 2\0");
        Self { keyed }
    }

    /// For many offers of one scope.
    #[must_use]
    pub fn scope(&self, scope: &Scope<'_>, now: Micros) -> ScopedTokens {
        let mut scoped = self.keyed.clone();
        put(&mut scoped, Some(scope.site.as_str()));
        put(&mut scoped, Some(scope.plugin.as_str()));
        put(&mut scoped, Some(scope.plugin_id));
        put(&mut scoped, Some(scope.page_key));
        put(&mut scoped, scope.person.map(PersonId::as_str));
        ScopedTokens { scoped, hour: hour_of(now) }
    }

    /// The version of the subject that the view showed, once it is sure that the verb was offered here for it.
    ///
    /// # Errors
    /// [`IdentityError::Offer`] when it was not, [`IdentityError::OfferExpired`] when it was too long ago.
    pub fn check(
        &self,
        scope: &Scope<'_>,
        subject: Option<&str>,
        verb: &str,
        token: &str,
        now: Micros,
    ) -> Result<u32, IdentityError> {
        let mut bytes = [0; 4 + 4 + TAG_BYTES];
        if token.len() != TOKEN_CHARS || URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).is_err() {
            return Err(IdentityError::Offer);
        }
        let [h0, h1, h2, h3, v0, v1, v2, v3, tag @ ..] = bytes;
        let hour = u32::from_be_bytes([h0, h1, h2, h3]);
        let version = u32::from_be_bytes([v0, v1, v2, v3]);
        let scoped = ScopedTokens { hour, ..self.scope(scope, now) };
        let mac = scoped.mac(subject, verb, version);
        mac.verify_truncated_left(&tag).map_err(|_| IdentityError::Offer)?;
        // An offer of a later hour is this host's own after its clock was set back: as good as one of now.
        if hour_of(now).saturating_sub(hour) > HOURS_MAX {
            return Err(IdentityError::OfferExpired);
        }
        Ok(version)
    }
}

impl ScopedTokens {
    /// Append one offer to `out`: 22 characters of base64url. `version` is that of the subject in the view; 0 where
    /// there is none.
    pub fn mint(&self, subject: Option<&str>, verb: &str, version: u32, out: &mut String) {
        let tag = self.mac(subject, verb, version).finalize().into_bytes();
        let mut bytes = [0; 4 + 4 + TAG_BYTES];
        bytes[..4].copy_from_slice(&self.hour.to_be_bytes());
        bytes[4..8].copy_from_slice(&version.to_be_bytes());
        bytes[8..].copy_from_slice(&tag[..TAG_BYTES]);
        URL_SAFE_NO_PAD.encode_string(bytes, out);
    }

    fn mac(&self, subject: Option<&str>, verb: &str, version: u32) -> Mac {
        let mut mac = self.scoped.clone();
        put(&mut mac, subject);
        put(&mut mac, Some(verb));
        mac.update(&version.to_be_bytes());
        mac.update(&self.hour.to_be_bytes());
        mac
    }
}

/// With its length in front, so that no field can run into the next; none differs from empty.
fn put(mac: &mut Mac, text: Option<&str>) {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    mac.update(&length.to_be_bytes());
    mac.update(text.unwrap_or_default().as_bytes());
}

fn hour_of(now: Micros) -> u32 {
    u32::try_from(now / HOUR).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{ActionTokens, HOUR, Scope, TOKEN_CHARS};
    use crate::base::id::{PersonId, PluginName, SiteId};
    use crate::base::keys::HostKey;
    use crate::identity::IdentityError;

    const NOW: i64 = 1_790_000_000_000_000;

    struct Place {
        site: SiteId,
        plugin: PluginName,
        plugin_id: &'static str,
        page_key: &'static str,
        person: Option<PersonId>,
    }

    impl Place {
        fn scope(&self) -> Scope<'_> {
            Scope {
                site: &self.site,
                plugin: &self.plugin,
                plugin_id: self.plugin_id,
                page_key: self.page_key,
                person: self.person.as_ref(),
            }
        }
    }

    fn home() -> Place {
        Place {
            site: "demo".into(),
            plugin: "comments".into(),
            plugin_id: "stoa:comments",
            page_key: "home",
            person: Some("anna".into()),
        }
    }

    fn mint(tokens: &ActionTokens, subject: Option<&str>, verb: &str, version: u32) -> String {
        let mut token = String::new();
        tokens.scope(&home().scope(), NOW).mint(subject, verb, version, &mut token);
        token
    }

    #[test]
    fn what_was_offered_can_be_done_and_nothing_else() {
        let tokens = ActionTokens::new(&HostKey::ephemeral());
        let token = mint(&tokens, Some("e1"), "edit", 7);
        assert_eq!(token.len(), TOKEN_CHARS);
        let check =
            |place: &Place, subject, verb| tokens.check(&place.scope(), subject, verb, &token, NOW).ok();
        assert_eq!(check(&home(), Some("e1"), "edit"), Some(7));
        assert_eq!(check(&home(), Some("e1"), "approve"), None, "a verb not offered");
        assert_eq!(check(&home(), Some("e2"), "edit"), None, "another subject");
        assert_eq!(check(&home(), Some(""), "edit"), None, "an empty subject");
        assert_eq!(check(&home(), None, "edit"), None, "no subject");
        let others = [
            Place { site: "other".into(), ..home() },
            Place { plugin: "kudos".into(), ..home() },
            Place { plugin_id: "other:comments", ..home() },
            Place { page_key: "away", ..home() },
            Place { person: Some("bert".into()), ..home() },
            Place { person: None, ..home() },
            Place { site: "democ".into(), plugin: "omments".into(), ..home() },
        ];
        for place in &others {
            assert_eq!(check(place, Some("e1"), "edit"), None, "{:?}", place.scope());
        }
    }

    #[test]
    fn every_changed_bit_spoils_a_token() {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD as CODE;
        let tokens = ActionTokens::new(&HostKey::ephemeral());
        let token = mint(&tokens, None, "close", u32::MAX);
        let bytes = CODE.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            let result = tokens.check(&home().scope(), None, "close", &CODE.encode(spoilt), NOW);
            assert!(matches!(result, Err(IdentityError::Offer)), "bit {bit}");
        }
        for odd in ["", "x", &token[1..], &format!("{token}A"), "äääääääääää", "!!!!!!!!!!!!!!!!!!!!!!"]
        {
            assert!(tokens.check(&home().scope(), None, "close", odd, NOW).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn an_offer_holds_for_a_day_and_an_old_one_says_so() {
        let tokens = ActionTokens::new(&HostKey::ephemeral());
        let token = mint(&tokens, None, "close", 0);
        let check = |now| tokens.check(&home().scope(), None, "close", &token, now);
        assert!(check(NOW + 24 * HOUR).is_ok());
        assert!(check(NOW - HOUR).is_ok(), "a clock set back breaks no page");
        assert!(matches!(check(NOW + 25 * HOUR), Err(IdentityError::OfferExpired)));
    }

    #[test]
    fn another_host_key_signs_other_tokens() {
        let token = mint(&ActionTokens::new(&HostKey::ephemeral()), None, "close", 0);
        let other = ActionTokens::new(&HostKey::ephemeral());
        assert!(other.check(&home().scope(), None, "close", &token, NOW).is_err());
    }
}
