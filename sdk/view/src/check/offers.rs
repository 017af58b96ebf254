//! What a view offers to do.

use crate::nodes::{ArgumentValue, Kind, View};

/// The verbs that a view offers, each with the position of its node; of a view within its limits.
pub fn verbs(view: &View) -> impl Iterator<Item = (usize, &str)> {
    view.nodes.iter().enumerate().filter_map(|(place, node)| {
        let verb = verb_of(&node.kind)?;
        let verb = view.strings.get(usize::try_from(verb).unwrap_or(usize::MAX))?;
        Some((place, verb.as_str()))
    })
}

/// The ids of people whom a view names, as they come: by themselves, above posts and within texts.
pub fn people(view: &View) -> impl Iterator<Item = &str> {
    let in_nodes = view.nodes.iter().flat_map(|node| match node.kind {
        Kind::Person(node) => [Some(node.person), None],
        Kind::Post(node) => [node.author, node.in_reply_to],
        _ => [None, None],
    });
    let arguments = view.messages.iter().flat_map(|message| &message.arguments);
    let in_texts = arguments.map(|argument| match argument.value {
        ArgumentValue::Person(person) => Some(person),
        ArgumentValue::Text(_) | ArgumentValue::Number(_) | ArgumentValue::Time(_) => None,
    });
    let ids = in_nodes.chain(in_texts).flatten();
    ids.filter_map(|id| view.strings.get(usize::try_from(id).ok()?)).map(String::as_str)
}

/// Each kind is named, so that a new one is looked at here.
fn verb_of(kind: &Kind) -> Option<u32> {
    match kind {
        Kind::Button(node) => Some(node.verb),
        Kind::Form(node) => Some(node.verb),
        Kind::Toggle(node) => Some(node.verb),
        Kind::Vote(node) => Some(node.verb),
        Kind::Reactions(node) => Some(node.verb),
        Kind::Section(_)
        | Kind::Stack(_)
        | Kind::Row(_)
        | Kind::Grid(_)
        | Kind::Listing(_)
        | Kind::Item
        | Kind::Divider
        | Kind::Disclosure(_)
        | Kind::Tabs
        | Kind::Tab(_)
        | Kind::Dialog(_)
        | Kind::Card(_)
        | Kind::Text(_)
        | Kind::Heading(_)
        | Kind::Rich(_)
        | Kind::Time(_)
        | Kind::Number(_)
        | Kind::Person(_)
        | Kind::AvatarStack(_)
        | Kind::Badge(_)
        | Kind::Icon(_)
        | Kind::Link(_)
        | Kind::QuoteLink(_)
        | Kind::Code(_)
        | Kind::Table(_)
        | Kind::TableRow
        | Kind::Cell(_)
        | Kind::Meter(_)
        | Kind::Stat(_)
        | Kind::Notice(_)
        | Kind::Empty(_)
        | Kind::Skeleton(_)
        | Kind::Feed(_)
        | Kind::Post(_)
        | Kind::Replies(_)
        | Kind::Reaction(_)
        | Kind::Menu(_)
        | Kind::More(_)
        | Kind::Share(_)
        | Kind::Field(_)
        | Kind::Composer(_)
        | Kind::Choice(_)
        | Kind::ChoiceOption(_)
        | Kind::PickPeople(_)
        | Kind::PickTags(_)
        | Kind::Hidden(_)
        | Kind::Extension(_) => None,
    }
}
