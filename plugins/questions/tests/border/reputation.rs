//! Semantics 2, *Reputation ledger*.

use std::collections::{BTreeMap, BTreeSet};

use stoa_plugin::testing::TestHost;
use stoa_plugin::{Roles, Setting, State};

use crate::support::{answer, ask, comment, does, host, says};

fn counting(reputation: &str) -> TestHost {
    let host = host();
    host.set("reputation", Setting::Text(reputation.to_owned()));
    host
}

fn scores<const N: usize>(host: &TestHost, people: [&str; N]) -> [i64; N] {
    people.map(|person| host.balance("reputation", "score", person))
}

#[test]
fn what_is_earned_is_the_sites_choice_and_nothing_without_it() {
    for (reputation, expected) in [("off", [0, 0]), ("light", [2, 15]), ("full", [12, 25])] {
        let host = counting(reputation);
        let question = ask(&host, "anna", "Which cost centre?");
        let own = answer(&host, "ben", &question, "4711");
        let remark = comment(&host, "ben", &question, "Good question.");
        for entry in [&question, &own, &remark] {
            does(&host, "chris", entry, "vote", &[("value", "1")]).unwrap();
        }
        does(&host, "anna", &own, "accept", &[]).unwrap();
        assert_eq!(scores(&host, ["anna", "ben"]), expected, "{reputation}");
    }
}

#[test]
fn without_the_setting_no_grant_is_needed() {
    let host = host();
    host.grants(["entries", "entries-write", "marks", "marks-write", "pages"]);
    let question = ask(&host, "anna", "Which cost centre?");
    let own = answer(&host, "ben", &question, "4711");
    for (person, verb, value) in
        [("chris", "vote", "1"), ("chris", "vote", "0"), ("anna", "accept", ""), ("anna", "unaccept", "")]
    {
        assert_eq!(says(&host, person, &own, verb, &[("value", value)]), "done", "{verb} {value}");
    }
    host.as_person("ben").view().unwrap();
}

#[test]
fn nobody_earns_anything_by_an_answer_of_their_own() {
    let host = counting("full");
    let question = ask(&host, "anna", "Which cost centre?");
    let own = answer(&host, "anna", &question, "Found it: 4810");
    does(&host, "anna", &own, "accept", &[]).unwrap();
    assert_eq!(scores(&host, ["anna"]), [0]);
    // A moderator and the page's owner accept for others, and earn nothing either.
    let of_mia = answer(&host, "mia", &question, "4711");
    does(&host, "mia", &of_mia, "accept", &[]).unwrap();
    let of_ben = answer(&host, "ben", &question, "4712");
    does(&host, "oda", &of_ben, "accept", &[]).unwrap();
    assert_eq!(scores(&host, ["anna", "mia", "ben", "oda"]), [0, 0, 15, 0]);
}

#[test]
fn another_accepted_answer_takes_the_award_over_and_none_takes_it_back() {
    let host = counting("light");
    let question = ask(&host, "anna", "Which cost centre?");
    let (first, second) =
        (answer(&host, "ben", &question, "4711"), answer(&host, "chris", &question, "4810"));
    for (person, entry, verb, expected) in [
        ("anna", &first, "accept", [2, 15, 0]),
        ("anna", &first, "accept", [2, 15, 0]),
        ("anna", &second, "accept", [2, 0, 15]),
        ("mia", &first, "accept", [0, 15, 0]),
        ("anna", &first, "unaccept", [0, 0, 0]),
        ("anna", &first, "unaccept", [0, 0, 0]),
        ("anna", &second, "accept", [2, 0, 15]),
    ] {
        does(&host, person, entry, verb, &[]).unwrap();
        assert_eq!(scores(&host, ["anna", "ben", "chris"]), expected, "{person} {verb} {entry}");
    }
    host.as_person("mia").remove(&second, "Wrong.").unwrap();
    assert_eq!(scores(&host, ["anna", "ben", "chris"]), [0, 0, 0]);
    host.as_person("mia").restore(&second).unwrap();
    assert_eq!(scores(&host, ["anna", "ben", "chris"]), [0, 0, 0]);
}

#[test]
fn two_tabs_that_accept_at_once_award_one_answer() {
    let host = counting("light");
    let question = ask(&host, "anna", "Which cost centre?");
    let (first, second) =
        (answer(&host, "ben", &question, "4711"), answer(&host, "chris", &question, "4810"));
    let tab = |entry: &str| host.as_person("anna").late().attempt_on(entry, "accept", &[]);
    let (one, other) = host.at_once(tab(&first), tab(&second));
    one.unwrap();
    other.unwrap();
    assert_eq!(scores(&host, ["anna", "ben", "chris"]), [2, 0, 15]);
    // The same press twice.
    let (one, other) = host.at_once(tab(&first), tab(&first));
    one.unwrap();
    other.unwrap();
    assert_eq!(scores(&host, ["anna", "ben", "chris"]), [2, 15, 0]);
}

#[test]
fn a_day_brings_at_most_200_by_votes_and_what_was_clipped_never_comes_back() {
    let host = counting("full");
    let question = ask(&host, "anna", "Which cost centre?");
    let own = answer(&host, "ben", &question, "4711");
    let voters: Vec<String> = (0..22).map(|number| format!("p{number}")).collect();
    for voter in &voters {
        host.add_person(voter, "Somebody", Roles::empty());
        does(&host, voter, &own, "vote", &[("value", "1")]).unwrap();
    }
    assert_eq!(scores(&host, ["ben"]), [200]);
    does(&host, "anna", &own, "accept", &[]).unwrap();
    assert_eq!(scores(&host, ["ben"]), [215]);
    // The last two gave nothing, and take nothing away.
    for voter in &voters[20..] {
        does(&host, voter, &own, "vote", &[("value", "0")]).unwrap();
    }
    assert_eq!(scores(&host, ["ben"]), [215]);
    for voter in &voters[..20] {
        does(&host, voter, &own, "vote", &[("value", "0")]).unwrap();
    }
    assert_eq!(scores(&host, ["ben"]), [15]);
}

#[test]
fn the_award_of_somebody_who_has_left_keeps_nobody_from_accepting() {
    let host = counting("light");
    let question = ask(&host, "anna", "Which cost centre?");
    let own = answer(&host, "ben", &question, "4711");
    host.leaves("ben");
    assert_eq!(says(&host, "anna", &own, "accept", &[]), "done");
    assert_eq!(scores(&host, ["anna", "ben"]), [2, 0]);
}

#[test]
fn people_see_what_their_own_answers_have_come_to_and_nobody_elses() {
    let host = counting("full");
    let question = ask(&host, "anna", "Which cost centre?");
    let own = answer(&host, "ben", &question, "4711");
    does(&host, "chris", &own, "vote", &[("value", "1")]).unwrap();
    does(&host, "anna", &own, "accept", &[]).unwrap();
    let sees = |person: &str| host.as_person(person).view().unwrap().outline().to_owned();
    let impact = "Your impact: 1 accepted answer, found helpful 1 time, 25 points";
    assert!(sees("ben").contains(impact), "{}", sees("ben"));
    assert!(!sees("chris").contains("Your impact"), "who has none is not told so");
    let nobody = host.as_nobody().view().unwrap();
    assert!(!nobody.outline().contains("impact"), "{}", nobody.outline());
}

/// Numbers that look random and are the same each time (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        of[usize::try_from(self.0 % of.len() as u64).expect("it is below a usize")]
    }
}

const PEOPLE: [&str; 5] = ["anna", "ben", "chris", "lea", "mia"];

fn author(host: &TestHost, id: &str) -> String {
    let author = host.entry(id).and_then(|entry| entry.author);
    author.expect("it is there").to_string()
}

fn root(host: &TestHost, id: &str) -> String {
    host.entry(id).expect("it is there").root.to_string()
}

/// What each person must have: 15 and 2 for each answer that is accepted now, as it was accepted, and 10 for each vote.
#[derive(Default)]
struct Expected {
    /// By question: the accepted answer and what it has brought whom.
    accepted: BTreeMap<String, (String, Vec<(String, i64)>)>,
    votes: BTreeSet<(&'static str, String, String)>,
}

impl Expected {
    fn check(&self, host: &TestHost) {
        for person in PEOPLE {
            let awards = self.accepted.values().flat_map(|(_, awards)| awards);
            let awards: i64 = awards.filter(|(to, _)| to == person).map(|(_, points)| points).sum();
            let votes = self.votes.iter().filter(|(_, _, author)| author == person).count();
            let expected = awards + 10 * i64::try_from(votes).expect("they are few");
            assert_eq!(scores(host, [person]), [expected], "{person}");
        }
        assert_eq!(host.unit_sum("reputation"), 0);
    }

    fn accept(&mut self, host: &TestHost, actor: &str, id: &str, verb: &str) {
        let (question, author) = (root(host, id), author(host, id));
        let held = self.accepted.get(&question).is_some_and(|(held, _)| held == id);
        if does(host, actor, id, verb, &[]).is_err() {
            return;
        }
        if verb == "unaccept" && held {
            self.accepted.remove(&question);
        } else if verb == "accept" && !held {
            let asker = self::author(host, &question);
            let mut awards = Vec::new();
            if author != actor && author != asker {
                awards.push((author, 15));
                awards.extend((asker == actor).then_some((asker, 2)));
            }
            self.accepted.insert(question, (id.to_owned(), awards));
        }
    }

    fn vote(&mut self, host: &TestHost, actor: &'static str, id: &str, value: &str) {
        if does(host, actor, id, "vote", &[("value", value)]).is_err() {
            return;
        }
        let vote = (actor, id.to_owned(), author(host, id));
        if value == "1" {
            self.votes.insert(vote)
        } else {
            self.votes.remove(&vote)
        };
    }
}

#[test]
fn loops_of_accepting_voting_deleting_and_moderating_mint_nothing() {
    let mut done = BTreeMap::new();
    for seed in 1..=25_u64 {
        let host = counting("full");
        host.set("downvotes", Setting::Boolean(true));
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let questions = ["anna", "ben"].map(|person| ask(&host, person, "Which cost centre?"));
        let mut answers = Vec::new();
        for question in &questions {
            for person in ["anna", "chris", "lea"] {
                answers.push(answer(&host, person, question, "4711"));
            }
        }
        let mut expected = Expected::default();
        for _ in 0..60 {
            let (actor, id) = (numbers.one(&PEOPLE), answers[numbers.one(&[0, 1, 2, 3, 4, 5])].clone());
            let verb =
                numbers.one(&["accept", "accept", "unaccept", "1", "1", "-1", "0", "delete", "moderate"]);
            let hidden = host.entry(&id).unwrap().state != State::Visible;
            *done.entry(verb).or_insert(0) += 1;
            match verb {
                "accept" | "unaccept" if !hidden => expected.accept(&host, actor, &id, verb),
                "delete" => drop(does(&host, actor, &id, "delete", &[])),
                "moderate" if hidden => drop(host.as_person("mia").restore(&id)),
                "moderate" => {
                    host.as_person("mia").remove(&id, "Wrong.").unwrap();
                    expected.accepted.retain(|_, (held, _)| *held != id);
                }
                value if !hidden => expected.vote(&host, actor, &id, value),
                _ => {}
            }
            expected.check(&host);
        }
    }
    assert!(done.values().all(|times| *times > 50), "{done:?}");
}
