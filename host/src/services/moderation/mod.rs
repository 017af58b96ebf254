//! What the host draws at each entry for those who moderate, report or wrote it. Whether a text is published, held or
//! refused is decided by `stoa_rules::judge`.

mod draw;
mod facts;

pub use draw::{HOST_PARAMETERS, draw};
pub use facts::{
    Facts, HostVerb, PARAMETER_PREFIX, REASON_FIELD, REPORT_REASONS, Report, VERB_PREFIX, Viewer,
};

#[cfg(test)]
mod tests {
    use stoa_rules::{Author, Draft, Moderation, Verdict, judge};

    use crate::services::markdown::read;

    /// Judged as readers see it.
    fn check(author: &Author, body: &str, expected: Verdict) {
        let rules = Moderation {
            banned_words: ["idiot", "get rich", "\u{434}\u{443}\u{440}\u{430}\u{43a}"]
                .map(str::to_owned)
                .to_vec(),
            ..Moderation::default()
        };
        let reading = read(body);
        let draft = Draft {
            body,
            words: &reading.words,
            link_count: reading.link_count,
            edit: false,
            insists: false,
            closed: false,
        };
        assert_eq!(judge(&rules, author, &draft), expected, "{author:?} {body:.60}");
    }

    #[test]
    fn words_are_judged_as_they_are_read() {
        for body in [
            "Get  \n rich",
            "You id**io**t!",
            "You id&#105;ot!",
            "You `id`iot!",
            "You id[io](https://a.example)t!",
            "You id&#x200d;iot!",
            "You \u{ff49}d\u{456}\u{3bf}t!",
            "You \u{406}D\u{406}\u{41e}\u{422}!",
            "\u{414}\u{443}\u{440}\u{430}\u{43a}!",
            "[see](https://idiot.example)",
        ] {
            check(&Author::default(), body, Verdict::Refuse("banned"));
        }
        check(&Author::default(), "The idiotic printer", Verdict::Publish);
    }

    #[test]
    fn links_are_counted_as_they_are_read() {
        let guest = Author { guest: true, approved_count: 2, ..Author::default() };
        for (body, verdict) in [
            ("https://a.example https://b.example https://c.example", Verdict::Hold("links")),
            ("[a] [a] [a]\n\n[a]: https://a.example", Verdict::Hold("links")),
            ("https&colon;//a.b https:&#47;/a.b &#104;ttps://a.b", Verdict::Hold("links")),
            ("<a@b.example> <b@b.example> <c@b.example>", Verdict::Hold("links")),
            ("`https://a.b https://a.b https://a.b`", Verdict::Publish),
        ] {
            check(&guest, body, verdict);
        }
    }
}
