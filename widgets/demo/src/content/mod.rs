//! What the site shows: people, pages and seeded comments, compiled into the binary and read once at start.

mod files;
mod kudos;
mod pages;
mod people;
mod questions;
mod threads;

pub use kudos::Kudos;
pub use pages::{Heading, Page, Section};
pub use people::{Person, Team};
pub use questions::{Post, PostKind};
pub use threads::{Comment, State};

/// Everything the site knows, checked: owners, authors and parents exist, keys are unique.
pub struct Content {
    /// Teams in the order of the directory page, each with its people.
    pub teams: Vec<Team>,
    /// Everybody, in the order of their teams.
    pub people: Vec<Person>,
    /// Sections in the order of the navigation.
    pub sections: Vec<Section>,
    /// All pages with Markdown of their own; the first is the home page.
    pub pages: Vec<Page>,
    /// Seeded comments, page by page; a parent always stands before its replies.
    pub comments: Vec<Comment>,
    /// Seeded questions, answers and the comments below them; a parent always stands before its replies.
    pub posts: Vec<Post>,
    /// Seeded thanks.
    pub kudos: Vec<Kudos>,
}

impl Content {
    /// Forget the questions and where they are shown.
    pub fn leave_out_questions(&mut self) {
        self.posts.clear();
        self.pages.iter_mut().for_each(|page| page.questions = None);
    }

    /// The person with this subject, if there is one.
    #[must_use]
    pub fn person(&self, subject: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.subject == subject)
    }

    /// The page under this key, if there is one.
    #[must_use]
    pub fn page(&self, key: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.key == key)
    }

    /// The section with this slug, if there is one.
    #[must_use]
    pub fn section(&self, slug: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.slug == slug)
    }

    /// Pages of a section in their order of display.
    pub fn pages_of<'a>(&'a self, slug: &'a str) -> impl Iterator<Item = &'a Page> {
        self.pages.iter().filter(move |page| page.section() == slug)
    }
}

/// Why the compiled-in content cannot be used. Only someone who edits it ever sees this.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The people file is not valid TOML or lacks a field.
    #[error("people.toml: {0}")]
    People(toml::de::Error),
    /// The front matter of a page is missing, not valid TOML or lacks a field.
    #[error("page {key}: {reason}")]
    Page {
        /// Key of the page.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// A file of questions is not valid TOML, or names somebody or something unknown.
    #[error("questions of {file}: {reason}")]
    Question {
        /// Name of the file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A line of the thanks cannot be understood, or names somebody unknown.
    #[error("kudos.txt, line {line}: {reason}")]
    Kudos {
        /// Line in the file, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A line of a comment file cannot be understood, or names somebody unknown.
    #[error("comments of {page}, line {line}: {reason}")]
    Comment {
        /// Key of the page.
        page: String,
        /// Line in the file, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// Reads and checks all content.
///
/// # Errors
/// [`ContentError`], with the place of the mistake.
pub fn load() -> Result<Content, ContentError> {
    let (teams, people) = people::parse(files::PEOPLE).map_err(ContentError::People)?;
    let mut pages: Vec<Page> = Vec::new();
    for (key, source) in files::PAGES {
        let page = pages::parse(key, source)
            .map_err(|reason| ContentError::Page { key: (*key).to_owned(), reason })?;
        if pages.iter().any(|earlier| earlier.key == page.key) {
            return Err(ContentError::Page { key: page.key, reason: "the key is used twice".to_owned() });
        }
        if !people.iter().any(|person| person.subject == page.owner) {
            let reason = format!("the owner {} is nobody", page.owner);
            return Err(ContentError::Page { key: page.key, reason });
        }
        pages.push(page);
    }
    let mut comments = Vec::new();
    for (key, source) in files::COMMENTS {
        comments.extend(threads::parse(key, source, &people)?);
    }
    let mut posts = Vec::new();
    for (file, source) in files::QUESTIONS {
        let wrong = |reason| ContentError::Question { file: (*file).to_owned(), reason };
        posts.extend(questions::parse(source, &people, &pages).map_err(wrong)?);
    }
    let kudos = kudos::parse(files::KUDOS, &people, &pages)?;
    Ok(Content { teams, people, sections: pages::sections(), pages, comments, posts, kudos })
}
