//! Which page an element is about, and with which parameters, from what the loader read off the element.
//!
//! Without a key of its own the key is made of the page's address: path *and* query, for many systems tell their pages
//! apart by the query alone (`/doku.php?id=start`, `/index.php?title=Travel`, `/?p=23`). What only says where a reader
//! came from is left out. So two pages never share a key; that one page may have two, where it is reached under two
//! addresses and names no canonical one, is told in `widgets/README.md`.

use crate::base::clock::Micros;
use crate::dispatch::TAB;

/// Names of parameters that say where a reader came from: of campaigns, advertisements, mails.
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "dclid",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
];
/// As [`TRACKING`], by how they begin.
const CAMPAIGN: &str = "utm_";

/// An element's address as a whole one without fragment and tracking; `page` is the address of the page it is in.
pub(super) fn address(own: &str, page: &str) -> String {
    let own = own.trim();
    let whole = if own.is_empty() {
        page.to_owned()
    } else if own.contains("://") {
        own.to_owned()
    } else {
        let (origin, path) = split(page);
        let folder = if own.starts_with('/') { "" } else { folder(path) };
        format!("{origin}{folder}{own}")
    };
    without_tracking(whole.split('#').next().unwrap_or_default())
}

/// The key that an address stands for; empty where it names no page.
pub(super) fn key(address: &str) -> &str {
    split(address).1
}

/// The origin of an address, and everything after it.
fn split(address: &str) -> (&str, &str) {
    let host = address.find("://").map_or(0, |at| at + 3);
    let path = address[host..].find('/').map_or(address.len(), |at| host + at);
    address.split_at(path)
}

/// A path up to its last slash, without the query.
fn folder(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    path.rfind('/').map_or("/", |at| &path[..=at])
}

/// Everything else stays as it was written, so that a key does not change.
fn without_tracking(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else { return address.to_owned() };
    let is_tracking = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        TRACKING.contains(&name) || name.starts_with(CAMPAIGN)
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
    match kept.iter().all(|pair| pair.is_empty()) {
        true => path.to_owned(),
        false => format!("{path}?{}", kept.join("&")),
    }
}

/// Parameters with some set anew, as attributes of the element ask for; an empty value asks for nothing.
pub(super) fn parameters(text: &str, set: &[(&str, &str)]) -> String {
    if set.iter().all(|(_, value)| value.is_empty()) {
        return text.to_owned();
    }
    // Every query string is a list of pairs to this library; it does not fail on text.
    let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap_or_default();
    for (name, value) in set.iter().filter(|(_, value)| !value.is_empty()) {
        let place = pairs.iter().position(|(known, _)| known == name);
        match place.and_then(|place| pairs.get_mut(place)) {
            Some(pair) => (*value).clone_into(&mut pair.1),
            None => pairs.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// The value of a parameter.
pub(super) fn parameter(text: &str, name: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap_or_default();
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// What a browser remembers of the blocks of whole pages: `tab=NAME&seen=HASH:INSTANT,HASH:INSTANT`, the newest last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// The tab that was chosen last.
    pub(super) tab: Option<String>,
    /// When pages were seen last, by the hashes of their keys.
    seen: Vec<(u32, Micros)>,
}

impl Memory {
    /// From what stands after the `?` of a text; what is not understood counts for nothing.
    pub(super) fn read(text: &str) -> Self {
        let kept = text.split_once('?').map_or("", |(_, kept)| kept);
        let seen = |pair: &str| {
            let (hash, at) = pair.split_once(':')?;
            Some((u32::from_str_radix(hash, 16).ok()?, at.parse().ok()?))
        };
        let all = parameter(kept, "seen").unwrap_or_default();
        Self { tab: parameter(kept, TAB), seen: all.split(',').filter_map(seen).collect() }
    }

    /// When the page with this key was seen last.
    pub(super) fn seen(&self, page_key: &str) -> Option<Micros> {
        let hash = hash(page_key);
        self.seen.iter().rev().find(|(known, _)| *known == hash).map(|(_, at)| *at)
    }
}

/// FNV-1a of 32 bits, as the browser makes it: a page's key need not be kept there.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{Memory, address, hash, key, parameters};

    #[test]
    fn a_browser_remembers_a_tab_and_when_pages_were_seen() {
        // Test vectors of the authors of FNV-1a.
        assert_eq!((hash(""), hash("a"), hash("foobar")), (0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968));
        let memory = Memory::read("abc-de?tab=comments&seen=bf9cf968:5,x:y,e40c292c:7");
        assert_eq!(memory.tab.as_deref(), Some("comments"));
        assert_eq!((memory.seen("foobar"), memory.seen("a"), memory.seen("b")), (Some(5), Some(7), None));
        for nothing in ["", "abc", "abc?", "abc?seen=", "abc?seen=-"] {
            assert_eq!(Memory::read(nothing), Memory::default(), "{nothing}");
        }
    }

    #[test]
    fn two_pages_never_share_a_key_and_plain_paths_are_their_own() {
        let check = |page: &str, expected: &str| assert_eq!(key(&address("", page)), expected, "{page}");
        check("https://intranet.example/policies/travel", "/policies/travel");
        check("https://intranet.example/policies/travel/#costs", "/policies/travel/");
        check("https://intranet.example/", "/");
        check("https://wiki.example/doku.php?id=hr:travel", "/doku.php?id=hr:travel");
        check("https://wiki.example/index.php?title=Travel", "/index.php?title=Travel");
        check("https://wiki.example/index.php/Travel", "/index.php/Travel");
        check("https://blog.example/?p=23", "/?p=23");
        check("https://blog.example/?p=23&utm_source=mail&utm_campaign=x", "/?p=23");
        check("https://blog.example/news?fbclid=abc", "/news");
        check("https://blog.example/news?gclid=1&gbraid=2&_ga=3", "/news");
        check("https://blog.example/news?id=a%20b&msclkid=1&x=%C3%A4", "/news?id=a%20b&x=%C3%A4");
        check("https://blog.example/news?utmost=1", "/news?utmost=1");
        check("https://blog.example", "");
        check("", "");
    }

    #[test]
    fn an_elements_own_address_may_be_relative() {
        let page = "https://intranet.example/policies/list?sort=new";
        let check = |own: &str, expected: &str| assert_eq!(address(own, page), expected, "{own}");
        check("https://other.example/a?b=1#c", "https://other.example/a?b=1");
        check("/a?utm_id=1", "https://intranet.example/a");
        check("travel", "https://intranet.example/policies/travel");
        check("", page);
    }

    #[test]
    fn attributes_win_over_parameters() {
        let check = |text: &str, set: &[(&str, &str)], expected: &str| {
            assert_eq!(parameters(text, set), expected, "{text} {set:?}");
        };
        check("sort=votes&scope=page", &[("scope", "site"), ("for", "")], "sort=votes&scope=site");
        check("", &[("for", "Jürgen"), ("view", "button")], "for=J%C3%BCrgen&view=button");
        check("a=%20b", &[("scope", "")], "a=%20b");
    }
}
