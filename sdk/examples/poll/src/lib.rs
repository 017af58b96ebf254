//! Quick polls: a question, some options, one vote for each person, and who chose what.
//!
//! The manifest says most of it: options never change, a choice is one of them and is made once, and only the author
//! and moderators close a poll.

mod view;

use stoa_plugin::view::View;
use stoa_plugin::{
    Action, Class, Condition, Context, Error, Failure, Found, Holder, Order, Otherwise, Outcome, Query,
    Refusal, Verb, Widget, text,
};

/// The fewest and the most options, and the fewest characters of a question, as the manifest has them.
const OPTIONS_MIN: u32 = 2;
const OPTIONS_MAX: u32 = 10;
const QUESTION_MIN: u32 = 3;
const QUESTION_MAX: u32 = 500;

/// The plugin.
#[derive(Debug)]
pub struct Polls;

stoa_plugin::export!(Polls);

/// Everything that the view shows.
struct Page {
    polls: Found,
    /// Open polls of other pages in which the person has not chosen yet.
    elsewhere: Vec<stoa_plugin::Entry>,
    /// Who chose what in the poll that the person asks about.
    holders: Vec<Holder>,
}

impl Page {
    fn read(context: &Context) -> Result<Self, Error> {
        let polls = context.entries().list(&Query::new(Order::Newest, 20).kind("poll"))?;
        let open = Query::new(Order::Newest, 5).site().kind("poll").field_is("closed", false);
        let mut elsewhere = context.entries().list(&open.not_marked("choice"))?.entries;
        elsewhere.retain(|poll| poll.page != context.page().key);
        let asked = polls.entries.iter().find(|poll| context.parameter("who") == Some(&poll.id));
        let holders = match asked {
            Some(poll) => context.marks().list_holders(&poll.target(), "choice", None, None, 100)?.items,
            None => Vec::new(),
        };
        Ok(Self { polls, elsewhere, holders })
    }
}

impl Widget for Polls {
    const VERBS: &'static [Verb] =
        &[Verb::new("ask", Class::Create), Verb::new("choose", Class::Mark), Verb::new("close", Class::Mark)];

    fn view(context: &Context) -> Result<View, Failure> {
        Ok(view::draw(context, &Page::read(context)?))
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        match action.verb() {
            "ask" => ask(action, outcome),
            "choose" => choose(context, action, outcome),
            "close" => close(context, action, outcome),
            _ => Err(Refusal::denied("denied")),
        }
    }
}

fn ask(action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
    let question = action.field("body").unwrap_or_default().trim();
    if question.chars().count() < QUESTION_MIN as usize {
        return Err(Refusal::field("body", text("question-missing").number("least", QUESTION_MIN)));
    }
    let options = options(action)?;
    let poll = outcome
        .create("poll")
        .field("body", question)
        .field("options", options)
        // Open polls are looked for by it, and a query does not find what was never set.
        .field("closed", false)
        .record()?;
    outcome.navigate("options", "");
    outcome.announce("announce-asked");
    outcome.focus(&poll);
    Ok(())
}

/// The answers that were filled in, checked.
fn options(action: &Action) -> Result<Vec<String>, Refusal> {
    let filled = action.fields("option").map(str::trim).filter(|option| !option.is_empty());
    let options: Vec<String> = filled.map(str::to_owned).collect();
    let refuse = |message| Err(Refusal::field("option", message));
    if options.len() < OPTIONS_MIN as usize {
        return refuse(text("too-few-options").number("least", OPTIONS_MIN));
    }
    if options.len() > OPTIONS_MAX as usize {
        return refuse(text("too-many-options").number("most", OPTIONS_MAX));
    }
    if options.iter().enumerate().any(|(place, option)| options[..place].contains(option)) {
        return refuse(text("options-alike"));
    }
    Ok(options)
}

fn choose(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
    let poll = context.entries().load(action.subject())?;
    let value = action.value().unwrap_or_default();
    let place: Option<usize> = value.parse().ok();
    let Some(option) = place.and_then(|place| poll.texts("options").nth(place)) else {
        return Err(Refusal::denied("choice-missing"));
    };
    // Both may have changed since the person saw the poll, even while this runs.
    outcome.require(Condition::field(&poll.id, "closed", false), Otherwise::refuse("poll-is-closed"))?;
    outcome.require(Condition::not_marked(&poll.target(), "choice"), Otherwise::refuse("chosen-already"))?;
    outcome.put_mark(&poll.target(), "choice", value)?;
    outcome.announce(text("you-chose").text("option", option));
    outcome.focus(&poll.id);
    Ok(())
}

/// Who may is said in the manifest.
fn close(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
    let poll = context.entries().load(action.subject())?;
    outcome.change(&poll.id).field("closed", true).record()?;
    outcome.announce("announce-closed");
    outcome.focus(&poll.id);
    Ok(())
}
