//! The host's values as the border's, and back.

use stoa_rules::{Argument, Flow, Message, Otherwise, Period, SettingValue, Since, State, Target, Value};

use super::super::super::call::{Call, CallPerson, HostError};
use super::super::super::record::invalid;
use super::bindings::exports::stoa::plugin::widget;
use super::bindings::stoa::plugin::{conditions, ledger, settings, types};
use super::bindings::stoa::view::nodes::Parameter;
use crate::base::clock::Micros;
use crate::store;

/// An instant; nothing happened before 1970.
pub(crate) fn instant(at: Micros) -> u64 {
    u64::try_from(at).unwrap_or(0)
}

/// A person as plugins see one.
pub(crate) fn person(person: CallPerson) -> types::Person {
    let role = |roles: types::Roles, name: &String| roles | role_named(name);
    types::Person {
        id: person.id.as_str().to_owned(),
        roles: person.roles.iter().fold(types::Roles::empty(), role),
        name: person.name,
        active: person.active,
    }
}

fn role_named(name: &str) -> types::Roles {
    match name {
        "expert" => types::Roles::EXPERT,
        "leader" => types::Roles::LEADER,
        "steward" => types::Roles::STEWARD,
        "moderator" => types::Roles::MODERATOR,
        "admin" => types::Roles::ADMIN,
        "guest" => types::Roles::GUEST,
        _ => types::Roles::empty(),
    }
}

/// A moderation state.
pub(crate) fn state(state: State) -> types::State {
    match state {
        State::Visible => types::State::Visible,
        State::Held => types::State::Held,
        State::Rejected => types::State::Rejected,
        State::Deleted => types::State::Deleted,
        State::Removed => types::State::Removed,
    }
}

/// A moderation state that a plugin named.
pub(crate) fn state_back(state: types::State) -> State {
    match state {
        types::State::Visible => State::Visible,
        types::State::Held => State::Held,
        types::State::Rejected => State::Rejected,
        types::State::Deleted => State::Deleted,
        types::State::Removed => State::Removed,
    }
}

/// What a mark is put on.
pub(crate) fn target(target: types::Target) -> Target {
    match target {
        types::Target::Entry(id) => Target::Entry(id),
        types::Target::Page(key) => Target::Page(key),
        types::Target::Person(id) => Target::Person(id),
    }
}

/// The value of a field.
pub(crate) fn value(value: types::Value) -> Value {
    match value {
        types::Value::Unset => Value::Unset,
        types::Value::Text(text) => Value::Text(text),
        types::Value::Number(number) => Value::Number(number),
        types::Value::Boolean(flag) => Value::Boolean(flag),
        types::Value::Time(at) => Value::Time(at),
        types::Value::Texts(texts) => Value::Texts(texts),
    }
}

/// A message for the person of the call; arguments beyond those that it may have are left out.
pub(crate) fn told(mut text: types::Text) -> Message {
    text.arguments.truncate(stoa_rules::limits::ARGUMENTS_MAX);
    message(text)
}

/// A message with its arguments.
pub(crate) fn message(text: types::Text) -> Message {
    let argument = |argument: types::Argument| {
        let value = match argument.value {
            types::ArgumentValue::Text(text) => Argument::Text(text),
            types::ArgumentValue::Number(number) => Argument::Number(number),
            types::ArgumentValue::Person(id) => Argument::Person(id),
            types::ArgumentValue::Time(at) => Argument::Time(at),
        };
        (argument.name, value)
    };
    Message { id: text.id, arguments: text.arguments.into_iter().map(argument).collect() }
}

/// What follows where something does not hold.
pub(crate) fn otherwise(otherwise: conditions::Otherwise) -> Otherwise {
    match otherwise {
        conditions::Otherwise::Refuse(text) => Otherwise::Refuse(message(text)),
        conditions::Otherwise::Rerun => Otherwise::Rerun,
    }
}

/// Transfers that are summed up.
///
/// # Errors
/// [`HostError::Return`] with `invalid` for what this host does not know.
pub(crate) fn flow(flow: ledger::Flow) -> Result<Flow, HostError> {
    let since = match flow.since {
        ledger::Since::At(at) => Since::At(at),
        ledger::Since::StartOf(ledger::Period::Day) => Since::StartOf(Period::Day),
        ledger::Since::StartOf(ledger::Period::Month) => Since::StartOf(Period::Month),
        ledger::Since::Other(other) => {
            let detail = format!("this host does not know `{}`", other.code.escape_debug());
            return Err(invalid("flow.since", &detail));
        }
    };
    Ok(Flow { unit: flow.unit, reason: flow.reason, payer: flow.payer, payee: flow.payee, since })
}

/// A setting's value.
pub(crate) fn setting(value: &SettingValue) -> settings::Value {
    match value {
        SettingValue::Boolean(value) => settings::Value::Boolean(*value),
        SettingValue::Integer(value) => settings::Value::Integer(*value),
        SettingValue::Text(text) => settings::Value::Text(text.clone()),
        SettingValue::Texts(texts) => settings::Value::Texts(texts.clone()),
    }
}

/// What the plugin is told about a call.
pub(crate) fn request(call: &Call) -> widget::Request {
    let parameter = |(name, value): &(String, String)| Parameter { name: name.clone(), value: value.clone() };
    widget::Request {
        page: types::Page {
            key: call.page.key.clone(),
            title: call.page.title.clone(),
            owner: call.page.owner.as_ref().map(|id| id.as_str().to_owned()),
            closed: call.page.closed,
        },
        person: call.person.clone().map(person),
        parameters: call.parameters.iter().map(parameter).collect(),
        since: call.since.map(instant),
        may_write: call.may_write,
    }
}

/// A page that a plugin asked for.
pub(crate) fn page(page: store::Page) -> types::Page {
    types::Page {
        key: page.key,
        title: page.title,
        owner: page.owner.map(|id| id.as_str().to_owned()),
        closed: page.closed,
    }
}
