//! The differ: two trees -> the ops that make the one of the other.
//!
//! Children with a key are found again by it, the others by their place among those of the same tag and first
//! class. What has not changed is not touched: a quick look finds it, so a script costs what has changed and little
//! more. The cursor only pulls later siblings forward (`MOVE`), so an
//! element that rises costs one op; cost is linear but for moves, which cost their distance.

use std::collections::HashMap;

use super::codec::Writer;
use super::table::{Attr, Tag};
use crate::tree::{Element, Tree};

/// The ops that make `new` of a container that holds `old`. Empty if they are equal.
#[must_use]
pub fn diff(old: &Tree, new: &Tree) -> Vec<u8> {
    let mut writer = Writer::new();
    let old: Vec<_> = old.roots().collect();
    let new: Vec<_> = new.roots().collect();
    children(&mut writer, &old, &new);
    writer.finish()
}

/// The ops that make `new` in an empty container: one insertion.
#[must_use]
pub fn build(new: &Tree) -> Vec<u8> {
    diff(&Tree::new(), new)
}

/// Whether they stand for the same thing, so that one can be made the other.
fn is_same(old: Element<'_>, new: Element<'_>) -> bool {
    old.tag() == new.tag()
        && (old.tag().is_none()
            || old.key() == new.key() && (!old.key().is_empty() || first_class(old) == first_class(new)))
}

/// The first class is the word of the vocabulary; those after it are modifiers.
fn first_class(element: Element<'_>) -> &str {
    let class = element.attr(Attr::Class).unwrap_or_default();
    class.split_once(' ').map_or(class, |(first, _)| first)
}

fn children(writer: &mut Writer, old: &[Element<'_>], new: &[Element<'_>]) {
    let mut start = 0;
    while let (Some(one), Some(two)) = (old.get(start), new.get(start))
        && is_same(*one, *two)
    {
        change(writer, *one, *two);
        start += 1;
    }
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(one, two)| is_same(**one, **two)).count();
    let (old, old_tail) = old.split_at(old.len() - tail);
    let (new, new_tail) = new.split_at(new.len() - tail);
    if old.is_empty() {
        new.iter().for_each(|element| insert(writer, *element));
    } else if new.is_empty() {
        writer.remove(count(old.len()));
    } else {
        reorder(writer, old, new);
    }
    old_tail.iter().zip(new_tail).for_each(|(one, two)| change(writer, *one, *two));
}

/// Two elements that stand for the same thing; the cursor ends after it.
fn change(writer: &mut Writer, old: Element<'_>, new: Element<'_>) {
    if old.is_same_below(new) {
        return writer.skip(1);
    }
    if old.tag().is_none() {
        if old.text() == new.text() {
            writer.skip(1)
        } else {
            writer.text(new.text())
        }
        return;
    }
    writer.enter();
    for (name, value) in new.attrs() {
        if old.attr(name) != Some(value) {
            writer.attr(name, value);
        }
    }
    for (name, _) in old.attrs() {
        if new.attr(name).is_none() {
            writer.unattr(name);
        }
    }
    let old: Vec<_> = old.children().collect();
    let new: Vec<_> = new.children().collect();
    children(writer, &old, &new);
    writer.up();
}

/// How the old child is known that a new child continues.
#[derive(PartialEq, Eq, Hash)]
enum Name<'t> {
    Key(Option<Tag>, &'t str),
    Kind(Option<Tag>, &'t str),
}

fn name(element: Element<'_>) -> Name<'_> {
    if element.key().is_empty() {
        Name::Kind(element.tag(), first_class(element))
    } else {
        Name::Key(element.tag(), element.key())
    }
}

fn reorder(writer: &mut Writer, old: &[Element<'_>], new: &[Element<'_>]) {
    // Places of old children by name, the last first, so that `pop` gives them in order.
    let mut places: HashMap<Name<'_>, Vec<usize>> = HashMap::with_capacity(old.len());
    for (place, element) in old.iter().enumerate().rev() {
        places.entry(name(*element)).or_default().push(place);
    }
    let matched: Vec<Option<usize>> =
        new.iter().map(|element| places.get_mut(&name(*element)).and_then(Vec::pop)).collect();
    let mut stays = vec![false; old.len()];
    for place in matched.iter().flatten() {
        if let Some(stays) = stays.get_mut(*place) {
            *stays = true;
        }
    }
    // What stands after the cursor, nearest last.
    let mut rest: Vec<usize> = (0..old.len()).rev().collect();
    for (element, place) in new.iter().zip(matched) {
        let Some(place) = place else {
            insert(writer, *element);
            continue;
        };
        remove_gone(writer, &mut rest, &stays);
        let distance = rest.iter().rev().position(|known| *known == place).unwrap_or(0);
        rest.remove(rest.len() - 1 - distance);
        if distance > 0 {
            writer.bring(count(distance));
        }
        if let Some(known) = old.get(place) {
            change(writer, *known, *element);
        }
    }
    writer.remove(count(rest.len()));
}

/// Takes away what stands right after the cursor and does not come again.
fn remove_gone(writer: &mut Writer, rest: &mut Vec<usize>, stays: &[bool]) {
    let gone = |place: &&usize| stays.get(**place) == Some(&false);
    let count_gone = rest.iter().rev().take_while(gone).count();
    rest.truncate(rest.len() - count_gone);
    writer.remove(count(count_gone));
}

fn insert(writer: &mut Writer, element: Element<'_>) {
    writer.insert();
    subtree(writer, element);
}

fn subtree(writer: &mut Writer, element: Element<'_>) {
    let Some(tag) = element.tag() else {
        writer.new_text(element.text());
        return;
    };
    let attrs = element.attrs();
    writer.new_element(tag, count(attrs.len()));
    attrs.for_each(|(name, value)| writer.new_attr(name, value));
    writer.new_children(element.child_count());
    element.children().for_each(|child| subtree(writer, child));
}

/// A view has at most some ten thousand elements.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
