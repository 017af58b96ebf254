//! The in-memory host keeps the rules of the real one, whatever the plugin asks for.

use stoa_plugin::testing::{Change, Done, PAGE, Refused, START, TestHost};
use stoa_plugin::view::{View, ViewBuilder, label, literal, message};
use stoa_plugin::{
    Action, Class, Condition, Context, Error, Failure, Grouping, Order, Otherwise, Outcome, Query, Refusal,
    Setting, State, Target, Verb, Wakes, Widget, text,
};

/// A plugin without rules of its own: each verb asks the host for one thing.
struct Naive;

impl Widget for Naive {
    const VERBS: &'static [Verb] = &[
        Verb::new("add", Class::Create),
        Verb::new("answer", Class::Create),
        Verb::new("edit", Class::Edit).seen(),
        Verb::new("delete", Class::Edit),
        Verb::new("points", Class::Mark),
        Verb::new("best", Class::Mark),
        Verb::new("mark", Class::Mark),
        Verb::new("unmark", Class::Mark),
        Verb::new("choose", Class::Mark),
        Verb::new("shut", Class::Mark),
        Verb::new("bump", Class::Mark),
        Verb::new("never", Class::Mark),
        Verb::new("pin", Class::Moderate),
        Verb::new("close", Class::Moderate),
        Verb::new("put", Class::Edit),
        Verb::new("half", Class::Moderate),
        Verb::new("flood", Class::Create),
        Verb::new("too-much", Class::Mark),
    ];

    fn view(context: &Context) -> Result<View, Failure> {
        let order = if context.parameter("sort") == Some("top") { Order::Top } else { Order::Newest };
        let notes = context.entries().list(&Query::new(order, 100).replies(50))?;
        let mut v = ViewBuilder::new();
        v.text(message("count").number("count", notes.total.unwrap_or_default()));
        for entry in &notes.entries {
            v.post(&entry.id, entry.created_at, &[]).author(entry.author.as_deref()).with(|v| {
                if entry.author.is_some() {
                    v.body(&entry.id);
                }
                v.button("edit", label("edit"));
            });
        }
        if let Some(key) = context.parameter("kv") {
            let value = context.kv().get(key)?.unwrap_or_default();
            v.text(literal(&String::from_utf8_lossy(&value)));
        }
        if let Some(asked) = context.parameter("ask") {
            v.text(literal(&answer(context, asked)?));
        }
        draw_badly(&mut v, context.parameter("draw").unwrap_or_default());
        Ok(v.finish())
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let field = |name: &str| action.field(name).unwrap_or_default();
        let id = action.subject().unwrap_or_default();
        let target = action.subject().map_or(context.here(), Target::entry);
        match action.verb() {
            "add" => {
                let options: Vec<String> = action.fields("option").map(str::to_owned).collect();
                let tags: Vec<String> = action.fields("tag").map(str::to_owned).collect();
                let mut note = outcome.create("note").field("body", field("body")).field("closed", false);
                if let Some(parent) = action.subject() {
                    note = note.parent(parent);
                }
                let note = note.field("options", options).field("tags", tags).record()?;
                outcome.focus(&note);
            }
            "answer" => drop(outcome.create("answer").parent(id).field("body", field("body")).record()?),
            "edit" => {
                let seen = action.seen().ok_or(Error::NotFound)?;
                outcome.change(id).seen(seen).field("body", field("body")).record()?;
            }
            "delete" => outcome.delete(id, context.entries().load(id)?.version)?,
            "points" => {
                outcome.change(id).field("points", field("points").parse::<i64>().ok()).record()?;
            }
            "best" => outcome.change(id).field("best", true).record()?,
            "mark" => outcome.put_mark(&target, field("kind"), field("value"))?,
            "unmark" => outcome.delete_mark(&target, field("kind"))?,
            "choose" => {
                outcome
                    .require(Condition::field(id, "closed", false), Otherwise::refuse("poll-is-closed"))?;
                outcome.put_mark(&target, "choice", field("value"))?;
            }
            "shut" => outcome.change(id).field("closed", true).record()?,
            "bump" => {
                let points = context.entries().load(id)?.number("points");
                outcome.require(Condition::field(id, "points", points), Otherwise::Rerun)?;
                outcome.change(id).field("points", points.unwrap_or(0) + 1).record()?;
            }
            "never" => {
                outcome.require(Condition::version(id, 0), Otherwise::Rerun)?;
                outcome.put_mark(&target, "vote", "1")?;
            }
            "pin" => outcome.set_pinned(id, true)?,
            "close" => outcome.close_page(true)?,
            "put" => outcome.put_value(field("key"), Some(field("value").as_bytes()), Wakes::Page)?,
            "half" => {
                outcome.create("note").field("body", "this would be fine").record()?;
                outcome.close_page(true)?;
            }
            "flood" => (0..51).try_for_each(|_| outcome.create("note").record().map(drop))?,
            _ => drop(outcome.create("note").record()?),
        }
        Ok(())
    }
}

/// What a read gives, as a line.
fn answer(context: &Context, asked: &str) -> Result<String, Failure> {
    let ids = |query: &Query| -> Result<String, Error> {
        let found = context.entries().list(query)?;
        Ok(found.entries.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>().join(" "))
    };
    let notes = Query::new(Order::Newest, 10);
    Ok(match asked {
        "site" => ids(&notes.site())?,
        "prefix" => ids(&notes.prefix("ne"))?,
        "page" => ids(&notes.page("news"))?,
        "tagged" => ids(&notes.site().field_is("tags", "travel"))?,
        "any-tag" => ids(&notes.field_is_any_of("tags", &["travel", "food"]))?,
        "some-points" => ids(&notes.field_in("points", 1..=3))?,
        "no-points" => ids(&notes.field_absent("points"))?,
        "by-points" => ids(&Query::new(Order::Descending("points"), 10))?,
        "most-active" => ids(&Query::new(Order::Active, 10))?,
        "not-chosen" => ids(&notes.not_marked("choice"))?,
        "chosen" => ids(&notes.marked_with("choice", "1"))?,
        "of-ben" => ids(&notes.author("ben"))?,
        "count" => context.entries().count(&notes.kind("answer"))?.to_string(),
        "authors" => {
            let groups = context.entries().count_by(&notes.site(), Grouping::Author)?;
            groups
                .iter()
                .map(|group| format!("{} {}", group.key, group.number))
                .collect::<Vec<_>>()
                .join(", ")
        }
        "holders" => {
            let holders = context.marks().list_holders(&Target::entry("e1"), "choice", None, None, 10)?;
            let one = |holder: &stoa_plugin::Holder| format!("{} {}", holder.person, holder.value);
            holders.items.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        "not-indexed" => ids(&notes.field_is("options", "x"))?,
        "people" => context.people().get_many(&["anna".to_owned()])?.len().to_string(),
        _ => String::new(),
    })
}

fn draw_badly(v: &mut ViewBuilder, how: &str) {
    match how {
        "verb" => drop(v.button("nope", label("edit"))),
        "form" => {
            v.form("add", label("add")).key("outer").with(|v| {
                v.form("add", label("add")).key("inner").with(|_| {});
            });
        }
        "body" => drop(v.body("e9")),
        "keys" => {
            v.section(label("edit")).key("same").with(|_| {});
            v.section(label("edit")).key("same").with(|_| {});
        }
        _ => {}
    }
}

fn host() -> TestHost {
    TestHost::of::<Naive>().with_manifest(include_str!("plugin.toml"))
}

fn add(host: &TestHost, person: &str, parent: Option<&str>, body: &str) -> String {
    let actor = host.as_person(person).late();
    let fields = [("body", body), ("option", "tea"), ("option", "coffee")];
    let done = match parent {
        Some(id) => actor.act_on(id, "add", &fields),
        None => actor.act("add", &fields),
    };
    done.expect("the host takes the note").id().to_owned()
}

fn by_host(result: Result<Done, Refused>) -> String {
    match result.expect_err("it is refused") {
        Refused::ByHost(why) => why,
        other => format!("{other:?}"),
    }
}

/// What the host had to say about what was recorded: the plugin's refusal is the same for all of it.
fn logged(host: &TestHost, result: Result<Done, Refused>) -> String {
    assert!(matches!(result.expect_err("it is refused"), Refused::ByPlugin(_)));
    host.log().pop().unwrap_or_default()
}

#[test]
fn each_refusal_of_the_commit_names_its_cause() {
    let host = host();
    let id = add(&host, "anna", None, "start");
    let reply = add(&host, "ben", Some(&id), "reply");
    for (person, entry, verb, fields, expected) in [
        ("ben", &id, "edit", [("body", "x"), ("", "")], "denied: the person may not set `body`"),
        ("mia", &id, "delete", [("", ""), ("", "")], "denied: only the author deletes"),
        ("anna", &id, "mark", [("kind", "vote"), ("value", "1")], "denied: "),
        ("ben", &id, "best", [("", ""), ("", "")], "denied: the person may not set `best`"),
        ("ben", &reply, "best", [("", ""), ("", "")], "denied: the person may not set `best`"),
        ("ben", &id, "choose", [("value", "2"), ("", "")], "invalid: the value is no position in `options`"),
        ("ben", &id, "pin", [("", ""), ("", "")], "denied: needs a moderator, leader or steward"),
        ("lea", &reply, "pin", [("", ""), ("", "")], "invalid: only a root can be pinned"),
        ("ben", &id, "close", [("", ""), ("", "")], "denied: needs a moderator"),
    ] {
        let why = by_host(host.as_person(person).late().act_on(entry, verb, &fields));
        assert!(why.starts_with(expected), "{person} {verb}: {why}");
    }
    let nobody = "denied: nobody is signed in, or the person has left";
    assert_eq!(by_host(host.as_nobody().late().act("add", &[])), nobody);
    assert_eq!(by_host(host.as_person("ex").late().act("add", &[])), nobody);
}

#[test]
fn what_can_be_known_at_once_is_refused_where_it_is_recorded() {
    let host = host();
    let id = add(&host, "anna", None, "start");
    let long = "x".repeat(101);
    for (verb, fields, expected) in [
        (
            "add",
            [("body", long.as_str()), ("", "")],
            "`fields.body` is not valid: is longer than 100 characters",
        ),
        ("answer", [("body", " "), ("", "")], "`fields.body` is not valid: is required and missing"),
        ("points", [("points", "11"), ("", "")], "`fields.points` is not valid: is outside of 0 to 10"),
        (
            "mark",
            [("kind", "like"), ("value", "1")],
            "`kind` is not valid: the manifest declares no mark `like`",
        ),
        (
            "mark",
            [("kind", "follow"), ("value", "1")],
            "`target` is not valid: a mark `follow` is put on page",
        ),
        ("mark", [("kind", "vote"), ("value", "2")], "`value` is not valid: "),
        (
            "too-much",
            [("", ""), ("", "")],
            "`class` is not valid: a verb of class `mark` cannot record this change",
        ),
        ("flood", [("", ""), ("", "")], "a budget of this call is used up: changes"),
        ("put", [("key", ""), ("value", "x")], "`key` is not valid: takes 1 to 200 bytes"),
    ] {
        let line = logged(&host, host.as_person("ben").late().act_on(&id, verb, &fields));
        assert!(line.contains(expected), "{verb}: {line}");
    }
}

#[test]
fn what_the_manifest_does_not_ask_for_or_nobody_grants_is_refused_by_name() {
    let ungranted = TestHost::of::<Naive>();
    assert!(matches!(
        ungranted.as_person("anna").view(),
        Err(Failure::Failed(other)) if other.code == "not-granted" && other.detail.contains("`entries`")
    ));
    let line = logged(&ungranted, ungranted.as_person("anna").late().act("add", &[]));
    assert!(line.starts_with("error: `entries-write` is not granted"), "{line}");
    let host = host();
    host.grants(["entries", "entries-write"]);
    let id = add(&host, "anna", None, "start");
    let ben = host.as_person("ben").late();
    let refused = ben.act_on(&id, "mark", &[("kind", "vote"), ("value", "1")]);
    assert_eq!(refused.clone().unwrap_err(), Refused::ByPlugin(Refusal::denied("denied")));
    assert!(logged(&host, refused).starts_with("error: `marks-write` is not granted"));
    // The manifest of this test does not ask for `people`, so no grant can bring it.
    host.grants(["entries", "people"]);
    assert!(matches!(host.as_person("ben").with("ask=people").view(), Err(Failure::Failed(_))));
}

#[test]
fn all_changes_are_made_or_none() {
    let host = host();
    assert_eq!(by_host(host.as_person("anna").late().act("half", &[])), "denied: needs a moderator");
    assert!(host.entry("e1").is_none());
    let done = host.as_person("mia").late().act("half", &[]).unwrap();
    assert!(matches!(done.changes(), [Change::Create(_), Change::ClosePage(true)]));
    assert_eq!(by_host(host.as_person("anna").late().act("add", &[])), "conflict: the page is closed");
}

#[test]
fn what_the_view_does_not_offer_is_not_done() {
    let host = host();
    let anna = host.as_person("anna");
    assert_eq!(anna.act("add", &[]).unwrap_err(), Refused::NotOffered);
    assert_eq!(anna.clone().late().act("unknown", &[]).unwrap_err(), Refused::NotOffered);
    let id = add(&host, "anna", None, "start");
    assert_eq!(anna.view().unwrap().verbs(Some(&id)), ["edit"]);
    anna.act_on(&id, "edit", &[("body", "changed")]).unwrap();
    let entry = host.entry(&id).unwrap();
    assert_eq!((host.body(&id).as_str(), entry.version, entry.edited_at), ("changed", 2, Some(host.now())));
    assert!(!entry.edited_by_moderator);
}

#[test]
fn a_view_that_a_host_refuses_is_told_by_kind_and_key() {
    let host = host();
    let told = |how: &str| {
        let view = || drop(host.as_nobody().with(&format!("draw={how}")).view());
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(view)).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    };
    for (how, expected) in [
        ("body", "it shows the text of the entry `e9`, which this call has not read"),
        ("verb", "it offers the verb `nope`, which is not in `VERBS`"),
        ("form", "(node 3 is a form with the key `inner` in a form with the key `outer`)"),
        ("keys", "(node 3 is a section with the key `same` in a stack)"),
    ] {
        let told = told(how);
        assert!(told.contains(expected), "{how}: {told}");
    }
}

#[test]
fn a_verb_that_needs_what_was_seen_is_refused_when_it_has_changed() {
    let host = host();
    let id = add(&host, "anna", None, "start");
    let stale = host.as_person("anna").attempt_on(&id, "edit", &[("body", "from the old page")]);
    host.as_person("mia").act_on(&id, "edit", &[("body", "by Mia")]).unwrap();
    assert_eq!(by_host(stale.run()), "conflict: it was changed after it was shown");
    assert_eq!(host.body(&id), "by Mia");
    assert!(host.entry(&id).unwrap().edited_by_moderator);
}

#[test]
fn of_two_at_once_the_later_is_refused_or_runs_again() {
    let host = host();
    let id = add(&host, "anna", None, "tea or coffee?");
    let chooses = |value| host.as_person("ben").late().attempt_on(&id, "choose", &[("value", value)]);
    // One person in two tabs: the rule of the manifest holds in the commit.
    let (first, second) = host.at_once(chooses("0"), chooses("1"));
    first.unwrap();
    assert_eq!(by_host(second), "conflict: a mark `choice` cannot be changed");
    assert_eq!(host.entry(&id).unwrap().count("choice", "0"), 1);
    // Read by both: the later one is called again, on what is true by then.
    let bump = |person| host.as_person(person).late().attempt_on(&id, "bump", &[]);
    let (first, second) = host.at_once(bump("anna"), bump("mia"));
    first.and(second).unwrap();
    assert_eq!(host.entry(&id).unwrap().number("points"), Some(2));
    // Seen by the person: the later one is refused, with the plugin's text.
    let shuts = host.as_person("anna").late().attempt_on(&id, "shut", &[]);
    let chooses = host.as_person("chris").late().attempt_on(&id, "choose", &[("value", "0")]);
    let (first, second) = host.at_once(shuts, chooses);
    first.unwrap();
    assert_eq!(second.unwrap_err(), Refused::ByRule(text("poll-is-closed")));
    // What never holds is given up.
    assert_eq!(host.as_person("ben").late().act_on(&id, "never", &[]).unwrap_err(), Refused::StillChanging);
}

#[test]
fn what_the_manifest_says_of_kinds_is_held() {
    let host = host();
    let id = add(&host, "anna", None, "start");
    let answer = |person: &str| host.as_person(person).late().act_on(&id, "answer", &[("body", "x")]);
    answer("ben").unwrap();
    assert_eq!(answer("ben").unwrap_err(), Refused::ByRule(text("answered-already")));
    let below = answer("chris").unwrap().id().to_owned();
    let refused = by_host(host.as_person("ben").late().act_on(&below, "add", &[]));
    assert_eq!(refused, "invalid: `note` may not reply to answer");
    // At most one reply of each parent is the best.
    let (one, two) = (add(&host, "ben", Some(&id), "one"), add(&host, "chris", Some(&id), "two"));
    for best in [&one, &two] {
        host.as_person("anna").late().act_on(best, "best", &[]).unwrap();
    }
    let best = |id: &str| host.entry(id).unwrap().flag("best");
    assert_eq!((best(&one), best(&two)), (false, true));
}

#[test]
fn a_mark_is_one_of_its_kind() {
    let host = host();
    let id = add(&host, "anna", None, "start");
    let ben = host.as_person("ben").late();
    for value in ["1", "-1", "-1"] {
        ben.act_on(&id, "mark", &[("kind", "vote"), ("value", value)]).unwrap();
    }
    let entry = host.entry(&id).unwrap();
    assert_eq!((entry.count("vote", "1"), entry.count("vote", "-1"), entry.mine("vote")), (0, 1, None));
    ben.act_on(&id, "unmark", &[("kind", "vote")]).unwrap();
    assert_eq!(host.entry(&id).unwrap().count("vote", "-1"), 0);
    ben.act("mark", &[("kind", "follow"), ("value", "1")]).unwrap();
    assert_eq!(host.marks(&Target::page(PAGE), "follow"), 1);
}

#[test]
fn lists_are_filtered_and_sorted_as_the_host_does() {
    let host = host();
    host.add_page("news", "News");
    let late = |person: &str| host.as_person(person).late();
    for (person, page, tag) in [("anna", PAGE, "travel"), ("ben", PAGE, "food"), ("anna", "news", "travel")] {
        late(person).on(page).act("add", &[("tag", tag), ("option", "a"), ("option", "b")]).unwrap();
    }
    late("chris").act_on("e1", "answer", &[("body", "x")]).unwrap();
    late("anna").act_on("e1", "points", &[("points", "2")]).unwrap();
    late("ben").act_on("e2", "points", &[("points", "7")]).unwrap();
    late("chris").act_on("e1", "choose", &[("value", "1")]).unwrap();
    for (asked, expected) in [
        ("site", "e3 e2 e1"),
        ("prefix", "e3"),
        ("page", "e3"),
        ("tagged", "e3 e1"),
        ("any-tag", "e2 e1"),
        ("some-points", "e1"),
        ("no-points", "e4"),
        ("by-points", "e2 e1"),
        ("most-active", "e1 e2"),
        ("not-chosen", "e4 e2"),
        ("chosen", "e1"),
        ("of-ben", "e2"),
        ("count", "1"),
        ("authors", "anna 2, ben 1, chris 1"),
        ("holders", "chris 1"),
    ] {
        let shown = host.as_person("chris").with(&format!("ask={asked}")).view().unwrap();
        let line = shown.outline().lines().last().unwrap_or_default().to_owned();
        assert_eq!(line, format!("text \"{expected}\""), "{asked}");
    }
    let refused = host.as_person("chris").with("ask=not-indexed").view().unwrap_err();
    assert!(matches!(refused, Failure::Failed(other) if other.detail.contains("not indexed")));
}

#[test]
fn moderation_is_the_hosts() {
    let host = host();
    host.hold_texts();
    let id = add(&host, "anna", None, "start");
    let sees = |person: &str| host.as_person(person).view().unwrap().outline().contains("\"start\"");
    assert_eq!([sees("anna"), sees("mia"), sees("ben")], [true, true, false]);
    host.publish_texts();
    host.as_person("mia").approve(&id).unwrap();
    assert!(sees("ben"));
    let denied = Err(Refused::ByHost("denied: needs a moderator".to_owned()));
    assert_eq!(host.as_person("ben").remove(&id, "rude"), denied);
    add(&host, "ben", Some(&id), "reply");
    host.as_person("ben").report(&id, "rude").unwrap();
    assert_eq!(host.marks(&Target::entry(&id), "report"), 1);
    host.as_person("mia").remove(&id, "rude").unwrap();
    assert!(host.as_person("ben").view().unwrap().outline().contains("post e1 by nobody"));
    assert_eq!(host.entry(&id).unwrap().state, State::Removed);
    host.as_person("mia").restore(&id).unwrap();
    assert!(sees("ben"));
}

#[test]
fn pages_do_not_see_each_others_entries_and_values_last() {
    let host = host();
    host.add_page("news", "News");
    add(&host, "anna", None, "start");
    let there = host.as_person("anna").on("news").late();
    assert_eq!(there.view().unwrap().outline(), "text \"count(count=0)\"\n");
    there.act("put", &[("key", "greeting"), ("value", "Hello")]).unwrap();
    let shown = host.as_nobody().with("kv=greeting").view().unwrap();
    assert!(shown.outline().ends_with("text \"Hello\"\n"), "{}", shown.outline());
    let long = "k".repeat(201);
    assert!(matches!(host.as_nobody().with(&format!("kv={long}")).view(), Err(Failure::Failed(_))));
}

#[test]
fn the_clock_and_the_settings_are_the_tests_own() {
    let host = host();
    assert_eq!((host.now(), PAGE), (START, "handbook/travel"));
    host.advance_minutes(2);
    assert_eq!(host.now(), START + 120_000_000);
    host.set("size", Setting::Integer(3));
    let line = logged(&host, host.as_person("anna").late().act("add", &[("body", "four")]));
    assert!(line.contains("is longer than 3 characters"), "{line}");
}

/// A plugin with verbs of a host.
struct Usurper;

impl Widget for Usurper {
    const VERBS: &'static [Verb] = &[Verb::new("host-approve", Class::Moderate)];

    fn view(_: &Context) -> Result<View, Failure> {
        Ok(ViewBuilder::new().finish())
    }
}

#[test]
#[should_panic(expected = "verbs that begin with `host-` are the host's own: `host-approve`")]
fn verbs_that_a_host_would_not_load_are_refused() {
    drop(TestHost::of::<Usurper>());
}

#[test]
#[should_panic(expected = "there is no text `count`")]
fn a_text_that_is_missing_is_an_error() {
    let host = host().with_texts("en", "edit = Edit\n");
    drop(host.as_nobody().view());
}

#[test]
#[should_panic(expected = "there is no text `poll-is-closed`")]
fn so_is_the_text_of_a_condition() {
    let host = host().with_texts("en", "edit = Edit\ncount = { $count }\n");
    let id = add(&host, "anna", None, "start");
    drop(host.as_person("ben").late().act_on(&id, "choose", &[("value", "0")]));
}

#[test]
fn a_plural_is_chosen_by_its_language() {
    let host = host().with_texts(
        "de",
        "edit = Bearbeiten\ncount = { $count ->\n    [one] Eine Notiz\n   *[other] { $count } Notizen\n}\n",
    );
    for (body, expected) in [("one", "Eine Notiz"), ("two", "2 Notizen")] {
        add(&host, "anna", None, body);
        let shown = host.as_nobody().view().unwrap();
        assert!(shown.outline().starts_with(&format!("text \"{expected}\"")), "{}", shown.outline());
    }
}

/// Says which page it is on.
struct Where;

impl Widget for Where {
    fn view(context: &Context) -> Result<View, Failure> {
        let mut v = ViewBuilder::new();
        v.text(literal(&format!("[{}]", context.page().key)));
        Ok(v.finish())
    }
}

#[test]
fn a_widget_of_the_whole_site_is_on_no_page() {
    let shown = |manifest: &str| {
        let host = TestHost::of::<Where>().with_manifest(manifest);
        host.add_page("news", "News");
        host.as_person("anna").on("news").view().unwrap().outline().to_owned()
    };
    let manifest = include_str!("plugin.toml");
    assert_eq!(shown(manifest), "text \"[news]\"\n");
    let of_site = manifest.replacen("extension_points", "place = \"site\"\nextension_points", 1);
    assert_eq!(shown(&of_site), "text \"[]\"\n");
}
