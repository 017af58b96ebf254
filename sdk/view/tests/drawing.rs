//! What views look like as HTML, whatever people write.

mod support;

use std::collections::BTreeSet;

use stoa_view::check::check;
use stoa_view::nodes::View;
use stoa_view::ops::{attributes, elements};
use stoa_view::render::{OwnText, json};
use stoa_view::tree::{Element, Tree};
use support::{EVIL, TestHost, html, html_of, tree, views};

type Make = fn(&str) -> View;
const VIEWS: [(&str, Make); 4] = [
    ("structure", views::structure),
    ("content", views::content),
    ("social", views::social),
    ("input", views::input),
];

fn lines(html: &str) -> String {
    html.replace("><", ">\n<")
}

#[test]
fn each_kind_is_drawn_as_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("views");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for (name, make) in VIEWS {
            let view = make("Grüße");
            check(&view).unwrap();
            insta::assert_snapshot!(name, lines(&html(&view, &TestHost::new())));
        }
    });
}

#[test]
fn another_language_and_direction_change_the_texts_and_the_root() {
    let host = TestHost { german: true, rtl: true, ..TestHost::new() };
    let html = html(&views::social("x"), &host);
    assert!(html.starts_with(r#"<div class="view" lang="de" dir="rtl">"#), "{html}");
    assert!(html.contains("Gefällt mir") && html.contains("pinned-de") && html.contains("2 replies-de"));
}

#[test]
fn nothing_that_anybody_writes_becomes_markup() {
    let host = TestHost { evil: true, ..TestHost::new() };
    for (name, make) in VIEWS {
        let (evil, tame) = (make(EVIL), make("tame"));
        let drawn = html(&evil, &host);
        assert!(!drawn.contains("<script") && !drawn.contains("<img src=x"), "{name}: {drawn}");
        assert!(!drawn.contains('\u{0}'), "{name}");
        // Direction overrides survive only in the host's own texts, which the host makes and isolates.
        // Values of form controls go back as they came; they are not shown.
        let ours = html_of(&tree(&evil, &TestHost::new()));
        let shown: String =
            ours.split(" value=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect();
        assert!(!shown.contains('\u{202e}'), "{name}: {shown}");
        // The strongest form: the elements are the same as with harmless words.
        let tame = tree(&tame, &host);
        let evil = tree(&evil, &host);
        assert_eq!(tags(&tame), tags(&evil), "{name}");
        assert_eq!(opened(&drawn), tags(&evil).len(), "{name}: each `<` belongs to an element");
    }
}

fn tags(tree: &Tree) -> Vec<&'static str> {
    fn walk(element: Element<'_>, tags: &mut Vec<&'static str>) {
        tags.extend(element.tag().map(|tag| tag.name()));
        element.children().for_each(|child| walk(child, tags));
    }
    let mut tags = Vec::new();
    tree.roots().for_each(|root| walk(root, &mut tags));
    tags
}

fn opened(html: &str) -> usize {
    html.matches('<').count() - html.matches("</").count()
}

#[test]
fn html_and_tree_are_the_same_page() {
    for (name, make) in VIEWS {
        for host in [TestHost::new(), TestHost { evil: true, ..TestHost::new() }] {
            let view = make(EVIL);
            assert_eq!(html(&view, &host), html_of(&tree(&view, &host)), "{name}");
        }
    }
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    let host = TestHost::new();
    for (name, make) in VIEWS {
        let drawn = html(&make("x"), &host);
        let values = |attr: &str| -> Vec<String> {
            let start = format!(" {attr}=\"");
            drawn.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let ids = values("id");
        let known: BTreeSet<_> = ids.iter().collect();
        // The four choices of the same name in `input` are one too many on purpose: one name, one field.
        if name != "input" {
            assert_eq!(ids.len(), known.len(), "{name}: {ids:?}");
        }
        for attr in ["aria-labelledby", "aria-describedby", "for", "form"] {
            for id in values(attr).iter().flat_map(|ids| ids.split(' ')) {
                assert!(known.contains(&id.to_owned()), "{name}: {attr} {id} leads nowhere");
            }
        }
    }
}

#[test]
fn a_form_never_stands_in_a_form() {
    for (name, make) in VIEWS {
        let drawn = html(&make("x"), &TestHost::new());
        let mut depth = 0;
        for part in drawn.split('<') {
            depth += i32::from(part.starts_with("form "));
            depth -= i32::from(part.starts_with("/form>"));
            assert!((0..=1).contains(&depth), "{name}");
        }
    }
}

#[test]
fn a_button_says_what_it_does_to_what_through_the_views_one_small_form() {
    let drawn = html(&views::social("x"), &TestHost::new());
    let form = r#"<form class="act" id="act" method="post" action="/t/demo/comments/act?page=home"></form>"#;
    assert_eq!(drawn.matches(form).count(), 1, "{}", lines(&drawn));
    assert!(
        drawn.contains(r#"form="act" name="do" value="like c1:like c1 off""#),
        "a post is its own subject"
    );
    assert!(drawn.contains(r#"value="react c1:react c1 off ❤""#), "what is wanted, and of what");
    assert!(drawn.contains(r#"value="react c1:react c1 on 👀""#), "what is wanted, and of what");
    assert!(
        drawn.contains(r#"value="vote c1:vote c1 0""#) && drawn.contains(r#"value="vote c1:vote c1 -1""#)
    );
    assert!(drawn.contains(r#"value="unpin c1:unpin c1 off""#), "a button has a value of its own");
    assert!(drawn.contains(r#"value="approve c2:approve c2""#), "a nested post has its own");
    assert!(drawn.contains(r#"value="follow c9:follow c9 on""#), "a subject without a post has its own, too");
    assert!(drawn.contains(r#"value="keep -:keep  on""#), "and so has the view itself");
    assert!(!drawn.contains("c4:") && !drawn.contains("pin\""), "nobody gets a token for nothing");
    assert_eq!(html(&views::content("x"), &TestHost::new()).matches("<form").count(), 0);
}

#[test]
fn a_broken_view_is_drawn_without_panicking() {
    let mut seeded = support::Seeded(7);
    let host = TestHost::new();
    for (_, make) in VIEWS {
        for _ in 0..300 {
            let mut view = make("x");
            for _ in 0..4 {
                let at = seeded.below(view.nodes.len());
                match seeded.below(5) {
                    0 => view.nodes[at].children = u32::try_from(seeded.next() >> 32).unwrap(),
                    1 => drop(view.nodes.remove(at)),
                    2 => view.strings.truncate(at),
                    3 => view.messages.clear(),
                    _ => view.navigations.clear(),
                }
                if view.nodes.is_empty() {
                    break;
                }
            }
            assert_eq!(html(&view, &host), html_of(&tree(&view, &host)));
            if check(&view).is_ok() {
                assert!(json(&view, &host).starts_with('{'));
            }
        }
    }
}

#[test]
fn json_says_what_the_page_says() {
    let host = TestHost::new();
    let text = json(&views::social("a \"quoted\"\n<word>"), &host);
    assert!(text.starts_with(
        r#"{"kind":"stack","children":[{"kind":"feed","text":"a \"quoted\"\n\u003cword>","total":3,"#
    ));
    assert!(
        text.contains(
            r#"{"kind":"post","key":"c1","entry":"c1","author":{"id":"ada","name":"Ada Lovelace"},"#
        )
    );
    assert!(text.contains(r#""kind":"toggle","text":"like","verb":"like","on":true,"count":3}"#), "{text}");
    assert_eq!(text.matches('{').count(), text.matches('}').count());
}

#[test]
fn the_sanitizer_list_holds_what_is_needed_and_nothing_that_runs() {
    let elements: BTreeSet<_> = elements().map(|(name, _)| name).collect();
    let attributes: BTreeSet<_> = attributes().collect();
    for name in ["script", "style", "iframe", "object", "embed", "base", "link", "meta", "template", "use"] {
        assert!(!elements.contains(name), "{name}");
    }
    assert!(attributes.iter().all(|name| !name.starts_with("on") && *name != "style" && *name != "srcdoc"));
    assert!(elements.contains("article") && attributes.contains("data-o"));
}

#[test]
fn both_languages_have_every_text_of_the_renderer() {
    for (name, file) in [
        ("en", include_str!("../../../host/locales/en.ftl")),
        ("de", include_str!("../../../host/locales/de.ftl")),
    ] {
        let has: BTreeSet<_> = file
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(id, _)| id)
            .filter(|id| id.starts_with("view-"))
            .collect();
        let wants: BTreeSet<_> = OwnText::ALL.iter().map(|text| text.id()).collect();
        assert_eq!(has, wants, "{name}.ftl");
    }
}
