//! Why somebody is not who they say, with what to do about it.

use crate::store::StoreError;

/// Why a token, a session or an action was not believed. The text is public: it names the failing claim and
/// the cure, and never quotes the token or a key. Most readers are people who connect a system to Stoa.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Longer than [`super::embed::OWN_TOKEN_BYTES_MAX`], or an ID token than [`super::embed::TOKEN_BYTES_MAX`].
    #[error("the token is longer than 8 KiB (an ID token: 16 KiB): leave out claims that Stoa does not read")]
    TooLong,
    /// Not three base64url parts with JSON objects in them, or a name is there twice.
    #[error("the token is not a signed JWT of three parts (RFC 7519): sign it with a JWT library")]
    Malformed,
    /// The header has an entry that would let the token choose its own key or rules.
    #[error("the token's header has `{0}`: leave it out, the key is the one in the configuration")]
    Header(&'static str),
    /// `typ` names another kind of token.
    #[error("the token's header `typ` is not JWT: another kind of token does not sign anybody in")]
    Type,
    /// `alg` is not the one configured for the issuer.
    #[error("the token's `alg` is not the one configured for this issuer: sign with that one")]
    Algorithm,
    /// `kid` names no key of the issuer.
    #[error(
        "the token's `kid` is not the name of a key of this issuer: sign with a key that the configuration names, \
             or leave `kid` out"
    )]
    Key,
    /// The issuer's keys have never been fetched.
    #[error(
        "the keys of this issuer cannot be fetched now: check the address in the configuration and the host's log"
    )]
    KeysUnavailable,
    /// The signature does not fit the issuer's key.
    #[error(
        "the token's signature does not fit the issuer's key: check that both sides have the same key, \
             without added spaces"
    )]
    Signature,
    /// A claim is not there.
    #[error("the token has no claim `{0}`: add it")]
    Missing(&'static str),
    /// A claim has another form than it should.
    #[error("the token's claim `{0}` is not of the right form or too long: see host/README.md")]
    Claim(&'static str),
    /// `iss` is none of the site's issuers.
    #[error("the token's `iss` is not an issuer of this site: add it to the configuration or correct it")]
    Issuer,
    /// `aud` is not this site.
    #[error("the token's `aud` is not this site: put the site's id there, as one text")]
    Audience,
    /// `aud` or `azp` of an ID token is not this site's client.
    #[error(
        "the ID token's `{0}` is not this site's client: it has to be made for the `client_id` in the configuration"
    )]
    Client(&'static str),
    /// It is another token of the provider.
    #[error("this is not an ID token: send the provider's ID token, not an access token or a logout token")]
    NoIdToken,
    /// A claim that the configuration names is not there, or of another form.
    #[error("the ID token's claim for `{0}` is missing or not of the right form: check sites.issuers.claims")]
    Mapped(&'static str),
    /// A header that names a person comes from somebody who is not on the list of proxies.
    #[error(
        "the header that names the person does not come from a trusted proxy: add the proxy's address to \
             `trusted_proxies`, and let nobody else reach the host"
    )]
    Proxy,
    /// The trusted proxy's header is there twice, or not of the right form.
    #[error(
        "the proxy's header for `{0}` is there twice or not of the right form: have the proxy set it, not add it"
    )]
    ProxyHeader(&'static str),
    /// A launch is for a deployment that is not in the configuration.
    #[error("the launch is for the deployment `{id}`: add it to `deployments` of this issuer if it is yours")]
    Deployment {
        /// Which, cleaned.
        id: String,
    },
    /// The state of a launch is not of a sign-in that this host has begun, or that was ten minutes ago.
    #[error(
        "the launch answers no sign-in of this host, or one that took longer than ten minutes: open it again"
    )]
    State,
    /// The token of a launch answers another sign-in.
    #[error(
        "the launch's `nonce` is not that of its `state`: the platform has to send back both as they came"
    )]
    LaunchNonce,
    /// The same launch came a second time.
    #[error("this launch was used already: open it again")]
    Launched,
    /// `exp` has passed.
    #[error("the token has expired (`exp`): get a new one; if it is new, set the clocks right")]
    Expired {
        /// When it expired, in seconds since 1970.
        at: i64,
    },
    /// `iat` or `nbf` lies in the future.
    #[error("the token is not valid yet (`{0}`): set the clocks right")]
    NotYet(&'static str),
    /// `exp` is too long after `iat`.
    #[error("the token lives longer than {seconds_max} seconds (`exp` - `iat`): make one for each page view")]
    TooLived {
        /// How long it may live.
        seconds_max: i64,
    },
    /// The claim `origin`, or the site's list, does not fit where the request comes from.
    #[error("the request's origin is not the one the token is for: ask from a page of that origin")]
    Origin,
    /// The same `jti` was used from another origin.
    #[error("the token was used from another origin already (`jti`): get one for this page")]
    Replayed,
    /// The token made as many sessions as it may, [`super::sessions::TOKEN_USES_MAX`] in ten minutes.
    #[error("the token was used too often (`jti`): get a new one for each page view")]
    UsedUp,
    /// The provider has ended the session that the token came from.
    #[error("this sign-in has ended at the provider: sign in again")]
    SignedOut,
    /// `nonce` is not the one that this sign-in asked for.
    #[error("the ID token's `nonce` is not the one of this sign-in: sign in again")]
    Nonce,
    /// The browser has not begun this sign-in, or too long ago.
    #[error("this sign-in was begun elsewhere or too long ago: begin again")]
    SignInStray,
    /// The answer of the provider was used before.
    #[error("this sign-in has ended already: begin again")]
    SignInUsed,
    /// Another provider has answered (RFC 9207).
    #[error("the answer is not of the provider that was asked (`iss`): begin again")]
    SignInIssuer,
    /// The provider has refused.
    #[error("the provider does not sign this person in here: the host's log says what it answered")]
    SignInDenied,
    /// The provider cannot be reached.
    #[error("the provider cannot be reached now: try again in a minute")]
    ProviderUnavailable,
    /// It is another token of the provider.
    #[error("this is not a logout token: it has `events` with the logout event, and no `nonce`")]
    NoLogoutToken,
    /// The logout token was sent before.
    #[error("this logout token was used already (`jti`): make a new one for each logout")]
    LogoutReplayed,
    /// The person has left.
    #[error("this account is not active any more: ask the people who run the site")]
    Inactive,
    /// The session is not known: ended, made elsewhere, or never there.
    #[error("the session has ended: sign in again")]
    Session,
    /// What a view offered is not signed by this host for this person, place and subject.
    #[error("this was not offered here: load the page again")]
    Offer,
    /// What a view offered is older than [`super::tokens::HOURS_MAX`].
    #[error("this page has been open for more than a day: load it again")]
    OfferExpired,
    /// The store cannot say who it is.
    #[error("signing in does not work at the moment: try again in a minute")]
    Store(#[source] StoreError),
}

impl IdentityError {
    /// A stable word to branch on, for the `code` of a problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "token_too_long",
            Self::Malformed => "token_malformed",
            Self::Header(_) => "token_header",
            Self::Type => "token_type",
            Self::Algorithm => "token_algorithm",
            Self::Key => "token_key",
            Self::KeysUnavailable => "sign_in_unavailable",
            Self::Signature => "token_signature",
            Self::Missing(_) => "token_claim_missing",
            Self::Claim(_) => "token_claim",
            Self::Issuer => "token_issuer",
            Self::Audience | Self::Client(_) => "token_audience",
            Self::Proxy => "proxy_untrusted",
            Self::ProxyHeader(_) => "proxy_header",
            Self::NoIdToken => "token_type",
            Self::Mapped(_) => "token_claim",
            Self::Deployment { .. } => "launch_deployment",
            Self::State => "launch_state",
            Self::LaunchNonce => "launch_nonce",
            Self::Launched => "launch_replayed",
            Self::Expired { .. } => "token_expired",
            Self::NotYet(_) => "token_not_yet",
            Self::TooLived { .. } => "token_too_lived",
            Self::Origin => "token_origin",
            Self::Replayed => "token_replayed",
            Self::UsedUp => "token_used_up",
            Self::SignedOut => "signed_out",
            Self::Nonce => "sign_in_nonce",
            Self::SignInStray => "sign_in_stray",
            Self::SignInUsed => "sign_in_used",
            Self::SignInIssuer => "sign_in_issuer",
            Self::SignInDenied => "sign_in_denied",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::NoLogoutToken => "token_type",
            Self::LogoutReplayed => "token_replayed",
            Self::Inactive => "account_inactive",
            Self::Session => "session_ended",
            Self::Offer => "action_not_offered",
            Self::OfferExpired => "action_expired",
            Self::Store(_) => "sign_in_unavailable",
        }
    }
}
