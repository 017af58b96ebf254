//! `stoa people`: who is known, and what an admin decides about them. A host that runs follows within a second.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::base::id::{PersonId, SiteId};
use crate::store::{DirectoryError, KnownPerson, PersonChange, Store};

use super::{talk, tell};

/// People read at a time.
const BATCH: u32 = 500;

/// What is done with people.
#[derive(Debug, Subcommand)]
pub(super) enum People {
    /// Who is known, one a line: id, state, roles, name, issuer and subject
    List {
        #[command(flatten)]
        place: Place,
        /// Only those with this in their name or subject
        #[arg(long, default_value = "")]
        find: String,
        /// Report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Keep somebody out, whatever tokens and the directory say; their entries stay
    Deactivate {
        #[command(flatten)]
        whom: Whom,
    },
    /// Let somebody in again
    Activate {
        #[command(flatten)]
        whom: Whom,
    },
    /// Let another name of somebody mean the same person; whoever was known by it is kept out
    Link {
        #[command(flatten)]
        whom: Whom,
        /// The issuer of the other name
        #[arg(long)]
        issuer: String,
        /// The issuer's name for the person
        #[arg(long)]
        subject: String,
    },
}

/// Which site.
#[derive(Args, Debug)]
pub(super) struct Place {
    /// The configuration
    #[arg(long)]
    config: PathBuf,
    /// The site
    #[arg(long)]
    site: String,
}

/// Which person.
#[derive(Args, Debug)]
pub(super) struct Whom {
    #[command(flatten)]
    place: Place,
    /// The person's id, as `stoa people list` tells it
    #[arg(long)]
    person: String,
}

pub(super) async fn run(command: People) -> Result<()> {
    match command {
        People::List { place, find, json } => list(&place, &find, json).await,
        People::Deactivate { whom } => change(&whom, PersonChange::Deactivate, "is kept out").await,
        People::Activate { whom } => change(&whom, PersonChange::Activate, "is let in").await,
        People::Link { whom, issuer, subject } => {
            change(&whom, PersonChange::Link { issuer, subject }, "is known by that name, too").await
        }
    }
}

async fn open(place: &Place) -> Result<(Store, SiteId)> {
    let config = Config::load(&place.config)?;
    if !config.sites.iter().any(|site| site.id == place.site) {
        let known: Vec<_> = config.sites.iter().map(|site| site.id.as_str()).collect();
        bail!("there is no site `{}`\nhint: the configuration has {}", place.site, known.join(", "));
    }
    Ok((Store::open(&config.database).await?, SiteId::from(place.site.as_str())))
}

async fn list(place: &Place, find: &str, as_json: bool) -> Result<()> {
    let (store, site) = open(place).await?;
    let mut after = String::new();
    loop {
        let people = store.list_known_people(&site, find, &after, BATCH).await?;
        let Some(last) = people.last() else { break };
        last.person.id.as_str().clone_into(&mut after);
        for known in &people {
            tell(&if as_json { as_json_text(known) } else { as_line(known) });
        }
    }
    Ok(store.close().await?)
}

fn state(known: &KnownPerson) -> &'static str {
    match (known.person.active, known.suspended) {
        (true, _) => "active",
        (false, true) => "kept-out",
        (false, false) => "left",
    }
}

fn as_line(known: &KnownPerson) -> String {
    let person = &known.person;
    let linked = known.linked.iter().map(|(issuer, subject)| format!("\t{issuer}\t{subject}"));
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}{}",
        person.id,
        state(known),
        person.roles.join(","),
        person.name,
        known.issuer,
        known.subject,
        linked.collect::<String>()
    )
}

fn as_json_text(known: &KnownPerson) -> String {
    let person = &known.person;
    let name = |(issuer, subject): &(String, String)| json!({"issuer": issuer, "subject": subject});
    json!({
        "id": person.id, "name": person.name, "title": person.title, "team": person.team,
        "state": state(known), "roles": person.roles, "groups": known.groups, "directed": known.directed,
        "issuer": known.issuer, "subject": known.subject,
        "linked": known.linked.iter().map(name).collect::<Vec<_>>(),
    })
    .to_string()
}

async fn change(whom: &Whom, change: PersonChange, done: &str) -> Result<()> {
    let (store, site) = open(&whom.place).await?;
    let person = PersonId::from(whom.person.as_str());
    let changed = store.change_person(&site, &person, &change, Clock::system().now()).await;
    let closed = store.close().await;
    let changed = match changed {
        Err(DirectoryError::Absent) => {
            bail!("there is no person `{person}`\nhint: `stoa people list` tells the ids")
        }
        Err(DirectoryError::Taken(_)) => {
            bail!("the directory has a user for each of both\nhint: delete one of them there first")
        }
        changed => changed.context("nothing was changed")?,
    };
    closed?;
    tracing::info!(%site, %person, by = "command line", ?change, "an admin has changed a person");
    for person in changed {
        talk(&format!(
            "{} ({}) {}",
            person.name,
            person.id,
            if person.active { done } else { "is kept out" }
        ));
    }
    Ok(())
}
