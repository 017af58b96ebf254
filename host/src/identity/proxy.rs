//! People whom a trusted proxy in front of the host has signed in, and names in headers of each request.
//!
//! Only the connection's own end counts as the proxy, and only if the configuration lists it: a header that names a
//! person from anybody else is an attack or a mistake, and is refused, not passed over. The proxy has to set every
//! header that is configured, also to nothing, since one that it only passes on is the visitor's own.

use super::IdentityError;
use super::embed::{ID_TOKEN_GROUPS_MAX, ROLES, SUBJECT_BYTES_MAX};
use super::names::{self, NAME_CHARS_MAX};
use crate::base::clock::Micros;
use crate::base::config::Proxy;
use crate::store::PersonClaims;

/// Characters of an e-mail address (RFC 5321 section 4.5.3.1).
const EMAIL_CHARS_MAX: usize = 254;
/// Bytes of any of the headers.
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// The person that the headers name; none where they name nobody. `header` finds all values of a header, `is_trusted`
/// says whether they come from a proxy on the list.
///
/// # Errors
/// `Proxy` for a person named by somebody else, `ProxyHeader` for a header that is there twice, too long, or for an id
/// that could be taken for another one.
pub fn read<'h>(
    proxy: &Proxy,
    is_trusted: bool,
    header: impl Fn(&str) -> Vec<&'h [u8]>,
    now: Micros,
) -> Result<Option<PersonClaims>, IdentityError> {
    let one = |claim: &'static str, name: Option<&str>| match name.map(&header).unwrap_or_default().as_slice()
    {
        [] => Ok(None),
        [value] if value.len() <= HEADER_BYTES_MAX => Ok(Some(*value).filter(|value| !value.is_empty())),
        _ => Err(IdentityError::ProxyHeader(claim)),
    };
    let named = header(&proxy.user_header);
    if !is_trusted && named.iter().any(|value| !value.is_empty()) {
        return Err(IdentityError::Proxy);
    }
    let Some(user) = one("user", Some(&proxy.user_header))? else { return Ok(None) };
    let subject = std::str::from_utf8(user).map_err(|_| IdentityError::ProxyHeader("user"))?;
    if subject.len() > SUBJECT_BYTES_MAX || !names::is_plain(subject) {
        return Err(IdentityError::ProxyHeader("user"));
    }
    let name =
        one("name", proxy.name_header.as_deref())?.map(|name| names::clean(&text(name), NAME_CHARS_MAX));
    let email =
        one("email", proxy.email_header.as_deref())?.map(|email| names::clean(&text(email), EMAIL_CHARS_MAX));
    let groups = text(one("groups", proxy.groups_header.as_deref())?.unwrap_or_default());
    let groups: Vec<&str> =
        groups.split(&proxy.groups_separator).map(str::trim).filter(|group| !group.is_empty()).collect();
    if groups.len() > ID_TOKEN_GROUPS_MAX {
        return Err(IdentityError::ProxyHeader("groups"));
    }
    let gives = |role: &str| {
        proxy.roles.iter().any(|(group, given)| given == role && groups.contains(&group.as_str()))
    };
    let roles = ROLES.iter().filter(|role| gives(role)).map(|role| (*role).to_owned()).collect();
    let clean = |group: &&str| names::clean(group, NAME_CHARS_MAX);
    Ok(Some(PersonClaims {
        issuer: proxy.issuer.clone(),
        subject: subject.to_owned(),
        name: Some(
            name.filter(|name| !name.is_empty()).unwrap_or_else(|| names::clean(subject, NAME_CHARS_MAX)),
        ),
        email: email.filter(|email| email.contains('@')),
        title: None,
        team: None,
        // A proxy leaves out a header that would be empty: nobody keeps a role whose group is not named.
        roles: Some(roles),
        groups: Some(groups.iter().map(clean).collect()),
        issued_at: now,
    }))
}

/// UTF-8 as most proxies send it, else ISO 8859-1 as RFC 9110 section 5.5 had it once.
fn text(bytes: &[u8]) -> String {
    let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| latin())
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::base::config::Proxy;
    use crate::identity::IdentityError;
    use crate::store::PersonClaims;

    const NOW: i64 = 1_790_000_000_000_000;

    fn proxy() -> Proxy {
        toml::from_str(
            "user_header = 'X-Remote-User'\nname_header = 'X-Remote-Name'\nemail_header = 'X-Remote-Email'\n\
             groups_header = 'X-Remote-Groups'\nroles = { editors = 'moderator', admins = 'admin' }",
        )
        .unwrap()
    }

    fn ask(
        is_trusted: bool,
        headers: &[(&str, &'static [u8])],
    ) -> Result<Option<PersonClaims>, IdentityError> {
        let values = |name: &str| {
            let named = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
            named.map(|(_, value)| *value).collect::<Vec<&'static [u8]>>()
        };
        read(&proxy(), is_trusted, values, NOW)
    }

    #[test]
    fn a_trusted_proxy_says_who_it_is() {
        let erin = ask(
            true,
            &[
                ("X-Remote-User", b"erin"),
                ("X-Remote-Name", "Erin Édith".as_bytes()),
                ("X-Remote-Email", b"erin@example.test"),
                ("X-Remote-Groups", b"all, editors ,,x"),
            ],
        );
        let erin = erin.unwrap().unwrap();
        assert_eq!((erin.issuer.as_str(), erin.subject.as_str()), ("proxy", "erin"));
        assert_eq!(
            (erin.name.as_deref(), erin.email.as_deref()),
            (Some("Erin Édith"), Some("erin@example.test"))
        );
        assert_eq!(erin.roles, Some(vec!["moderator".to_owned()]));
        assert_eq!(erin.groups, Some(vec!["all".to_owned(), "editors".to_owned(), "x".to_owned()]));
        assert_eq!(erin.issued_at, NOW);
        let bare = ask(true, &[("x-remote-user", b"erin"), ("X-Remote-Name", b"\xc9dith")]).unwrap().unwrap();
        assert_eq!((bare.name.as_deref(), bare.email), (Some("Édith"), None), "ISO 8859-1");
        assert_eq!((bare.roles, bare.groups), (Some(vec![]), Some(vec![])), "no group, no role");
        assert_eq!(ask(true, &[("X-Remote-User", b"erin")]).unwrap().unwrap().name.as_deref(), Some("erin"));
        assert!(ask(true, &[]).unwrap().is_none());
        assert!(ask(true, &[("X-Remote-User", b""), ("X-Remote-Groups", b"admins")]).unwrap().is_none());
    }

    #[test]
    fn nobody_else_says_so_and_nothing_doubtful_is_taken() {
        let refused = |is_trusted, headers: &[(&str, &'static [u8])], expected: &str| {
            let error = ask(is_trusted, headers).unwrap_err();
            assert_eq!(error.code(), expected, "{headers:?}: {error}");
        };
        refused(false, &[("X-Remote-User", b"admin")], "proxy_untrusted");
        refused(false, &[("X-Remote-User", b""), ("X-Remote-User", b"admin")], "proxy_untrusted");
        assert!(ask(false, &[("X-Remote-Groups", b"admins"), ("X-Remote-User", b"")]).unwrap().is_none());
        refused(true, &[("X-Remote-User", b"admin"), ("X-Remote-User", b"erin")], "proxy_header");
        refused(true, &[("X-Remote-User", b"erin"), ("X-Remote-User", b"erin")], "proxy_header");
        refused(
            true,
            &[("X-Remote-User", b"erin"), ("X-Remote-Groups", b"a"), ("X-Remote-Groups", b"admins")],
            "proxy_header",
        );
        refused(
            true,
            &[("X-Remote-User", b"erin"), ("X-Remote-Name", b"a"), ("X-Remote-Name", b"b")],
            "proxy_header",
        );
        for odd in [
            &b"\xff"[..],
            b" erin",
            b"erin ",
            "er\u{200b}in".as_bytes(),
            "e\u{301}rin".as_bytes(),
            &[b'x'; 256],
        ] {
            let values = |name: &str| if name == "X-Remote-User" { vec![odd] } else { Vec::new() };
            assert!(
                matches!(read(&proxy(), true, values, NOW), Err(IdentityError::ProxyHeader("user"))),
                "{odd:?}"
            );
        }
    }
}
