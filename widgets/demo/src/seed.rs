//! The seed file: people, pages, comments, questions and thanks of the demo, as `stoa import` reads them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::content::{Comment, Content, Kudos, Page, Person, Post, PostKind};

/// The whole file.
#[derive(Debug, Serialize)]
pub struct Seed {
    /// Site id.
    pub site: String,
    /// Everybody.
    pub people: Vec<SeedPerson>,
    /// Pages that embed comments or have thanks.
    pub pages: Vec<SeedPage>,
    /// Comments, then questions with their answers, then thanks with who joins in; a parent always stands before its
    /// replies.
    pub entries: Vec<SeedEntry>,
}

/// A person. Fields as in the token.
#[derive(Debug, Serialize)]
pub struct SeedPerson {
    /// Stable id at the intranet.
    pub subject: String,
    /// Name as colleagues see it.
    pub name: String,
    /// Job title.
    pub title: String,
    /// Name of the team.
    pub team: String,
    /// Roles beyond `member`.
    pub roles: Vec<String>,
    /// E-mail address.
    pub email: String,
}

/// A page.
#[derive(Debug, Serialize)]
pub struct SeedPage {
    /// Stable key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Address in the browser.
    pub url: String,
    /// Subject of the owner.
    pub owner: Option<String>,
}

/// A comment, a question, an answer, thanks, or somebody who joins in.
#[derive(Debug, Serialize)]
pub struct SeedEntry {
    /// Id, local to this file.
    pub id: String,
    /// Plugin that keeps it.
    pub plugin: &'static str,
    /// Page key.
    pub page: String,
    /// Local id of the comment it answers.
    pub parent: Option<String>,
    /// Subject of the author.
    pub author: String,
    /// Minutes before the import's moment.
    pub at: u32,
    /// Markdown; mentions as `@[Name](subject)`, which the importer turns into stable ids.
    pub body: String,
    /// Stays on top.
    pub pinned: bool,
    /// `visible`, `held` or `deleted`.
    pub state: &'static str,
    /// Subjects of the people who voted for it.
    pub votes: Vec<String>,
    /// Shown as edited.
    pub edited: bool,
    /// What it is to its plugin.
    pub kind: &'static str,
    /// Values beside the body.
    pub fields: Map<String, Value>,
    /// By the kind of mark the subjects of who has put it.
    pub marks: BTreeMap<&'static str, Vec<String>>,
    /// Points that were given with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<SeedPoints>,
}

/// Points that somebody has given.
#[derive(Clone, Debug, Serialize)]
pub struct SeedPoints {
    /// The unit of the plugin.
    pub unit: &'static str,
    /// What for, a word of the unit.
    pub reason: &'static str,
    /// Subject of who was paid.
    pub to: String,
    /// How many.
    pub amount: u32,
}

/// Builds the seed of `site`, whose pages are under `origin`.
#[must_use]
pub fn build(content: &Content, site: &str, origin: &str) -> Seed {
    let origin = origin.trim_end_matches('/');
    let thanked = |page: &Page| content.kudos.iter().any(|kudos| kudos.page == page.key);
    Seed {
        site: site.to_owned(),
        people: content.people.iter().map(person).collect(),
        pages: content
            .pages
            .iter()
            .filter(|page| page.has_comments || page.questions.is_some() || thanked(page))
            .map(|item| page(item, origin))
            .collect(),
        entries: (content.comments.iter().map(entry))
            .chain(content.posts.iter().map(post))
            .chain(content.kudos.iter().flat_map(thanks))
            .collect(),
    }
}

fn person(person: &Person) -> SeedPerson {
    SeedPerson {
        subject: person.subject.clone(),
        name: person.name.clone(),
        title: person.title.clone(),
        team: person.team.clone(),
        roles: person.roles.clone(),
        email: person.email(),
    }
}

fn page(page: &Page, origin: &str) -> SeedPage {
    SeedPage {
        key: page.key.clone(),
        title: page.title.clone(),
        url: format!("{origin}{}", page.path()),
        owner: Some(page.owner.clone()),
    }
}

fn entry(comment: &Comment) -> SeedEntry {
    SeedEntry {
        id: comment.id.clone(),
        plugin: "comments",
        page: comment.page.clone(),
        parent: comment.parent.clone(),
        author: comment.author.clone(),
        at: comment.minutes_ago,
        body: comment.body.clone(),
        pinned: comment.pinned,
        state: comment.state.word(),
        votes: comment.voters.clone(),
        edited: comment.edited,
        kind: "comment",
        fields: Map::new(),
        marks: BTreeMap::new(),
        points: Vec::new(),
    }
}

fn post(post: &Post) -> SeedEntry {
    let (mut fields, mut marks) = (Map::new(), BTreeMap::new());
    let kind = match &post.kind {
        PostKind::Question { title, tags, closed, duplicate_of, too } => {
            fields.insert("title".to_owned(), json!(title));
            fields.insert("tags".to_owned(), json!(tags));
            if let Some((reason, person)) = closed {
                fields.insert("closed".to_owned(), json!(reason));
                fields.insert("closed_by".to_owned(), json!(person));
            }
            if let Some(other) = duplicate_of {
                fields.insert("duplicate_of".to_owned(), json!(other));
            }
            marks.insert("me-too", too.clone());
            "question"
        }
        PostKind::Answer { accepted, verified } => {
            if *accepted {
                fields.insert("accepted".to_owned(), json!(true));
            }
            if let Some((person, ago, due)) = verified {
                fields.insert("verified_by".to_owned(), json!(person));
                fields.insert("verified_at".to_owned(), json!(ago));
                fields.insert("review_due".to_owned(), json!(due));
            }
            "answer"
        }
        PostKind::Comment => "comment",
    };
    SeedEntry {
        id: post.id.clone(),
        plugin: "questions",
        page: post.page.clone(),
        parent: post.parent.clone(),
        author: post.author.clone(),
        at: post.minutes_ago,
        body: post.body.clone(),
        pinned: false,
        state: if post.held { "held" } else { "visible" },
        votes: post.voters.clone(),
        edited: false,
        kind,
        points: reward(post),
        fields,
        marks,
    }
}

/// What an accepted answer has earned.
fn reward(post: &Post) -> Vec<SeedPoints> {
    let accepted = matches!(post.kind, PostKind::Answer { accepted: true, .. });
    let earned = SeedPoints { unit: "reputation", reason: "accepted", to: post.author.clone(), amount: 15 };
    Some(earned).filter(|_| accepted).into_iter().collect()
}

/// Thanks, followed by those who join in.
fn thanks(kudos: &Kudos) -> Vec<SeedEntry> {
    let boost = |(place, person): (usize, &String)| SeedEntry {
        id: format!("{}+{}", kudos.id, place + 1),
        plugin: "kudos",
        page: kudos.page.clone(),
        parent: Some(kudos.id.clone()),
        author: person.clone(),
        at: kudos.minutes_ago,
        body: String::new(),
        pinned: false,
        state: "visible",
        votes: Vec::new(),
        edited: false,
        kind: "boost",
        fields: Map::new(),
        marks: BTreeMap::new(),
        points: Vec::new(),
    };
    let mut fields = Map::new();
    fields.insert("recipients".to_owned(), json!(kudos.recipients));
    fields.insert("values".to_owned(), json!(kudos.values));
    fields.extend(kudos.evidence.iter().map(|link| ("evidence".to_owned(), json!(link))));
    if kudos.points > 0 {
        fields.insert("points".to_owned(), json!(kudos.points));
        fields.insert("paid".to_owned(), json!(kudos.recipients));
    }
    let gave =
        |to: &String| SeedPoints { unit: "points", reason: "gave", to: to.clone(), amount: kudos.points };
    let first = SeedEntry {
        id: kudos.id.clone(),
        parent: None,
        body: kudos.body.clone(),
        kind: "kudos",
        fields,
        marks: kudos.reactions.iter().cloned().collect(),
        points: kudos.recipients.iter().filter(|_| kudos.points > 0).map(gave).collect(),
        ..boost((0, &kudos.giver))
    };
    std::iter::once(first).chain(kudos.boosters.iter().enumerate().map(boost)).collect()
}
