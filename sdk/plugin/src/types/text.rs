//! Texts of the plugin's Fluent bundle, with their arguments.

use super::{Argument, ArgumentValue, Instant, Text};
use crate::view::{Say, message};

/// The text with this id in the plugin's Fluent bundle, whose arguments follow; 8 at most. The host formats it in the
/// reader's language.
///
/// Wherever a text is taken, its id alone will do for one without arguments.
///
/// ```
/// use stoa_plugin::{Refusal, text};
///
/// Refusal::field("points", text("need-and-left").number("need", 30).number("left", 3));
/// Refusal::field("points", "points-missing");
/// ```
#[must_use]
pub fn text(id: &str) -> Text {
    Text { id: id.to_owned(), arguments: Vec::new() }
}

impl Text {
    /// With a text, shown as it is.
    ///
    /// ```
    /// stoa_plugin::text("you-chose").text("option", "By train");
    /// ```
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.with(name, ArgumentValue::Text(value.to_owned()))
    }

    /// With a whole number; Fluent chooses the plural form by it.
    ///
    /// ```
    /// stoa_plugin::text("too-many-options").number("most", 10);
    /// ```
    #[must_use]
    pub fn number(self, name: &str, value: impl Into<i64>) -> Self {
        self.with(name, ArgumentValue::Number(value.into()))
    }

    /// With the name of the person with this id; the host writes it.
    ///
    /// ```
    /// stoa_plugin::text("thanked").person("who", "anna");
    /// ```
    #[must_use]
    pub fn person(self, name: &str, id: &str) -> Self {
        self.with(name, ArgumentValue::Person(id.to_owned()))
    }

    /// With an instant; the host writes it in the site's time zone.
    ///
    /// ```
    /// # fn example(ends_at: stoa_plugin::Instant) {
    /// stoa_plugin::text("open-until").time("end", ends_at);
    /// # }
    /// ```
    #[must_use]
    pub fn time(self, name: &str, at: Instant) -> Self {
        self.with(name, ArgumentValue::Time(at))
    }

    fn with(mut self, name: &str, value: ArgumentValue) -> Self {
        self.arguments.push(Argument { name: name.to_owned(), value });
        self
    }
}

impl From<&str> for Text {
    fn from(id: &str) -> Self {
        text(id)
    }
}

impl From<String> for Text {
    fn from(id: String) -> Self {
        Self { id, arguments: Vec::new() }
    }
}

/// So that a view can show the text of a refusal.
impl<'a> From<&'a Text> for Say<'a> {
    fn from(text: &'a Text) -> Self {
        let start = message(&text.id);
        let all = text.arguments.iter().fold(start, |message, argument| match &argument.value {
            ArgumentValue::Text(value) => message.text(&argument.name, value),
            ArgumentValue::Number(value) => message.number(&argument.name, *value),
            ArgumentValue::Person(id) => message.person(&argument.name, id),
            ArgumentValue::Time(at) => message.time(&argument.name, *at),
        });
        all.into()
    }
}

/// How many characters of a text people see, as the host counts them: of a mention `@[Petra Jansen](id)` the `@` and the
/// name.
///
/// ```
/// assert_eq!(stoa_plugin::chars_seen("Ask @[Petra](0190a0b0-0000-7000-8000-0000000000be)."), "Ask @Petra.".len());
/// ```
#[must_use]
pub fn chars_seen(text: &str) -> usize {
    let mut count = text.chars().count();
    let mut rest = text;
    while let Some(at) = rest.find("@[") {
        rest = &rest[at + 2..];
        let mention = rest.split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?.0)));
        if let Some((name, id)) = mention.filter(|(name, _)| !name.contains(['\n', '[', ']']))
            && (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_graphic())
        {
            count -= "[](".len() + id.len() + ")".len();
            rest = &rest[name.len() + 2 + id.len() + 1..];
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::chars_seen;

    #[test]
    fn plugins_count_as_the_host_does() {
        let id = "0190a0b0-0000-7000-8000-0000000000be";
        for (text, expected) in [
            (String::new(), 0),
            ("Grüße 😀".to_owned(), 7),
            (format!("@[Petra Jansen]({id})"), 13),
            (format!("a @[Ä]({id}) b @[B]({id})"), 9),
            // No mentions.
            ("@[Petra".to_owned(), 7),
            ("@[a](b c)".to_owned(), 9),
            ("@[a\nb](id)".to_owned(), 10),
            ("[a](id) @a".to_owned(), 10),
            (format!("@[@[a]({id})"), 4),
        ] {
            assert_eq!((chars_seen(&text), stoa_rules::chars_seen(&text)), (expected, expected), "{text}");
        }
    }
}
