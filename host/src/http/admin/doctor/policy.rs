//! What the page's Content-Security-Policy lets a browser do (CSP level 3), and the directive that would have to change.

use content_security_policy::{
    CheckResult, CspList, Destination, Initiator, ParserMetadata, Policy, PolicyDisposition, PolicySource,
    Request,
};
use reqwest::Url;

/// All policies of a page: each of them has to allow what is done.
pub(super) struct Policies(CspList);

/// A directive that keeps something from working.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocked {
    /// As it is now; empty where the policy has none.
    pub(super) now: String,
    /// As it has to be.
    pub(super) wanted: String,
}

impl Policies {
    /// Of the headers and of `<meta>`.
    pub(super) fn read<'a>(headers: impl Iterator<Item = &'a str>, metas: &[String]) -> Self {
        let mut all = CspList(Vec::new());
        for header in headers {
            all.append(CspList::parse(header, PolicySource::Header, PolicyDisposition::Enforce));
        }
        for meta in metas {
            all.append(CspList::parse(meta, PolicySource::Meta, PolicyDisposition::Enforce));
        }
        Self(all)
    }

    /// Whether the script tag may be loaded.
    pub(super) fn script(&self, page: &Url, script: &Url, nonce: &str, source: &str) -> Option<Blocked> {
        let request = request(page, script, Destination::Script, nonce);
        self.blocked(&request, &["script-src-elem", "script-src", "default-src"], source)
    }

    /// Whether the page may ask this address.
    pub(super) fn connect(&self, page: &Url, address: &Url, source: &str) -> Option<Blocked> {
        let request = request(page, address, Destination::None, "");
        self.blocked(&request, &["connect-src", "default-src"], source)
    }

    /// Whether WebAssembly may run: without it the widgets are less lively.
    pub(super) fn wasm(&self) -> Option<Blocked> {
        let (result, violations) = self.0.is_wasm_evaluation_allowed();
        let policy = &violations.first()?.policy;
        (result == CheckResult::Blocked)
            .then(|| change(policy, &["script-src", "default-src"], "'wasm-unsafe-eval'"))
    }

    /// Whether the page is in a sandbox without this.
    pub(super) fn sandbox_lacks(&self, word: &str) -> bool {
        self.0.0.iter().any(|policy| {
            let sandbox = policy.directive_set.iter().find(|directive| directive.name == "sandbox");
            sandbox.is_some_and(|sandbox| !sandbox.value.iter().any(|value| value == word))
        })
    }

    fn blocked(&self, request: &Request, names: &[&str], source: &str) -> Option<Blocked> {
        let (result, violations) = self.0.should_request_be_blocked(request);
        let policy = &violations.first()?.policy;
        (result == CheckResult::Blocked).then(|| change(policy, names, source))
    }
}

fn request(page: &Url, url: &Url, destination: Destination, nonce: &str) -> Request {
    Request {
        url: url.clone(),
        current_url: url.clone(),
        origin: page.origin(),
        redirect_count: 0,
        destination,
        initiator: if destination == Destination::None { Initiator::Fetch } else { Initiator::None },
        nonce: nonce.to_owned(),
        integrity_metadata: String::new(),
        parser_metadata: ParserMetadata::ParserInserted,
    }
}

/// The first of the directives that the policy has, and the same with one source more; where it is the fallback, a
/// directive of its own, so that nothing else is let through.
fn change(policy: &Policy, names: &[&str], source: &str) -> Blocked {
    let find = |name: &&str| policy.directive_set.iter().find(|directive| directive.name == **name);
    let found = names.iter().find_map(find);
    let values = found.map(|directive| directive.value.clone()).unwrap_or_default();
    let now = found
        .map(|found| std::iter::once(&found.name).chain(&values).cloned().collect::<Vec<_>>().join(" "))
        .unwrap_or_default();
    let own = names[usize::from(names[0] == "script-src-elem")];
    let name = found.map_or(own, |found| if found.name == "default-src" { own } else { &found.name });
    let kept = values.iter().map(String::as_str).filter(|value| !value.eq_ignore_ascii_case("'none'"));
    let wanted = std::iter::once(name).chain(kept).chain([source]).collect::<Vec<_>>().join(" ");
    Blocked { now, wanted }
}

#[cfg(test)]
mod tests {
    use super::{Policies, Url};

    const HOST: &str = "https://stoa.example";

    /// What has to change for the script, for requests and for WebAssembly; `-` where nothing has to.
    fn wanted(policy: &str, nonce: &str) -> [String; 3] {
        let policies = Policies::read([policy].into_iter(), &[]);
        let url = |text: &str| Url::parse(text).unwrap();
        let (page, script) = (url("https://intranet.example/a"), url("https://stoa.example/embed.js"));
        let session = url("https://stoa.example/v1/sites/x/session");
        [
            policies.script(&page, &script, nonce, HOST),
            policies.connect(&page, &session, HOST),
            policies.wasm(),
        ]
        .map(|blocked| blocked.map_or_else(|| "-".to_owned(), |blocked| blocked.wanted))
    }

    #[test]
    fn each_policy_gets_the_line_that_cures_it() {
        let check = |policy: &str, nonce: &str, expected: [&str; 3]| {
            assert_eq!(wanted(policy, nonce), expected.map(str::to_owned), "{policy}");
        };
        check("img-src 'self'", "", ["-", "-", "-"]);
        check(
            "default-src 'self'",
            "",
            [
                "script-src 'self' https://stoa.example",
                "connect-src 'self' https://stoa.example",
                "script-src 'self' 'wasm-unsafe-eval'",
            ],
        );
        check(
            "default-src 'none'; script-src 'none'",
            "",
            [
                "script-src https://stoa.example",
                "connect-src https://stoa.example",
                "script-src 'wasm-unsafe-eval'",
            ],
        );
        check(
            "script-src https://stoa.example 'wasm-unsafe-eval'; connect-src 'self'",
            "",
            ["-", "connect-src 'self' https://stoa.example", "-"],
        );
        check(
            "script-src 'nonce-abc' 'strict-dynamic'",
            "abc",
            ["-", "-", "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'"],
        );
        check(
            "script-src 'self'; script-src-elem 'self'",
            "",
            ["script-src-elem 'self' https://stoa.example", "-", "script-src 'self' 'wasm-unsafe-eval'"],
        );
    }

    #[test]
    fn every_policy_has_to_allow_it() {
        let policy = "script-src *, script-src 'self'";
        assert_eq!(wanted(policy, "")[0], "script-src 'self' https://stoa.example");
        assert!(Policies::read(["sandbox allow-forms"].into_iter(), &[]).sandbox_lacks("allow-scripts"));
        assert!(!Policies::read(["sandbox allow-scripts"].into_iter(), &[]).sandbox_lacks("allow-scripts"));
    }
}
