//! Actions: forged, oversized and contradictory changes, and the refusals.
//!
//! | verb | what it does |
//! |---|---|
//! | `nothing` | records nothing |
//! | `good` | one change by each recording function, two conditions and an outcome |
//! | `facts` | creates two entries; announces `facts` with the clock, random numbers and the ids |
//! | `create`, `mark`, `text`, `number`, `delete`, `pin`, `close`, `put`, `require`, `post`, `reverse`, `at-most` | one change (or condition) that is well formed: for grants and classes |
//! | `undeclared-kind`, `undeclared-field`, `undeclared-mark` | names what the manifest does not declare |
//! | `wrong-type`, `twice`, `missing`, `out-of-range`, `long-body`, `not-a-line` | a field that does not fit its declaration |
//! | `no-version` | a text without the version that was seen |
//! | `wrong-target`, `wrong-value`, `long-mark` | a mark that does not fit its declaration |
//! | `bad-id`, `bad-person` | an id that has not the form of one |
//! | `forged` | changes an entry that does not exist |
//! | `subject` | changes the entry that the action names |
//! | `undeclared-reason`, `too-much`, `nobody-paid`, `bad-payee`, `whose-flow`, `site-flow` | points that do not fit |
//! | `long-key`, `no-key`, `long-value` | private space out of bounds |
//! | `many`, `many-conditions` | 51 changes; 101 conditions |
//! | `bad-condition`, `long-text` | a condition on an undeclared field; one with nine arguments |
//! | `anyway` | does not mind what is refused: `undeclared-kind`, then a good mark |
//! | `unmet`, `unmet-again` | requires a version that cannot be, `refuse` (`changed`) and `rerun` |
//! | `lost` | sets parameters out of bounds, and one within them |
//! | `flood`, `panic`, `loop` | too many calls of the host, a crash, no end |
//! | `after` | records a good change and then refuses (`not-you`) |
//! | `invalid`, `denied`, `conflict`, `gone`, `other` | the refusals |
//!
//! Where the host refuses to record, the action is refused as `conflict` with a text whose id is the word for the error
//! (`not-granted`, `not-here`, `invalid`, `quota` ...) and whose argument `detail` is what the host said.

use crate::bindings::exports::stoa::plugin::widget::{Action, Issue, Refusal};
use crate::bindings::stoa::plugin::conditions::{Condition, FieldIs, Otherwise, StateIs, VersionIs, require};
use crate::bindings::stoa::plugin::entries_write::{self, Field, NewEntry};
use crate::bindings::stoa::plugin::ledger::{Flow, Period, Since};
use crate::bindings::stoa::plugin::ledger_write::{self, Transfer};
use crate::bindings::stoa::plugin::types::{
    Argument, ArgumentValue, Error, Other, State, Target, Text, Value,
};
use crate::bindings::stoa::plugin::{clock, kv_write, marks_write, outcome, pages_write, random};
use crate::views;

/// An id of the right form of an entry that does not exist.
const FORGED: &str = "0190a0b0-0000-7000-8000-000000000001";

type Recorded = Result<(), Error>;

/// What the verb says.
pub(crate) fn decide(action: &Action) -> Result<(), Refusal> {
    match action.verb.as_str() {
        "panic" => views::fall(),
        "loop" => views::spin(),
        "denied" => Err(Refusal::Denied(text("not-you"))),
        "conflict" => Err(Refusal::Conflict(text("changed"))),
        "gone" => Err(Refusal::Gone(text("gone"))),
        "other" => Err(Refusal::Other(Other { code: "odd".to_owned(), detail: "words".to_owned() })),
        "invalid" => {
            let issue = Issue { field: "body".to_owned(), message: text("empty") };
            Err(Refusal::Invalid(vec![issue]))
        }
        "after" => {
            record("mark", action).map_err(told)?;
            Err(Refusal::Denied(text("not-you")))
        }
        verb => record(verb, action).map_err(told),
    }
}

/// What a recording function answers in a call that may not record.
pub(crate) fn outside() -> Vec<String> {
    let ways: [fn() -> Recorded; 11] = [
        || create(Vec::new()),
        change_number,
        delete,
        || pin(FORGED),
        || mark("vote", "1"),
        close,
        put,
        must,
        post,
        reverse,
        at_most,
    ];
    ways.iter().map(|way| format!("{:?}", way())).collect()
}

/// The case, or where it has a name of its own no such verb.
fn record(verb: &str, action: &Action) -> Recorded {
    match verb {
        "nothing" => Ok(()),
        "good" => good(),
        "facts" => facts(),
        "create" => create(vec![field("body", "hello")]),
        "mark" => mark("vote", "1"),
        "text" => change(FORGED, Some(3), vec![field("body", "better")]),
        "number" => change_number(),
        "delete" => delete(),
        "pin" => pin(FORGED),
        "close" => close(),
        "put" => put(),
        "require" => must(),
        "post" => post(),
        "reverse" => reverse(),
        "at-most" => at_most(),
        "forged" => change(FORGED, None, vec![number("points", 1)]),
        "subject" => change(action.subject.as_deref().unwrap_or_default(), None, vec![number("points", 1)]),
        "bad-id" => pin("../../etc"),
        "anyway" => {
            drop(undeclared_kind());
            mark("vote", "1")
        }
        "many" => (0..51).try_for_each(|_| mark("vote", "1")),
        "many-conditions" => (0..101).try_for_each(|_| must()),
        "flood" => loop {
            drop(undeclared_kind());
        },
        "lost" => {
            outcome::navigate(&"n".repeat(33), "1");
            outcome::navigate("long", &"v".repeat(257));
            (0..17).for_each(|n| outcome::navigate(&format!("p{n}"), "1"));
            Ok(())
        }
        _ => out_of_form(verb),
    }
}

/// What the manifest's declarations and the limits do not allow.
fn out_of_form(verb: &str) -> Recorded {
    match verb {
        "undeclared-kind" => undeclared_kind(),
        "undeclared-field" => create(vec![field("body", "hello"), field("colour", "red")]),
        "undeclared-mark" => mark("like", "1"),
        "wrong-type" => create(vec![number("body", 1)]),
        "twice" => create(vec![field("body", "one"), field("body", "two")]),
        "missing" => create(vec![field("body", " ")]),
        "out-of-range" => change(FORGED, None, vec![number("points", 11)]),
        "long-body" => create(vec![field("body", &"ü".repeat(65_536))]),
        "not-a-line" => create(vec![field("body", "hello"), field("title", "a\nb")]),
        "bad-person" => create(vec![field("body", "hello"), field("about", "alice")]),
        "no-version" => change(FORGED, None, vec![field("body", "better")]),
        "wrong-target" => marks_write::put(&Target::Page("home".to_owned()), "vote", "1"),
        "wrong-value" => mark("vote", "2"),
        "long-mark" => mark("note", &"1".repeat(65)),
        "undeclared-reason" => give(Transfer { reason: "stole".to_owned(), ..transfer() }),
        "too-much" => give(Transfer { amount: 16, ..transfer() }),
        "nobody-paid" => give(Transfer { payee: None, ..transfer() }),
        "bad-payee" => give(Transfer { payee: Some("alice".to_owned()), ..transfer() }),
        "whose-flow" => within(Flow { payee: None, ..flow() }),
        "site-flow" => within(Flow { payer: Some(FORGED.to_owned()), ..flow() }),
        "no-key" => kv_write::put("", None, false),
        "long-key" => kv_write::put(&"k".repeat(201), None, false),
        "long-value" => kv_write::put("a", Some(&vec![0; (64 << 10) + 1]), false),
        "unmet" => {
            let version = Condition::Version(VersionIs { id: FORGED.to_owned(), version: 0 });
            require(&version, &Otherwise::Refuse(text("changed")))
        }
        "unmet-again" => {
            let version = Condition::Version(VersionIs { id: FORGED.to_owned(), version: 0 });
            require(&version, &Otherwise::Rerun)
        }
        "bad-condition" => {
            let id = FORGED.to_owned();
            let field = FieldIs { id, name: "colour".to_owned(), value: Value::Unset };
            require(&Condition::Field(field), &Otherwise::Rerun)
        }
        "long-text" => {
            let arguments = (0..9).map(|n| argument(&format!("a{n}"), "x")).collect();
            let long = Text { id: "changed".to_owned(), arguments };
            require(&Condition::PageOpen, &Otherwise::Refuse(long))
        }
        _ => Err(Error::Other(Other { code: "no-such-case".to_owned(), detail: verb.to_owned() })),
    }
}

fn good() -> Recorded {
    must()?;
    let state = StateIs { id: FORGED.to_owned(), state: State::Visible };
    require(&Condition::State(state), &Otherwise::Refuse(text("changed")))?;
    create(vec![field("body", "hello"), field("title", "Hello"), number("points", 3)])?;
    change(FORGED, Some(3), vec![field("body", "better")])?;
    delete()?;
    pin(FORGED)?;
    mark("vote", "-1")?;
    marks_write::delete(&Target::Entry(FORGED.to_owned()), "vote")?;
    close()?;
    put()?;
    post()?;
    reverse()?;
    at_most()?;
    outcome::navigate("sort", "newest");
    outcome::announce(&text("done"));
    outcome::focus("first");
    Ok(())
}

/// What a replay has to give again.
fn facts() -> Recorded {
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(entries_write::create(&entry("comment", vec![field("body", "hello")]))?);
    }
    let said = format!("{} {} {} {ids:?}", clock::now(), random::next(), random::next());
    outcome::announce(&Text { id: "facts".to_owned(), arguments: vec![argument("all", &said)] });
    Ok(())
}

fn undeclared_kind() -> Recorded {
    entries_write::create(&entry("essay", Vec::new())).map(drop)
}

fn create(fields: Vec<Field>) -> Recorded {
    entries_write::create(&entry("comment", fields)).map(drop)
}

fn entry(kind: &str, fields: Vec<Field>) -> NewEntry {
    NewEntry { kind: kind.to_owned(), parent: None, fields }
}

fn field(name: &str, value: &str) -> Field {
    Field { name: name.to_owned(), value: Value::Text(value.to_owned()) }
}

fn number(name: &str, value: i64) -> Field {
    Field { name: name.to_owned(), value: Value::Number(value) }
}

fn change(id: &str, seen: Option<u32>, fields: Vec<Field>) -> Recorded {
    entries_write::change(id, seen, &fields)
}

fn change_number() -> Recorded {
    change(FORGED, None, vec![number("points", 1)])
}

fn delete() -> Recorded {
    entries_write::delete(FORGED, 1)
}

fn pin(id: &str) -> Recorded {
    entries_write::set_pinned(id, true)
}

fn mark(kind: &str, value: &str) -> Recorded {
    marks_write::put(&Target::Entry(FORGED.to_owned()), kind, value)
}

fn close() -> Recorded {
    pages_write::set_closed(true)
}

fn put() -> Recorded {
    kv_write::put("a", Some(&[1, 2]), true)
}

fn transfer() -> Transfer {
    Transfer {
        unit: "points".to_owned(),
        reason: "earned".to_owned(),
        payee: Some(FORGED.to_owned()),
        amount: 15,
        entry: FORGED.to_owned(),
    }
}

fn give(transfer: Transfer) -> Recorded {
    ledger_write::post(&transfer, &Otherwise::Rerun)
}

fn post() -> Recorded {
    give(transfer())
}

fn reverse() -> Recorded {
    ledger_write::reverse("points", "earned", FORGED, None)
}

fn flow() -> Flow {
    Flow {
        unit: "points".to_owned(),
        reason: "earned".to_owned(),
        payer: None,
        payee: Some(FORGED.to_owned()),
        since: Since::StartOf(Period::Day),
    }
}

fn within(flow: Flow) -> Recorded {
    ledger_write::require_at_most(&flow, Some(100), None, &Otherwise::Rerun)
}

fn at_most() -> Recorded {
    within(flow())
}

fn must() -> Recorded {
    require(&Condition::PageOpen, &Otherwise::Rerun)
}

fn text(id: &str) -> Text {
    Text { id: id.to_owned(), arguments: Vec::new() }
}

fn argument(name: &str, value: &str) -> Argument {
    Argument { name: name.to_owned(), value: ArgumentValue::Text(value.to_owned()) }
}

/// What the host said, as a refusal that tests can read.
fn told(error: Error) -> Refusal {
    let (code, detail) = match error {
        Error::NotGranted(capability) => ("not-granted", capability),
        Error::NotHere => ("not-here", String::new()),
        Error::Denied => ("denied", String::new()),
        Error::NotFound => ("not-found", String::new()),
        Error::Invalid(problem) => ("invalid", format!("{}: {}", problem.at, problem.detail)),
        Error::Quota(quota) => ("quota", format!("{}: {}", quota.name, quota.limit)),
        Error::Unavailable => ("unavailable", String::new()),
        Error::Other(other) => ("other", format!("{}: {}", other.code, other.detail)),
    };
    Refusal::Conflict(Text { id: code.to_owned(), arguments: vec![argument("detail", &detail)] })
}
