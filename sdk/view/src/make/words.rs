//! What people read, before it is in the pool.

use super::pool::Pool;
use crate::nodes::{Argument, ArgumentValue, Instant, Message, Words};

/// A piece of text: [`literal`], [`label`] or [`message`].
#[derive(Clone, Debug)]
pub enum Say<'a> {
    /// Somebody's own words.
    Literal(&'a str),
    /// An interface text without arguments.
    Label(&'a str),
    /// An interface text with arguments.
    Message(MessageBuilder<'a>),
}

impl<'a> From<MessageBuilder<'a>> for Say<'a> {
    fn from(message: MessageBuilder<'a>) -> Self {
        Self::Message(message)
    }
}

/// Somebody's own words (a name, a title), shown as they are.
#[must_use]
pub const fn literal(text: &str) -> Say<'_> {
    Say::Literal(text)
}

/// The interface text with this id in the plugin's Fluent bundle.
#[must_use]
pub const fn label(id: &str) -> Say<'_> {
    Say::Label(id)
}

/// The interface text with this id, whose arguments follow: `message("count").number("n", 3)`.
#[must_use]
pub const fn message(id: &str) -> MessageBuilder<'_> {
    MessageBuilder { id, arguments: Vec::new() }
}

/// An interface text with arguments.
#[derive(Clone, Debug)]
pub struct MessageBuilder<'a> {
    id: &'a str,
    arguments: Vec<(&'a str, Value<'a>)>,
}

#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Person(&'a str),
    Time(Instant),
}

impl<'a> MessageBuilder<'a> {
    /// A text, shown as it is.
    #[must_use]
    pub fn text(mut self, name: &'a str, value: &'a str) -> Self {
        self.arguments.push((name, Value::Text(value)));
        self
    }

    /// A number; Fluent chooses the plural form by it.
    #[must_use]
    pub fn number(mut self, name: &'a str, value: impl Into<i64>) -> Self {
        self.arguments.push((name, Value::Number(value.into())));
        self
    }

    /// The name of the person with this id.
    #[must_use]
    pub fn person(mut self, name: &'a str, id: &'a str) -> Self {
        self.arguments.push((name, Value::Person(id)));
        self
    }

    /// A point in time.
    #[must_use]
    pub fn time(mut self, name: &'a str, at: Instant) -> Self {
        self.arguments.push((name, Value::Time(at)));
        self
    }
}

/// Puts words into the pools.
pub(super) fn pooled(words: Say<'_>, pool: &mut Pool, messages: &mut Vec<Message>) -> Words {
    match words {
        Say::Literal(text) => Words::Literal(pool.index(text)),
        Say::Label(id) => Words::Label(pool.index(id)),
        Say::Message(message) => {
            let mut arguments = Vec::with_capacity(message.arguments.len());
            for (name, value) in message.arguments {
                let value = match value {
                    Value::Text(text) => ArgumentValue::Text(pool.index(text)),
                    Value::Number(number) => ArgumentValue::Number(number),
                    Value::Person(id) => ArgumentValue::Person(pool.index(id)),
                    Value::Time(at) => ArgumentValue::Time(at),
                };
                arguments.push(Argument { name: pool.index(name), value });
            }
            messages.push(Message { id: pool.index(message.id), arguments });
            Words::Message(u32::try_from(messages.len() - 1).unwrap_or(u32::MAX))
        }
    }
}
