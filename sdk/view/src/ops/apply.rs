//! What a browser does with ops, done to a [`Tree`]: the reference that the differ is tested against.

use super::codec::{Malformed, Op, Reader};
use super::table::{Attr, Tag};
use crate::render::Sink;
use crate::tree::{Element, Tree};

/// Applies an edit script. Keys are not part of a script, so the result has none.
///
/// # Errors
/// [`Malformed`] if the bytes are no script, or one for another tree; the tree is then as it was.
pub fn apply(tree: &mut Tree, bytes: &[u8]) -> Result<(), Malformed> {
    let mut cursor =
        Cursor { path: Vec::new(), here: Here { children: take(tree), at: 0, ..Here::default() } };
    let mut reader = Reader::new(bytes);
    while let Some(op) = reader.next_op()? {
        cursor.step(op)?;
    }
    while !cursor.path.is_empty() {
        cursor.step(Op::Up)?;
    }
    let mut changed = Tree::new();
    cursor.here.children.iter().for_each(|node| send(node, &mut changed));
    *tree = changed;
    Ok(())
}

enum Node {
    Text(String),
    Element { tag: Tag, attrs: Vec<(Attr, String)>, children: Vec<Node> },
}

/// The element that the cursor is in.
#[derive(Default)]
struct Here {
    tag: Option<Tag>,
    attrs: Vec<(Attr, String)>,
    children: Vec<Node>,
    at: usize,
}

struct Cursor {
    path: Vec<Here>,
    here: Here,
}

impl Cursor {
    fn step(&mut self, op: Op<'_>) -> Result<(), Malformed> {
        let here = &mut self.here;
        match op {
            Op::Up | Op::Close => return self.leave(),
            Op::Enter => return self.enter(),
            Op::Open(tag) => {
                let next = Here { tag: Some(tag), ..Here::default() };
                self.path.push(std::mem::replace(&mut self.here, next));
            }
            Op::Skip(count) => {
                here.at = here.at.checked_add(count as usize).ok_or(Malformed)?;
                if here.at > here.children.len() {
                    return Err(Malformed);
                }
            }
            Op::Back(count) => here.at = here.at.checked_sub(count as usize).ok_or(Malformed)?,
            Op::Remove(count) => {
                let end = here.at.checked_add(count as usize).ok_or(Malformed)?;
                if end > here.children.len() {
                    return Err(Malformed);
                }
                here.children.drain(here.at..end);
            }
            Op::Put(text) => {
                here.children.insert(here.at, Node::Text(text.to_owned()));
                here.at += 1;
            }
            Op::Attr(name, value) => {
                here.attrs.retain(|(attr, _)| *attr != name);
                here.attrs.push((name, value.to_owned()));
            }
            Op::Unattr(name) => here.attrs.retain(|(attr, _)| *attr != name),
            Op::Text(value) => {
                let Some(Node::Text(text)) = here.children.get_mut(here.at) else { return Err(Malformed) };
                value.clone_into(text);
                here.at += 1;
            }
            Op::Move(distance) => {
                let from = here.at.checked_add(distance as usize).ok_or(Malformed)?;
                if from >= here.children.len() {
                    return Err(Malformed);
                }
                let node = here.children.remove(from);
                here.children.insert(here.at, node);
                here.at += 1;
            }
        }
        Ok(())
    }

    fn enter(&mut self) -> Result<(), Malformed> {
        let slot = self.here.children.get_mut(self.here.at).ok_or(Malformed)?;
        match std::mem::replace(slot, Node::Text(String::new())) {
            Node::Text(_) => Err(Malformed),
            Node::Element { tag, attrs, children } => {
                self.here.children.remove(self.here.at);
                let next = Here { tag: Some(tag), attrs, children, at: 0 };
                self.path.push(std::mem::replace(&mut self.here, next));
                Ok(())
            }
        }
    }

    fn leave(&mut self) -> Result<(), Malformed> {
        let outer = self.path.pop().ok_or(Malformed)?;
        let inner = std::mem::replace(&mut self.here, outer);
        let tag = inner.tag.ok_or(Malformed)?;
        let node = Node::Element { tag, attrs: inner.attrs, children: inner.children };
        self.here.children.insert(self.here.at, node);
        self.here.at += 1;
        Ok(())
    }
}

fn take(tree: &Tree) -> Vec<Node> {
    tree.roots().map(node).collect()
}

fn node(element: Element<'_>) -> Node {
    let Some(tag) = element.tag() else { return Node::Text(element.text().to_owned()) };
    let attrs = element.attrs().map(|(name, value)| (name, value.to_owned())).collect();
    Node::Element { tag, attrs, children: element.children().map(node).collect() }
}

fn send(node: &Node, tree: &mut Tree) {
    match node {
        Node::Text(text) => tree.text(text),
        Node::Element { tag, attrs, children } => {
            tree.open(*tag);
            attrs.iter().for_each(|(name, value)| tree.attr(*name, value));
            children.iter().for_each(|child| send(child, tree));
            tree.close();
        }
    }
}
