//! What may be written: lists of words with a box to try them, and when entries wait for a moderator.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use stoa_rules::{Author, Draft, Moderation, ModerationMode, Verdict, judge};

use super::super::super::Host;
use super::super::guard::{Asked, Fields};
use super::super::layout::{self, Field, Page, Words, notice, select};
use super::{Errors, head, hidden, is_locked, version};
use crate::base::config::Site;
use crate::dispatch::console::{Managed, Role};

/// Words of each list.
const WORDS_MAX: usize = 2_000;
/// Characters of a word.
const WORD_CHARS_MAX: usize = 100;

/// Each number with the most that it takes.
const NUMBERS: [(&str, u32); 5] = [
    ("links_max", 1_000),
    ("links_max_guest", 1_000),
    ("new_author_hold", 1_000),
    ("report_hold", 1_000),
    ("undo_days", 3_650),
];

fn number(rules: &Moderation, name: &str) -> String {
    match name {
        "links_max" => rules.links_max.to_string(),
        "links_max_guest" => rules.links_max_guest.to_string(),
        "new_author_hold" => rules.new_author_hold.to_string(),
        "report_hold" => rules.report_hold.to_string(),
        _ => rules.undo_days.to_string(),
    }
}

fn mode(mode: ModerationMode) -> &'static str {
    match mode {
        ModerationMode::Post => "post",
        ModerationMode::Pre => "pre",
        ModerationMode::PreAll => "pre-all",
    }
}

/// `GET /admin/sites/{site}/words`
pub(in super::super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let rules = &site.config.moderation;
    let mut shown = vec![
        ("banned_words".to_owned(), rules.banned_words.join("\n")),
        ("suspect_words".to_owned(), rules.suspect_words.join("\n")),
        ("mode".to_owned(), mode(rules.mode).to_owned()),
    ];
    shown.extend(NUMBERS.map(|(name, _)| (name.to_owned(), number(rules, name))));
    show(&host, &asked, &Fields(shown), &Errors::new(), None, StatusCode::OK)
}

/// `POST /admin/sites/{site}/words`: saved, or only tried.
pub(in super::super) async fn post(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (form, words) = (&asked.form, &asked.words);
    let mut rules = site.config.moderation.clone();
    let mut errors = put(form, &mut rules, words);
    if form.get("do") == "test" && errors.is_empty() {
        let tried = tried(words, &rules, form.get("test"));
        return show(&host, &asked, form, &errors, Some(&tried), StatusCode::OK);
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if site.managed == Managed::File {
        (status, errors) = (StatusCode::CONFLICT, Errors::from([(String::new(), words.t("file-rule"))]));
    }
    if errors.is_empty() {
        let changed = Site { moderation: rules, ..Site::clone(&site.config) };
        match host.app.save_site(operator, changed, version(form), "words-changed").await {
            Ok(()) => return layout::see(&format!("/admin/sites/{id}/words?saved=1")),
            Err(error) => (status, errors) = error.at_fields(words, &[]),
        }
    }
    show(&host, &asked, form, &errors, None, status)
}

fn put(form: &Fields, rules: &mut Moderation, words: &Words) -> Errors {
    let mut errors = Errors::new();
    for name in ["banned_words", "suspect_words"] {
        let list = form.lines(name);
        if list.len() > WORDS_MAX || list.iter().any(|word| word.chars().count() > WORD_CHARS_MAX) {
            errors.insert(name.to_owned(), words.t("words-many"));
        }
    }
    (rules.banned_words, rules.suspect_words) = (form.lines("banned_words"), form.lines("suspect_words"));
    rules.mode = match form.get("mode") {
        "pre" => ModerationMode::Pre,
        "pre-all" => ModerationMode::PreAll,
        _ => ModerationMode::Post,
    };
    for (name, max) in NUMBERS {
        match form.get(name).trim().parse::<u32>() {
            Ok(number) if number <= max => match name {
                "links_max" => rules.links_max = number as usize,
                "links_max_guest" => rules.links_max_guest = number as usize,
                "new_author_hold" => rules.new_author_hold = number,
                "report_hold" => rules.report_hold = number,
                _ => rules.undo_days = number,
            },
            _ => drop(errors.insert(name.to_owned(), format!("{} 0–{max}", words.t("number-wrong")))),
        }
    }
    errors
}

/// What the lists make of a text by a colleague.
fn tried(words: &Words, rules: &Moderation, text: &str) -> Markup {
    // Only the lists are tried: links, history and the mode are other rules.
    let lists = Moderation {
        banned_words: rules.banned_words.clone(),
        suspect_words: rules.suspect_words.clone(),
        ..Moderation::default()
    };
    let draft =
        Draft { body: text.trim(), words: text, link_count: 0, edit: false, insists: false, closed: false };
    let (tone, id) = match judge(&lists, &Author::default(), &draft) {
        Verdict::Publish => ("good", "words-passes"),
        Verdict::PublishAndReport => ("warn", "words-suspect"),
        Verdict::Hold(_) => ("warn", "words-held"),
        Verdict::Refuse("empty") => ("warn", "words-empty"),
        Verdict::Refuse(_) => ("bad", "words-banned"),
    };
    notice(tone, &words.t(id))
}

fn show(
    host: &Host,
    asked: &Asked,
    shown: &Fields,
    errors: &Errors,
    tried: Option<&Markup>,
    status: StatusCode,
) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, locked) = (&asked.words, is_locked(asked, site, Role::Moderator));
    let field = |name: &'static str, rows| {
        let id = name.replace('_', "-");
        Field {
            name,
            label: words.t(&format!("words-{id}")),
            value: shown.get(name),
            hint: if rows > 1 { words.t(&format!("words-{id}-hint")) } else { String::new() },
            error: errors.get(name).map(String::as_str),
            rows,
            disabled: locked,
        }
        .markup()
    };
    let modes = ["post", "pre", "pre-all"].map(|mode| (mode.to_owned(), words.t(&format!("mode-{mode}"))));
    let test = Field {
        name: "test",
        label: words.t("words-test"),
        value: shown.get("test"),
        hint: words.t("words-test-hint"),
        error: None,
        rows: 3,
        disabled: false,
    };
    let body = html! {
        (head(asked, site, errors))
        form.panel method="post" {
            (hidden(asked, site))
            @if locked {
                // Disabled fields are not sent; the lists are tried as they are.
                @for (name, value) in &shown.0 { @if name != "test" && name != "form" && name != "version" && name != "do" { input type="hidden" name=(name) value=(value); } }
            }
            div.two { (field("banned_words", 8)) (field("suspect_words", 8)) }
            (test.markup())
            @if let Some(tried) = tried { (tried) }
            p { button name="do" value="test" { (words.t("words-try")) } }
            h2 { (words.t("words-rules")) }
            (select("mode", &words.t("words-mode"), &modes, shown.get("mode"), locked))
            div.two { @for (name, _) in NUMBERS { (field(name, 1)) } }
            @if !locked { p { button.main name="do" value="save" { (words.t("save")) } } }
        }
    };
    Page { host, asked, title: words.t("nav-words"), here: "words", body }.answer_as(status)
}
