//! The staff directory: teams and the people in them.

use serde::Deserialize;

/// A team, as the directory shows it.
pub struct Team {
    /// Short name in the token's `groups`.
    pub slug: String,
    /// Name as people see it.
    pub name: String,
    /// Town and country.
    pub place: String,
}

/// Somebody who works at the company.
#[derive(Clone)]
pub struct Person {
    /// Stable id: the token's `sub`.
    pub subject: String,
    /// Name as colleagues see it, in the person's own spelling and script.
    pub name: String,
    /// Job title.
    pub title: String,
    /// Name of the team.
    pub team: String,
    /// Slug of the team.
    pub group: String,
    /// Roles beyond `member`: expert, leader, steward, moderator, admin.
    pub roles: Vec<String>,
}

impl Person {
    /// E-mail address. The domain is reserved for examples (RFC 2606) and can never receive mail.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@nordlicht.example", self.subject)
    }

    /// First letters of the first and the last part of the name, at most two.
    #[must_use]
    pub fn initials(&self) -> String {
        let mut parts = self.name.split_whitespace().filter_map(|part| part.chars().next());
        let first = parts.next();
        first.into_iter().chain(parts.next_back()).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    team: Vec<TeamEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamEntry {
    slug: String,
    name: String,
    place: String,
    people: Vec<PersonEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonEntry {
    subject: String,
    name: String,
    title: String,
    #[serde(default)]
    roles: Vec<String>,
}

/// Teams and people, both in the order of the file.
pub(super) fn parse(source: &str) -> Result<(Vec<Team>, Vec<Person>), toml::de::Error> {
    let file: File = toml::from_str(source)?;
    let mut teams = Vec::new();
    let mut people = Vec::new();
    for team in file.team {
        people.extend(team.people.into_iter().map(|entry| Person {
            subject: entry.subject,
            name: entry.name,
            title: entry.title,
            team: team.name.clone(),
            group: team.slug.clone(),
            roles: entry.roles,
        }));
        teams.push(Team { slug: team.slug, name: team.name, place: team.place });
    }
    Ok((teams, people))
}
