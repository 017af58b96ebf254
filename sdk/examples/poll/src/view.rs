//! What people see.

use stoa_plugin::view::{FieldKind, Gap, Tone, View, ViewBuilder, label, literal, message};
use stoa_plugin::{Context, Entry, State};

use crate::{OPTIONS_MAX, OPTIONS_MIN, Page, QUESTION_MAX};

pub(crate) fn draw(context: &Context, page: &Page) -> View {
    let mut v = ViewBuilder::new();
    v.section(message("heading").number("count", page.polls.total.unwrap_or(0))).with(|v| {
        if context.may_write() {
            ask(v, context);
        }
        if page.polls.entries.is_empty() {
            v.empty(label("empty")).key("empty");
        } else {
            v.feed(label("polls")).total(page.polls.total).key("polls").with(|v| {
                for poll in &page.polls.entries {
                    post(v, context, page, poll);
                }
            });
        }
        if !page.elsewhere.is_empty() {
            v.section(label("elsewhere")).key("elsewhere").with(|v| {
                for poll in &page.elsewhere {
                    v.card().key(&poll.id).with(|v| {
                        v.body(&poll.id);
                    });
                }
            });
        }
    });
    v.finish()
}

/// The form grows by a parameter of the view; what was typed stays.
fn ask(v: &mut ViewBuilder, context: &Context) {
    let asked = context.parameter("options").and_then(|count| count.parse::<u32>().ok());
    let count = asked.unwrap_or(OPTIONS_MIN).clamp(OPTIONS_MIN, OPTIONS_MAX);
    v.form("ask", label("ask")).draft("poll").key("ask").with(|v| {
        v.composer("body", label("your-question"), QUESTION_MAX);
        for number in 1..=count {
            v.field(FieldKind::Line, "option", message("option").number("number", number)).maximum(200);
        }
        if count < OPTIONS_MAX {
            v.link_here(&[("options", &(count + 1).to_string())], label("one-more"));
        }
    });
}

fn post(v: &mut ViewBuilder, context: &Context, page: &Page, poll: &Entry) {
    let post = v.post(&poll.id, poll.created_at, &[("poll", &poll.id)]).key(&poll.id);
    let post = post.author(poll.author.as_deref()).edited_at(poll.edited_at);
    if poll.state != State::Visible {
        post.body().with(|_| {});
        return;
    }
    post.body().with(|v| {
        let closed = poll.flag("closed");
        if !closed && context.person().is_some() && poll.mine("choice").is_none() {
            choose(v, poll);
        } else {
            results(v, poll);
        }
        if closed {
            v.notice(Tone::Neutral, label("closed")).key("closed");
        }
        v.row(Gap::Small).with(|v| {
            v.link_here(&[("who", &poll.id)], label("who-chose"));
            if !closed && (context.wrote(poll) || context.moderates()) {
                v.button("close", label("close"));
            }
        });
        if context.parameter("who") == Some(&poll.id) {
            who(v, page, poll);
        }
    });
}

/// One press: each button sends its place.
fn choose(v: &mut ViewBuilder, poll: &Entry) {
    v.row(Gap::Small).key("choose").with(|v| {
        for (place, option) in poll.texts("options").enumerate() {
            v.button("choose", literal(option)).value(&place.to_string());
        }
    });
}

fn results(v: &mut ViewBuilder, poll: &Entry) {
    let votes = |place: usize| poll.count("choice", &place.to_string());
    let total: u32 = (0..poll.texts("options").count()).map(votes).sum();
    for (place, option) in poll.texts("options").enumerate() {
        let words = message("votes").text("option", option).number("count", votes(place));
        v.meter(votes(place), total.max(1), words);
        if poll.mine("choice") == Some(&place.to_string()) {
            v.text(message("you-chose").text("option", option)).small();
        }
    }
}

fn who(v: &mut ViewBuilder, page: &Page, poll: &Entry) {
    v.listing().key("who").with(|v| {
        for (place, option) in poll.texts("options").enumerate() {
            let place = place.to_string();
            for holder in page.holders.iter().filter(|holder| holder.value == place) {
                v.item().with(|v| {
                    v.row(Gap::Small).with(|v| {
                        v.person(&holder.person);
                        v.text(literal(option));
                    });
                });
            }
        }
    });
}
