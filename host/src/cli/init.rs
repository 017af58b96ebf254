//! `stoa init`: from four answers to a configuration that is served.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::{check, serve, talk};
use crate::base::bundle;
use crate::base::config::check_origin;
use crate::base::keys::{random_bytes, write_private};
use crate::runtime::read_package;

/// The site's id; there is one.
const SITE: &str = "intranet";

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Where everything goes: configuration, secret, database
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// The intranet's origin, for example <https://intranet.example.org>
    #[arg(long)]
    intranet: Option<String>,
    /// What people call the intranet
    #[arg(long)]
    name: Option<String>,
    /// Where browsers reach this server, for example <https://widgets.example.org>
    #[arg(long)]
    public_url: Option<String>,
    /// The language where a browser names none
    #[arg(long, value_parser = ["en", "de"])]
    language: Option<String>,
    /// Only write the files
    #[arg(long)]
    no_start: bool,
}

/// What the configuration is made of.
struct Answers {
    intranet: String,
    name: String,
    public_url: String,
    language: String,
}

pub(super) async fn run(init: Init) -> Result<()> {
    let (config, secret) = (init.dir.join("stoa.toml"), init.dir.join("intranet.secret"));
    for file in [&config, &secret] {
        if file.exists() {
            bail!(
                "{} is there already\nhint: name another folder with --dir; nothing was changed",
                file.display()
            );
        }
    }
    let start = !init.no_start;
    let dir = init.dir.clone();
    let answers = init.answers()?;
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let plugins = plugins(&dir.join("data"))?;
    let cannot =
        |file: &Path| format!("cannot write {}\nhint: the folder has to be writable", file.display());
    write_private(&secret, hex::encode(random_bytes::<32>()).as_bytes()).with_context(|| cannot(&secret))?;
    std::fs::write(&config, text(&answers, &plugins)).with_context(|| cannot(&config))?;
    check::run(&config, false).await?;
    talk(&next(&answers, &config, &secret));
    if start { serve::run(&config).await } else { Ok(()) }
}

impl Init {
    fn answers(self) -> Result<Answers> {
        let answers = Answers {
            intranet: ask(self.intranet, "--intranet", "Origin of the intranet (https://...)", None)?,
            name: ask(self.name, "--name", "What people call it", Some("Our intranet"))?,
            public_url: ask(
                self.public_url,
                "--public-url",
                "Where browsers reach this server",
                Some("http://localhost:4000"),
            )?,
            language: ask(self.language, "--language", "Language, en or de", Some("en"))?,
        };
        check_origin("--intranet", &answers.intranet)?;
        check_origin("--public-url", &answers.public_url)?;
        if !["en", "de"].contains(&answers.language.as_str()) {
            bail!("there is no language `{}`\nhint: en or de", answers.language);
        }
        Ok(answers)
    }
}

/// The value of a flag; asked for where somebody is there to answer, and otherwise what is usual.
fn ask(given: Option<String>, flag: &str, question: &str, usual: Option<&str>) -> Result<String> {
    if let Some(given) = given {
        return Ok(given);
    }
    let (stdin, mut stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() {
        return usual.map(str::to_owned).with_context(|| {
            format!("{flag} is missing\nhint: {question}; without a terminal nobody can be asked for it")
        });
    }
    let hint = usual.map(|usual| format!(" [{usual}]")).unwrap_or_default();
    write!(stderr, "{question}{hint}: ")?;
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    let line = line.trim();
    match (line.is_empty(), usual) {
        (false, _) => Ok(line.trim_end_matches('/').to_owned()),
        (true, Some(usual)) => Ok(usual.to_owned()),
        (true, None) => bail!("no answer\nhint: {question}, or {flag} on the command line"),
    }
}

/// The plugins of this program, with what each asks for.
fn plugins(data_dir: &Path) -> Result<Vec<(String, Vec<&'static str>)>> {
    let folder = bundle::plugins(data_dir)?;
    let mut plugins = Vec::new();
    for file in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let (manifest, _) = read_package(&std::fs::read(file?.path())?)?;
        let grants = manifest.grants().iter().map(stoa_rules::Capability::name).collect();
        plugins.push((manifest.name.to_string(), grants));
    }
    plugins.sort();
    Ok(plugins)
}

fn text(answers: &Answers, plugins: &[(String, Vec<&'static str>)]) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let port = answers.public_url.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    // Somebody tries it on their own machine.
    let local =
        ["http://localhost", "http://127.0.0.1"].iter().any(|start| answers.public_url.starts_with(start));
    let development = if local {
        "# Says in the page why something was refused; not for people.\ndevelopment = true\n"
    } else {
        ""
    };
    let mut text = format!(
        "# Every key is explained in host/README.md; `stoa check` looks at all of it.
listen = \"127.0.0.1:{}\"
public_url = {}
database = \"sqlite:stoa.db\"
data_dir = \"data\"
{development}
[[sites]]
id = \"{SITE}\"
name = {}
origins = [{}]
locale = {}

# The intranet signs a short token for whoever is signed in there, with this secret.
[[sites.issuers]]
issuer = {}
algorithm = \"HS256\"
secret_file = \"intranet.secret\"
",
        port.unwrap_or(4000),
        quoted(&answers.public_url),
        quoted(&answers.name),
        quoted(&answers.intranet),
        quoted(&answers.language),
        quoted(&answers.intranet),
    );
    for (name, grants) in plugins {
        let grants = toml::Value::from(grants.clone());
        // Writing into a text cannot fail.
        let _ = write!(text, "\n[sites.plugins.{name}]\ngrants = {grants}\n");
    }
    text
}

fn next(answers: &Answers, config: &Path, secret: &Path) -> String {
    let (host, config, secret) = (&answers.public_url, config.display(), secret.display());
    format!(
        r#"
Written: {config} and {secret}. Two things are left:

1. The intranet signs tokens with that secret: install its package (widgets/cms has WordPress, DokuWiki, MediaWiki,
   Wagtail and programs for others), or try one: stoa token make --config {config} --site {SITE} --sub anna --name Anna
2. Its pages get two lines:
   <script type="module" src="{host}/embed.js" data-site="{SITE}"></script>
   <stoa-page page="KEY" token-url="/stoa/token"></stoa-page>

To try it first: the console has a test page where a comment can be posted; the link to it comes when the server starts.
If nothing shows: stoa doctor PAGE-URL --config {config}
"#
    )
}
