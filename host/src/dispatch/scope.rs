//! What the renderer is told about one view: names, bodies, texts, addresses and tokens, for one reader.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use stoa_rules::State;
use stoa_view::nodes::Instant;
use stoa_view::render::{Argument, Lookup, OwnText, Person, PostFacts, PostState, Role, push_number};
use stoa_view::rich::Rich;

use crate::base::clock::Micros;
use crate::base::id::PersonId;
use crate::base::map::Map;
use crate::identity::tokens::{self, ActionTokens, ScopedTokens};
use crate::services::markdown;
use crate::services::texts::{self, Texts, Value};

use super::request::ViewRequest;
use super::view::Rendered;

/// What stays as it is in a query string (RFC 3986 section 2.3, and `/` for readable page keys).
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What all views of this host are drawn with.
#[derive(Debug)]
pub(super) struct Kit {
    pub(super) texts: Texts,
    pub(super) tokens: ActionTokens,
    pub(super) public_url: String,
}

/// One view's answers to the renderer.
pub(super) struct Scope<'a> {
    rendered: &'a Rendered,
    own: texts::Scope<'a>,
    plugin: texts::Scope<'a>,
    /// None for a preview, which offers nothing to do.
    tokens: Option<ScopedTokens>,
    roles: Map<&'a PersonId, Vec<Role>>,
    act_url: String,
    /// What the address of every link in the view begins with; the parameters follow.
    address: String,
    date_pattern: Cow<'a, str>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(rendered: &'a Rendered) -> Self {
        let (ask, kit) = (&rendered.ask, &*rendered.kit);
        let own = kit.texts.of_host(&ask.lang);
        let people = rendered.fetched.people.values().filter(|person| !person.roles.is_empty());
        Self {
            rendered,
            own,
            plugin: match ask.is_bell() || ask.is_page() {
                true => kit.texts.of_host(&ask.lang),
                false => kit.texts.of_plugin(ask.plugin.as_str(), &ask.lang),
            },
            tokens: rendered
                .plugin_id
                .as_ref()
                .map(|plugin_id| kit.tokens.scope(&token_scope(ask, plugin_id), rendered.made_at)),
            roles: people.map(|person| (&person.id, roles(&person.roles))).collect(),
            // In a page of the intranet a view exists by script alone, which sends its forms itself.
            act_url: if ask.plain { act_url(&kit.public_url, ask) } else { String::new() },
            address: address(ask),
            date_pattern: own.label("host-date-pattern"),
        }
    }
}

/// What the tokens of a view are bound to.
pub(super) fn token_scope<'a>(ask: &'a ViewRequest, plugin_id: &'a str) -> tokens::Scope<'a> {
    tokens::Scope {
        site: &ask.site,
        plugin: &ask.plugin,
        plugin_id,
        page_key: &ask.page_key,
        person: ask.actor.person_id(),
    }
}

/// On the plain page a link leads to the page itself. In a page of the intranet it leads to that page with the view in
/// this state: the loader reads the parameters from the fragment.
fn address(ask: &ViewRequest) -> String {
    if ask.plain {
        format!("?page={}&", utf8_percent_encode(&ask.page_key, QUERY))
    } else {
        format!("#stoa-{}?", ask.plugin)
    }
}

/// A text as a value of a query string.
pub(super) fn in_query(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

fn act_url(public_url: &str, ask: &ViewRequest) -> String {
    let page = utf8_percent_encode(&ask.page_key, QUERY);
    let parameters = utf8_percent_encode(&ask.parameters, QUERY);
    format!("{public_url}/t/{}/{}/act?page={page}&p={parameters}", ask.site, ask.plugin)
}

fn roles(names: &[String]) -> Vec<Role> {
    let role = |name: &String| match name.as_str() {
        "leader" => Some(Role::Leader),
        "expert" => Some(Role::Expert),
        "steward" => Some(Role::Steward),
        "moderator" => Some(Role::Moderator),
        "admin" => Some(Role::Admin),
        "guest" => Some(Role::Guest),
        _ => None,
    };
    let mut roles: Vec<Role> = names.iter().filter_map(role).collect();
    roles.sort();
    roles
}

/// 0 to 359, the same for a person everywhere (FNV-1a; any spread will do).
pub(super) fn hue(person: &PersonId) -> u16 {
    let hash = person
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u16::try_from(hash % 360).unwrap_or(0)
}

/// Ids and the names of parameters stay as they are: small letters, digits and `-`.
fn encode(text: &str, out: &mut String) {
    // Without an early end: a comparison for each byte, no jump.
    let plain = |byte: u8| byte.is_ascii_lowercase() | byte.is_ascii_digit() | (byte == b'-');
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, QUERY));
    }
}

/// Appends the parameters after some changes, as a query string: an empty value takes one away, and of several
/// changes of one parameter the last counts.
pub(super) fn change_parameters(parameters: &[(String, String)], changes: &[(&str, &str)], out: &mut String) {
    let start = out.len();
    let mut push = |name: &str, value: &str| {
        if out.len() > start {
            out.push('&');
        }
        encode(name, out);
        out.push('=');
        encode(value, out);
    };
    let changed = |changes: &[(&str, &str)], name: &str| changes.iter().any(|(changed, _)| *changed == name);
    for (name, value) in parameters.iter().filter(|(name, _)| !changed(changes, name)) {
        push(name, value);
    }
    for (place, (name, value)) in changes.iter().enumerate() {
        if !value.is_empty() && !changed(changes.get(place + 1..).unwrap_or_default(), name) {
            push(name, value);
        }
    }
}

impl Lookup for Scope<'_> {
    fn person(&self, id: &str) -> Option<Person<'_>> {
        let person = self.rendered.fetched.people.get(id)?;
        Some(Person {
            name: &person.name,
            title: Some(person.title.as_str()).filter(|title| !title.is_empty()),
            roles: self.roles.get(&person.id).map_or(&[], Vec::as_slice),
            active: person.active,
            hue: hue(&person.id),
            avatar: None,
            card: Some(person.id.as_str()).filter(|_| self.rendered.cards && person.active),
        })
    }

    fn body(&self, entry: &str) -> Option<&Rich> {
        self.rendered.fetched.entries.get(entry)?.rich.as_deref()
    }

    fn source(&self, entry: &str) -> Option<&str> {
        self.rendered.fetched.entries.get(entry).map(|body| body.markdown.as_str())
    }

    fn post(&self, entry: &str) -> PostFacts {
        let Some(entry) = self.rendered.fetched.entries.get(entry) else { return PostFacts::default() };
        let state = match entry.state {
            State::Visible => PostState::Visible,
            State::Held => PostState::Held,
            State::Rejected => PostState::Rejected,
            State::Deleted => PostState::Deleted,
            State::Removed => PostState::Removed,
        };
        PostFacts { state, edited_by_moderator: entry.edited_by_moderator }
    }

    fn markdown(&self, text: &str) -> Rich {
        markdown::parse(text)
    }

    fn label<'a>(&'a self, id: &'a str) -> Cow<'a, str> {
        self.plugin.label(id)
    }

    fn message<'a>(&'a self, id: &'a str, arguments: &[(&str, Argument<'_>)]) -> Cow<'a, str> {
        let value = |argument: &Argument<'_>| match argument {
            Argument::Text(text) | Argument::Person(text) => Value::Text(text.to_string().into()),
            Argument::Number(number) => Value::Number(*number),
            Argument::Time(at) => {
                let mut text = String::new();
                self.time(*at, &mut text);
                Value::Text(text.into())
            }
        };
        let values: Vec<_> = arguments.iter().map(|(name, argument)| (*name, value(argument))).collect();
        Cow::Owned(self.plugin.message(id, &values))
    }

    fn own(&self, text: OwnText) -> Cow<'_, str> {
        self.own.label(text.id())
    }

    fn own_number(&self, text: OwnText, count: i64) -> Cow<'_, str> {
        Cow::Owned(self.own.message(text.id(), &[("count", Value::Number(count))]))
    }

    fn parameters(&self, changes: &[(&str, &str)], out: &mut String) {
        change_parameters(&self.rendered.parameters, changes, out);
    }

    fn address(&self, changes: &[(&str, &str)], near: Option<&str>, out: &mut String) {
        out.push_str(&self.address);
        let start = out.len();
        self.parameters(changes, out);
        if !self.rendered.ask.plain {
            return;
        }
        // Without script the next page begins where this one was read.
        if out.len() == start {
            out.pop();
        }
        if let Some(near) = near {
            out.push_str("#e-");
            out.push_str(near);
        }
    }

    fn is_elsewhere(&self, _url: &str) -> bool {
        // The bell leads to pages of the intranet alone.
        !self.rendered.ask.is_bell()
    }

    fn token(&self, subject: Option<&str>, verb: &str, out: &mut String) {
        let Some(tokens) = &self.tokens else { return };
        let version =
            subject.and_then(|id| self.rendered.fetched.entries.get(id)).map_or(0, |body| body.version);
        tokens.mint(subject, verb, version, out);
    }

    fn act_url(&self) -> &str {
        &self.act_url
    }

    fn time(&self, at: Instant, out: &mut String) {
        write_time(&self.own, &self.date_pattern, &self.rendered.zone, at, out);
    }

    fn number(&self, number: i64, out: &mut String) {
        let separator = if self.rendered.ask.lang.starts_with("de") { '.' } else { ',' };
        if number < 0 {
            out.push('\u{2212}');
        }
        let start = out.len();
        push_number(out, number.unsigned_abs(), 1);
        let mut place = out.len();
        while place > start + 3 {
            place -= 3;
            out.insert(place, separator);
        }
    }

    fn lang(&self) -> &str {
        &self.rendered.ask.lang
    }

    fn dir(&self) -> &str {
        // A widget lies as the page around it lies.
        ""
    }
}

/// Ids of the months' short names.
const MONTHS: [&str; 12] = [
    "host-month-1",
    "host-month-2",
    "host-month-3",
    "host-month-4",
    "host-month-5",
    "host-month-6",
    "host-month-7",
    "host-month-8",
    "host-month-9",
    "host-month-10",
    "host-month-11",
    "host-month-12",
];

/// An instant as the readers of a language write it, in a site's time zone.
pub(super) fn write_time(
    own: &texts::Scope<'_>,
    pattern: &str,
    zone: &TimeZone,
    at: Instant,
    out: &mut String,
) {
    let at = Micros::try_from(at).unwrap_or(Micros::MAX);
    let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX);
    let at = at.to_zoned_datetime(zone.clone());
    let month = own.label(MONTHS[usize::try_from(at.month() - 1).unwrap_or(0) % 12]);
    // Instants begin in 1970.
    let positive = |part: i16| u64::try_from(part).unwrap_or(0);
    for letter in pattern.chars() {
        match letter {
            'D' => push_number(out, positive(at.day().into()), 1),
            'M' => out.push_str(&month),
            'Y' => push_number(out, positive(at.year()), 1),
            'T' => {
                push_number(out, positive(at.hour().into()), 2);
                out.push(':');
                push_number(out, positive(at.minute().into()), 2);
            }
            other => out.push(other),
        }
    }
}

/// The time zone of a site; UTC where its name is not known here.
pub(super) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::change_parameters;

    #[test]
    fn changes_replace_add_and_take_away() {
        let now = [("sort".to_owned(), "newest".to_owned()), ("open".to_owned(), "a b".to_owned())];
        let changed = |now: &[(String, String)], changes: &[(&str, &str)]| {
            let mut query = String::new();
            change_parameters(now, changes, &mut query);
            query
        };
        assert_eq!(changed(&now, &[]), "sort=newest&open=a%20b");
        assert_eq!(changed(&now, &[("sort", "top"), ("open", "")]), "sort=top");
        assert_eq!(changed(&[], &[("x", "ä&=")]), "x=%C3%A4%26%3D");
        assert_eq!(changed(&now, &[("sort", "top"), ("open", "c"), ("sort", "")]), "open=c");
    }
}
