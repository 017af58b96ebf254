//! Points: never below nothing whatever runs at once, nothing minted by repeating, budgets by the month.

use std::sync::Arc;

use stoa::base::id::{EntryId, PersonId, PluginName};
use stoa::store::{CommitError, Judged};
use stoa_rules::{AccountId, Change, Condition, Flow, Otherwise, Period, Posting, Requirement, Since, cases};

use crate::cast::Stage;

/// 30 May 2026, 09:00 UTC, and a day.
const MAY_30: i64 = 1_780_131_600_000_000;
const DAY: i64 = 86_400_000_000;

async fn stage() -> Stage {
    let stage = Stage::new().await;
    let (declared, terms) = (Arc::new(cases::declared()), Arc::new(cases::terms()));
    Stage { plugin: PluginName::from("cases"), declared, terms, ..stage }
}

fn give(entry: &EntryId, unit: &str, reason: &str, payee: &PersonId, amount: u32) -> Judged {
    let posting = Posting {
        unit: unit.to_owned(),
        reason: reason.to_owned(),
        payee: Some(payee.as_str().to_owned()),
        amount,
        entry: entry.as_str().to_owned(),
    };
    Judged { change: Change::Post { posting, short: Otherwise::Rerun }, verdict: None }
}

fn take_back(entry: &EntryId, unit: &str, reason: &str, actor: Option<&PersonId>) -> Judged {
    let change = Change::Reverse {
        unit: unit.to_owned(),
        reason: reason.to_owned(),
        entry: entry.as_str().to_owned(),
        actor: actor.map(|actor| actor.as_str().to_owned()),
    };
    Judged { change, verdict: None }
}

async fn balance(stage: &Stage, unit: &str, name: &str, person: Option<&PersonId>) -> i64 {
    let person = person.map(|person| person.as_str().to_owned());
    let account = [AccountId { unit: unit.to_owned(), name: name.to_owned(), person }];
    let (site, plugin, terms) = (&stage.site, &stage.plugin, &stage.terms);
    stage.store.get_balances(site, plugin, terms, stage.now.get(), &account).await.unwrap()[0].amount
}

#[tokio::test]
async fn of_ten_who_spend_the_same_points_at_once_as_many_do_as_there_are_points() {
    let stage = stage().await;
    let mut entries = Vec::new();
    for number in 0..10 {
        entries.push(stage.asks(&stage.anna, &format!("Question {number}"), &[]).await);
    }
    let commits = entries
        .iter()
        .map(|entry| stage.commit_of(&stage.anna, vec![give(entry, "points", "gave", &stage.ben, 30)]));
    let done = futures::future::join_all(commits.map(|commit| stage.store.commit(commit))).await;
    let short = |one: &&Result<_, _>| matches!(one, Err(CommitError::Short { .. }));
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 3);
    assert_eq!(done.iter().filter(short).count(), 7);
    assert_eq!(balance(&stage, "points", "giving", Some(&stage.anna)).await, 10);
    assert_eq!(balance(&stage, "points", "received", Some(&stage.ben)).await, 90);
    stage.is_sound().await;
}

#[tokio::test]
async fn of_two_within_the_same_limit_one_is_told_to_look_again() {
    let stage = stage().await;
    let (first, second) =
        (stage.asks(&stage.anna, "First", &[]).await, stage.asks(&stage.anna, "Second", &[]).await);
    let flow = Flow {
        unit: "points".to_owned(),
        reason: "gave".to_owned(),
        payer: Some(stage.anna.as_str().to_owned()),
        payee: Some(stage.ben.as_str().to_owned()),
        since: Since::StartOf(Period::Day),
    };
    let commits = [&first, &second].map(|entry| {
        let mut commit = stage.commit_of(&stage.anna, vec![give(entry, "points", "gave", &stage.ben, 10)]);
        let condition = Condition::AtMost { flow: flow.clone(), amount: Some(10), transfers: None };
        commit.requirements = vec![Requirement { condition, otherwise: Otherwise::Rerun }];
        stage.store.commit(commit)
    });
    let done = futures::future::join_all(commits).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    assert!(done.iter().any(|one| matches!(one, Err(CommitError::Unmet { requirement: 0 }))), "{done:?}");
    let sums =
        stage.store.sum_flows(&stage.site, &stage.plugin, &stage.terms, stage.now.get(), &[flow]).await;
    assert_eq!((sums.as_ref().unwrap()[0].amount, sums.unwrap()[0].transfers), (10, 1));
    stage.is_sound().await;
}

#[tokio::test]
async fn a_budget_comes_with_the_month_and_what_is_over_does_not_come_back() {
    let stage = stage().await;
    stage.now.set(MAY_30);
    let (old, new) = (stage.asks(&stage.anna, "Old", &[]).await, stage.asks(&stage.anna, "New", &[]).await);
    stage.does(&stage.anna, give(&old, "points", "gave", &stage.ben, 70)).await.unwrap();
    assert_eq!(balance(&stage, "points", "giving", Some(&stage.anna)).await, 30);
    stage.now.set(MAY_30 + 3 * DAY);
    assert_eq!(balance(&stage, "points", "giving", Some(&stage.anna)).await, 100);
    stage.does(&stage.anna, give(&new, "points", "gave", &stage.ben, 10)).await.unwrap();
    assert_eq!(balance(&stage, "points", "giving", Some(&stage.anna)).await, 90);
    assert_eq!(balance(&stage, "points", "pool", None).await, -170);
    // The 70 of May go back to the pool: they are not there to be given in June.
    stage.does(&stage.anna, take_back(&old, "points", "gave", None)).await.unwrap();
    assert_eq!(balance(&stage, "points", "giving", Some(&stage.anna)).await, 90);
    assert_eq!(balance(&stage, "points", "received", Some(&stage.ben)).await, 10);
    assert_eq!(balance(&stage, "points", "pool", None).await, -100);
    stage.is_sound().await;
}

#[tokio::test]
async fn check_finds_an_account_that_does_not_say_what_was_transferred() {
    let stage = stage().await;
    let entry = stage.asks(&stage.anna, "Question", &[]).await;
    stage.does(&stage.anna, give(&entry, "points", "gave", &stage.ben, 10)).await.unwrap();
    stage.is_sound().await;
    let file = rusqlite::Connection::open(stage.folder.path().join("stoa.db")).unwrap();
    file.execute("update accounts set balance = balance + 1 where name = 'received'", []).unwrap();
    let found = stage.store.check().await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("points/received") && found[0].contains("says 11"), "{found:?}");
    assert!(found[1].contains("come to 1"), "{found:?}");
}

/// `SplitMix64`, from a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(most).unwrap()).unwrap()
    }
}

/// What each person must have at the most: every transfer that was wanted and not taken back, with nothing clipped.
#[tokio::test]
async fn whatever_people_do_sums_hold_nobody_is_below_nothing_and_nothing_is_minted() {
    let stage = stage().await;
    stage.now.set(MAY_30);
    let people = [stage.anna.clone(), stage.ben.clone(), stage.carla.clone()];
    let mut entries = Vec::new();
    for number in 0..4 {
        entries.push(stage.asks(&people[number % 3], &format!("Question {number}"), &[]).await);
    }
    let mut random = Random(11);
    let mut wanted = std::collections::BTreeMap::new();
    for step in 0..400 {
        let (actor, entry) = (random.below(3), random.below(4));
        let (unit, reason) =
            [("points", "gave"), ("score", "upvoted"), ("score", "accepted")][random.below(3)];
        let change = if random.below(3) == 0 {
            let actor = Some(actor).filter(|_| random.below(2) == 0);
            wanted.retain(|(r, e, a, _), _| {
                (*r, *e) != (reason, entry) || actor.is_some_and(|only| only != *a)
            });
            take_back(&entries[entry], unit, reason, actor.map(|actor| &people[actor]))
        } else {
            let payee = random.below(3);
            let amount = u32::try_from(random.below(11)).unwrap();
            let change = give(&entries[entry], unit, reason, &people[payee], amount);
            if stage.does(&people[actor], change).await.is_ok() {
                wanted.entry((reason, entry, actor, payee)).or_insert(i64::from(amount));
            }
            continue;
        };
        stage.does(&people[actor], change).await.unwrap();
        if random.below(8) == 0 {
            stage.now.set(stage.now.get() + DAY);
        }
        if step % 50 == 0 {
            stage.is_sound().await;
        }
    }
    stage.is_sound().await;
    let most = |payee: usize, reasons: &[&str]| -> i64 {
        wanted
            .iter()
            .filter(|((r, _, _, p), _)| *p == payee && reasons.contains(r))
            .map(|(_, amount)| amount)
            .sum()
    };
    let mut all = 0;
    for (number, person) in people.iter().enumerate() {
        let received = balance(&stage, "points", "received", Some(person)).await;
        let score = balance(&stage, "score", "score", Some(person)).await;
        assert_eq!(received, most(number, &["gave"]), "received by {number}");
        assert!((0..=most(number, &["upvoted", "accepted"])).contains(&score), "{score} of {number}");
        assert!(score >= most(number, &["accepted"]), "what is excepted is never held back");
        assert!(balance(&stage, "points", "giving", Some(person)).await >= 0);
        all += score;
    }
    assert_eq!(balance(&stage, "score", "mint", None).await, -all);
    assert!(!wanted.is_empty() && all > 0);
}
