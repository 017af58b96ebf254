//! Actions: forged, oversized and contradictory effects, and the refusals.

use crate::bindings::exports::stoa::plugin::widget::{Action, Issue, Outcome, Refusal};
use crate::bindings::stoa::plugin::effects::{Edit, Effect, NewEntry, NewMark, Pin, Put, StateChange};
use crate::bindings::stoa::plugin::entries::reserve_id;
use crate::bindings::stoa::plugin::types::{State, Target};
use crate::views;

/// An id of the right form that was never reserved.
const FORGED: &str = "0190a0b0-0000-7000-8000-000000000001";

/// What the verb says, with the effects of that name.
pub(crate) fn decide(action: &Action) -> Result<Outcome, Refusal> {
    let effects = match action.verb.as_str() {
        "good" => good(),
        "nothing" => Vec::new(),
        "forged" => vec![create(FORGED, "hello", "")],
        "subject" => vec![create(action.subject.as_deref().unwrap_or_default(), "hello", "")],
        "twice" => {
            let id = reserve_id();
            vec![create(&id, "one", ""), create(&id, "two", "")]
        }
        "many" => (0..51).map(|_| mark("like", "1")).collect(),
        "no-json" => vec![create(&reserve_id(), "hello", "{\"a\":")],
        "deep-json" => vec![create(&reserve_id(), "hello", &"[".repeat(10_000))],
        "long-body" => vec![create(&reserve_id(), &"ü".repeat(65_536), "")],
        "shouted-kind" => vec![mark("VOTE", "1")],
        "long-mark" => vec![mark("vote", &"1".repeat(65))],
        "bad-id" => vec![Effect::PinEntry(Pin { id: "../../etc".to_owned(), pinned: true })],
        "hold" => vec![state(State::Held, None)],
        "long-reason" => vec![state(State::Removed, Some("x".repeat(501)))],
        "long-value" => {
            let value = Some(vec![0; (64 << 10) + 1]);
            vec![Effect::PutValue(Put { key: "a".to_owned(), value })]
        }
        "no-key" => vec![Effect::PutValue(Put { key: String::new(), value: None })],
        "reserve" => loop {
            reserve_id();
        },
        "panic" => views::fall(),
        "denied" => return Err(Refusal::Denied("not-you".to_owned())),
        "conflict" => return Err(Refusal::Conflict("changed".to_owned())),
        "gone" => return Err(Refusal::Gone("gone".to_owned())),
        _ => {
            let issue = Issue { field: "body".to_owned(), message: "empty".to_owned() };
            return Err(Refusal::Invalid(vec![issue]));
        }
    };
    Ok(Outcome { effects, navigation: Vec::new(), announce: Some("done".to_owned()), focus: None })
}

fn good() -> Vec<Effect> {
    let id = reserve_id();
    vec![
        create(&id, "hello", "{\"a\":[1]}"),
        Effect::EditEntry(Edit { id: FORGED.to_owned(), version: 3, body: "better".to_owned() }),
        state(State::Deleted, None),
        mark("vote", "-1"),
        Effect::PinEntry(Pin { id: FORGED.to_owned(), pinned: true }),
        Effect::ClosePage(true),
        Effect::PutValue(Put { key: "a".to_owned(), value: Some(vec![1, 2]) }),
    ]
}

fn create(id: &str, body: &str, data: &str) -> Effect {
    Effect::CreateEntry(NewEntry {
        id: id.to_owned(),
        kind: "comment".to_owned(),
        parent: None,
        body: body.to_owned(),
        data: data.to_owned(),
    })
}

fn mark(kind: &str, value: &str) -> Effect {
    Effect::PutMark(NewMark { target: Target::Page, kind: kind.to_owned(), value: value.to_owned() })
}

fn state(state: State, reason: Option<String>) -> Effect {
    Effect::SetState(StateChange { id: FORGED.to_owned(), version: 1, state, reason })
}
