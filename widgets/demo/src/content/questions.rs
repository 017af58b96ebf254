//! Seeded questions: TOML files with a table for each question, its answers and their comments inside.

use serde::Deserialize;

use super::pages::Page;
use super::people::Person;
use super::threads::{minutes, voters};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// How long the word of an expert holds.
const REVIEW_DAYS: i64 = 180;

/// A question, an answer or a comment.
pub struct Post {
    /// Id, unique in the seed file.
    pub id: String,
    /// Page key.
    pub page: String,
    /// Id of what it stands below.
    pub parent: Option<String>,
    /// Subject of the author.
    pub author: String,
    /// Minutes before the import's moment.
    pub minutes_ago: u32,
    /// Markdown; may be empty for a question.
    pub body: String,
    /// Whether it waits for a moderator.
    pub held: bool,
    /// Subjects of the people who voted for it.
    pub voters: Vec<String>,
    /// What else there is to it.
    pub kind: PostKind,
}

/// What a post is.
pub enum PostKind {
    /// A question.
    Question {
        /// The title.
        title: String,
        /// The tags.
        tags: Vec<String>,
        /// Why and by whom it was closed.
        closed: Option<(String, String)>,
        /// Id of the question that was asked before.
        duplicate_of: Option<String>,
        /// Subjects of the people who have it, too.
        too: Vec<String>,
    },
    /// An answer.
    Answer {
        /// Whether it is the accepted one.
        accepted: bool,
        /// Who says that it is right, how many minutes ago, and how many minutes ago it was to be looked at again (below 0:
        /// later).
        verified: Option<(String, i64, i64)>,
    },
    /// A comment.
    Comment,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    question: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    id: String,
    page: String,
    by: String,
    ago: String,
    title: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    votes: usize,
    #[serde(default)]
    too: usize,
    closed: Option<String>,
    closed_by: Option<String>,
    duplicate_of: Option<String>,
    #[serde(default)]
    held: bool,
    #[serde(default)]
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    by: String,
    after: String,
    body: String,
    #[serde(default)]
    votes: usize,
    #[serde(default)]
    accepted: bool,
    verified: Option<String>,
    #[serde(default)]
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    by: String,
    after: String,
    body: String,
}

/// All questions of a file with what stands below them; the error says what is wrong.
pub(super) fn parse(source: &str, people: &[Person], pages: &[Page]) -> Result<Vec<Post>, String> {
    let file: File = toml::from_str(source).map_err(|error| error.to_string())?;
    let mut posts = Vec::new();
    for question in &file.question {
        if !pages.iter().any(|page| page.key == question.page && page.questions.is_some()) {
            return Err(format!("{}: the page {} has no questions", question.id, question.page));
        }
        let asked = ask(question, people)?;
        let (asked_ago, id) = (asked.minutes_ago, asked.id.clone());
        posts.push(asked);
        for (place, answer) in (1..).zip(&question.answers) {
            let below = Below { page: &question.page, parent: &id, minutes_ago: asked_ago };
            let answered = below.answer(answer, place, people)?;
            let (minutes_ago, id) = (answered.minutes_ago, answered.id.clone());
            posts.push(answered);
            let below = Below { page: &question.page, parent: &id, minutes_ago };
            for (place, comment) in (1..).zip(&answer.comments) {
                posts.push(below.comment(comment, place, people)?);
            }
        }
    }
    Ok(posts)
}

/// What a post stands below.
struct Below<'a> {
    page: &'a str,
    parent: &'a str,
    minutes_ago: u32,
}

fn known(subject: &str, people: &[Person]) -> Result<String, String> {
    let is_there = people.iter().any(|person| person.subject == subject);
    if is_there { Ok(subject.to_owned()) } else { Err(format!("{subject} is nobody")) }
}

fn ask(question: &Question, people: &[Person]) -> Result<Post, String> {
    let id = format!("questions#{}", question.id);
    let author = known(&question.by, people)?;
    let too = voters(&format!("{id}/too"), &author, question.too, people);
    let closed = match (&question.closed, &question.closed_by) {
        (Some(reason), Some(person)) => Some((reason.clone(), known(person, people)?)),
        (None, None) => None,
        _ => return Err(format!("{id}: `closed` and `closed_by` belong together")),
    };
    Ok(Post {
        page: question.page.clone(),
        parent: None,
        minutes_ago: minutes(&question.ago)?,
        body: question.body.clone(),
        held: question.held,
        voters: voters(&id, &author, question.votes, people),
        kind: PostKind::Question {
            title: question.title.clone(),
            tags: question.tags.clone(),
            closed,
            duplicate_of: question.duplicate_of.as_ref().map(|other| format!("questions#{other}")),
            too,
        },
        author,
        id,
    })
}

impl Below<'_> {
    fn post(
        &self,
        (by, after, body): (&str, &str, &str),
        place: u32,
        people: &[Person],
    ) -> Result<Post, String> {
        let late = format!("{}: {after} later is in the future", self.parent);
        Ok(Post {
            id: format!("{}/{place}", self.parent),
            page: self.page.to_owned(),
            parent: Some(self.parent.to_owned()),
            author: known(by, people)?,
            minutes_ago: self.minutes_ago.checked_sub(minutes(after)?).ok_or(late)?,
            body: body.to_owned(),
            held: false,
            voters: Vec::new(),
            kind: PostKind::Comment,
        })
    }

    fn answer(&self, answer: &Answer, place: u32, people: &[Person]) -> Result<Post, String> {
        let post = self.post((&answer.by, &answer.after, &answer.body), place, people)?;
        let verified = match &answer.verified {
            Some(person) => {
                let ago = (i64::from(post.minutes_ago) - DAY).max(0);
                Some((known(person, people)?, ago, ago - REVIEW_DAYS * DAY))
            }
            None => None,
        };
        Ok(Post {
            voters: voters(&post.id, &post.author, answer.votes, people),
            kind: PostKind::Answer { accepted: answer.accepted, verified },
            ..post
        })
    }

    fn comment(&self, comment: &Comment, place: u32, people: &[Person]) -> Result<Post, String> {
        self.post((&comment.by, &comment.after, &comment.body), place, people)
    }
}
