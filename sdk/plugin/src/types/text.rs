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
