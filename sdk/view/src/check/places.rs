//! Which nodes hold which, and what each node's fields must be.

use super::{CheckError, EXCERPT_CHARS_MAX, Fields};
use crate::nodes::{Kind, Words};

/// Whether a node of this kind can have children.
pub(super) const fn holds(kind: &Kind) -> bool {
    matches!(
        kind,
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
            | Kind::ModNote(_)
            | Kind::Menu(_)
            | Kind::Form(_)
            | Kind::Choice(_)
            | Kind::Extension(_)
    )
}

/// Whether a node may stand in its parent (none for the root).
pub(super) const fn may_stand(parent: Option<&Kind>, kind: &Kind, in_form: bool) -> bool {
    let in_parent = match parent {
        // Those that hold one kind of child alone.
        Some(Kind::Listing(_)) => matches!(kind, Kind::Item),
        Some(Kind::Tabs) => matches!(kind, Kind::Tab(_)),
        Some(Kind::Table(_)) => matches!(kind, Kind::TableRow),
        Some(Kind::TableRow) => matches!(kind, Kind::Cell(_)),
        Some(Kind::AvatarStack(_)) => matches!(kind, Kind::Person(_)),
        Some(Kind::Feed(_) | Kind::Replies(_)) => matches!(kind, Kind::Post(_)),
        Some(Kind::Reactions(_)) => matches!(kind, Kind::Reaction(_)),
        Some(Kind::Choice(_)) => matches!(kind, Kind::ChoiceOption(_)),
        Some(Kind::Menu(_)) => {
            matches!(kind, Kind::Button(_) | Kind::Link(_) | Kind::Share(_) | Kind::Toggle(_) | Kind::Divider)
        }
        // Everything else holds whatever does not need a parent of its own.
        _ => match kind {
            Kind::Item => matches!(parent, Some(Kind::Grid(_))),
            Kind::Replies(_) => matches!(parent, Some(Kind::Post(_))),
            Kind::Tab(_) | Kind::TableRow | Kind::Cell(_) | Kind::Reaction(_) | Kind::ChoiceOption(_) => {
                false
            }
            _ => true,
        },
    };
    let in_place = match kind {
        // Forms do not nest in HTML; a post has a form of its own.
        Kind::Form(_) | Kind::Post(_) => !in_form,
        Kind::Field(_)
        | Kind::Composer(_)
        | Kind::Choice(_)
        | Kind::PickPeople(_)
        | Kind::PickTags(_)
        | Kind::Upload(_)
        | Kind::Hidden(_) => in_form,
        _ => true,
    };
    in_parent && in_place
}

fn optional<T>(value: Option<T>, check: impl FnOnce(T) -> Result<(), CheckError>) -> Result<(), CheckError> {
    value.map_or(Ok(()), check)
}

/// Checks the fields of a node.
pub(super) fn fields(fields: &mut Fields<'_>, kind: &Kind) -> Result<(), CheckError> {
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
        Kind::Image(image) => {
            fields.name(image.asset)?;
            optional(image.alternative.as_ref(), |words| fields.words(words, EXCERPT_CHARS_MAX))
        }
        Kind::File(file) => fields.name(file.asset).and(label(&file.name)),
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
        _ => social(fields, kind),
    }
}

fn social(fields: &Fields<'_>, kind: &Kind) -> Result<(), CheckError> {
    let label = |words: &Words| fields.label(words);
    match kind {
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
            fields.name(vote.up).and(fields.range((-1..=1).contains(&vote.mine)))?;
            optional(vote.down, |down| fields.name(down))?;
            optional(vote.disabled.as_ref(), label)
        }
        Kind::ModNote(note) => fields.text(&note.words),
        _ => input(fields, kind),
    }
}

fn input(fields: &Fields<'_>, kind: &Kind) -> Result<(), CheckError> {
    let label = |words: &Words| fields.label(words);
    match kind {
        Kind::Button(button) => {
            label(&button.words).and(fields.name(button.verb))?;
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
            optional(field.hint.as_ref(), label)?;
            optional(field.problem.as_ref(), label)
        }
        Kind::Composer(composer) => {
            fields.name(composer.name).and(label(&composer.label)).and(fields.start(composer.value))?;
            optional(composer.placeholder.as_ref(), label)?;
            optional(composer.problem.as_ref(), label)
        }
        Kind::Choice(choice) => fields.name(choice.name).and(label(&choice.label)),
        Kind::ChoiceOption(option) => {
            fields.string(option.value)?;
            label(&option.words)
        }
        Kind::PickPeople(pick) | Kind::PickTags(pick) => {
            fields.name(pick.name).and(label(&pick.label))?;
            optional(pick.value, |value| fields.string(value).map(|_| ()))
        }
        Kind::Upload(upload) => fields.name(upload.name).and(label(&upload.label)),
        Kind::Hidden(hidden) => fields.name(hidden.name).and(fields.string(hidden.value).map(|_| ())),
        Kind::Extension(extension) => {
            fields.name(extension.name).and(fields.string(extension.properties).map(|_| ()))
        }
        _ => Ok(()),
    }
}
