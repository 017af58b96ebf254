//! `stoa token`: make a token to try a configuration with, and look at one that does not work.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use crate::base::clock::Clock;
use crate::base::config::{Algorithm, Config, Issuer, IssuerKey, IssuerKind, KeySource, ROLES, Site};
use crate::identity::Issuers;
use crate::identity::embed::inspect::{Inspected, inspect};
use crate::identity::embed::mint::SigningKey;

use super::{served, tell};

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Make a token as the embedding system would, with the issuer's shared secret or a private key
    Make(Make),
    /// Say whether a token signs somebody in, and which line to change if not
    Inspect(Inspect),
}

#[derive(Debug, Args)]
pub(super) struct Make {
    /// The configuration
    #[arg(long)]
    config: PathBuf,
    /// The site that it is for
    #[arg(long)]
    site: String,
    /// The person's stable id
    #[arg(long)]
    sub: String,
    /// What the person is called
    #[arg(long)]
    name: Option<String>,
    /// expert, leader, steward, moderator, admin or guest; may be repeated
    #[arg(long = "role", value_parser = PossibleValuesParser::new(ROLES))]
    roles: Vec<String>,
    /// A group; may be repeated
    #[arg(long = "group")]
    groups: Vec<String>,
    /// The person's e-mail address
    #[arg(long)]
    email: Option<String>,
    /// The only origin from which it may be used
    #[arg(long)]
    origin: Option<String>,
    /// The page it is made for
    #[arg(long)]
    page: Option<String>,
    /// Which issuer of the site; the first one otherwise
    #[arg(long)]
    issuer: Option<String>,
    /// A private key (PEM), where the issuer has no shared secret
    #[arg(long)]
    key: Option<PathBuf>,
    /// The name of the key
    #[arg(long)]
    kid: Option<String>,
    /// How long it is good for, 600 at the most
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(i64).range(1..=600))]
    seconds: i64,
    /// Tell the claims with it, as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// The token; `-` reads it from stdin, which keeps it out of the shell's history
    token: String,
    /// The configuration
    #[arg(long)]
    config: PathBuf,
    /// The site that it is for
    #[arg(long)]
    site: String,
    /// The origin of the page that sends it; the one that it names otherwise
    #[arg(long)]
    origin: Option<String>,
    /// Report as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Token) -> Result<()> {
    match command {
        Token::Make(make) => make.run().await,
        Token::Inspect(inspect) => inspect.run().await,
    }
}

fn site<'c>(config: &'c Config, id: &str) -> Result<&'c Site> {
    let known = || config.sites.iter().map(|site| site.id.as_str()).collect::<Vec<_>>().join(", ");
    let found = config.sites.iter().find(|site| site.id == id);
    found.with_context(|| format!("there is no site `{id}`\nhint: the configuration has {}", known()))
}

impl Make {
    async fn run(self) -> Result<()> {
        let config = served(&self.config).await?;
        let site = site(&config, &self.site)?;
        let issuer = self.issuer(site)?;
        let (key, kid) = self.signing_key(issuer)?;
        let clock = Clock::system();
        let claims = self.claims(issuer);
        let token = key.sign(kid.as_deref(), claims, self.seconds, clock.now())?;
        let issuers = Issuers::load(site).await?;
        let checked = inspect(&token, site, &issuers, self.origin.as_deref(), &clock).await;
        if let Err(error) = &checked.verdict {
            bail!("this token would be refused: {error}\nhint: {}", checked.change.unwrap_or_default());
        }
        tell(&match self.json {
            true => json!({"token": token, "header": checked.header, "claims": checked.claims}).to_string(),
            false => token,
        });
        Ok(())
    }

    fn issuer<'s>(&self, site: &'s Site) -> Result<&'s Issuer> {
        let mut own = site.issuers.iter().filter(|issuer| issuer.kind == IssuerKind::Jwt);
        let found = match &self.issuer {
            None => own.next(),
            Some(name) => own.find(|issuer| issuer.issuer == *name),
        };
        found.with_context(|| {
            let known: Vec<&str> = site.issuers.iter().map(|issuer| issuer.issuer.as_str()).collect();
            format!(
                "the site has no such issuer whose tokens can be made here\nhint: it has {}; only a provider makes its ID tokens",
                known.join(", ")
            )
        })
    }

    /// The private key that was named, or the secret of the configuration, with its name.
    fn signing_key(&self, issuer: &Issuer) -> Result<(SigningKey, Option<String>)> {
        let read = |path: &Path| {
            std::fs::read(path).with_context(|| {
                format!("cannot read {}\nhint: name a file that this user may read", path.display())
            })
        };
        if let Some(path) = &self.key {
            return Ok((SigningKey::from_pem(&read(path)?)?, self.kid.clone()));
        }
        let KeySource::Files(keys) = issuer.source() else {
            bail!("the keys of {} are public ones\nhint: name its private key with --key", issuer.issuer);
        };
        let is_asked = |key: &&IssuerKey| self.kid.is_none() || key.kid == self.kid;
        let found = keys.iter().filter(|key| key.algorithm == Algorithm::HS256).find(is_asked);
        match found {
            Some(key) => Ok((SigningKey::from_secret(&read(key.path())?), key.kid.clone())),
            None => {
                bail!("{} has no such shared secret\nhint: name its private key with --key", issuer.issuer)
            }
        }
    }

    fn claims(&self, issuer: &Issuer) -> Map<String, Value> {
        let mut claims = Map::new();
        claims.insert("iss".to_owned(), json!(issuer.issuer));
        claims.insert("aud".to_owned(), json!(self.site));
        claims.insert("sub".to_owned(), json!(self.sub));
        let texts =
            [("name", &self.name), ("email", &self.email), ("origin", &self.origin), ("page", &self.page)];
        for (name, value) in texts.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            claims.insert(name.to_owned(), json!(value));
        }
        // Always there: a token without them would keep the roles of an earlier one.
        claims.insert("roles".to_owned(), json!(self.roles));
        claims.insert("groups".to_owned(), json!(self.groups));
        claims
    }
}

impl Inspect {
    async fn run(self) -> Result<()> {
        let config = served(&self.config).await?;
        let site = site(&config, &self.site)?;
        let token = self.token()?;
        let issuers = Issuers::load(site).await?;
        let inspected = inspect(token.trim(), site, &issuers, self.origin.as_deref(), &Clock::system()).await;
        tell(&if self.json { as_json(&inspected).to_string() } else { as_words(&inspected) });
        match (&inspected.verdict, inspected.change) {
            (Err(error), Some(change)) => bail!("{error}\nhint: {change}"),
            _ => Ok(()),
        }
    }

    fn token(&self) -> Result<String> {
        if self.token != "-" {
            return Ok(self.token.clone());
        }
        let mut token = String::new();
        // A little more than the longest token, so that a longer one is told to be too long.
        std::io::stdin()
            .take(64 * 1024)
            .read_to_string(&mut token)
            .context("cannot read the token from stdin")?;
        Ok(token)
    }
}

fn as_words(inspected: &Inspected) -> String {
    let Inspected { header, claims, key, age_s, verdict, .. } = inspected;
    let mut lines = vec![format!("header     {header}")];
    match claims.as_object() {
        Some(all) => lines.extend(all.iter().map(|(name, value)| format!("claim      {name} = {value}"))),
        None => lines.push("claims     cannot be read".to_owned()),
    }
    lines.push(format!("signed by  {}", key.as_deref().unwrap_or("no key of this issuer")));
    lines.push(match age_s {
        Some(age) if *age < 0 => format!("clock      made {} s ahead of this machine's clock", -age),
        Some(age) => format!("clock      made {age} s ago by this machine's clock"),
        None => "clock      it does not say when it was made".to_owned(),
    });
    lines.push(match verdict {
        Ok(vouched) => {
            let person = &vouched.claims;
            let name = person.name.as_deref().unwrap_or("a name that is known already");
            let roles = match &person.roles {
                None => "the roles of an earlier token".to_owned(),
                Some(roles) if roles.is_empty() => "no role".to_owned(),
                Some(roles) => roles.join(", "),
            };
            format!("verdict    signs in {} ({name}) with {roles}", person.subject)
        }
        Err(error) => format!("verdict    refused: {}", error.code()),
    });
    lines.join("\n")
}

fn as_json(inspected: &Inspected) -> Value {
    let (code, error) = match &inspected.verdict {
        Ok(_) => (None, None),
        Err(error) => (Some(error.code()), Some(error.to_string())),
    };
    json!({
        "signs_in": inspected.verdict.is_ok(),
        "code": code,
        "error": error,
        "change": inspected.change,
        "header": inspected.header,
        "claims": inspected.claims,
        "key": inspected.key,
        "age_s": inspected.age_s,
    })
}
