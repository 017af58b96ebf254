//! Action tokens: a view offers verbs for a subject to one person at one place, and only what was offered can be
//! done. That also keeps forged forms out: another site cannot make a token.
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

/// Verbs of one plugin: bits of the mask.
pub const VERBS_MAX: u32 = 32;

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
    /// The plugin.
    pub plugin: &'a PluginName,
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
        keyed.update(b"stoa action token 1\0");
        Self { keyed }
    }

    /// For many offers of one scope.
    #[must_use]
    pub fn scope(&self, scope: &Scope<'_>, now: Micros) -> ScopedTokens {
        let mut scoped = self.keyed.clone();
        put(&mut scoped, Some(scope.site.as_str()));
        put(&mut scoped, Some(scope.plugin.as_str()));
        put(&mut scoped, Some(scope.page_key));
        put(&mut scoped, scope.person.map(PersonId::as_str));
        ScopedTokens { scoped, hour: hour_of(now) }
    }

    /// One offer: the verbs whose bits are set, for a subject. 22 characters.
    #[must_use]
    pub fn mint(&self, scope: &Scope<'_>, subject: Option<&str>, verb_mask: u32, now: Micros) -> String {
        let mut token = String::with_capacity(TOKEN_CHARS);
        self.scope(scope, now).mint(subject, verb_mask, &mut token);
        token
    }

    /// Whether verb number `verb_index` was offered here for this subject.
    ///
    /// # Errors
    /// [`IdentityError::Offer`] when it was not, [`IdentityError::OfferExpired`] when it was too long ago.
    pub fn check(
        &self,
        scope: &Scope<'_>,
        subject: Option<&str>,
        verb_index: u32,
        token: &str,
        now: Micros,
    ) -> Result<(), IdentityError> {
        let mut bytes = [0; 4 + 4 + TAG_BYTES];
        if token.len() != TOKEN_CHARS || URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).is_err() {
            return Err(IdentityError::Offer);
        }
        let [h0, h1, h2, h3, m0, m1, m2, m3, tag @ ..] = bytes;
        let hour = u32::from_be_bytes([h0, h1, h2, h3]);
        let mask = u32::from_be_bytes([m0, m1, m2, m3]);
        let scoped = ScopedTokens { hour, ..self.scope(scope, now) };
        scoped.mac(subject, mask).verify_truncated_left(&tag).map_err(|_| IdentityError::Offer)?;
        if verb_index >= VERBS_MAX || mask & (1 << verb_index) == 0 {
            return Err(IdentityError::Offer);
        }
        // An offer of a later hour is this host's own after its clock was set back: as good as one of now.
        if hour_of(now).saturating_sub(hour) > HOURS_MAX {
            return Err(IdentityError::OfferExpired);
        }
        Ok(())
    }
}

impl ScopedTokens {
    /// Append one offer to `out`: 22 characters of base64url.
    pub fn mint(&self, subject: Option<&str>, verb_mask: u32, out: &mut String) {
        let tag = self.mac(subject, verb_mask).finalize().into_bytes();
        let mut bytes = [0; 4 + 4 + TAG_BYTES];
        bytes[..4].copy_from_slice(&self.hour.to_be_bytes());
        bytes[4..8].copy_from_slice(&verb_mask.to_be_bytes());
        bytes[8..].copy_from_slice(&tag[..TAG_BYTES]);
        URL_SAFE_NO_PAD.encode_string(bytes, out);
    }

    fn mac(&self, subject: Option<&str>, verb_mask: u32) -> Mac {
        let mut mac = self.scoped.clone();
        put(&mut mac, subject);
        mac.update(&verb_mask.to_be_bytes());
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

    struct Place(SiteId, PluginName, &'static str, Option<PersonId>);

    impl Place {
        fn scope(&self) -> Scope<'_> {
            Scope { site: &self.0, plugin: &self.1, page_key: self.2, person: self.3.as_ref() }
        }
    }

    fn home() -> Place {
        Place("demo".into(), "comments".into(), "home", Some("anna".into()))
    }

    #[test]
    fn what_was_offered_can_be_done_and_nothing_else() {
        let tokens = ActionTokens::new(&HostKey::ephemeral());
        let token = tokens.mint(&home().scope(), Some("e1"), 0b101, NOW);
        assert_eq!(token.len(), TOKEN_CHARS);
        let check =
            |place: &Place, subject, verb| tokens.check(&place.scope(), subject, verb, &token, NOW).is_ok();
        assert!(check(&home(), Some("e1"), 0));
        assert!(check(&home(), Some("e1"), 2));
        assert!(!check(&home(), Some("e1"), 1), "a verb not offered");
        assert!(!check(&home(), Some("e1"), 32), "a verb out of range");
        assert!(!check(&home(), Some("e2"), 0), "another subject");
        assert!(!check(&home(), Some(""), 0), "an empty subject");
        assert!(!check(&home(), None, 0), "no subject");
        let others = [
            Place("other".into(), "comments".into(), "home", Some("anna".into())),
            Place("demo".into(), "kudos".into(), "home", Some("anna".into())),
            Place("demo".into(), "comments".into(), "away", Some("anna".into())),
            Place("demo".into(), "comments".into(), "home", Some("bert".into())),
            Place("demo".into(), "comments".into(), "home", None),
            Place("democ".into(), "omments".into(), "home", Some("anna".into())),
        ];
        for place in &others {
            assert!(!check(place, Some("e1"), 0), "{:?}", place.scope());
        }
    }

    #[test]
    fn every_changed_bit_spoils_a_token() {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD as CODE;
        let tokens = ActionTokens::new(&HostKey::ephemeral());
        let token = tokens.mint(&home().scope(), None, u32::MAX, NOW);
        let bytes = CODE.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            let result = tokens.check(&home().scope(), None, 0, &CODE.encode(spoilt), NOW);
            assert!(matches!(result, Err(IdentityError::Offer)), "bit {bit}");
        }
        for odd in ["", "x", &token[1..], &format!("{token}A"), "äääääääääää", "!!!!!!!!!!!!!!!!!!!!!!"]
        {
            assert!(tokens.check(&home().scope(), None, 0, odd, NOW).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn an_offer_holds_for_a_day_and_an_old_one_says_so() {
        let tokens = ActionTokens::new(&HostKey::ephemeral());
        let token = tokens.mint(&home().scope(), None, 1, NOW);
        let check = |now| tokens.check(&home().scope(), None, 0, &token, now);
        assert!(check(NOW + 24 * HOUR).is_ok());
        assert!(check(NOW - HOUR).is_ok(), "a clock set back breaks no page");
        assert!(matches!(check(NOW + 25 * HOUR), Err(IdentityError::OfferExpired)));
    }

    #[test]
    fn another_host_key_signs_other_tokens() {
        let token = ActionTokens::new(&HostKey::ephemeral()).mint(&home().scope(), None, 1, NOW);
        let other = ActionTokens::new(&HostKey::ephemeral());
        assert!(other.check(&home().scope(), None, 0, &token, NOW).is_err());
    }
}
