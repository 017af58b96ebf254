//! Seeded comments: one plain text file per page, quick to write and to read.
//!
//! ```text
//! %1 anna.bergmann 12d4h v7 pinned
//! Body in Markdown, any number of lines.
//!
//! %2 tom.lindqvist +35m v2
//! A reply to the nearest comment above with one level less.
//! ```
//!
//! The number after `%` is the depth. A first-level comment says how long ago it was written (`12d4h`, `3h20m`);
//! a reply how long after its parent (`+35m`), so a reply is never older than what it answers. `v7` means
//! seven votes; `pinned`, `edited`, `held` (waits for a moderator) and `deleted` may follow. The local id of
//! a comment is its place in the file: add at the end, or a data base imported earlier gets its texts mixed.

use super::ContentError;
use super::people::Person;

/// A seeded comment.
pub struct Comment {
    /// Id, unique in the seed file: page key and place on the page.
    pub id: String,
    /// Page key.
    pub page: String,
    /// Id of the comment it answers.
    pub parent: Option<String>,
    /// Levels above it plus one: 1 for a comment on the page itself.
    pub depth: usize,
    /// Subject of the author.
    pub author: String,
    /// Minutes before the import's moment.
    pub minutes_ago: u32,
    /// Markdown.
    pub body: String,
    /// Stays on top of the page.
    pub pinned: bool,
    /// Shown as edited.
    pub edited: bool,
    /// Visible, waiting or deleted.
    pub state: State,
    /// Subjects of the people who voted for it; never the author.
    pub voters: Vec<String>,
}

/// What has become of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everybody sees it.
    Visible,
    /// Waits for a moderator.
    Held,
    /// Deleted by its author.
    Deleted,
}

impl State {
    /// The word in the seed file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Held => "held",
            Self::Deleted => "deleted",
        }
    }
}

/// All comments of one page's file, in its order.
pub(super) fn parse(page: &str, source: &str, people: &[Person]) -> Result<Vec<Comment>, ContentError> {
    let mut comments: Vec<Comment> = Vec::new();
    // The newest comment on each level: a reply belongs to the last one of the level above.
    let mut path: Vec<usize> = Vec::new();
    for (index, line) in source.lines().enumerate() {
        if let Some(head) = line.strip_prefix('%') {
            let comment = parse_head(page, head, &comments, &path, people)
                .map_err(|reason| ContentError::Comment { page: page.to_owned(), line: index + 1, reason })?;
            path.truncate(comment.depth - 1);
            path.push(comments.len());
            comments.push(comment);
        } else if let Some(comment) = comments.last_mut() {
            comment.body.push_str(line);
            comment.body.push('\n');
        }
    }
    for comment in &mut comments {
        comment.body = comment.body.trim().to_owned();
    }
    Ok(comments)
}

/// Reads `1 anna.bergmann 12d4h v7 pinned`; the body follows later.
fn parse_head(
    page: &str,
    head: &str,
    earlier: &[Comment],
    path: &[usize],
    people: &[Person],
) -> Result<Comment, String> {
    let mut words = head.split_whitespace();
    let depth: usize = words.next().and_then(|word| word.parse().ok()).ok_or("no depth")?;
    if depth == 0 || depth > path.len() + 1 {
        return Err(format!("depth {depth} has no parent"));
    }
    let parent = (depth > 1).then(|| &earlier[path[depth - 2]]);
    let author = words.next().ok_or("no author")?;
    if !people.iter().any(|person| person.subject == author) {
        return Err(format!("the author {author} is nobody"));
    }
    let minutes_ago = minutes_ago(words.next().ok_or("no time")?, parent)?;
    let id = format!("{page}#{}", earlier.len() + 1);
    let mut comment = Comment {
        parent: parent.map(|parent| parent.id.clone()),
        page: page.to_owned(),
        depth,
        author: author.to_owned(),
        minutes_ago,
        body: String::new(),
        pinned: false,
        edited: false,
        state: State::Visible,
        voters: Vec::new(),
        id,
    };
    for word in words {
        match word {
            "pinned" => comment.pinned = true,
            "edited" => comment.edited = true,
            "held" => comment.state = State::Held,
            "deleted" => comment.state = State::Deleted,
            votes => {
                let count = votes.strip_prefix('v').and_then(|count| count.parse().ok());
                let count = count.ok_or_else(|| format!("unknown word {votes}"))?;
                comment.voters = voters(&comment.id, author, count, people);
            }
        }
    }
    Ok(comment)
}

/// `12d4h` for a comment on the page, `+35m` after its parent for a reply.
fn minutes_ago(word: &str, parent: Option<&Comment>) -> Result<u32, String> {
    match (parent, word.strip_prefix('+')) {
        (None, None) => minutes(word),
        (Some(parent), Some(after)) => parent
            .minutes_ago
            .checked_sub(minutes(after)?)
            .ok_or_else(|| format!("{word} after its parent is in the future")),
        (None, Some(_)) => Err("a comment on the page needs its age, as 12d4h".to_owned()),
        (Some(_), None) => Err("a reply needs the time since its parent, as +35m".to_owned()),
    }
}

/// Minutes of `12d4h30m`.
pub(super) fn minutes(word: &str) -> Result<u32, String> {
    let mut total: u32 = 0;
    let mut digits: u32 = 0;
    for letter in word.chars() {
        let unit = match letter {
            'd' => 24 * 60,
            'h' => 60,
            'm' => 1,
            _ => {
                let digit = letter.to_digit(10).ok_or_else(|| format!("{word} is not a time"))?;
                digits = digits * 10 + digit;
                continue;
            }
        };
        total += digits * unit;
        digits = 0;
    }
    if digits == 0 { Ok(total) } else { Err(format!("{word} lacks its last unit")) }
}

/// `count` people other than the author, the same ones at every run and different ones for every comment.
pub(super) fn voters(id: &str, author: &str, count: usize, people: &[Person]) -> Vec<String> {
    let mut ranked: Vec<(u64, &str)> = people
        .iter()
        .filter(|person| person.subject != author)
        .map(|person| (fnv1a(&[id, &person.subject]), person.subject.as_str()))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(count).map(|(_, subject)| subject.to_owned()).collect()
}

/// The 64-bit FNV-1a hash: spreads the votes; nothing depends on its strength.
fn fnv1a(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // FNV leaves the last bytes in the low bits: mix them upwards, or subjects that end alike sort alike.
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
