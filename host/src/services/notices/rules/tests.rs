//! Each row of a table is a rule.

use serde_json::json;
use stoa_rules::{Declared, Field, FieldKind, Fields, Kind, State, Value};

use super::{decide, decide_rest, tells_followers};
use crate::base::id::PersonId;
use crate::store::{Event, Happened, Mute, NoticeChange, NoticeKind, Why};

const ANNA: &str = "01900000-0000-7000-8000-0000000000a1";
const BEN: &str = "01900000-0000-7000-8000-0000000000b2";
const CARLA: &str = "01900000-0000-7000-8000-0000000000c3";
const MONA: &str = "01900000-0000-7000-8000-0000000000d4";

fn event(kind: &str, actor: Option<&str>, data: &serde_json::Value) -> Event {
    Event {
        seq: 1,
        site: "s".into(),
        plugin: "thanks".into(),
        page: "p".to_owned(),
        kind: kind.to_owned(),
        entry: Some("e".into()),
        actor: actor.map(PersonId::from),
        at: 1,
        data: data.to_string(),
    }
}

/// Ben's answer to Anna, visible.
fn answer(body: &str) -> Happened {
    Happened {
        id: "e".into(),
        kind: "thanks".to_owned(),
        page: "page".into(),
        parent: Some("root".into()),
        root: "root".into(),
        author: Some(BEN.into()),
        parent_author: Some(ANNA.into()),
        state: State::Visible,
        body: body.to_owned(),
        fields: [("to".to_owned(), Value::Unset)].into(),
        earlier: Vec::new(),
        followers: Vec::new(),
        more: false,
        moderators: Vec::new(),
        mutes: Vec::new(),
    }
}

fn declared() -> Declared {
    let to = Field { told: true, ..Field::new(FieldKind::People) };
    let seen = Field::new(FieldKind::People);
    let one = Field { one_for_each_parent: true, ..Field::new(FieldKind::Boolean) };
    let accepted = Field { told: true, ..one.clone() };
    let fields = [
        ("to".to_owned(), to),
        ("seen".to_owned(), seen),
        ("accepted".to_owned(), accepted),
        ("shown".to_owned(), one),
    ];
    let fields = fields.into();
    let kind = Kind { fields, parents: Vec::new(), title: None, unique: None };
    Declared { kinds: [("thanks".to_owned(), kind)].into(), ..Declared::default() }
}

fn name(person: &PersonId) -> &'static str {
    match person.as_str() {
        ANNA => "anna",
        BEN => "ben",
        CARLA => "carla",
        _ => "mona",
    }
}

/// The changes in short: `anna:reply`.
fn told(event: &Event, entry: &Happened) -> String {
    let word = |change: &NoticeChange| match change {
        NoticeChange::Tell(new) if new.note.is_empty() => {
            format!("{}:{}", name(&new.person), new.kind.word())
        }
        NoticeChange::Tell(new) => format!("{}:{}({})", name(&new.person), new.kind.word(), new.note),
        NoticeChange::Withdraw => "withdraw".to_owned(),
        NoticeChange::Unaccept => "unaccept".to_owned(),
        NoticeChange::Restore => "restore".to_owned(),
        NoticeChange::Answered => "answered".to_owned(),
        NoticeChange::Listen(person) => format!("{}:listens", name(person)),
    };
    decide(event, entry, Some(&declared())).iter().map(word).collect::<Vec<_>>().join(" ")
}

fn created() -> Event {
    event("entry.created", Some(BEN), &json!({ "kind": "thanks", "state": "visible" }))
}

fn mention(person: &str) -> String {
    format!("Hi @[Somebody]({person})")
}

#[test]
fn an_entry_tells_each_whom_it_concerns_once_for_the_weightiest_reason() {
    let check = |body: &str, followers: &[(&str, Why)], to: &[&str], expected: &str| {
        let mut entry = answer(body);
        entry.followers = followers.iter().map(|(person, why)| ((*person).into(), *why)).collect();
        entry.fields.insert("to".to_owned(), Value::Texts(to.iter().map(|id| (*id).to_owned()).collect()));
        entry.fields.insert("seen".to_owned(), Value::Texts(vec![MONA.to_owned()]));
        assert_eq!(told(&created(), &entry), expected, "{body} {followers:?} {to:?}");
    };
    let (thread, page) = (Why::FollowsThread, Why::FollowsPage);
    check("Yes", &[], &[], "anna:reply");
    check(&mention(ANNA), &[], &[], "anna:mention");
    check(&mention(CARLA), &[], &[], "carla:mention anna:reply");
    check(&format!("`@[C]({CARLA})`"), &[], &[], "anna:reply");
    check("Yes", &[(ANNA, thread), (CARLA, page)], &[], "anna:reply carla:follow");
    check("Yes", &[(CARLA, thread), (CARLA, page)], &[], "anna:reply carla:follow");
    check(&mention(CARLA), &[(CARLA, page)], &[CARLA], "carla:mention anna:reply");
    check("Yes", &[(CARLA, page)], &[CARLA], "anna:reply carla:told");
    // Never the one who wrote it.
    check(&mention(BEN), &[(BEN, page)], &[BEN], "anna:reply");
}

#[test]
fn who_follows_is_told_why() {
    let mut entry = answer("Yes");
    entry.followers = vec![(CARLA.into(), Why::FollowsThread), (CARLA.into(), Why::FollowsPage)];
    let whys: Vec<Why> = decide(&created(), &entry, None)
        .iter()
        .filter_map(|change| if let NoticeChange::Tell(new) = change { Some(new.why) } else { None })
        .collect();
    assert_eq!(whys, [Why::Wrote, Why::FollowsThread]);
}

#[test]
fn those_who_moderate_are_told_what_waits() {
    let check = |kind: &str, data: &serde_json::Value, state: State, expected: &str| {
        let mut entry = answer("Yes");
        entry.state = state;
        entry.parent_author = None;
        entry.moderators = vec![MONA.into(), BEN.into(), CARLA.into()];
        entry.mutes = vec![(CARLA.into(), Mute::Kind("moderation".to_owned()))];
        assert_eq!(told(&event(kind, Some(BEN), data), &entry), expected, "{kind} {state:?}");
    };
    let report = json!({ "kind": "report", "value": "spam" });
    check("entry.created", &json!({ "state": "held" }), State::Held, "mona:held");
    check("entry.created", &json!({ "state": "visible" }), State::Visible, "");
    check("entry.changed", &json!({ "state": "held" }), State::Held, "withdraw mona:held");
    check("entry.state", &json!({ "from": "visible", "to": "held" }), State::Held, "withdraw mona:held");
    check("entry.state", &json!({ "from": "held", "to": "visible" }), State::Visible, "restore answered");
    check("entry.state", &json!({ "from": "held", "to": "deleted" }), State::Deleted, "withdraw answered");
    check("mark.put", &report, State::Visible, "mona:reported");
    check("mark.put", &report, State::Held, "");
    check("mark.put", &json!({ "kind": "vote", "value": "1" }), State::Visible, "");
}

#[test]
fn a_later_portion_tells_its_followers_alone() {
    let mut entry = answer(&mention(ANNA));
    entry.followers = vec![(ANNA.into(), Why::FollowsPage), (CARLA.into(), Why::FollowsPage)];
    let rest = decide_rest(&created(), &entry, None);
    assert!(matches!(&rest[..], [NoticeChange::Tell(new)] if new.person == CARLA.into()), "{rest:?}");
    assert!(tells_followers(&created(), &entry));
    let edited = event("entry.changed", Some(BEN), &json!({}));
    assert!(!tells_followers(&edited, &entry));
}

#[test]
fn what_is_muted_tells_nobody() {
    let check = |mute: Mute, expected: &str| {
        let mut entry = answer(&mention(ANNA));
        entry.mutes = vec![(ANNA.into(), mute.clone())];
        assert_eq!(told(&created(), &entry), expected, "{mute:?}");
    };
    let kind = |word: &str| Mute::Kind(word.to_owned());
    check(Mute::Thread("root".into()), "");
    check(Mute::Thread("other".into()), "anna:mention");
    check(Mute::Person(BEN.into()), "");
    check(Mute::Person(CARLA.into()), "anna:mention");
    check(kind("mention"), "anna:reply");
    check(kind("reply"), "anna:mention");
    check(kind("decision"), "anna:mention");
}

#[test]
fn what_waits_or_is_gone_tells_nobody_until_it_is_published() {
    let moves = |from: &str, to: &str, reason: &str| {
        event("entry.state", Some(MONA), &json!({ "from": from, "to": to, "reason": reason }))
    };
    let check = |event: &Event, state: State, expected: &str| {
        let entry = Happened { state, ..answer("Yes") };
        assert_eq!(told(event, &entry), expected, "{} {} {state:?}", event.kind, event.data);
    };
    check(&created(), State::Held, "");
    check(&created(), State::Rejected, "");
    check(&created(), State::Deleted, "");
    check(&moves("held", "visible", ""), State::Visible, "restore anna:reply ben:approved answered");
    check(&moves("held", "rejected", "rude"), State::Rejected, "withdraw ben:rejected(rude) answered");
    check(
        &moves("visible", "removed", "off topic"),
        State::Removed,
        "withdraw ben:removed(off topic) answered",
    );
    check(&moves("removed", "visible", ""), State::Visible, "restore anna:reply ben:restored answered");
    check(&moves("rejected", "visible", ""), State::Visible, "restore anna:reply ben:restored answered");
    // It was approved and taken away before anybody read of it.
    check(&moves("held", "visible", ""), State::Removed, "withdraw ben:approved answered");
    // A moderator lets stand what was reported.
    check(&moves("visible", "visible", ""), State::Visible, "restore answered");
}

#[test]
fn nobody_is_told_of_their_own_decision_or_of_one_that_no_person_made() {
    let by = |actor: Option<&str>, from: &str, to: &str| {
        event("entry.state", actor, &json!({ "from": from, "to": to, "reason": "x" }))
    };
    let check = |event: &Event, state: State, off: bool, expected: &str| {
        let mut entry = Happened { state, ..answer("Yes") };
        if off {
            entry.mutes = vec![(BEN.into(), Mute::Kind("decision".to_owned()))];
        }
        assert_eq!(told(event, &entry), expected, "{:?} {}", event.actor, event.data);
    };
    check(&by(Some(BEN), "visible", "deleted"), State::Deleted, false, "withdraw answered");
    check(&by(Some(BEN), "visible", "removed"), State::Removed, false, "withdraw answered");
    check(&by(None, "visible", "held"), State::Held, false, "withdraw");
    check(&by(None, "visible", "removed"), State::Removed, false, "withdraw answered");
    check(&by(Some(MONA), "visible", "removed"), State::Removed, true, "withdraw answered");
}

#[test]
fn a_change_tells_only_those_who_are_named_anew() {
    let check = |before: &str, now: &str, actor: &str, state: State, expected: &str| {
        let mut entry = Happened { state, ..answer(now) };
        entry.followers = vec![(MONA.into(), Why::FollowsPage)];
        entry.earlier = vec![(before.to_owned(), [("to".to_owned(), Value::Texts(vec![]))].into())];
        let changed = event("entry.changed", Some(actor), &json!({ "state": state.word() }));
        assert_eq!(told(&changed, &entry), expected, "{before} -> {now}");
    };
    let both = format!("{} @[C]({CARLA})", mention(ANNA));
    check("Yes", "No", BEN, State::Visible, "");
    check("Yes", &mention(CARLA), BEN, State::Visible, "carla:mention");
    check(&mention(ANNA), &both, BEN, State::Visible, "carla:mention");
    check(&both, &mention(ANNA), BEN, State::Visible, "");
    // A moderator's change does not tell the moderator.
    check("Yes", &mention(MONA), MONA, State::Visible, "");
    check("Yes", &mention(CARLA), BEN, State::Held, "withdraw");
}

#[test]
fn people_added_to_a_field_that_tells_are_told() {
    let to = |ids: &[&str]| Value::Texts(ids.iter().map(|id| (*id).to_owned()).collect());
    let mut entry = answer("Yes");
    entry.earlier = vec![("Yes".to_owned(), [("to".to_owned(), to(&[ANNA]))].into())];
    entry.fields.insert("to".to_owned(), to(&[ANNA, CARLA]));
    let changed = event("entry.changed", Some(BEN), &json!({ "state": "visible" }));
    assert_eq!(told(&changed, &entry), "carla:told");
}

#[test]
fn who_is_chosen_is_told_by_whom_until_it_is_taken_back() {
    let check = |now: Option<bool>, actor: &str, fields: &[&str], mute: Option<Mute>, expected: &str| {
        let mut entry = Happened { fields: Fields::new(), ..answer("Yes") };
        entry.fields.extend(now.map(|now| ("accepted".to_owned(), Value::Boolean(now))));
        entry.mutes = mute.into_iter().map(|mute| (BEN.into(), mute)).collect();
        let changed = event("entry.changed", Some(actor), &json!({ "state": "visible", "fields": fields }));
        assert_eq!(told(&changed, &entry), expected, "{now:?} {actor} {fields:?}");
    };
    check(Some(true), ANNA, &["accepted"], None, "ben:accepted");
    check(None, ANNA, &["accepted"], None, "unaccept");
    // Another change of an answer that is accepted, and a choice that tells nobody.
    check(Some(true), MONA, &["body"], None, "");
    check(Some(true), ANNA, &["shown"], None, "");
    check(Some(true), BEN, &["accepted"], None, "");
    check(Some(true), ANNA, &["accepted"], Some(Mute::Person(ANNA.into())), "");
    check(Some(true), ANNA, &["accepted"], Some(Mute::Person(MONA.into())), "ben:accepted");
    check(Some(true), ANNA, &["accepted"], Some(Mute::Thread("root".into())), "");
    check(Some(true), ANNA, &["accepted"], Some(Mute::Kind("accepted".to_owned())), "");
}

#[test]
fn who_follows_again_is_told_again() {
    let mark =
        |kind: &str| event("mark.put", Some(CARLA), &json!({ "kind": kind, "value": "1", "on": "thanks" }));
    assert_eq!(told(&mark("follow"), &answer("Yes")), "carla:listens");
    assert_eq!(told(&mark("vote"), &answer("Yes")), "");
}

#[test]
fn every_kind_has_a_word_and_a_switch() {
    for kind in
        [NoticeKind::Mention, NoticeKind::Reply, NoticeKind::Follow, NoticeKind::Told, NoticeKind::Removed]
    {
        assert_eq!(NoticeKind::from_word(kind.word()), Some(kind));
        assert!(crate::store::NOTICE_SWITCHES.contains(&kind.switch()));
    }
}
