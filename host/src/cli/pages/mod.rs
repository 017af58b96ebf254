//! `stoa pages`: which pages a site has, their keys, moves and merges, and what seems to be one page under two keys.
//!
//! A host may be running beside it: what is changed shows with the next look at a page.

mod scan;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{talk, tell};
use crate::base::clock::Clock;
use crate::base::config::{Config, Site};
use crate::base::id::{SiteId, new_id};
use crate::store::{PageChange, PageChangeKind, PageLine, PageListed, Proposal, Store, UNDO_DAYS};

/// Pages read from the store at a time.
const PART: u32 = 1_000;
/// Lines of one file.
const LINES_MAX: usize = 10_000;

/// What every command about pages takes.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The configuration
    #[arg(long)]
    config: PathBuf,
    /// The site; not needed where there is one alone
    #[arg(long)]
    site: Option<String>,
    /// Report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Pages {
    /// List the pages with their other keys, readers, owner and how much is there
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Let another key lead to a page
    Alias {
        /// The key that nobody uses yet
        alias: String,
        /// The key of the page
        page: String,
        #[command(flatten)]
        common: Common,
    },
    /// Give a page another key; the old one leads to it from then on
    Move {
        /// The key now
        from: String,
        /// The key that it is to be
        to: String,
        #[command(flatten)]
        common: Common,
    },
    /// Put what is on a page on another one, to which its keys lead from then on
    Merge {
        /// The page that is given up
        from: String,
        /// The page that stays
        into: String,
        #[command(flatten)]
        common: Common,
    },
    /// Move or merge pages by a CSV file with two columns, the key now and the key that it is to be
    Remap {
        /// The file; `-` for stdin. A first line `from,to` is passed over
        file: PathBuf,
        /// Do it; without this nothing is changed and what would be is told
        #[arg(long)]
        apply: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Take a change back, within 30 days
    Undo {
        /// What `alias`, `move`, `merge`, `remap` or `accept` has called it
        change: String,
        #[command(flatten)]
        common: Common,
    },
    /// Fetch the pages at their addresses: redirects, canonical links, what they say and who looks after them
    Scan {
        /// A file with what a browser that is signed in to the intranet sends as `Cookie`
        #[arg(long)]
        cookie_file: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// List what seems to be one page under two keys
    Proposals {
        #[command(flatten)]
        common: Common,
    },
    /// Merge two pages as proposed
    Accept {
        /// The page that is given up
        from: String,
        /// The page that stays
        into: String,
        #[command(flatten)]
        common: Common,
    },
    /// Propose these two no more
    Reject {
        /// The first key of the proposal
        from: String,
        /// The second key of the proposal
        into: String,
        #[command(flatten)]
        common: Common,
    },
}

/// An open store, and the site that is meant.
struct Desk {
    store: Store,
    site: Site,
    id: SiteId,
    as_json: bool,
    clock: Clock,
}

impl Desk {
    async fn open(common: &Common) -> Result<Self> {
        let mut config = Config::load(&common.config)?;
        let known: Vec<String> = config.sites.iter().map(|site| site.id.clone()).collect();
        let place = match &common.site {
            Some(id) => config.sites.iter().position(|site| site.id == *id),
            None if config.sites.len() == 1 => Some(0),
            None => None,
        };
        let Some(place) = place else {
            bail!("which site is meant?\nhint: --site with one of: {}", known.join(", "));
        };
        let site = config.sites.swap_remove(place);
        let store = Store::open(&config.database).await?;
        let id = SiteId::from(site.id.as_str());
        Ok(Self { store, site, id, as_json: common.json, clock: Clock::system() })
    }

    /// All pages, part by part.
    async fn pages(&self) -> Result<Vec<PageListed>> {
        let mut pages: Vec<PageListed> = Vec::new();
        loop {
            let after = pages.last().map(|page| page.key.clone()).unwrap_or_default();
            let part = self.store.list_pages(&self.id, &after, PART).await?;
            let is_last = part.len() < usize::try_from(PART)?;
            pages.extend(part);
            if is_last {
                return Ok(pages);
            }
        }
    }

    /// Do what the lines say and tell what became of them.
    async fn change(&self, lines: Vec<PageLine>, apply: bool) -> Result<()> {
        let now = self.clock.now();
        let batch = apply.then(|| new_id(now));
        let changes = self.store.change_pages(&self.id, lines, batch.clone(), now).await?;
        let problems = changes.iter().filter(|change| change.problem.is_some()).count();
        let is_done = apply && problems < changes.len();
        tell(&match self.as_json {
            true => json!({"change": batch.as_ref().filter(|_| is_done), "lines": as_values(&changes)})
                .to_string(),
            false => as_words(&changes, apply),
        });
        match (&batch, is_done) {
            (Some(batch), true) => {
                talk(&format!("to take it back within {UNDO_DAYS} days: stoa pages undo {batch}"))
            }
            (None, _) => talk("nothing was changed; --apply does it"),
            _ => {}
        }
        if problems > 0 && problems == changes.len() {
            bail!("nothing can be done of that\nhint: what is in the way is above, line by line");
        }
        Ok(())
    }
}

pub(super) async fn run(command: Pages) -> Result<()> {
    use PageChangeKind::{Alias, Merge, Move};
    let one = |kind, source, target| vec![PageLine { kind: Some(kind), source, target }];
    match command {
        Pages::List { common } => {
            let desk = Desk::open(&common).await?;
            tell(&listed(&desk.pages().await?, desk.as_json));
            Ok(())
        }
        Pages::Alias { alias, page, common } => {
            Desk::open(&common).await?.change(one(Alias, alias, page), true).await
        }
        Pages::Move { from, to, common } => {
            Desk::open(&common).await?.change(one(Move, from, to), true).await
        }
        Pages::Merge { from, into, common } => {
            Desk::open(&common).await?.change(one(Merge, from, into), true).await
        }
        Pages::Remap { file, apply, common } => {
            let lines = read_lines(&file)?;
            Desk::open(&common).await?.change(lines, apply).await
        }
        Pages::Undo { change, common } => {
            let desk = Desk::open(&common).await?;
            let changes = desk.store.undo_pages(&desk.id, &change, desk.clock.now()).await;
            let changes = changes.context("it cannot be taken back\nhint: name a change of the last 30 days, as `move`, `merge`, `alias`, `remap` or `accept` has printed it")?;
            tell(&match desk.as_json {
                true => json!({"undone": as_values(&changes)}).to_string(),
                false => as_words(&changes, true),
            });
            Ok(())
        }
        Pages::Scan { cookie_file, common } => {
            let desk = Desk::open(&common).await?;
            let report = scan::scan(&desk, cookie_file.as_deref()).await?;
            tell(&report.told(desk.as_json));
            Ok(())
        }
        Pages::Proposals { common } => {
            let desk = Desk::open(&common).await?;
            let proposals = desk.store.list_proposals(&desk.id).await?;
            tell(&proposed(&proposals, desk.as_json));
            Ok(())
        }
        Pages::Accept { from, into, common } => {
            let desk = Desk::open(&common).await?;
            desk.store.decide_proposal(&desk.id, (&from, &into), true, desk.clock.now()).await?;
            desk.change(one(Merge, from, into), true).await
        }
        Pages::Reject { from, into, common } => {
            let desk = Desk::open(&common).await?;
            Ok(desk.store.decide_proposal(&desk.id, (&from, &into), false, desk.clock.now()).await?)
        }
    }
}

/// The lines of a CSV file (RFC 4180).
fn read_lines(file: &Path) -> Result<Vec<PageLine>> {
    let input: Box<dyn std::io::Read> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin()),
        _ => Box::new(std::fs::File::open(file).with_context(|| {
            format!("cannot read {}\nhint: name a CSV file with two columns", file.display())
        })?),
    };
    lines_of(input).with_context(|| format!("{} is no list of two columns", file.display()))
}

fn lines_of(input: impl std::io::Read) -> Result<Vec<PageLine>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(input);
    let mut lines = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record
            .context("this is no CSV\nhint: write the key now, a comma and the key that it is to be")?;
        let (Some(source), Some(target), None) = (record.get(0), record.get(1), record.get(2)) else {
            let line = record.position().map_or(0, csv::Position::line);
            bail!("line {line} has not two columns\nhint: a key with a comma stands in quotes");
        };
        if number == 0 && (source, target) == ("from", "to") {
            continue;
        }
        lines.push(PageLine { kind: None, source: source.to_owned(), target: target.to_owned() });
        if lines.len() > LINES_MAX {
            bail!("there are more than {LINES_MAX} lines\nhint: make several files of it");
        }
    }
    Ok(lines)
}

fn listed(pages: &[PageListed], as_json: bool) -> String {
    if as_json {
        let page = |page: &PageListed| {
            json!({
                "key": page.key, "title": page.title, "url": page.url, "aliases": page.aliases,
                "readers": page.readers, "owner": page.owner, "entries": page.entries,
            })
        };
        return json!({"pages": pages.iter().map(page).collect::<Vec<_>>()}).to_string();
    }
    let line = |page: &PageListed| {
        let readers = match &*page.readers {
            [] => "nobody".to_owned(),
            readers => readers.join(", "),
        };
        let owner = page.owner.as_deref().map(|owner| format!("; {owner}")).unwrap_or_default();
        let aliases: String = page.aliases.iter().map(|alias| format!("\n  also {alias}")).collect();
        format!("{}: {} entries; readers {readers}{owner}{aliases}", page.key, page.entries)
    };
    pages.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn proposed(proposals: &[Proposal], as_json: bool) -> String {
    if as_json {
        let proposal = |one: &Proposal| json!({"from": one.source, "into": one.target, "why": one.why.word(), "entries": one.entries});
        return json!({"proposals": proposals.iter().map(proposal).collect::<Vec<_>>()}).to_string();
    }
    let line = |one: &Proposal| {
        format!("{} -> {} ({}; {} entries)", one.source, one.target, one.why.word(), one.entries)
    };
    proposals.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn as_values(changes: &[PageChange]) -> Vec<Value> {
    let value = |change: &PageChange| {
        json!({
            "what": change.kind.map(PageChangeKind::word), "from": change.source, "to": change.target,
            "entries": change.entries, "problem": change.problem,
        })
    };
    changes.iter().map(value).collect()
}

fn as_words(changes: &[PageChange], done: bool) -> String {
    let mut lines: Vec<String> = changes
        .iter()
        .map(|change| match (&change.problem, change.kind) {
            (Some(problem), _) => format!("left out: {} -> {}: {problem}", change.source, change.target),
            (None, kind) => {
                let kind = kind.map_or("", PageChangeKind::word);
                format!("{kind}: {} -> {} ({} entries)", change.source, change.target, change.entries)
            }
        })
        .collect();
    let count = |kind| changes.iter().filter(|one| one.problem.is_none() && one.kind == Some(kind)).count();
    let left_out = changes.iter().filter(|change| change.problem.is_some()).count();
    lines.push(format!(
        "{}{} moves, {} merges, {} aliases, {left_out} left out",
        if done { "" } else { "would be: " },
        count(PageChangeKind::Move),
        count(PageChangeKind::Merge),
        count(PageChangeKind::Alias),
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::lines_of;

    fn check(text: &str, expected: Result<&[(&str, &str)], &str>) {
        match (lines_of(text.as_bytes()), expected) {
            (Ok(lines), Ok(expected)) => {
                let lines: Vec<_> =
                    lines.iter().map(|line| (line.source.as_str(), line.target.as_str())).collect();
                assert_eq!(lines, expected, "{text}");
            }
            (Err(error), Err(expected)) => {
                assert!(format!("{error:#}").contains(expected), "{text}: {error:#}")
            }
            (found, _) => panic!("{text}: {found:?}"),
        }
    }

    #[test]
    fn a_file_has_two_columns() {
        check("from,to\na,b\n", Ok(&[("a", "b")]));
        check("/a?x=1&y=2, /b\r\n", Ok(&[("/a?x=1&y=2", "/b")]));
        check("\"a,b\",\"say \"\"c\"\"\"\n", Ok(&[("a,b", "say \"c\"")]));
        check("", Ok(&[]));
        check("a\n", Err("line 1 has not two columns"));
        check("a,b\na,b,c\n", Err("line 2 has not two columns"));
    }
}
