//! Seeded thanks: one plain text file, quick to write and to read.
//!
//! ```text
//! % anna.bergmann > petra.jansen tom.lindqvist | Helps others, 10 points | 3d2h | policies/travel | /policies/travel
//! A message in Markdown, any number of lines.
//! + samir.haddad oskar.lund
//! 👏 mia.hansen elin.sjoberg
//! ```
//!
//! The head has the giver, the recipients, the values (separated by commas; maybe with points for each), how long ago it was, the key of the page
//! and maybe a link. After the message may follow who joins in (`+`) and who reacts. The local id is the place in the
//! file: add at the end.

use super::ContentError;
use super::pages::Page;
use super::people::Person;
use super::threads::minutes;

/// The reactions, as the plugin has them, with the mark that each is.
const REACTIONS: [(&str, &str); 4] =
    [("❤️", "reaction=❤️"), ("👏", "reaction=👏"), ("🎉", "reaction=🎉"), ("💡", "reaction=💡")];

/// Seeded thanks.
pub struct Kudos {
    /// Id, unique in the seed file.
    pub id: String,
    /// Page key.
    pub page: String,
    /// Subject of the giver.
    pub giver: String,
    /// Subjects of those who are thanked.
    pub recipients: Vec<String>,
    /// Words from the list of the site.
    pub values: Vec<String>,
    /// Points that each was given.
    pub points: u32,
    /// Minutes before the import's moment.
    pub minutes_ago: u32,
    /// A link that shows what it was for.
    pub evidence: Option<String>,
    /// Markdown.
    pub body: String,
    /// Subjects of those who join in.
    pub boosters: Vec<String>,
    /// Marks and the subjects of who has put them.
    pub reactions: Vec<(&'static str, Vec<String>)>,
}

/// All of the file, in its order.
pub(super) fn parse(source: &str, people: &[Person], pages: &[Page]) -> Result<Vec<Kudos>, ContentError> {
    let mut all: Vec<Kudos> = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let outcome = parse_line(line, &mut all, people, pages);
        outcome.map_err(|reason| ContentError::Kudos { line: index + 1, reason })?;
    }
    for kudos in &mut all {
        kudos.body = kudos.body.trim().to_owned();
    }
    Ok(all)
}

fn parse_line(line: &str, all: &mut Vec<Kudos>, people: &[Person], pages: &[Page]) -> Result<(), String> {
    if let Some(head) = line.strip_prefix("% ") {
        let kudos = parse_head(head, all.len() + 1, people)?;
        if !pages.iter().any(|page| page.key == kudos.page) {
            return Err(format!("there is no page {}", kudos.page));
        }
        all.push(kudos);
        return Ok(());
    }
    let Some(last) = all.last_mut() else { return Ok(()) };
    if let Some(names) = line.strip_prefix("+ ") {
        last.boosters = subjects(names, people)?;
    } else if let Some((mark, names)) =
        REACTIONS.into_iter().find_map(|(emoji, mark)| Some((mark, line.strip_prefix(emoji)?)))
    {
        last.reactions.push((mark, subjects(names, people)?));
    } else {
        last.body.push_str(line);
        last.body.push('\n');
    }
    Ok(())
}

fn parse_head(head: &str, number: usize, people: &[Person]) -> Result<Kudos, String> {
    let mut parts = head.split('|').map(str::trim);
    let who = parts.next().unwrap_or_default();
    let (giver, recipients) = who.split_once('>').ok_or("no > between giver and recipients")?;
    let giver = subjects(giver, people)?.pop().ok_or("no giver")?;
    let values = parts.next().ok_or("no values")?.split(',').map(str::trim);
    let (points, values): (Vec<&str>, Vec<&str>) = values.partition(|value| value.ends_with(" points"));
    let points = match points.first().and_then(|points| points.strip_suffix(" points")) {
        Some(points) => points.parse().map_err(|_| format!("{points} is no number of points"))?,
        None => 0,
    };
    let minutes_ago = minutes(parts.next().ok_or("no time")?)?;
    Ok(Kudos {
        id: format!("kudos#{number}"),
        page: parts.next().ok_or("no page")?.to_owned(),
        giver,
        recipients: subjects(recipients, people)?,
        values: values.into_iter().map(str::to_owned).collect(),
        points,
        minutes_ago,
        evidence: parts.next().map(str::to_owned),
        body: String::new(),
        boosters: Vec::new(),
        reactions: Vec::new(),
    })
}

fn subjects(names: &str, people: &[Person]) -> Result<Vec<String>, String> {
    let known = |name: &str| people.iter().any(|person| person.subject == name);
    names
        .split_whitespace()
        .map(|name| if known(name) { Ok(name.to_owned()) } else { Err(format!("{name} is nobody")) })
        .collect()
}
