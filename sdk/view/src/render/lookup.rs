//! What the renderer must be told: names, bodies, texts, addresses, tokens. The host implements it.

use std::borrow::Cow;

use super::own::OwnText;
use crate::nodes::Instant;
use crate::rich::Rich;

/// The parameter of a view that names the person whose card is open.
pub const PERSON: &str = "host-person";

/// A person as a view shows them.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The display name.
    pub name: &'a str,
    /// What they do, for example "Purchasing, Kiel".
    pub title: Option<&'a str>,
    /// Roles that are shown beside the name.
    pub roles: &'a [Role],
    /// Whether they still belong here.
    pub active: bool,
    /// 0 to 359: the colour behind their initials, in 12 steps.
    pub hue: u16,
    /// The address of their picture.
    pub avatar: Option<&'a str>,
    /// Their id, where their name opens a card about them: the same view with the parameter [`PERSON`].
    pub card: Option<&'a str>,
}

/// A role that is shown beside a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Leads.
    Leader,
    /// Knows the subject.
    Expert,
    /// Cares for the site.
    Steward,
    /// Decides about what others write.
    Moderator,
    /// Runs the site.
    Admin,
    /// Comes from outside.
    Guest,
}

/// Moderation state of an entry, as the reader may know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PostState {
    /// Everybody sees it.
    #[default]
    Visible,
    /// It waits for a moderator; its author and moderators see it.
    Held,
    /// A moderator rejected it; its author and moderators see it.
    Rejected,
    /// Its author deleted it; a tombstone keeps the place of its replies.
    Deleted,
    /// A moderator removed it; a tombstone keeps the place of its replies.
    Removed,
}

/// What the host says of a post, whatever the plugin shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostFacts {
    /// The moderation state of its entry.
    pub state: PostState,
    /// Whether a moderator made the last change of its text.
    pub edited_by_moderator: bool,
}

/// One argument of a message, ready to be formatted. Texts and names are cleaned of control characters.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument<'a> {
    /// A text; isolate it from its surroundings (Unicode UAX 9).
    Text(Cow<'a, str>),
    /// A number; the plural form goes by it.
    Number(i64),
    /// A person's display name; isolate it like a text.
    Person(Cow<'a, str>),
    /// A point in time.
    Time(Instant),
}

/// What the renderer must be told. All of it is for one reader: their language, their permits.
pub trait Lookup {
    /// A person; none for those who were erased or are unknown ("former member").
    fn person(&self, id: &str) -> Option<Person<'_>>;
    /// The body of an entry, parsed; none for one that was not read in this call.
    fn body(&self, entry: &str) -> Option<&Rich>;
    /// The body of an entry as Markdown, for a composer; none for one that was not read in this call.
    fn source(&self, entry: &str) -> Option<&str>;
    /// What the host says of a post; the usual for an entry that was not read in this call.
    fn post(&self, entry: &str) -> PostFacts;
    /// Parses Markdown.
    fn markdown(&self, text: &str) -> Rich;
    /// An interface text of the plugin without arguments; the id where there is none.
    fn label<'a>(&'a self, id: &'a str) -> Cow<'a, str>;
    /// An interface text of the plugin with arguments; the id where there is none.
    fn message<'a>(&'a self, id: &'a str, arguments: &[(&str, Argument<'_>)]) -> Cow<'a, str>;
    /// One of the renderer's own texts.
    fn own(&self, text: OwnText) -> Cow<'_, str>;
    /// One of the renderer's own texts with the argument `count`.
    fn own_number(&self, text: OwnText, count: i64) -> Cow<'_, str>;
    /// Appends the view's parameters after some changes, each a name and a value, as a query string
    /// (`sort=newest&limit=40`). An empty value takes a parameter away.
    fn parameters(&self, changes: &[(&str, &str)], out: &mut String);
    /// Appends the address of the same view after some changes: what "open in a new tab" opens, with the parameters
    /// at its end, as [`Lookup::parameters`] writes them. `near` is the post that the link stands in.
    fn address(&self, changes: &[(&str, &str)], near: Option<&str>, out: &mut String);
    /// Appends the signed token that lets this verb be done to the subject: visible ASCII characters.
    fn token(&self, subject: Option<&str>, verb: &str, out: &mut String);
    /// Where forms are sent without script; empty where there is always script to send them.
    fn act_url(&self) -> &str;
    /// Appends a point in time in words, with its date: how long ago it was is the browser's to say, where it goes on
    /// ageing. A text that does not change by itself also makes no differences between views.
    fn time(&self, at: Instant, out: &mut String);
    /// Appends a number in the reader's digits.
    fn number(&self, number: i64, out: &mut String);
    /// The reader's language, as a BCP 47 tag.
    fn lang(&self) -> &str;
    /// `ltr` or `rtl`; empty where the page around decides.
    fn dir(&self) -> &str;
    /// Whether an address outside leads away from what the reader knows: such a link is marked.
    fn is_elsewhere(&self, _url: &str) -> bool {
        true
    }
    /// How many ranks of headings the page around has: rank 1 becomes `h(1 + offset)`.
    fn heading_offset(&self) -> u8 {
        1
    }
}
