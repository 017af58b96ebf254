//! Kudos: thanks to colleagues, in the feed of a page or of the whole site, and behind a button on any page.
//!
//! `model` reads what a call is about, `rules` decides, `view` shows, and this file says what each verb changes.
//! Written with nothing but `stoa-plugin`.
//!
//! | parameter | what it says |
//! |---|---|
//! | `scope=site` | the feed of all pages; otherwise that of the page |
//! | `view` | `received`, `given`, `values`, or `button` for a button that opens the form |
//! | `for` | whom the button is for: `owner`, who looks after the page, or ids of people, separated by commas |

mod model;
mod points;
mod rules;
mod view;

use model::{BOOST, KUDOS, Options, Page, Viewer};
use stoa_plugin::view::View;
use stoa_plugin::{Action, Class, Context, Entry, Failure, Outcome, Query, Refusal, Verb, Widget};

/// The plugin.
#[derive(Debug)]
pub struct Kudos;

stoa_plugin::export!(Kudos);

impl Widget for Kudos {
    const VERBS: &'static [Verb] = &[
        Verb::new("start", Class::Mark),
        Verb::new("give", Class::Create),
        Verb::new("boost", Class::Create),
        Verb::new("react", Class::Mark),
        Verb::new("edit", Class::Edit).seen(),
        Verb::new("retract", Class::Edit).seen(),
        Verb::new("hide", Class::Mark),
        Verb::new("refuse-points", Class::Mark),
    ];

    fn view(context: &Context) -> Result<View, Failure> {
        let page = Page::read(context)?;
        Ok(view::draw(context, &page))
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let call = Call { context, action, viewer: Viewer::of(context) };
        match action.verb() {
            "start" => call.start(outcome),
            "give" => call.give(outcome),
            "boost" => call.boost(outcome),
            "react" => call.react(outcome),
            "edit" => call.edit(outcome),
            "retract" => call.retract(outcome),
            "hide" => call.hide(outcome),
            "refuse-points" => call.refuse_points(outcome),
            _ => Err(Refusal::denied("denied")),
        }
    }
}

/// One action with what decides about it.
struct Call<'a> {
    context: &'a Context,
    action: &'a Action,
    viewer: Viewer<'a>,
}

impl Call<'_> {
    /// The thanks that the verb is done to.
    fn kudos(&self) -> Result<Entry, Refusal> {
        let entry = self.context.entries().load(self.action.subject())?;
        if entry.kind == KUDOS { Ok(entry) } else { Err(Refusal::gone("gone")) }
    }

    /// The version that the person has seen.
    fn seen(&self) -> Result<u32, Refusal> {
        self.action.seen().ok_or_else(|| Refusal::conflict("try-again"))
    }

    fn field(&self, name: &str) -> &str {
        self.action.field(name).unwrap_or_default()
    }

    /// Opens the form with whom the one line names. It records nothing.
    fn start(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let person = rules::check_write(&self.viewer)?;
        let ids = rules::split_people(self.field("recipients"));
        rules::check_recipients(&ids, &person.id)?;
        if ids.len() > model::FOR_MAX {
            let most = u32::try_from(model::FOR_MAX).unwrap_or(u32::MAX);
            return Err(Refusal::field(
                "recipients",
                stoa_plugin::text("too-many-at-first").number("most", most),
            ));
        }
        outcome.navigate(model::COMPOSE, &model::joined(&ids));
        Ok(())
    }

    fn give(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let person = rules::check_write(&self.viewer)?;
        let options = Options::read(self.context);
        let ids = rules::split_people(self.field("recipients"));
        let values: Vec<&str> = self.action.fields("values").collect();
        let written = rules::Written {
            recipients: &ids,
            values: &values,
            body: self.field("body"),
            evidence: self.field("evidence"),
        };
        written.check(&person.id, &options)?;
        rules::check_active(&ids, &self.context.people().get_many(&ids)?)?;
        let gift = match options.points {
            true => points::Gift::plan(self.context, &person.id, &ids, self.field("points"))?,
            false => None,
        };
        let evidence = Some(written.evidence.trim()).filter(|evidence| !evidence.is_empty());
        let id = outcome
            .create(KUDOS)
            .field("recipients", ids.clone())
            .field("values", values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
            .field("body", written.body.trim())
            .field("evidence", evidence)
            .field("points", gift.as_ref().map(|gift| i64::from(gift.amount)))
            .field("paid", gift.as_ref().map(|gift| gift.paid.clone()))
            .field("private", (self.field("visibility") == "private").then_some(true))
            .field(
                "returned",
                Some(model::read_returned(self.context, &person.id, &ids)?).filter(|some| !some.is_empty()),
            )
            .record()?;
        if let Some(gift) = &gift {
            gift.record(self.context, outcome, &person.id, &id)?;
        }
        outcome.navigate(model::COMPOSE, "");
        outcome.navigate("after", "");
        outcome.navigate("focus", "");
        if model::is_button(self.context) {
            outcome.navigate("sent", &id);
        } else {
            outcome.navigate("view", "");
        }
        outcome.announce("announce-given");
        outcome.focus(&id);
        Ok(())
    }

    /// What is wanted comes along, so that the same press from another tab changes nothing.
    fn boost(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.kudos()?;
        let person = rules::check_boost(&entry, &self.viewer)?;
        let own = Query::new(stoa_plugin::Order::Newest, 1).site().kind(BOOST).parent(&entry.id);
        let own = self.context.entries().list(&own.author(&person.id))?.entries.pop();
        match (self.action.value(), own) {
            (Some("on"), None) => {
                let id = outcome.create(BOOST).parent(&entry.id).record()?;
                if Options::read(self.context).points {
                    let people: Vec<String> = entry.texts("recipients").map(str::to_owned).collect();
                    if let Some(gift) = points::Gift::of_joining(self.context, &person.id, &people)? {
                        gift.record(self.context, outcome, &person.id, &id)?;
                    }
                }
                outcome.announce("announce-added");
            }
            (Some("off"), Some(own)) => {
                outcome.delete(&own.id, own.version)?;
                outcome.announce("announce-taken-back");
            }
            (Some("on" | "off"), _) => {}
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    fn react(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.kudos()?;
        rules::check_react(&entry, &self.viewer)?;
        match self.action.value().and_then(|value| value.split_once(' ')) {
            Some(("on", emoji)) if rules::is_reaction(emoji) => {
                outcome.put_mark(&entry.target(), "reaction", emoji)?;
            }
            // Another reaction may have taken its place meanwhile: that one stays.
            Some(("off", emoji)) if entry.mine("reaction") == Some(emoji) => {
                outcome.delete_mark(&entry.target(), "reaction")?;
            }
            Some(("off", emoji)) if rules::is_reaction(emoji) => {}
            _ => return Err(Refusal::denied("denied")),
        }
        Ok(())
    }

    fn edit(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.kudos()?;
        rules::check_correct(&entry, &self.viewer)?;
        let body = rules::check_body(self.field("body"))?;
        if body != self.context.entries().get_body(&entry.id)? {
            outcome.change(&entry.id).seen(self.seen()?).field("body", body).record()?;
        }
        outcome.navigate("edit", "");
        outcome.announce("announce-edited");
        outcome.focus(&entry.id);
        Ok(())
    }

    fn retract(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.kudos()?;
        rules::check_correct(&entry, &self.viewer)?;
        outcome.delete(&entry.id, self.seen()?)?;
        outcome.navigate("focus", "");
        outcome.navigate("sent", "");
        outcome.announce("announce-retracted");
        Ok(())
    }

    /// Whoever wants no points is thanked without.
    fn refuse_points(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let person = rules::check_signed_in(&self.viewer)?;
        let refuses = self.action.value() == Some("on");
        points::put_refusal(outcome, &person.id, refuses)?;
        outcome.announce(if refuses { "announce-no-points" } else { "announce-points" });
        Ok(())
    }

    fn hide(&self, outcome: &mut Outcome) -> Result<(), Refusal> {
        let entry = self.kudos()?;
        rules::check_hide(&entry, &self.viewer)?;
        match self.action.value() {
            Some("on") => {
                outcome.put_mark(&entry.target(), "hidden", "1")?;
                outcome.announce("announce-hidden");
            }
            Some("off") => {
                outcome.delete_mark(&entry.target(), "hidden")?;
                outcome.announce("announce-unhidden");
            }
            _ => return Err(Refusal::denied("denied")),
        }
        outcome.focus(&entry.id);
        Ok(())
    }
}
