//! What can be known about a change or condition when it is recorded: its form, its length, and whether the manifest
//! declares what it names. Rights, states, versions and what is there already are decided at the commit.

use super::{Change, Condition, Message, Otherwise, Requirement, Target};
use crate::entries::{Declared, FieldProblem, Fields, Kind, State, Why, check_type};
use crate::ledger::{Flow, Owner, Posting};
use crate::limits;
use crate::manifest::form::{PAGE, PERSON, Problem, REPORT, is_id, is_message_id};

impl Change {
    /// Check a change that is recorded. `settings` gives the value of an integer setting.
    ///
    /// # Errors
    /// [`Problem`] with the first argument that does not fit.
    pub fn check(&self, declared: &Declared, settings: &dyn Fn(&str) -> Option<i64>) -> Result<(), Problem> {
        match self {
            Self::Create(entry) => {
                let kind = declared
                    .kinds
                    .get(&entry.kind)
                    .ok_or_else(|| Problem::new("kind", undeclared("kind", &entry.kind)))?;
                entry.parent.as_deref().map_or(Ok(()), |id| check_id("parent", id))?;
                if entry.parent.is_none() {
                    kind.check_new(None, &entry.fields, settings).map_err(in_fields)
                } else {
                    kind.check_new_fields(&entry.fields, settings).map_err(in_fields)
                }
            }
            Self::SetFields { id, seen, fields } => {
                check_id("id", id)?;
                check_fields(*seen, fields, declared, settings)
            }
            Self::SetState { id, state, reason, .. } => {
                check_id("id", id)?;
                if *state == State::Held {
                    return Err(Problem::new("state", "only moderation rules and reports hold an entry"));
                }
                check_chars("reason", reason, limits::REASON_CHARS_MAX)
            }
            Self::SetPinned { id, .. } => check_id("id", id),
            Self::PutMark { target, kind, value } => {
                check_mark(target, kind, declared)?;
                let mark = &declared.marks[kind];
                mark.check_form(value).map_err(|why| Problem::new("value", why.to_string()))
            }
            Self::DeleteMark { target, kind } => check_mark(target, kind, declared),
            Self::ClosePage(_) => Ok(()),
            Self::PutValue { key, value, .. } => {
                check_bytes("key", key.len(), 1, limits::KEY_BYTES_MAX)?;
                check_bytes("value", value.as_ref().map_or(0, Vec::len), 0, limits::VALUE_BYTES_MAX)
            }
            Self::Post { posting, short } => {
                check_posting(posting, declared)?;
                short.check()
            }
            Self::Reverse { unit, reason, entry, actor } => {
                declared
                    .route(unit, reason)
                    .ok_or_else(|| Problem::new("reason", no_reason(unit, reason)))?;
                check_id("entry", entry)?;
                actor.as_deref().map_or(Ok(()), |id| check_id("actor", id))
            }
        }
    }
}

impl Requirement {
    /// Check a condition that is recorded, and the message for when it does not hold.
    ///
    /// # Errors
    /// [`Problem`] with the first argument that does not fit.
    pub fn check(&self, declared: &Declared) -> Result<(), Problem> {
        self.condition.check(declared)?;
        self.otherwise.check()
    }
}

impl Otherwise {
    /// Check the form of the message.
    ///
    /// # Errors
    /// [`Problem`] for `otherwise`.
    pub fn check(&self) -> Result<(), Problem> {
        match self {
            Self::Rerun => Ok(()),
            Self::Refuse(message) => message.check(),
        }
    }
}

impl Condition {
    /// Check the form of a condition and that the manifest declares what it names.
    ///
    /// # Errors
    /// [`Problem`] with the first argument that does not fit.
    pub fn check(&self, declared: &Declared) -> Result<(), Problem> {
        match self {
            Self::Version { id, .. } | Self::State { id, .. } => check_id("id", id),
            Self::Field { id, name, value } => {
                check_id("id", id)?;
                let mut fields = declared.kinds.values().filter_map(|kind| kind.fields.get(name)).peekable();
                if fields.peek().is_none() {
                    return Err(Problem::new("name", undeclared("field", name)));
                }
                if fields.any(|field| check_type(field.kind, value).is_ok()) {
                    return Ok(());
                }
                Err(Problem::new("value", format!("`{name}` takes a value of another type")))
            }
            Self::Mark { target, kind, person, .. } => {
                person.as_deref().map_or(Ok(()), |id| check_id("person", id))?;
                check_mark(target, kind, declared)
            }
            Self::PageOpen => Ok(()),
            Self::AtMost { flow, .. } => flow.check(declared),
        }
    }
}

impl Flow {
    /// Check that the manifest declares it and that it names somebody.
    ///
    /// # Errors
    /// [`Problem`] with the first argument that does not fit.
    pub fn check(&self, declared: &Declared) -> Result<(), Problem> {
        let Some(route) = declared.route(&self.unit, &self.reason) else {
            return Err(Problem::new("flow.reason", no_reason(&self.unit, &self.reason)));
        };
        if self.payer.is_none() && self.payee.is_none() {
            return Err(Problem::new("flow", "names nobody; write a payer or a payee"));
        }
        for (at, of, id) in
            [("flow.payer", route.payer, &self.payer), ("flow.payee", route.payee, &self.payee)]
        {
            let Some(id) = id else { continue };
            if of == Owner::Site {
                return Err(Problem::new(at, "is the site here; leave it out"));
            }
            check_id(at, id)?;
        }
        Ok(())
    }
}

fn check_posting(posting: &Posting, declared: &Declared) -> Result<(), Problem> {
    let (unit, reason) = (&posting.unit, &posting.reason);
    let Some(route) = declared.route(unit, reason) else {
        return Err(Problem::new("reason", no_reason(unit, reason)));
    };
    if posting.amount > route.reason.max {
        return Err(Problem::new("amount", format!("`{reason}` gives at most {}", route.reason.max)));
    }
    match (&posting.payee, route.payee) {
        (Some(id), Owner::Person) => check_id("payee", id)?,
        (None, Owner::Site) => {}
        (None, Owner::Person) => return Err(Problem::new("payee", "is missing: a person is paid")),
        (Some(_), Owner::Site) => return Err(Problem::new("payee", "is the site here; leave it out")),
    }
    check_id("entry", &posting.entry)
}

fn no_reason(unit: &str, reason: &str) -> String {
    format!("the manifest declares no reason `{reason}` of a unit `{unit}`")
}

impl Message {
    /// Check the form of the id and the number of arguments.
    ///
    /// # Errors
    /// [`Problem`] for `otherwise`.
    pub fn check(&self) -> Result<(), Problem> {
        if !is_message_id(&self.id) {
            return Err(Problem::new("otherwise", format!("\"{}\" is not the id of a message", self.id)));
        }
        if self.arguments.len() > limits::ARGUMENTS_MAX {
            let detail = format!("a message takes at most {} arguments", limits::ARGUMENTS_MAX);
            return Err(Problem::new("otherwise", detail));
        }
        Ok(())
    }
}

fn undeclared(what: &str, name: &str) -> String {
    format!("the manifest declares no {what} `{name}`")
}

fn in_fields(problem: FieldProblem) -> Problem {
    let at = match problem.why {
        Why::WrongParent { .. } => problem.field.clone(),
        _ => format!("fields.{}", problem.field),
    };
    Problem::new(at, problem.why.to_string())
}

/// The kind of the entry is not known yet: one of the kinds must take all of the values.
fn check_fields(
    seen: Option<u32>,
    fields: &Fields,
    declared: &Declared,
    settings: &dyn Fn(&str) -> Option<i64>,
) -> Result<(), Problem> {
    let has_all = |kind: &&Kind| fields.keys().all(|name| kind.fields.contains_key(name));
    let mut refused = None;
    for kind in declared.kinds.values().filter(has_all) {
        match kind.check_versioned_change(seen, fields, settings) {
            Ok(()) => return Ok(()),
            Err(problem) => refused = refused.or(Some(problem)),
        }
    }
    match refused {
        Some(problem) => Err(in_fields(problem)),
        None => Err(Problem::new("fields", "the manifest declares no kind that has all of these fields")),
    }
}

fn check_mark(target: &Target, kind: &str, declared: &Declared) -> Result<(), Problem> {
    if kind == REPORT {
        return Err(Problem::new("kind", "reports are the host's: its menu at each entry makes them"));
    }
    let Some(mark) = declared.marks.get(kind) else {
        return Err(Problem::new("kind", undeclared("mark", kind)));
    };
    let fits = match target {
        Target::Entry(id) => {
            check_id("target", id)?;
            mark.on.iter().any(|on| on != PAGE && on != PERSON)
        }
        Target::Page(key) => {
            check_bytes("target", key.len(), 1, limits::PAGE_KEY_BYTES_MAX)?;
            mark.check_target(PAGE, false).is_ok()
        }
        Target::Person(id) => {
            check_id("target", id)?;
            mark.check_target(PERSON, false).is_ok()
        }
    };
    if fits {
        return Ok(());
    }
    Err(Problem::new("target", format!("a mark `{kind}` is put on {}", mark.on.join(", "))))
}

fn check_id(at: &str, id: &str) -> Result<(), Problem> {
    if is_id(id) { Ok(()) } else { Err(Problem::new(at, "takes an id of the host")) }
}

fn check_chars(at: &str, text: &str, max: usize) -> Result<(), Problem> {
    if text.len() <= max || text.chars().count() <= max {
        return Ok(());
    }
    Err(Problem::new(at, format!("is longer than {max} characters")))
}

fn check_bytes(at: &str, bytes: usize, min: usize, max: usize) -> Result<(), Problem> {
    if (min..=max).contains(&bytes) {
        return Ok(());
    }
    Err(Problem::new(at, format!("takes {min} to {max} bytes")))
}
