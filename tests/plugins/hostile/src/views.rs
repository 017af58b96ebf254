//! Views: too much work, too much memory, too many questions, and trees that are none.

use std::hint::black_box;

use crate::bindings::exports::stoa::plugin::widget::{Context, Failure, ViewTree};
use crate::bindings::stoa::plugin::{clock, entries, kv, log, marks, pages, people, random, types};
use crate::bindings::stoa::view::nodes::{
    Change, FeedNode, Gap, Kind, Node, NumberNode, PostNode, PostState, RichSource, StackNode, TextNode,
    View, Words,
};

/// What the case says.
pub(crate) fn show(case: &str, context: &Context) -> Result<ViewTree, Failure> {
    Ok(match case {
        "page" => return page(context),
        "not-found" => return Err(Failure::NotFound),
        "failed" => return Err(Failure::Failed("the plugin's own words".to_owned())),
        "loop" => spin(),
        "ask-and-loop" => {
            drop(entries::get_many(&[]));
            spin()
        }
        "panic" => fall(),
        "bomb" => bomb(),
        "recursion" => number(recurse(1)),
        "copy" => copy(),
        "flood" => loop {
            drop(entries::get_many(&[]));
        },
        "ask-until-told" => number(ask_until_told()),
        "log" => flood_log(),
        "long-argument" => number(i64::from(kv::get(&"k".repeat(6 << 20)).is_ok())),
        "huge" => flat(70_000),
        "many-nodes" => flat(5_000),
        "deep" => deep(200),
        "label" => words(Words::Literal(0), &["x".repeat(5 << 20)]),
        "vast-label" => words(Words::Literal(0), &["x".repeat(10 << 20)]),
        "long-label" => words(Words::Literal(0), &["x".repeat(40 << 10)]),
        "bad-index" => words(Words::Literal(7), &[]),
        "bad-message" => words(Words::Message(3), &[]),
        "missing-children" => tree(vec![node(stack(), 5)], Vec::new()),
        "endless-children" => tree(vec![node(stack(), u32::MAX)], Vec::new()),
        "left-over" => tree(vec![node(stack(), 0), node(stack(), 0)], Vec::new()),
        "empty" => tree(Vec::new(), Vec::new()),
        "nan" => number(nan()),
        "facts" => facts(),
        "errors" => errors(),
        "seen" => seen(context),
        _ => number(1),
    })
}

/// Never ends.
pub(crate) fn spin() -> ! {
    let mut n = 0_u64;
    loop {
        n = black_box(n.wrapping_add(1));
    }
}

/// Crashes.
#[expect(clippy::panic, reason = "crashing is its job")]
pub(crate) fn fall() -> ! {
    panic!("on purpose")
}

fn bomb() -> View {
    let mut kept = Vec::new();
    loop {
        kept.push(black_box(vec![1_u8; 1 << 20]));
    }
}

fn recurse(n: i64) -> i64 {
    let frame = black_box([n; 64]);
    if n == i64::MAX {
        return 0;
    }
    frame[0] + recurse(black_box(n + 1)) + frame[63]
}

/// Work in one instruction: bulk copies of 4 MiB, which no epoch interrupts.
fn copy() -> View {
    let from = vec![1_u8; 4 << 20];
    let mut to = vec![0_u8; 4 << 20];
    loop {
        to.copy_from_slice(black_box(&from));
        black_box(&to);
    }
}

fn ask_until_told() -> i64 {
    let mut asked = 0;
    while entries::get_many(&[]).is_ok() {
        asked += 1;
    }
    asked
}

fn flood_log() -> View {
    for line in 0..10_000 {
        log::write(log::Level::Error, &format!("{line} \u{1b}[2J\n{}", "x".repeat(5_000)));
    }
    number(10_000)
}

/// The bits of a result that is not a number: a machine may choose them, so a sandbox has to.
fn nan() -> i64 {
    (black_box(0.0_f64) / black_box(0.0_f64)).to_bits().cast_signed()
}

/// What a replay has to give again: time, random numbers and ids.
fn facts() -> View {
    let clock = [clock::now(), clock::now()];
    let random = [random::next(), random::next()];
    let ids = [entries::reserve_id(), entries::reserve_id()];
    words(Words::Literal(0), &[format!("{clock:?} {random:?} {ids:?}")])
}

/// What each function answers to arguments out of range.
fn errors() -> View {
    let query = |limit| entries::Query {
        order: entries::Order::Newest,
        after: None,
        limit,
        replies: 0,
        expanded: Vec::new(),
        since: None,
    };
    let ids = vec!["x".to_owned(); 101];
    let page = types::Target::Page;
    let answers = [
        format!("{:?}", entries::list_threads(&query(0)).map(drop)),
        format!("{:?}", entries::list_threads(&query(101)).map(drop)),
        format!("{:?}", entries::get_thread("nowhere", None, 10).map(drop)),
        format!("{:?}", entries::get_many(&ids).map(drop)),
        format!("{:?}", entries::get_body("nowhere")),
        format!("{:?}", people::get_many(&ids).map(drop)),
        format!("{:?}", pages::get(&"k".repeat(201)).map(drop)),
        format!("{:?}", kv::get(&"k".repeat(201))),
        format!("{:?}", kv::list_prefix("", None, 0).map(drop)),
        format!("{:?}", marks::get_own(&page, "UP")),
        format!("{:?}", marks::list_people(&page, "vote")),
    ];
    words(Words::Literal(0), &[answers.join("\n")])
}

/// What the context says of the person, and whether an entry of somebody else can be read.
fn seen(context: &Context) -> View {
    let person = context.person.as_ref().map(|person| (&person.name, person.roles));
    words(Words::Literal(0), &[format!("{person:?} {}", context.may_write)])
}

/// A page as a plugin that means well shows it: 100 posts with text, author and a link each.
fn page(context: &Context) -> Result<View, Failure> {
    let query = entries::Query {
        order: entries::Order::Newest,
        after: None,
        limit: 100,
        replies: 50,
        expanded: Vec::new(),
        since: context.since,
    };
    let threads = entries::list_threads(&query).map_err(|error| Failure::Failed(error.to_string()))?;
    let mut strings = vec!["comments".to_owned(), "entry".to_owned()];
    let entries::EntryList { strings: words, entries: list } = threads.found;
    let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
    let mut nodes =
        vec![node(Kind::Feed(FeedNode { label: Words::Label(0), total: Some(threads.total) }), count)];
    let mut navigations = Vec::new();
    let index = |list: &[String]| u32::try_from(list.len()).unwrap_or(u32::MAX);
    let word = |place: u32| words.get(place as usize).cloned().unwrap_or_default();
    for entry in list {
        let id = index(&strings);
        navigations.push(vec![Change { name: 1, value: id }]);
        strings.push(word(entry.id));
        let author = entry.author.map(|author| {
            strings.push(word(author));
            index(&strings) - 1
        });
        nodes.push(node(
            Kind::Post(PostNode {
                entry: id,
                author,
                at: entry.created_at,
                edited_at: entry.edited_at,
                state: PostState::Visible,
                pinned: entry.pinned,
                highlighted: false,
                in_reply_to: None,
                permalink: u32::try_from(navigations.len() - 1).unwrap_or(0),
                body: Some(RichSource::Entry(id)),
            }),
            0,
        ));
    }
    Ok(View { nodes, strings, messages: Vec::new(), navigations, fresh_until: None })
}

fn flat(count: u32) -> View {
    let mut nodes = vec![node(stack(), count)];
    nodes.extend((0..count).map(|_| node(Kind::Divider, 0)));
    tree(nodes, Vec::new())
}

fn deep(depth: usize) -> View {
    let mut nodes: Vec<Node> = (0..depth).map(|_| node(stack(), 1)).collect();
    nodes.push(node(Kind::Divider, 0));
    tree(nodes, Vec::new())
}

fn words(words: Words, strings: &[String]) -> View {
    let text = Kind::Text(TextNode { words, emphasis: crate::bindings::stoa::view::nodes::Emphasis::Normal });
    tree(vec![node(text, 0)], strings.to_vec())
}

fn number(value: i64) -> View {
    tree(vec![node(Kind::Number(NumberNode { value, label: None }), 0)], Vec::new())
}

fn tree(nodes: Vec<Node>, strings: Vec<String>) -> View {
    View { nodes, strings, messages: Vec::new(), navigations: Vec::new(), fresh_until: None }
}

fn stack() -> Kind {
    Kind::Stack(StackNode { gap: Gap::None })
}

fn node(kind: Kind, children: u32) -> Node {
    Node { kind, children, key: None, subject: None }
}
