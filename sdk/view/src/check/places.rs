//! Which nodes hold which, and what each node's fields must be.

use super::{CheckError, EXCERPT_CHARS_MAX, Fields};
use crate::nodes::{Kind, Words};

/// Whether a node of this kind can have children.
pub(super) const fn holds(kind: &Kind) -> bool {
    match kind {
        Kind::Section(_)
        | Kind::Stack(_)
        | Kind::Row(_)
        | Kind::Grid(_)
        | Kind::Listing(_)
        | Kind::Item
        | Kind::Disclosure(_)
        | Kind::Tabs
        | Kind::Tab(_)
        | Kind::Dialog(_)
        | Kind::Card(_)
        | Kind::AvatarStack(_)
        | Kind::Table(_)
        | Kind::TableRow
        | Kind::Cell(_)
        | Kind::Notice(_)
        | Kind::Empty(_)
        | Kind::Feed(_)
        | Kind::Post(_)
        | Kind::Replies(_)
        | Kind::Reactions(_)
        | Kind::Menu(_)
        | Kind::Form(_)
        | Kind::Choice(_)
        | Kind::PickTags(_)
        | Kind::Extension(_) => true,
        Kind::Divider
        | Kind::Text(_)
        | Kind::Heading(_)
        | Kind::Rich(_)
        | Kind::Time(_)
        | Kind::Number(_)
        | Kind::Person(_)
        | Kind::Badge(_)
        | Kind::Icon(_)
        | Kind::Link(_)
        | Kind::QuoteLink(_)
        | Kind::Code(_)
        | Kind::Meter(_)
        | Kind::Stat(_)
        | Kind::Skeleton(_)
        | Kind::Toggle(_)
        | Kind::Reaction(_)
        | Kind::Vote(_)
        | Kind::Button(_)
        | Kind::More(_)
        | Kind::Share(_)
        | Kind::Field(_)
        | Kind::Composer(_)
        | Kind::ChoiceOption(_)
        | Kind::PickPeople(_)
        | Kind::Hidden(_) => false,
    }
}

/// Where a node may stand.
enum Place {
    /// Wherever what holds it takes anything.
    Anywhere,
    /// Only right below these.
    Below(fn(&Kind) -> bool),
    /// Not inside a form: forms do not nest in HTML, and a post has a form of its own.
    OutsideForms,
    /// Only inside a form.
    InForms,
}

/// The place of each kind.
const fn place(kind: &Kind) -> Place {
    match kind {
        Kind::Item => Place::Below(|parent| matches!(parent, Kind::Listing(_) | Kind::Grid(_))),
        Kind::Tab(_) => Place::Below(|parent| matches!(parent, Kind::Tabs)),
        Kind::TableRow => Place::Below(|parent| matches!(parent, Kind::Table(_))),
        Kind::Cell(_) => Place::Below(|parent| matches!(parent, Kind::TableRow)),
        Kind::Reaction(_) => Place::Below(|parent| matches!(parent, Kind::Reactions(_))),
        Kind::ChoiceOption(_) => Place::Below(|parent| matches!(parent, Kind::Choice(_) | Kind::PickTags(_))),
        Kind::Replies(_) => Place::Below(|parent| matches!(parent, Kind::Post(_))),
        Kind::Form(_) | Kind::Post(_) => Place::OutsideForms,
        Kind::Field(_)
        | Kind::Composer(_)
        | Kind::Choice(_)
        | Kind::PickPeople(_)
        | Kind::PickTags(_)
        | Kind::Hidden(_) => Place::InForms,
        Kind::Section(_)
        | Kind::Stack(_)
        | Kind::Row(_)
        | Kind::Grid(_)
        | Kind::Listing(_)
        | Kind::Divider
        | Kind::Disclosure(_)
        | Kind::Tabs
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
        | Kind::Meter(_)
        | Kind::Stat(_)
        | Kind::Notice(_)
        | Kind::Empty(_)
        | Kind::Skeleton(_)
        | Kind::Feed(_)
        | Kind::Toggle(_)
        | Kind::Reactions(_)
        | Kind::Vote(_)
        | Kind::Button(_)
        | Kind::Menu(_)
        | Kind::More(_)
        | Kind::Share(_)
        | Kind::Extension(_) => Place::Anywhere,
    }
}

/// Whether a parent takes this child; most take anything.
const fn takes(parent: &Kind, kind: &Kind) -> bool {
    match parent {
        Kind::Listing(_) => matches!(kind, Kind::Item),
        Kind::Tabs => matches!(kind, Kind::Tab(_)),
        Kind::Table(_) => matches!(kind, Kind::TableRow),
        Kind::TableRow => matches!(kind, Kind::Cell(_)),
        Kind::AvatarStack(_) => matches!(kind, Kind::Person(_)),
        Kind::Feed(_) | Kind::Replies(_) => matches!(kind, Kind::Post(_)),
        Kind::Reactions(_) => matches!(kind, Kind::Reaction(_)),
        Kind::Choice(_) | Kind::PickTags(_) => matches!(kind, Kind::ChoiceOption(_)),
        Kind::Menu(_) => {
            matches!(kind, Kind::Button(_) | Kind::Link(_) | Kind::Share(_) | Kind::Toggle(_) | Kind::Divider)
        }
        // What is drawn around anything; kinds without children have none to be asked about (`holds`).
        _ => true,
    }
}

/// Whether a node may stand in its parent (none for the root).
pub(super) fn may_stand(parent: Option<&Kind>, kind: &Kind, in_form: bool) -> bool {
    let in_place = match place(kind) {
        Place::Anywhere => true,
        Place::Below(fits) => parent.is_some_and(fits),
        Place::OutsideForms => !in_form,
        Place::InForms => in_form,
    };
    in_place && parent.is_none_or(|parent| takes(parent, kind))
}

fn optional<T>(value: Option<T>, check: impl FnOnce(T) -> Result<(), CheckError>) -> Result<(), CheckError> {
    value.map_or(Ok(()), check)
}

/// Checks the fields of a node.
#[expect(
    clippy::too_many_lines,
    reason = "a table of all kinds: whole, so that a new one cannot be forgotten"
)]
pub(super) fn fields(fields: &Fields<'_>, kind: &Kind) -> Result<(), CheckError> {
    let label = |words: &Words| fields.label(words);
    match kind {
        Kind::Section(section) => optional(section.heading.as_ref(), label),
        Kind::Disclosure(disclosure) => label(&disclosure.summary),
        Kind::Tab(tab) => label(&tab.title).and(fields.navigation(tab.navigation)),
        Kind::Dialog(dialog) => label(&dialog.title).and(fields.navigation(dialog.dismiss)),
        Kind::Text(text) => fields.text(&text.words),
        Kind::Heading(heading) => label(&heading.words).and(fields.range((1..=3).contains(&heading.rank))),
        Kind::Rich(source) => fields.rich(*source),
        Kind::Number(number) => optional(number.label.as_ref(), label),
        Kind::Person(person) => fields.name(person.person),
        Kind::AvatarStack(stack) => label(&stack.label),
        Kind::Badge(badge) => label(&badge.words),
        Kind::Icon(icon) => optional(icon.label.as_ref(), label),
        Kind::Link(link) => label(&link.words).and(fields.target(link.target)),
        Kind::QuoteLink(quote) => {
            optional(quote.excerpt.as_ref(), |words| fields.words(words, EXCERPT_CHARS_MAX))?;
            label(&quote.title).and(fields.target(quote.target))
        }
        Kind::Code(code) => {
            fields.string(code.text)?;
            optional(code.language, |language| fields.name(language))
        }
        Kind::Table(table) => label(&table.caption),
        Kind::Meter(meter) => {
            label(&meter.words)?;
            fields.range(meter.maximum >= 1 && meter.value <= meter.maximum)
        }
        Kind::Stat(stat) => label(&stat.label),
        Kind::Notice(notice) => fields.text(&notice.words),
        Kind::Empty(empty) => fields.text(&empty.words),
        Kind::Feed(feed) => label(&feed.label),
        Kind::Post(post) => {
            fields.name(post.entry).and(fields.navigation(post.permalink))?;
            optional(post.author, |author| fields.name(author))?;
            optional(post.body, |body| fields.rich(body))?;
            optional(post.in_reply_to, |person| fields.name(person))
        }
        Kind::Replies(replies) => fields.range((1..=3).contains(&replies.depth)),
        Kind::Toggle(toggle) => {
            label(&toggle.words).and(fields.name(toggle.verb))?;
            optional(toggle.disabled.as_ref(), label)
        }
        Kind::Reactions(reactions) => label(&reactions.label).and(fields.name(reactions.verb)),
        Kind::Reaction(reaction) => {
            let value = fields.string(reaction.value)?;
            label(&reaction.words).and(fields.range((1..=64).contains(&value.len())))
        }
        Kind::Vote(vote) => {
            fields.name(vote.verb).and(fields.range((-1..=1).contains(&vote.mine)))?;
            optional(vote.disabled.as_ref(), label)
        }
        Kind::Button(button) => {
            label(&button.words).and(fields.name(button.verb))?;
            optional(button.value, |value| fields.string(value).map(|_| ()))?;
            optional(button.confirm.as_ref(), label)?;
            optional(button.disabled.as_ref(), label)
        }
        Kind::Menu(menu) => {
            label(&menu.label)?;
            optional(menu.closed, |closed| fields.navigation(closed))
        }
        Kind::More(more) => label(&more.words).and(fields.navigation(more.navigation)),
        Kind::Share(share) => label(&share.words).and(fields.navigation(share.navigation)),
        Kind::Form(form) => {
            fields.name(form.verb).and(label(&form.submit))?;
            optional(form.cancel, |cancel| fields.navigation(cancel))?;
            optional(form.draft, |draft| fields.name(draft))
        }
        Kind::Field(field) => {
            fields.name(field.name).and(label(&field.label)).and(fields.start(field.value))?;
            optional(field.suggest, |parameter| fields.parameter(parameter))?;
            optional(field.hint.as_ref(), label)?;
            optional(field.problem.as_ref(), label)
        }
        Kind::Composer(composer) => {
            fields.name(composer.name).and(label(&composer.label)).and(fields.start(composer.value))?;
            optional(composer.placeholder.as_ref(), label)?;
            optional(composer.problem.as_ref(), label)
        }
        Kind::Choice(choice) => {
            fields.name(choice.name).and(label(&choice.label))?;
            optional(choice.problem.as_ref(), label)
        }
        Kind::ChoiceOption(option) => {
            fields.string(option.value)?;
            label(&option.words)
        }
        Kind::PickPeople(pick) | Kind::PickTags(pick) => {
            fields.name(pick.name).and(label(&pick.label))?;
            optional(pick.hint.as_ref(), label)?;
            optional(pick.problem.as_ref(), label)?;
            optional(pick.value, |value| fields.string(value).map(|_| ()))
        }
        Kind::Hidden(hidden) => fields.name(hidden.name).and(fields.string(hidden.value).map(|_| ())),
        Kind::Extension(extension) => {
            fields.name(extension.name).and(fields.string(extension.properties).map(|_| ()))
        }
        // Nothing in these can be wrong.
        Kind::Stack(_)
        | Kind::Row(_)
        | Kind::Grid(_)
        | Kind::Listing(_)
        | Kind::Item
        | Kind::Divider
        | Kind::Tabs
        | Kind::Card(_)
        | Kind::Time(_)
        | Kind::TableRow
        | Kind::Cell(_)
        | Kind::Skeleton(_) => Ok(()),
    }
}
