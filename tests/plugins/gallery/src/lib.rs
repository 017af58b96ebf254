//! A plugin that shows what the browser tests press, write in and choose from, and keeps its state in the parameters of
//! the view. Kinds of nodes that comments use are tested there.

use stoa_plugin::view::{ChoiceStyle, FieldKind, Tone, View, ViewBuilder, literal};
use stoa_plugin::{Action, Class, Context, Failure, Outcome, Refusal, Verb, Widget};

/// The plugin.
#[derive(Debug)]
pub struct Gallery;

stoa_plugin::export!(Gallery);

/// The reactions, each with its name.
const REACTIONS: [(&str, &str); 5] =
    [("👍", "Thumbs up"), ("❤️", "Heart"), ("🎉", "Party"), ("💡", "Idea"), ("👀", "Eyes")];

impl Widget for Gallery {
    const VERBS: &'static [Verb] =
        &[Verb::new("save", Class::Edit), Verb::new("react", Class::Mark), Verb::new("rename", Class::Edit)];

    fn view(context: &Context) -> Result<View, Failure> {
        let mut v = ViewBuilder::new();
        let people = context.parameter("people").unwrap_or_default().split(',');
        let people: Vec<String> = people.filter(|id| !id.is_empty()).map(str::to_owned).collect();
        if !people.is_empty() {
            context.people().get_many(&people)?;
        }
        v.section(literal("Gallery")).with(|v| {
            panels(v, context);
            dialog(v, context);
            menu(v);
            reactions(v, context);
            form(v, context);
        });
        Ok(v.finish())
    }

    fn act(_: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        match action.verb() {
            "save" => save(action, outcome),
            "react" => react(action, outcome),
            "rename" => {
                outcome.navigate("name", action.value().unwrap_or_default());
                Ok(())
            }
            _ => Err(Refusal::denied("unknown")),
        }
    }
}

fn panels(v: &mut ViewBuilder, context: &Context) {
    let chosen = context.parameter("tab").unwrap_or("one");
    v.tabs().key("tabs").with(|v| {
        for name in ["one", "two", "three"] {
            v.tab(literal(&format!("Panel {name}")), &[("tab", name)]).selected(name == chosen).with(|v| {
                v.text(literal(&format!("This is panel {name}.")));
            });
        }
    });
}

fn dialog(v: &mut ViewBuilder, context: &Context) {
    v.link_here(&[("dialog", "open")], literal("Open the dialog"));
    if context.parameter("dialog").is_some() {
        v.dialog(literal("A question"), &[("dialog", "")]).key("dialog").with(|v| {
            v.text(literal("Is this in front of everything else?"));
            v.button("rename", literal("Yes")).value("answered").tone(Tone::Accent);
        });
    }
    v.text(literal(&format!("Name: {}", context.parameter("name").unwrap_or("none"))));
}

fn menu(v: &mut ViewBuilder) {
    v.menu(literal("Things to do")).with(|v| {
        v.link_here(&[("name", "apple")], literal("Apple"));
        v.button("rename", literal("Banana")).value("banana");
        v.button("rename", literal("Blackberry")).value("blackberry");
        v.button("rename", literal("Cherry"))
            .value("cherry")
            .tone(Tone::Danger)
            .confirm(literal("Really a cherry?"));
    });
}

fn reactions(v: &mut ViewBuilder, context: &Context) {
    let mine = context.parameter("mine").unwrap_or_default();
    v.reactions("react", literal("Reactions")).with(|v| {
        for (place, (emoji, name)) in REACTIONS.iter().enumerate() {
            let on = mine.split(',').any(|own| own == place.to_string());
            v.reaction(emoji, literal(name), u32::from(on) * 2, on);
        }
    });
}

fn form(v: &mut ViewBuilder, context: &Context) {
    let title = context.parameter("title").unwrap_or("nothing");
    v.text(literal(&format!("Similar to: {title}")));
    v.form("save", literal("Save")).key("form").with(|v| {
        v.field(FieldKind::Line, "title", literal("Title")).suggest("title");
        v.pick_people("people", literal("People"), 3).value(context.parameter("people").unwrap_or_default());
        v.pick_tags("tags", literal("Tags"), 3).hint(literal("What it is about")).with(|v| {
            for (value, words) in [("travel", "Travel"), ("fairs", "Trade fairs"), ("rooms", "Rooms")] {
                v.choice_option(value, literal(words));
            }
        });
        v.pick_tags("words", literal("Words"), 3).free(true).with(|_| {});
        v.choice(ChoiceStyle::Radio, "choose", literal("Which")).with(|v| {
            v.choice_option("this", literal("This one"));
            v.choice_option("that", literal("That one"));
        });
    });
    v.text(literal(&format!("Saved: {}", context.parameter("saved").unwrap_or("nothing"))));
}

fn save(action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
    let field = |name| action.field(name).unwrap_or_default();
    if field("choose") == "that" {
        return Err(Refusal::field("choose", "not-that"));
    }
    if field("people").is_empty() {
        return Err(Refusal::field("company", "nobody"));
    }
    let count = field("people").split(',').count();
    outcome.navigate("people", field("people"));
    outcome.navigate("saved", &format!("{count} people; {}; {}", field("tags"), field("words")));
    Ok(())
}

fn react(action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
    let (wanted, emoji) =
        action.value().and_then(|value| value.split_once(' ')).ok_or_else(|| Refusal::denied("unknown"))?;
    let place = REACTIONS.iter().position(|(known, _)| *known == emoji);
    let place = place.ok_or_else(|| Refusal::denied("unknown"))?.to_string();
    outcome.navigate("mine", if wanted == "on" { &place } else { "9" });
    Ok(())
}
