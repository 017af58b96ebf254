//! Between the border's types and those of the rules, which are the same words twice.
//!
//! Ids here are short, `e1` and `anna`, so that tests can be read; the rules want those of a real host. Where something
//! is judged by the rules, short ids are written out for that.

use stoa_rules as rules;
use stoa_rules::FieldKind;

use super::world::World;
use crate::bindings::stoa::plugin::{conditions, entries, ledger};
use crate::{ArgumentValue, Class, Error, Problem, State, Target, Text, Value};

pub(crate) fn invalid(at: &str, detail: impl Into<String>) -> Error {
    Error::Invalid(Problem { at: at.to_owned(), detail: detail.into() })
}

pub(crate) fn problem(problem: rules::Problem) -> Error {
    Error::Invalid(Problem { at: problem.at, detail: problem.detail })
}

pub(crate) fn class(class: Class) -> rules::Class {
    match class {
        Class::Mark => rules::Class::Mark,
        Class::Edit => rules::Class::Edit,
        Class::Create => rules::Class::Create,
        Class::Moderate => rules::Class::Moderate,
    }
}

pub(crate) fn state(state: State) -> rules::State {
    match state {
        State::Visible => rules::State::Visible,
        State::Held => rules::State::Held,
        State::Rejected => rules::State::Rejected,
        State::Deleted => rules::State::Deleted,
        State::Removed => rules::State::Removed,
    }
}

pub(crate) fn state_back(state: rules::State) -> State {
    match state {
        rules::State::Visible => State::Visible,
        rules::State::Held => State::Held,
        rules::State::Rejected => State::Rejected,
        rules::State::Deleted => State::Deleted,
        rules::State::Removed => State::Removed,
    }
}

pub(crate) fn target(target: &Target) -> rules::Target {
    match target {
        Target::Entry(id) => rules::Target::Entry(id.clone()),
        Target::Page(key) => rules::Target::Page(key.clone()),
        Target::Person(id) => rules::Target::Person(id.clone()),
    }
}

pub(crate) fn value(value: &Value) -> rules::Value {
    match value {
        Value::Unset => rules::Value::Unset,
        Value::Text(text) => rules::Value::Text(text.clone()),
        Value::Number(number) => rules::Value::Number(*number),
        Value::Boolean(yes) => rules::Value::Boolean(*yes),
        Value::Time(at) => rules::Value::Time(*at),
        Value::Texts(texts) => rules::Value::Texts(texts.clone()),
    }
}

pub(crate) fn scope(scope: &entries::Scope) -> rules::Scope {
    match scope {
        entries::Scope::Here => rules::Scope::Here,
        entries::Scope::Page(key) => rules::Scope::Page(key.clone()),
        entries::Scope::Prefix(start) => rules::Scope::Prefix(start.clone()),
        entries::Scope::Site => rules::Scope::Site,
    }
}

fn test(test: &entries::Test) -> Result<rules::Test, Error> {
    Ok(match test {
        entries::Test::Equal(wanted) => rules::Test::Equal(value(wanted)),
        entries::Test::AnyOf(texts) => rules::Test::AnyOf(texts.clone()),
        entries::Test::Range((from, to)) => rules::Test::Range(*from, *to),
        entries::Test::Present => rules::Test::Present,
        entries::Test::Absent => rules::Test::Absent,
        entries::Test::Other(_) => return Err(invalid("test", "this host does not know it")),
    })
}

fn filter(filter: &entries::Filter) -> Result<rules::Filter, Error> {
    Ok(match filter {
        entries::Filter::Kind(kind) => rules::Filter::Kind(kind.clone()),
        entries::Filter::Roots => rules::Filter::Roots,
        entries::Filter::Parent(id) => rules::Filter::Parent(id.clone()),
        entries::Filter::Author(id) => rules::Filter::Author(id.clone()),
        entries::Filter::State(wanted) => rules::Filter::State(state(*wanted)),
        entries::Filter::Field(field) => {
            rules::Filter::Field { name: field.name.clone(), test: test(&field.test)? }
        }
        entries::Filter::Mark(mark) => {
            rules::Filter::Mark { kind: mark.kind.clone(), value: mark.value.clone(), present: mark.present }
        }
        entries::Filter::CreatedSince(at) => rules::Filter::CreatedSince(*at),
        entries::Filter::Other(_) => return Err(invalid("filters", "this host does not know it")),
    })
}

pub(crate) fn filters(filters: &[entries::Filter]) -> Result<Vec<rules::Filter>, Error> {
    filters.iter().map(filter).collect()
}

fn order(order: &entries::Order) -> Result<rules::OrderBy, Error> {
    Ok(match order {
        entries::Order::Newest => rules::OrderBy::Newest,
        entries::Order::Oldest => rules::OrderBy::Oldest,
        entries::Order::Active => rules::OrderBy::Active,
        entries::Order::Top => rules::OrderBy::Top,
        entries::Order::Controversial => rules::OrderBy::Controversial,
        entries::Order::Ascending(field) => rules::OrderBy::Ascending(field.clone()),
        entries::Order::Descending(field) => rules::OrderBy::Descending(field.clone()),
        entries::Order::Other(_) => return Err(invalid("order", "this host does not know it")),
    })
}

pub(crate) fn query(query: &entries::Query) -> Result<rules::Query, Error> {
    Ok(rules::Query {
        scope: scope(&query.scope),
        filters: filters(&query.filters)?,
        order: order(&query.order)?,
        after: query.after.clone(),
        limit: query.limit,
        replies: query.replies,
        expanded: query.expanded.clone(),
        since: query.since,
    })
}

pub(crate) fn condition(condition: &conditions::Condition) -> Result<rules::Condition, Error> {
    use conditions::Condition;
    Ok(match condition {
        Condition::Version(is) => rules::Condition::Version { id: is.id.clone(), version: is.version },
        Condition::State(is) => rules::Condition::State { id: is.id.clone(), state: state(is.state) },
        Condition::Field(is) => {
            rules::Condition::Field { id: is.id.clone(), name: is.name.clone(), value: value(&is.value) }
        }
        Condition::Mark(is) => rules::Condition::Mark {
            target: target(&is.target),
            kind: is.kind.clone(),
            person: is.person.clone(),
            value: is.value.clone(),
        },
        Condition::PageOpen => rules::Condition::PageOpen,
        Condition::Other(_) => return Err(invalid("condition", "this host does not know it")),
    })
}

pub(crate) fn otherwise(otherwise: &conditions::Otherwise) -> rules::Otherwise {
    match otherwise {
        conditions::Otherwise::Refuse(text) => rules::Otherwise::Refuse(message(text)),
        conditions::Otherwise::Rerun => rules::Otherwise::Rerun,
    }
}

pub(crate) fn flow(flow: &ledger::Flow) -> Result<rules::Flow, Error> {
    let since = match &flow.since {
        ledger::Since::At(at) => rules::Since::At(*at),
        ledger::Since::StartOf(ledger::Period::Day) => rules::Since::StartOf(rules::Period::Day),
        ledger::Since::StartOf(ledger::Period::Month) => rules::Since::StartOf(rules::Period::Month),
        ledger::Since::Other(_) => return Err(invalid("flow.since", "this host does not know it")),
    };
    let ledger::Flow { unit, reason, payer, payee, .. } = flow.clone();
    Ok(rules::Flow { unit, reason, payer, payee, since })
}

fn message(text: &Text) -> rules::Message {
    let argument = |value: &ArgumentValue| match value {
        ArgumentValue::Text(text) => rules::Argument::Text(text.clone()),
        ArgumentValue::Number(number) => rules::Argument::Number(*number),
        ArgumentValue::Person(id) => rules::Argument::Person(id.clone()),
        ArgumentValue::Time(at) => rules::Argument::Time(*at),
    };
    let arguments = text.arguments.iter().map(|one| (one.name.clone(), argument(&one.value)));
    rules::Message { id: text.id.clone(), arguments: arguments.collect() }
}

pub(crate) fn text(message: &rules::Message) -> Text {
    message.arguments.iter().fold(crate::text(&message.id), |text, (name, value)| match value {
        rules::Argument::Text(value) => text.text(name, value),
        rules::Argument::Number(number) => text.number(name, *number),
        rules::Argument::Person(id) => text.person(name, id),
        rules::Argument::Time(at) => text.time(name, *at),
    })
}

/// What the rules judge has ids of a real host.
pub(crate) struct WrittenOut<'w>(pub(crate) &'w World);

impl WrittenOut<'_> {
    /// An id of this host written out; anything else stays what it is, and the rules refuse it.
    fn id(&self, id: &str) -> String {
        let entry = id.strip_prefix('e').and_then(|number| number.parse::<u32>().ok());
        let person = || self.0.people.keys().position(|known| known == id);
        match (entry, person()) {
            (_, Some(place)) => format!("00000000-0000-7000-9000-{place:012x}"),
            (Some(number), None) => format!("00000000-0000-7000-8000-{number:012x}"),
            (None, None) => id.to_owned(),
        }
    }

    fn target(&self, target: &rules::Target) -> rules::Target {
        match target {
            rules::Target::Entry(id) => rules::Target::Entry(self.id(id)),
            rules::Target::Page(key) => rules::Target::Page(key.clone()),
            rules::Target::Person(id) => rules::Target::Person(self.id(id)),
        }
    }

    /// Fields that hold ids are those that one of the kinds declares so.
    fn value(&self, name: &str, value: &rules::Value) -> rules::Value {
        let fields = self.0.declared.kinds.values().filter_map(|kind| kind.fields.get(name));
        let holds_ids = |field: &rules::Field| {
            matches!(field.kind, FieldKind::Person | FieldKind::People | FieldKind::Reference)
        };
        match value {
            rules::Value::Text(id) if fields.clone().any(holds_ids) => rules::Value::Text(self.id(id)),
            rules::Value::Texts(ids) if fields.clone().any(holds_ids) => {
                rules::Value::Texts(ids.iter().map(|id| self.id(id)).collect())
            }
            other => other.clone(),
        }
    }

    fn fields(&self, fields: &rules::Fields) -> rules::Fields {
        fields.iter().map(|(name, value)| (name.clone(), self.value(name, value))).collect()
    }

    pub(crate) fn change(&self, change: &rules::Change) -> rules::Change {
        use rules::Change;
        let mut change = change.clone();
        match &mut change {
            Change::Create(entry) => {
                entry.parent = entry.parent.as_deref().map(|id| self.id(id));
                entry.fields = self.fields(&entry.fields);
            }
            Change::SetFields { id, fields, .. } => {
                *id = self.id(id);
                *fields = self.fields(fields);
            }
            Change::SetState { id, .. } | Change::SetPinned { id, .. } => *id = self.id(id),
            Change::PutMark { target, .. } | Change::DeleteMark { target, .. } => {
                *target = self.target(target);
            }
            Change::Post { posting, .. } => {
                posting.entry = self.id(&posting.entry);
                posting.payee = posting.payee.as_deref().map(|id| self.id(id));
            }
            Change::Reverse { entry, actor, .. } => {
                *entry = self.id(entry);
                *actor = actor.as_deref().map(|id| self.id(id));
            }
            Change::ClosePage(_) | Change::PutValue { .. } => {}
        }
        change
    }

    pub(crate) fn flow(&self, flow: &rules::Flow) -> rules::Flow {
        let id = |id: &Option<String>| id.as_deref().map(|id| self.id(id));
        rules::Flow { payer: id(&flow.payer), payee: id(&flow.payee), ..flow.clone() }
    }

    pub(crate) fn requirement(&self, requirement: &rules::Requirement) -> rules::Requirement {
        use rules::Condition;
        let mut requirement = requirement.clone();
        match &mut requirement.condition {
            Condition::Version { id, .. } | Condition::State { id, .. } => *id = self.id(id),
            Condition::Field { id, name, value } => {
                *id = self.id(id);
                *value = self.value(name, value);
            }
            Condition::Mark { target, person, .. } => {
                *target = self.target(target);
                *person = person.as_deref().map(|id| self.id(id));
            }
            Condition::AtMost { flow, .. } => *flow = self.flow(flow),
            Condition::PageOpen => {}
        }
        requirement
    }

    pub(crate) fn filters(&self, filters: &[rules::Filter]) -> Vec<rules::Filter> {
        let written = |filter: &rules::Filter| match filter {
            rules::Filter::Parent(id) => rules::Filter::Parent(self.id(id)),
            rules::Filter::Author(id) => rules::Filter::Author(self.id(id)),
            rules::Filter::Field { name, test: rules::Test::Equal(value) } => {
                rules::Filter::Field { name: name.clone(), test: rules::Test::Equal(self.value(name, value)) }
            }
            other => other.clone(),
        };
        filters.iter().map(written).collect()
    }

    pub(crate) fn query(&self, query: &rules::Query) -> rules::Query {
        rules::Query {
            filters: self.filters(&query.filters),
            expanded: query.expanded.iter().map(|id| self.id(id)).collect(),
            ..query.clone()
        }
    }
}
