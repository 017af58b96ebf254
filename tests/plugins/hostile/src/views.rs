//! Views: too much work, too much memory, too many questions, and trees that are none.

use std::hint::black_box;

use crate::act;
use crate::bindings::exports::stoa::plugin::widget::{Failure, Request, ViewTree};
use crate::bindings::stoa::plugin::{clock, entries, kv, ledger, log, marks, pages, people, random, types};
use crate::bindings::stoa::view::nodes::{
    ButtonNode, Change, FeedNode, Gap, Kind, Node, NumberNode, PostNode, RichSource, StackNode, TextNode,
    Tone, View, Words,
};

/// What the case says.
pub(crate) fn show(case: &str, request: &Request) -> Result<ViewTree, Failure> {
    Ok(match case {
        "page" => return page(request),
        "not-found" => return Err(Failure::NotFound),
        "failed" => return Err(failed("the plugin's own words")),
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
        "seen" => seen(request),
        "record" => words(Words::Literal(0), &[act::outside().join("\n")]),
        "strange-verb" => button("nope"),
        "host-verb" => button("host-approve"),
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

/// What a replay has to give again: time and random numbers. The action of the same name has ids, too.
fn facts() -> View {
    let clock = [clock::now(), clock::now()];
    let random = [random::next(), random::next()];
    words(Words::Literal(0), &[format!("{clock:?} {random:?}")])
}

/// What each function answers to arguments out of range.
fn errors() -> View {
    use entries::{FieldTest, Filter, MarkTest, Scope, Test};
    let ids = vec!["x".to_owned(); 101];
    let page = types::Target::Page("home".to_owned());
    let list = |query: entries::Query| format!("{:?}", entries::list_entries(&query).map(drop));
    let with = |filter: Filter| list(entries::Query { filters: vec![filter], ..query(1) });
    let field = |name: &str| Filter::Field(FieldTest { name: name.to_owned(), test: Test::Present });
    let mark = MarkTest { kind: "like".to_owned(), value: None, present: true };
    let answers = [
        list(query(0)),
        list(query(101)),
        list(entries::Query { replies: 51, ..query(1) }),
        list(entries::Query { after: Some("nonsense".to_owned()), ..query(1) }),
        list(entries::Query { order: entries::Order::Ascending("title".to_owned()), ..query(1) }),
        list(entries::Query { filters: vec![Filter::Roots; 9], ..query(1) }),
        with(Filter::Kind("essay".to_owned())),
        with(field("colour")),
        with(field("title")),
        with(Filter::Mark(mark)),
        list(entries::Query { scope: Scope::Site, ..query(1) }),
        format!("{:?}", entries::get_thread("nowhere", None, 10).map(drop)),
        format!("{:?}", entries::get_thread("nowhere", None, 201).map(drop)),
        format!("{:?}", entries::get_many(&ids).map(drop)),
        format!("{:?}", entries::get_body("nowhere")),
        format!("{:?}", people::get_many(&ids).map(drop)),
        format!("{:?}", pages::get_many(&ids).map(drop)),
        format!("{:?}", kv::get(&"k".repeat(201))),
        format!("{:?}", kv::list_prefix("", None, 0).map(drop)),
        format!("{:?}", marks::get_own(&page, "UP")),
        format!("{:?}", marks::list_holders(&page, "follow", None, None, 0).map(drop)),
        format!("{:?}", marks::list_holders(&page, "follow", None, None, 10).map(drop)),
        balance("score", Some(OTHER)),
        balance("giving", Some(OTHER)),
        balance("score", Some("bob")),
        balance("mint", None),
        balance("money", Some(OTHER)),
        flow("gave", Some(OTHER), None),
        flow("earned", None, Some(OTHER)),
        flow("earned", None, None),
        flow("earned", Some(OTHER), None),
        flow("stole", Some(OTHER), None),
    ];
    words(Words::Literal(0), &[answers.join("\n")])
}

/// Somebody else, who has an id of the right form.
const OTHER: &str = "0190a0b0-0000-7000-8000-0000000000ff";

fn balance(name: &str, person: Option<&str>) -> String {
    let (unit, person) = ("points".to_owned(), person.map(str::to_owned));
    let account = ledger::Account { unit, name: name.to_owned(), person };
    format!("{:?}", ledger::get_balances(&[account]).map(drop))
}

fn flow(reason: &str, payer: Option<&str>, payee: Option<&str>) -> String {
    let flow = ledger::Flow {
        unit: "points".to_owned(),
        reason: reason.to_owned(),
        payer: payer.map(str::to_owned),
        payee: payee.map(str::to_owned),
        since: ledger::Since::At(0),
    };
    format!("{:?}", ledger::sum_flows(&[flow]).map(drop))
}

fn query(limit: u32) -> entries::Query {
    entries::Query {
        scope: entries::Scope::Here,
        filters: Vec::new(),
        order: entries::Order::Newest,
        after: None,
        limit,
        replies: 0,
        expanded: Vec::new(),
        since: None,
    }
}

/// What the request says of the person, and whether the person may write.
fn seen(request: &Request) -> View {
    let person = request.person.as_ref().map(|person| (&person.name, person.roles));
    words(Words::Literal(0), &[format!("{person:?} {}", request.may_write)])
}

/// A page as a plugin that means well shows it: 100 posts with text, author and a link each.
fn page(request: &Request) -> Result<View, Failure> {
    let query = entries::Query { replies: 50, since: request.since, ..query(100) };
    let threads = entries::list_entries(&query).map_err(|error| failed(&error.to_string()))?;
    let mut strings = vec!["comments".to_owned(), "entry".to_owned()];
    let entries::EntryList { strings: words, entries: list, .. } = threads.entries;
    let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
    let mut nodes = vec![node(Kind::Feed(FeedNode { label: Words::Label(0), total: threads.total }), count)];
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

/// A button for a verb that the plugin does not have.
fn button(verb: &str) -> View {
    let (verb, words) = (verb.to_owned(), "press".to_owned());
    let button = ButtonNode {
        verb: 0,
        words: Words::Literal(1),
        value: None,
        tone: Tone::Neutral,
        confirm: None,
        disabled: None,
    };
    tree(vec![node(Kind::Button(button), 0)], vec![verb, words])
}

fn failed(detail: &str) -> Failure {
    Failure::Failed(types::Other { code: "failed".to_owned(), detail: detail.to_owned() })
}

fn stack() -> Kind {
    Kind::Stack(StackNode { gap: Gap::None })
}

fn node(kind: Kind, children: u32) -> Node {
    Node { kind, children, key: None, subject: None }
}
