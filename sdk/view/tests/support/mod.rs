//! A small host for tests: two languages, some people, tokens that can be read.
#![expect(dead_code, reason = "each test binary uses a part of it")]
#![expect(unreachable_pub, reason = "a module of several test binaries")]

use std::borrow::Cow;
use std::collections::HashMap;

use stoa_view::nodes::{Instant, View};
use stoa_view::render::{Argument, Html, Lookup, OwnText, Person, PostFacts, PostState, Role, render};
use stoa_view::rich::{Part, Rich, RichBuilder};
use stoa_view::tree::Tree;

pub mod views;

/// A string that must never come out as it went in.
pub const EVIL: &str = "\"><script>alert('x')</script><img src=x onerror=alert(1)>&amp;\u{202e}\u{0}";

pub struct TestHost {
    pub german: bool,
    pub rtl: bool,
    pub evil: bool,
    pub bodies: HashMap<String, Rich>,
}

impl TestHost {
    pub fn new() -> Self {
        let bodies = (0..200).map(|n| (format!("c{n}"), body(n))).collect();
        Self { german: false, rtl: false, evil: false, bodies }
    }
}

fn body(n: usize) -> Rich {
    let mut b = RichBuilder::new();
    b.open(Part::Paragraph);
    b.text("The form moved to the new ");
    b.open(Part::Link("/purchasing"));
    b.text("purchasing page");
    b.close();
    b.text(&format!(", see step {n}. It takes about five minutes & asks for a cost centre, "));
    b.mention("ada", "@Ada");
    b.text(".");
    b.close();
    b.finish()
}

impl Lookup for TestHost {
    fn person(&self, id: &str) -> Option<Person<'_>> {
        let person = |name, hue, roles| Person {
            name,
            title: None,
            roles,
            active: true,
            hue,
            avatar: None,
            card: None,
        };
        match id {
            _ if self.evil => Some(Person { title: Some(EVIL), ..person(EVIL, 359, &[]) }),
            "ada" => Some(person("Ada Lovelace", 210, &[Role::Expert])),
            "omar" => Some(person("عمر الخيام", 30, &[])),
            "gone" => Some(Person { active: false, ..person("Otto Weg", 90, &[]) }),
            _ => None,
        }
    }

    fn body(&self, entry: &str) -> Option<&Rich> {
        self.bodies.get(entry)
    }

    fn source(&self, entry: &str) -> Option<&str> {
        (entry == "c1").then_some(if self.evil { EVIL } else { "\nThe *source* for @[Ada](ada)" })
    }

    fn post(&self, entry: &str) -> PostFacts {
        let state = match entry {
            "c2" => PostState::Held,
            "c3" => PostState::Deleted,
            "c5" => PostState::Rejected,
            "c6" => PostState::Removed,
            _ => PostState::Visible,
        };
        PostFacts { state, edited_by_moderator: entry == "c4" }
    }

    fn markdown(&self, text: &str) -> Rich {
        let mut b = RichBuilder::new();
        b.text(text);
        b.finish()
    }

    fn label<'a>(&'a self, id: &'a str) -> Cow<'a, str> {
        match id {
            _ if self.evil => Cow::Borrowed(EVIL),
            "like" if self.german => Cow::Borrowed("Gefällt mir"),
            _ => Cow::Borrowed(id),
        }
    }

    fn message<'a>(&'a self, id: &'a str, arguments: &[(&str, Argument<'_>)]) -> Cow<'a, str> {
        let mut text = id.to_owned();
        for (name, value) in arguments {
            let value = match value {
                Argument::Text(text) | Argument::Person(text) => format!("\u{2068}{text}\u{2069}"),
                Argument::Number(number) => number.to_string(),
                Argument::Time(at) => at.to_string(),
            };
            text.push_str(&format!(" {name}={value}"));
        }
        Cow::Owned(text)
    }

    fn own(&self, text: OwnText) -> Cow<'_, str> {
        if self.evil {
            // The host's own files: as odd as a translator can make them, but without control characters.
            return Cow::Borrowed(EVIL.trim_end_matches('\0'));
        }
        let id = text.id().strip_prefix("view-").unwrap_or_default();
        if self.german { Cow::Owned(format!("{id}-de")) } else { Cow::Borrowed(id) }
    }

    fn own_number(&self, text: OwnText, count: i64) -> Cow<'_, str> {
        Cow::Owned(format!("{count} {}", self.own(text)))
    }

    fn parameters(&self, changes: &[(&str, &str)], out: &mut String) {
        let pairs: Vec<_> = changes.iter().map(|(name, value)| format!("{name}={value}")).collect();
        out.push_str(&pairs.join("&"));
    }

    fn address(&self, changes: &[(&str, &str)], near: Option<&str>, out: &mut String) {
        out.push_str("?page=home&");
        self.parameters(changes, out);
        if let Some(near) = near {
            out.push_str("#e-");
            out.push_str(near);
        }
    }

    fn token(&self, subject: Option<&str>, verb: &str, out: &mut String) {
        out.push_str(&format!("{}:{verb}", subject.unwrap_or("-")));
    }

    fn act_url(&self) -> &str {
        "/t/demo/comments/act?page=home"
    }

    fn time(&self, at: Instant, out: &mut String) {
        out.push_str(&format!("at {at}"));
    }

    fn number(&self, number: i64, out: &mut String) {
        out.push_str(&number.to_string());
    }

    fn lang(&self) -> &str {
        if self.german { "de" } else { "en" }
    }

    fn dir(&self) -> &str {
        if self.rtl { "rtl" } else { "ltr" }
    }
}

pub fn html(view: &View, host: &TestHost) -> String {
    stoa_view::render::html(view, host)
}

pub fn tree(view: &View, host: &TestHost) -> Tree {
    let mut tree = Tree::new();
    render(view, host, &mut tree);
    tree
}

pub fn html_of(tree: &Tree) -> String {
    let mut html = Html::default();
    tree.send(&mut html);
    html.finish()
}

/// Numbers from a seed (splitmix64, public domain).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("less than a usize")
    }
}
