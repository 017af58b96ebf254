//! What the renderer is told about one view: names, bodies, texts, addresses and tokens, for one reader.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use stoa_view::nodes::{Instant, Parameter, TimeStyle};
use stoa_view::render::{Argument, Destination, Lookup, Navigation, OwnText, Person, Role};
use stoa_view::rich::Rich;

use crate::base::clock::Micros;
use crate::base::id::PersonId;
use crate::identity::tokens::{self, ActionTokens, ScopedTokens};
use crate::services::markdown;
use crate::services::texts::{self, Texts, Value};

use super::ask::ViewAsk;
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
    tokens: ScopedTokens,
    roles: HashMap<&'a PersonId, Vec<Role>>,
    act_url: String,
    plain_url: String,
    date_pattern: Cow<'a, str>,
    last_time: RefCell<(Instant, String)>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(rendered: &'a Rendered) -> Self {
        let (ask, kit) = (&rendered.ask, &*rendered.kit);
        let own = kit.texts.of_host(&ask.lang);
        let people = rendered.fetched.people.values().filter(|person| !person.roles.is_empty());
        let plain_url = plain_url(&kit.public_url, ask);
        Self {
            rendered,
            own,
            plugin: kit.texts.of_plugin(ask.plugin.as_str(), &ask.lang),
            tokens: kit.tokens.scope(&token_scope(ask), rendered.made_at),
            roles: people.map(|person| (&person.id, roles(&person.roles))).collect(),
            // In a page of the intranet a view exists by script alone, which sends its forms itself.
            act_url: if ask.plain { act_url(&kit.public_url, ask) } else { String::new() },
            plain_url,
            date_pattern: own.label("host-date-pattern"),
            last_time: RefCell::default(),
        }
    }
}

/// What the tokens of a view are bound to.
pub(super) fn token_scope(ask: &ViewAsk) -> tokens::Scope<'_> {
    tokens::Scope {
        site: &ask.site,
        plugin: &ask.plugin,
        page_key: &ask.page_key,
        person: ask.actor.person_id(),
    }
}

/// The address of the plain page, ready for `&name=value`.
fn plain_url(public_url: &str, ask: &ViewAsk) -> String {
    let page = utf8_percent_encode(&ask.page_key, QUERY);
    format!("{public_url}/t/{}/{}?page={page}", ask.site, ask.plugin)
}

fn act_url(public_url: &str, ask: &ViewAsk) -> String {
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
fn hue(person: &PersonId) -> u16 {
    let hash = person
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u16::try_from(hash % 360).unwrap_or(0)
}

/// The parameters after some changes, as a query string: an empty value takes one away.
pub(super) fn change_parameters(parameters: &[(String, String)], changes: &[(&str, &str)]) -> String {
    let mut changed: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (name, value) in changes {
        changed.retain(|(known, _)| known != name);
        if !value.is_empty() {
            changed.push((name, value));
        }
    }
    let mut query = String::new();
    for (name, value) in changed {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name, QUERY));
        query.push('=');
        query.extend(utf8_percent_encode(value, QUERY));
    }
    query
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
        })
    }

    fn body(&self, entry: &str) -> Option<&Rich> {
        self.rendered.bodies.get(entry).map(|rich| &**rich)
    }

    fn source(&self, entry: &str) -> Option<&str> {
        self.rendered.fetched.bodies.get(entry).map(|body| body.markdown.as_str())
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
            Argument::Time(at) => Value::Text(self.time(*at, TimeStyle::Absolute).into()),
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

    fn link(&self, to: Destination<'_>) -> Option<String> {
        match to {
            Destination::Outside(url) => Some(url.to_owned()),
            // Neither people nor other pages have an address here yet: they are drawn as text.
            Destination::Person(_) | Destination::Page(_) => None,
        }
    }

    fn navigation(&self, changes: &[Parameter]) -> Navigation {
        let changes: Vec<(&str, &str)> =
            changes.iter().map(|change| (change.name.as_str(), change.value.as_str())).collect();
        let parameters = change_parameters(&self.rendered.parameters, &changes);
        let mut href = String::with_capacity(self.plain_url.len() + 1 + parameters.len());
        href.push_str(&self.plain_url);
        if !parameters.is_empty() {
            href.push('&');
            href.push_str(&parameters);
        }
        Navigation { href, parameters }
    }

    fn token(&self, subject: Option<&str>, verbs: &[&str]) -> String {
        let known = self.rendered.plugin.as_ref().map_or(&[][..], |plugin| plugin.verbs());
        let bit = |verb: &&str| {
            known.iter().position(|known| known.name == **verb).map_or(0, |index| 1_u32 << index)
        };
        let mask = verbs.iter().map(bit).fold(0, |mask, bit| mask | bit);
        let mut token = String::with_capacity(22);
        self.tokens.mint(subject, mask, &mut token);
        token
    }

    fn act_url(&self) -> &str {
        &self.act_url
    }

    fn time(&self, at: Instant, _style: TimeStyle) -> String {
        // The relative form is the browser's: it goes on ageing there, and text that does not change by
        // itself makes no differences. So both styles are one text, asked for twice in a row.
        let mut last = self.last_time.borrow_mut();
        if last.0 != at || last.1.is_empty() {
            *last = (at, self.write_time(at));
        }
        last.1.clone()
    }

    fn number(&self, number: i64) -> String {
        let separator = if self.rendered.ask.lang.starts_with("de") { '.' } else { ',' };
        let digits = number.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + 4);
        if number < 0 {
            text.push('\u{2212}');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    fn lang(&self) -> &str {
        &self.rendered.ask.lang
    }

    fn dir(&self) -> &str {
        // A widget lies as the page around it lies.
        ""
    }
}

impl Scope<'_> {
    fn write_time(&self, at: Instant) -> String {
        let at = Micros::try_from(at).unwrap_or(Micros::MAX);
        let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX);
        let at = at.to_zoned_datetime(self.rendered.zone.clone());
        let month = self.own.label(MONTHS[usize::try_from(at.month() - 1).unwrap_or(0) % 12]);
        let mut text = String::with_capacity(24);
        for letter in self.date_pattern.chars() {
            // Writing to a String cannot fail.
            let _ = match letter {
                'D' => write!(text, "{}", at.day()),
                'M' => text.write_str(&month),
                'Y' => write!(text, "{}", at.year()),
                'T' => write!(text, "{:02}:{:02}", at.hour(), at.minute()),
                other => text.write_char(other),
            };
        }
        text
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
        assert_eq!(change_parameters(&now, &[]), "sort=newest&open=a%20b");
        assert_eq!(change_parameters(&now, &[("sort", "top"), ("open", "")]), "sort=top");
        assert_eq!(change_parameters(&[], &[("x", "ä&=")]), "x=%C3%A4%26%3D");
    }
}
