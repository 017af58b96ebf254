//! Looks at what was fetched. Pure: the same page gives the same findings.

use reqwest::Url;

use super::findings::{Finding, Who};
use super::page::{Loader, Page, Widget};
use super::policy::{Blocked, Policies};
use crate::base::config::{Config, Site};

/// Everything about the page that the checks need.
pub(super) struct Seen<'a> {
    pub(super) config: &'a Config,
    /// The host's origin.
    pub(super) stoa: Url,
    /// Where the page is, after redirects.
    pub(super) at: Url,
    pub(super) page: Page,
    pub(super) policies: Policies,
    /// `Cache-Control` of the page.
    pub(super) cache_control: String,
}

impl Seen<'_> {
    fn source(&self) -> String {
        self.stoa.origin().ascii_serialization()
    }

    fn origin(&self) -> String {
        self.at.origin().ascii_serialization()
    }

    fn script_line(&self, site: &str) -> String {
        format!(r#"<script type="module" src="{}/embed.js" data-site="{site}"></script>"#, self.source())
    }

    /// The site that the page names; otherwise the one whose origins it is of, or the only one.
    pub(super) fn site(&self) -> Option<&Site> {
        let sites = &self.config.sites;
        let of_origin = || sites.iter().find(|site| site.origins.contains(&self.origin()));
        match self.site_id() {
            Some(id) => sites.iter().find(|site| site.id == id),
            None => of_origin().or_else(|| sites.first().filter(|_| sites.len() == 1)),
        }
    }

    fn site_id(&self) -> Option<&str> {
        let of_widget = self.page.widgets.iter().find_map(|widget| widget.settings.get("site"));
        let of_script = self.page.loaders.iter().find_map(|loader| loader.site.as_ref());
        of_widget.or(of_script).or_else(|| self.page.settings.get("site")).map(String::as_str)
    }

    /// The script of this host, where the page has it.
    fn loader(&self) -> Option<(&Loader, Url)> {
        let resolved = |loader: &Loader| self.at.join(&loader.src).ok();
        let mut all = self.page.loaders.iter().filter_map(|loader| Some((loader, resolved(loader)?)));
        all.find(|(_, url)| {
            url.host() == self.stoa.host() && url.port_or_known_default() == self.stoa.port_or_known_default()
        })
        .or_else(|| self.page.loaders.iter().find_map(|loader| Some((loader, resolved(loader)?))))
    }

    /// An attribute of any widget, or the setting of the whole page.
    pub(super) fn setting(&self, name: &str) -> Option<&str> {
        let own = self.page.widgets.iter().find_map(|widget| widget.settings.get(name));
        own.or_else(|| self.page.settings.get(name)).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// All that can be told from the page itself.
pub(super) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    script(seen, &mut findings);
    site(seen, &mut findings);
    widgets(seen, &mut findings);
    policies(seen, &mut findings);
    keys(seen, &mut findings);
    tokens(seen, &mut findings);
    findings.sort_by_key(|finding| finding.weight);
    findings
}

fn script(seen: &Seen<'_>, findings: &mut Vec<Finding>) {
    let id = seen.site().map_or("SITE", |site| site.id.as_str());
    let Some((loader, url)) = seen.loader() else {
        let line = seen.script_line(id);
        findings.push(if seen.page.shows_script {
            Finding::fault(
                "script-shown",
                Who::Page,
                "the script is on the page as text that people read: the system has escaped it",
                format!("put this line into the template, or use the system's package: {line}"),
            )
        } else if seen.page.asks_for_password && seen.page.widgets.is_empty() {
            Finding::fault(
                "signed-out",
                Who::Page,
                "this is a page to sign in on: the doctor is not signed in to the intranet",
                "give it a session of the intranet: --cookie-file FILE, with what a browser sends as `Cookie`",
            )
        } else {
            Finding::fault(
                "script-missing",
                Who::Page,
                "the page does not load embed.js: it was not put there, or the system has taken it out when the page was saved",
                format!("put this line into the template, or use the system's package: {line}"),
            )
        });
        return;
    };
    let line = seen.script_line(id);
    if seen.at.scheme() == "https" && url.scheme() == "http" {
        findings.push(Finding::fault(
            "mixed-content",
            Who::Stoa,
            format!("the page is https and the script http ({url}): browsers refuse it"),
            "put a proxy with TLS in front of Stoa, and set `public_url` and the script's address to https",
        ));
    } else if url.origin() != seen.stoa.origin() {
        findings.push(Finding::fault(
            "script-elsewhere",
            Who::Page,
            format!("the script comes from {url}, and `public_url` is {}", seen.source()),
            format!("write {line}"),
        ));
    }
    if !loader.is_module {
        findings.push(Finding::fault(
            "script-classic",
            Who::Page,
            "the script tag has no type=\"module\": browsers then refuse what is in the file",
            format!("write {line}"),
        ));
    }
}

fn site(seen: &Seen<'_>, findings: &mut Vec<Finding>) {
    let known = || seen.config.sites.iter().map(|site| site.id.as_str()).collect::<Vec<_>>().join(", ");
    let Some(site) = seen.site() else {
        let (code, says) = match seen.site_id() {
            Some(id) => {
                ("site-unknown", format!("the page names the site `{id}`, which is not in the configuration"))
            }
            None => ("site-missing", "the page names no site".to_owned()),
        };
        let cure = format!("add data-site=\"...\" with one of these to the script tag: {}", known());
        findings.push(Finding::fault(code, Who::Page, says, cure));
        return;
    };
    if seen.site_id().is_none() && seen.loader().is_some() {
        let cure = format!("add data-site=\"{}\" to the script tag", site.id);
        findings.push(Finding::fault("site-missing", Who::Page, "the page names no site", cure));
    }
    let origin = seen.origin();
    if !site.origins.contains(&origin) {
        let mut origins = site.origins.clone();
        origins.push(origin.clone());
        findings.push(Finding::fault(
            "origin-not-listed",
            Who::Stoa,
            format!("{origin} is not one of the origins of site `{}`: the host refuses this page", site.id),
            format!("in stoa.toml, at the site `{}`: origins = {}", site.id, list(&origins)),
        ));
    }
}

fn widgets(seen: &Seen<'_>, findings: &mut Vec<Finding>) {
    if seen.page.widgets.is_empty() && seen.loader().is_some() {
        let cure = "write <div class=\"stoa-comments\" data-page=\"KEY\"></div>, which most systems let through, or use the system's package";
        findings.push(if seen.page.shows_widget {
            let says = "an element is on the page as text that people read: the system has escaped it";
            Finding::fault("element-shown", Who::Page, says, cure)
        } else {
            let says = "the page loads the script and has no element for it: none was put there, or the system has taken it out";
            Finding::fault("element-missing", Who::Page, says, cure)
        });
    }
    let Some(site) = seen.site() else { return };
    for widget in &seen.page.widgets {
        let Some(name) = &widget.plugin else { continue };
        let is_there = site.plugins.get(name.as_str()).is_some_and(|plugin| plugin.enabled);
        if !is_there {
            findings.push(Finding::fault(
                "plugin-missing",
                Who::Stoa,
                format!("{} shows the plugin `{name}`, which site `{}` does not have", widget.tag, site.id),
                format!("in stoa.toml: [sites.plugins.{name}] with `grants`; `stoa check` names them"),
            ));
        }
    }
}

fn policies(seen: &Seen<'_>, findings: &mut Vec<Finding>) {
    let source = seen.source();
    if let Some((loader, url)) = seen.loader()
        && let Some(blocked) = seen.policies.script(&seen.at, &url, &loader.nonce, &source)
    {
        findings.push(policy("policy-script", &blocked, "does not let the browser load the script"));
    }
    if let Ok(session) = seen.stoa.join("/v1/sites/")
        && let Some(blocked) = seen.policies.connect(&seen.at, &session, &source)
    {
        findings.push(policy("policy-connect", &blocked, "does not let the page ask the host"));
    }
    if let Some(url) = seen.setting("token-url").and_then(|url| seen.at.join(url).ok())
        && let Some(blocked) = seen.policies.connect(&seen.at, &url, "'self'")
    {
        findings.push(policy("policy-token", &blocked, "does not let the page ask for a token"));
    }
    if let Some(blocked) = seen.policies.wasm() {
        let change = policy(
            "policy-wasm",
            &blocked,
            "does not let WebAssembly run: everything works, but less lively",
        );
        findings.push(Finding { weight: super::findings::Weight::Advice, ..change });
    }
    for word in ["allow-scripts", "allow-same-origin", "allow-forms"] {
        if seen.policies.sandbox_lacks(word) {
            findings.push(Finding::fault(
                "policy-sandbox",
                Who::Intranet,
                format!("the page's Content-Security-Policy has `sandbox` without `{word}`"),
                format!("add {word} to the directive `sandbox`"),
            ));
        }
    }
}

fn policy(code: &'static str, blocked: &Blocked, what: &str) -> Finding {
    let cure = if blocked.now.is_empty() {
        format!("add to it: {}", blocked.wanted)
    } else if blocked.now.starts_with("default-src") && !blocked.wanted.starts_with("default-src") {
        format!("beside `{}` add: {}", blocked.now, blocked.wanted)
    } else {
        format!("instead of `{}` write: {}", blocked.now, blocked.wanted)
    };
    Finding::fault(code, Who::Intranet, format!("the page's Content-Security-Policy {what}"), cure)
}

/// The keys under which what people write is kept.
fn keys(seen: &Seen<'_>, findings: &mut Vec<Finding>) {
    let without: Vec<&Widget> = seen
        .page
        .widgets
        .iter()
        .filter(|widget| widget.plugin.is_some() && widget.page().is_none())
        .collect();
    let Some(first) = without.first() else { return };
    match seen.page.canonical_url(&seen.at) {
        Some(canonical) if canonical.origin() != seen.at.origin() => findings.push(Finding::advice(
            "canonical-elsewhere",
            Who::Page,
            format!("the page's canonical address is on another origin: {canonical}"),
            format!("give {} a `page` of its own, or mend <link rel=\"canonical\">", first.tag),
        )),
        Some(_) => {}
        None => findings.push(Finding::advice(
            "page-key-from-address",
            Who::Page,
            format!("{} has no `page`, and the page no canonical address: what people write belongs to the address, and is lost when the page moves", first.tag),
            "give the element a `page` that stays, for example the page's number in the system",
        )),
    }
}

fn tokens(seen: &Seen<'_>, findings: &mut Vec<Finding>) {
    let in_page = seen.setting("token").is_some();
    if in_page && !["no-store", "private"].iter().any(|word| seen.cache_control.contains(word)) {
        findings.push(Finding::fault(
            "token-in-cache",
            Who::Page,
            "a token is written into a page that caches may keep: one person's token would go to others",
            "use `token-url` instead of `token`, or send the page with Cache-Control: no-store",
        ));
    }
    let anonymous = seen.site().is_some_and(|site| site.anonymous_read);
    if !in_page && seen.setting("token-url").is_none() && !seen.page.widgets.is_empty() {
        let says = "no token and no token-url is on the page: people are not signed in, unless a script sets `stoa.token`";
        let cure = "add token-url=\"/stoa/token\", an address of the intranet that answers with a token for whoever is signed in";
        findings.push(if anonymous {
            Finding::advice("token-missing", Who::Page, says, cure)
        } else {
            Finding::fault("token-missing", Who::Page, says, cure)
        });
    }
}

fn list(origins: &[String]) -> String {
    toml::Value::from(origins.to_vec()).to_string()
}

#[cfg(test)]
mod tests;
