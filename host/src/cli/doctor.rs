//! `stoa doctor PAGE-URL`: why widgets do not show on a page, and the line to change.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use super::{served, tell};
use crate::http::{Examined, Finding, Weight, examine};

pub(super) async fn run(page: &str, config: &Path, cookies: Option<&Path>, as_json: bool) -> Result<()> {
    let config = served(config).await?;
    let cookies = cookies.map(read_cookies).transpose()?;
    let findings = examine(Examined { page, config: &config, cookies, allowed: None }).await?;
    tell(&if as_json { as_json_text(&findings) } else { as_words(&findings) });
    let faults = findings.iter().filter(|finding| finding.weight == Weight::Fault).count();
    if faults > 0 {
        bail!("{faults} fault(s) keep widgets from working\nhint: what to change is above, with who can");
    }
    Ok(())
}

fn read_cookies(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("cannot read {}\nhint: a file with one line, NAME=VALUE; NAME=VALUE", path.display())
    })?;
    Ok(text.trim().trim_start_matches("Cookie:").trim().to_owned())
}

fn as_words(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "all well: nothing that can be seen from here keeps widgets from working on this page"
            .to_owned();
    }
    let words = |finding: &Finding| {
        format!(
            "{:<7}{}: {}\n       cure: {}\n       for:  {}",
            finding.weight.word(),
            finding.code,
            finding.says,
            finding.cure,
            finding.who.word()
        )
    };
    findings.iter().map(words).collect::<Vec<_>>().join("\n\n")
}

fn as_json_text(findings: &[Finding]) -> String {
    let one = |finding: &Finding| {
        json!({
            "code": finding.code, "weight": finding.weight.word(), "says": finding.says, "cure": finding.cure,
            "for": finding.who.word(),
        })
    };
    json!({ "findings": findings.iter().map(one).collect::<Vec<_>>() }).to_string()
}
