//! From one view to the next: what the differ says, a browser can do, and it is the next view.

mod support;

use stoa_view::nodes::View;
use stoa_view::ops::{Attr, Malformed, Op, Reader, Tag, apply, build, diff};
use stoa_view::render::Sink;
use stoa_view::tree::{Element, Tree};
use support::{Seeded, TestHost, html_of, tree, views};

/// A tree without keys: what a browser has.
fn without_keys(tree: &Tree) -> Tree {
    fn copy(element: Element<'_>, to: &mut Tree) {
        let Some(tag) = element.tag() else { return to.text(element.text()) };
        to.open(tag);
        element.attrs().for_each(|(name, value)| to.attr(name, value));
        element.children().for_each(|child| copy(child, to));
        to.close();
    }
    let mut bare = Tree::new();
    tree.roots().for_each(|root| copy(root, &mut bare));
    bare
}

fn check(old: &Tree, new: &Tree) -> Vec<u8> {
    let ops = diff(old, new);
    let mut patched = without_keys(old);
    apply(&mut patched, &ops).expect("the differ writes programs for the old tree");
    assert!(
        patched == without_keys(new),
        "from {}\nto   {}\ngot  {}",
        html_of(old),
        html_of(new),
        html_of(&patched)
    );
    ops
}

fn random(seeded: &mut Seeded, depth: usize, to: &mut Tree) {
    const TAGS: [Tag; 4] = [Tag::Div, Tag::P, Tag::Li, Tag::Span];
    const CLASSES: [&str; 4] = ["post", "post is-on", "row", ""];
    to.open(TAGS[seeded.below(TAGS.len())]);
    for attr in [Attr::Class, Attr::Id, Attr::Hidden] {
        if seeded.below(2) == 0 {
            to.attr(attr, CLASSES[seeded.below(CLASSES.len())]);
        }
    }
    let mut keys: Vec<_> = (0..8).collect();
    for _ in 0..if depth == 0 { 0 } else { seeded.below(7) } {
        match seeded.below(4) {
            0 => to.text(["one", "two", "three"][seeded.below(3)]),
            1 => random(seeded, depth - 1, to),
            _ => {
                let key = keys.swap_remove(seeded.below(keys.len()));
                to.open(Tag::Article);
                to.key(&key.to_string());
                to.attr(Attr::Id, &key.to_string());
                random(seeded, depth - 1, to);
                to.close();
            }
        }
    }
    to.close();
}

#[test]
fn any_tree_becomes_any_other() {
    let mut seeded = Seeded(2026);
    let mut make = || {
        let mut tree = Tree::new();
        random(&mut seeded, 3, &mut tree);
        tree
    };
    let mut old = make();
    for _ in 0..5000 {
        let new = make();
        check(&old, &new);
        check(&Tree::new(), &new);
        assert_eq!(diff(&new, &new), [0u8; 0], "what has not changed is not touched");
        old = new;
    }
    check(&old, &Tree::new());
}

#[test]
fn posts_that_come_go_and_move_keep_their_identity() {
    let host = TestHost::new();
    let mut seeded = Seeded(11);
    let mut order: Vec<usize> = (0..12).collect();
    let mut old = tree(&views::page_of(&order, 99), &host);
    for _ in 0..300 {
        for _ in 0..seeded.below(3) {
            let from = seeded.below(order.len());
            let post = order.remove(from);
            order.insert(seeded.below(order.len() + 1), post);
        }
        let post = seeded.below(20);
        match order.iter().position(|known| *known == post) {
            Some(at) if order.len() > 2 => drop(order.remove(at)),
            Some(_) => {}
            None => order.insert(seeded.below(order.len() + 1), post),
        }
        let new = tree(&views::page_of(&order, seeded.below(20)), &host);
        let built = build(&new).len();
        let ops = check(&old, &new);
        assert!(
            ops.len() < 400 + built / order.len() * 3,
            "{} bytes for one new post and some moves",
            ops.len()
        );
        old = new;
    }
}

fn ops_between(old: &View, new: &View) -> Vec<u8> {
    let host = TestHost::new();
    check(&tree(old, &host), &tree(new, &host))
}

#[test]
fn a_like_costs_about_seventy_bytes_and_a_rise_keeps_the_button() {
    let like = ops_between(&views::page(20), &views::page_of(&Vec::from_iter(0..20), 7));
    assert!(like.len() <= 75, "{} bytes: {like:?}", like.len());
    let mut risen = Vec::from_iter(0..20);
    risen.swap(6, 7);
    let rise = ops_between(&views::page(20), &views::page_of(&risen, 7));
    assert!(rise.len() <= 85, "{} bytes", rise.len());
    let mut reader = Reader::new(&rise);
    while let Some(op) = reader.next_op().unwrap() {
        assert!(!matches!(op, Op::Open(_) | Op::Remove(_)), "the post is moved and changed, not made again");
    }
}

#[test]
fn random_bytes_never_panic_and_end() {
    let mut seeded = Seeded(5);
    let base = tree(&views::page(3), &TestHost::new());
    let real = build(&base);
    for round in 0..20_000 {
        let mut bytes: Vec<u8> =
            (0..seeded.below(40)).map(|_| u8::try_from(seeded.next() >> 56).unwrap()).collect();
        if round % 2 == 0 {
            // Nearly right: a real script with some bytes changed.
            bytes = real.clone();
            for _ in 0..3 {
                let at = seeded.below(bytes.len());
                bytes[at] = u8::try_from(seeded.next() >> 56).unwrap();
            }
        }
        let mut reader = Reader::new(&bytes);
        let mut steps = 0;
        while let Ok(Some(_)) = reader.next_op() {
            steps += 1;
            assert!(steps <= bytes.len() * 2, "each step or its close takes a byte");
        }
        if round % 20 < 2 {
            let _ = apply(&mut base.clone(), &bytes);
        }
    }
}

#[test]
fn malformed_scripts_are_refused() {
    fn check(bytes: &[u8], what: &str) {
        let mut reader = Reader::new(bytes);
        let end = loop {
            match reader.next_op() {
                Ok(Some(_)) => {}
                end => break end,
            }
        };
        assert_eq!(end, Err(Malformed), "{what}");
    }
    check(&[200], "an unknown op");
    check(&[2], "a number cut off");
    check(&[2, 0xff, 0xff, 0xff, 0xff, 0x7f], "a number that does not fit");
    check(&[7, 2, 0xc3, 0x28], "text that is not UTF-8");
    check(&[7, 9, b'a'], "a text cut off");
    check(&[4, 1, 250, 0, 0], "an unknown element");
    check(&[5, 250, 0], "an unknown attribute");
    check(&[4, 1, 0, 0, 2, 0, 1, b'a'], "a child missing");
    check(&[&[4][..], &[1, 0, 0, 1].repeat(200)].concat(), "a tree too deep");
}

#[test]
fn the_deepest_view_can_be_built_again() {
    let mut view = stoa_view::make::ViewBuilder::new();
    fn nest(v: &mut stoa_view::make::ViewBuilder, depth: usize) {
        use stoa_view::make::label;
        if depth >= 3 {
            v.table(label("t")).with(|v| {
                v.table_row().with(|v| v.cell().with(|v| nest(v, depth - 3)));
            });
        }
    }
    nest(&mut view, 23);
    let view = view.finish();
    stoa_view::check::check(&view).unwrap();
    let new = tree(&view, &TestHost::new());
    check(&Tree::new(), &new);
}
