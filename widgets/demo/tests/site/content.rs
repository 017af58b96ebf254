//! What the site ships is whole: the import must never meet a dangling name.

use std::collections::{HashMap, HashSet};

use stoa_demo::content::{self, Content, PostKind, State};
use stoa_demo::seed;

fn load() -> Content {
    content::load().expect("the compiled-in content is valid")
}

#[test]
fn there_are_enough_pages_people_and_comments_to_believe_in() {
    let content = load();
    assert!(content.pages.len() >= 9, "{} pages", content.pages.len());
    assert!((38..=45).contains(&content.people.len()), "{} people", content.people.len());
    assert!(content.comments.len() >= 280, "{} comments", content.comments.len());
    let chiefs = content.people.iter().filter(|person| person.title == "Chief Executive Officer").count();
    assert_eq!(chiefs, 1);
    let with =
        |role: &str| content.people.iter().filter(|person| person.roles.iter().any(|r| r == role)).count();
    assert_eq!(with("steward"), 1);
    assert_eq!(with("moderator"), 2);
    assert!(with("leader") >= 5 && with("expert") >= 8);
}

#[test]
fn roles_are_those_the_host_knows() {
    for person in load().people {
        for role in &person.roles {
            assert!(
                ["expert", "leader", "steward", "moderator", "admin"].contains(&role.as_str()),
                "{} is a {role}",
                person.subject
            );
        }
    }
}

#[test]
fn no_page_key_and_no_subject_is_used_twice() {
    let content = load();
    let keys: HashSet<&str> = content.pages.iter().map(|page| page.key.as_str()).collect();
    assert_eq!(keys.len(), content.pages.len());
    let subjects: HashSet<&str> = content.people.iter().map(|person| person.subject.as_str()).collect();
    assert_eq!(subjects.len(), content.people.len());
}

#[test]
fn pages_are_long_enough_to_read_and_short_enough_to_be_read() {
    for page in load().pages.iter().filter(|page| page.has_comments) {
        assert!((300..=700).contains(&page.words_count), "{} has {} words", page.key, page.words_count);
        assert!(page.headings.len() >= 3, "{} has few headings", page.key);
    }
}

#[test]
fn every_reply_follows_its_parent_in_the_file_and_in_time() {
    let content = load();
    let mut earlier: HashMap<&str, (&str, u32)> = HashMap::new();
    for comment in &content.comments {
        if let Some(parent) = &comment.parent {
            let (page, minutes_ago) = earlier[parent.as_str()];
            assert_eq!(page, comment.page, "{} answers another page", comment.id);
            assert!(minutes_ago >= comment.minutes_ago, "{} is older than its parent", comment.id);
        }
        let twin = earlier.insert(&comment.id, (&comment.page, comment.minutes_ago));
        assert!(twin.is_none(), "{} is there twice", comment.id);
    }
}

#[test]
fn only_visible_comments_have_votes_never_by_their_author_and_nobody_answers_a_waiting_one() {
    let content = load();
    let held: HashSet<&str> = content
        .comments
        .iter()
        .filter(|comment| comment.state == State::Held)
        .map(|comment| comment.id.as_str())
        .collect();
    assert!(held.len() >= 3);
    for comment in &content.comments {
        assert!(comment.parent.as_deref().is_none_or(|parent| !held.contains(parent)), "{}", comment.id);
        assert!(!comment.voters.contains(&comment.author), "{}", comment.id);
        assert!(comment.voters.iter().all(|voter| content.person(voter).is_some()), "{}", comment.id);
        assert!(comment.state == State::Visible || comment.voters.is_empty(), "{}", comment.id);
    }
}

#[test]
fn bodies_have_text_and_mentions_name_people_as_they_are_called() {
    let content = load();
    for comment in &content.comments {
        assert!((1..=5000).contains(&comment.body.chars().count()), "{}", comment.id);
        for mention in comment.body.split("@[").skip(1) {
            let (name, rest) = mention.split_once("](").expect("a mention has a subject");
            let (subject, _) = rest.split_once(')').expect("a mention ends");
            let person =
                content.person(subject).unwrap_or_else(|| panic!("{}: {subject} is nobody", comment.id));
            assert_eq!(person.name, name, "{}", comment.id);
        }
    }
}

#[test]
fn threads_show_every_situation_the_widget_must_cope_with() {
    let content = load();
    let count = |key: &str| content.comments.iter().filter(|comment| comment.page == key).count();
    assert!(count("policies/travel") >= 120, "the long thread has {}", count("policies/travel"));
    let empty: Vec<&str> = content
        .pages
        .iter()
        .filter(|page| page.has_comments && count(&page.key) == 0)
        .map(|page| page.key.as_str())
        .collect();
    assert_eq!(empty, ["howto/meeting-room"]);
    assert!(content.comments.iter().any(|comment| comment.depth == 25), "one thread is 25 levels deep");
    assert!(content.comments.iter().any(|comment| comment.state == State::Deleted));
    assert!(content.comments.iter().any(|comment| comment.edited));
    assert!(content.comments.iter().all(|comment| content.page(&comment.page).is_some()));
}

#[test]
fn links_within_the_site_lead_to_pages_that_exist() {
    let content = load();
    let check = |place: &str, target: &str| {
        let path = target.split(['#', '?']).next().unwrap_or_default().trim_matches('/');
        let exists = path == "people" || content.page(path).is_some() || content.section(path).is_some();
        assert!(exists, "{place} links to {target}");
    };
    for page in &content.pages {
        for link in page.html.split("href=\"/").skip(1) {
            check(&page.key, link.split('"').next().unwrap_or_default());
        }
    }
    for comment in &content.comments {
        for link in comment.body.split("](/").skip(1) {
            check(&comment.id, link.split(')').next().unwrap_or_default());
        }
    }
}

#[test]
fn the_seed_lists_only_pages_with_a_widget_under_the_given_origin() {
    let content = load();
    let seed = seed::build(&content, "demo", "http://intranet.localhost:4100/");
    let travel = seed.pages.iter().find(|page| page.key == "policies/travel").expect("travel is seeded");
    assert_eq!(travel.url, "http://intranet.localhost:4100/policies/travel");
    assert!(seed.pages.iter().any(|page| page.key == "home"), "people are thanked there");
    assert_eq!(seed.people.len(), content.people.len());
    let thanks: usize = content.kudos.iter().map(|kudos| 1 + kudos.boosters.len()).sum();
    assert_eq!(seed.entries.len(), content.comments.len() + content.posts.len() + thanks);
    let json = serde_json::to_value(&seed).expect("a seed is plain data");
    let first = &json["entries"][0];
    for field in
        ["id", "plugin", "page", "parent", "author", "at", "body", "pinned", "state", "votes", "edited"]
    {
        assert!(first.get(field).is_some(), "an entry lacks {field}");
    }
}

#[test]
fn questions_come_in_every_state_and_name_only_what_is_there() {
    let content = load();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for post in &content.posts {
        let above = post.parent.as_deref().map(|parent| seen[parent]);
        assert!(above.is_none_or(|above| above >= post.minutes_ago), "{} is older than its parent", post.id);
        assert!(seen.insert(&post.id, post.minutes_ago).is_none(), "{} is there twice", post.id);
        assert!(!post.voters.contains(&post.author), "{} has a vote of its author", post.id);
        let state = match &post.kind {
            PostKind::Question { duplicate_of: Some(other), .. } => {
                assert!(seen[other.as_str()] > post.minutes_ago, "{} is older than what it doubles", post.id);
                "duplicate"
            }
            PostKind::Question { closed: Some(_), .. } => "closed",
            PostKind::Question { .. } if post.held => "held",
            PostKind::Question { .. } => "question",
            PostKind::Answer { accepted: true, .. } => "accepted",
            PostKind::Answer { .. } => "answer",
            PostKind::Comment => "comment",
        };
        *counts.entry(state).or_default() += 1;
    }
    for (state, least) in [
        ("question", 110),
        ("accepted", 60),
        ("answer", 30),
        ("comment", 5),
        ("duplicate", 1),
        ("closed", 3),
        ("held", 1),
    ] {
        assert!(counts[state] >= least, "{state}: {counts:?}");
    }
}

#[test]
fn thanks_fit_what_the_plugin_takes() {
    let content = load();
    assert!(content.kudos.len() >= 125, "{} thanks", content.kudos.len());
    let values = ["Helps others", "Shares knowledge", "Thinks ahead", "Keeps promises"];
    for kudos in &content.kudos {
        let length = kudos.body.chars().count();
        assert!((20..=1000).contains(&length), "{}: {length} characters", kudos.id);
        assert!(kudos.values.iter().all(|value| values.contains(&value.as_str())), "{}", kudos.id);
        let recipients: HashSet<&String> = kudos.recipients.iter().collect();
        assert!((1..=20).contains(&recipients.len()) && recipients.len() == kudos.recipients.len());
        let boosters: HashSet<&String> = kudos.boosters.iter().collect();
        assert!(boosters.is_disjoint(&recipients) && boosters.len() == kudos.boosters.len(), "{}", kudos.id);
        let reacting: Vec<&String> = kudos.reactions.iter().flat_map(|(_, people)| people).collect();
        assert_eq!(reacting.iter().collect::<HashSet<_>>().len(), reacting.len(), "{}: one each", kudos.id);
        for people in [&recipients, &boosters, &reacting.into_iter().collect()] {
            assert!(!people.contains(&kudos.giver), "{}: the giver", kudos.id);
        }
    }
}
