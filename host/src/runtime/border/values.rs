//! The host's values as the border's, and back.

use super::super::call::{Call, CallPerson};
use super::super::effects::{Effect, EffectTarget};
use super::super::package::SettingValue;
use super::bindings::exports::stoa::plugin::widget;
use super::bindings::stoa::plugin::{effects, settings, types};
use super::bindings::stoa::view::nodes::Parameter;
use crate::base::clock::Micros;
use crate::store::{self, State};

/// An instant; nothing happened before 1970.
pub(crate) fn instant(at: Micros) -> u64 {
    u64::try_from(at).unwrap_or(0)
}

/// An instant that a plugin named.
pub(crate) fn micros(at: u64) -> Micros {
    Micros::try_from(at).unwrap_or(Micros::MAX)
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

/// How far an entry is from being seen by everybody.
pub(crate) fn state(state: State) -> types::State {
    match state {
        State::Visible => types::State::Visible,
        State::Held => types::State::Held,
        State::Rejected => types::State::Rejected,
        State::Deleted => types::State::Deleted,
        State::Removed => types::State::Removed,
    }
}

fn state_back(state: types::State) -> State {
    match state {
        types::State::Visible => State::Visible,
        types::State::Held => State::Held,
        types::State::Rejected => State::Rejected,
        types::State::Deleted => State::Deleted,
        types::State::Removed => State::Removed,
    }
}

/// What a mark is put on.
pub(crate) fn target(target: types::Target) -> store::Target {
    match target {
        types::Target::Entry(id) => store::Target::Entry(id.into()),
        types::Target::Page => store::Target::Page,
    }
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
pub(crate) fn context(call: &Call) -> widget::Context {
    let parameter = |(name, value): &(String, String)| Parameter { name: name.clone(), value: value.clone() };
    widget::Context {
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

/// A change that a plugin wants.
pub(crate) fn effect(effect: effects::Effect) -> Effect {
    let target = |target| match target {
        types::Target::Entry(id) => EffectTarget::Entry(id),
        types::Target::Page => EffectTarget::Page,
    };
    match effect {
        effects::Effect::CreateEntry(new) => Effect::CreateEntry {
            id: new.id,
            kind: new.kind,
            parent: new.parent,
            body: new.body,
            data: new.data,
        },
        effects::Effect::EditEntry(edit) => {
            Effect::EditEntry { id: edit.id, version: edit.version, body: edit.body }
        }
        effects::Effect::SetState(change) => Effect::SetState {
            id: change.id,
            version: change.version,
            state: state_back(change.state),
            reason: change.reason,
        },
        effects::Effect::PutMark(mark) => {
            Effect::PutMark { target: target(mark.target), kind: mark.kind, value: mark.value }
        }
        effects::Effect::DeleteMark(mark) => {
            Effect::DeleteMark { target: target(mark.target), kind: mark.kind }
        }
        effects::Effect::PinEntry(pin) => Effect::PinEntry { id: pin.id, pinned: pin.pinned },
        effects::Effect::ClosePage(closed) => Effect::ClosePage(closed),
        effects::Effect::PutValue(put) => Effect::PutValue { key: put.key, value: put.value },
    }
}
