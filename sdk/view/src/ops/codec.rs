//! The op codec: bytes <-> ops. Both sides allocate nothing of their own and never panic.
//!
//! ```text
//! 00 UP | 01 ENTER | 02 SKIP n | 03 REMOVE n | 04 INSERT subtree | 05 ATTR a value | 06 UNATTR a
//! 07 TEXT value | 08 MOVE n | 09 BACK n
//! subtree = 00 value | 01 tag attr-count (a value)* child-count subtree*
//! n, counts: LEB128 u32; value: length in bytes (LEB128), UTF-8; a, tag: one byte of the tables
//! ```

use super::table::{Attr, Tag};
use alloc::vec::Vec;

/// How deep a subtree may be: more than any view that passed its check can need, less than what parsers keep.
pub const DEPTH_MAX: usize = 128;

const UP: u8 = 0;
const ENTER: u8 = 1;
const SKIP: u8 = 2;
const REMOVE: u8 = 3;
const INSERT: u8 = 4;
const ATTR: u8 = 5;
const UNATTR: u8 = 6;
const TEXT: u8 = 7;
const MOVE: u8 = 8;
const BACK: u8 = 9;

const SUBTREE_TEXT: u8 = 0;
const SUBTREE_ELEMENT: u8 = 1;

/// One step of an edit script.
///
/// The reader of a script keeps a cursor: an element and a place among its children. It starts before the
/// first child of the element that holds the view's root. An inserted subtree arrives flat: `Open`, its
/// `Attr`s, its children, `Close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op<'a> {
    /// Leave the element; the cursor stands after it.
    Up,
    /// Go into the child at the cursor; the cursor stands before its first child.
    Enter,
    /// Go past so many children.
    Skip(u32),
    /// Take away so many children after the cursor.
    Remove(u32),
    /// A new element. The outermost one goes before the cursor, which then stands after it; an inner one goes
    /// at the end of the element opened before.
    Open(Tag),
    /// The new element is complete. [`Reader::building`] tells whether it was the outermost one.
    Close,
    /// A new text node, placed like `Open`.
    Put(&'a str),
    /// Set an attribute of the element opened or entered last. A flag has the value "".
    Attr(Attr, &'a str),
    /// Take an attribute from the element entered last.
    Unattr(Attr),
    /// Change the text node at the cursor; the cursor then stands after it.
    Text(&'a str),
    /// Take the sibling so many places after the cursor (1 is the next but one) and put it before the cursor,
    /// which then stands after it.
    Move(u32),
    /// Go back over so many children: a child that was moved is changed after it has moved.
    Back(u32),
}

/// The bytes are no edit script; the reader should ask for the whole view again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Reads an edit script step by step.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// Attributes still to come for the element opened last.
    attrs: u32,
    /// Whether that element's child count is still to come.
    head: bool,
    /// Children still to come, for each open element.
    children: [u32; DEPTH_MAX],
    depth: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, attrs: 0, head: false, children: [0; DEPTH_MAX], depth: 0 }
    }

    /// Whether an inserted subtree is not complete yet.
    #[inline]
    #[must_use]
    pub const fn building(&self) -> bool {
        self.depth > 0
    }

    /// The next step; none at the end.
    ///
    /// # Errors
    /// [`Malformed`] for unknown codes, a cut end, bad UTF-8 or a subtree deeper than [`DEPTH_MAX`]. Steps
    /// already given stay valid; what follows cannot be read.
    pub fn next_op(&mut self) -> Result<Option<Op<'a>>, Malformed> {
        if self.head {
            if self.attrs > 0 {
                self.attrs -= 1;
                return Ok(Some(Op::Attr(self.attr()?, self.value()?)));
            }
            self.head = false;
            let count = self.number()?;
            *self.top()? = count;
        }
        if self.depth > 0 {
            let left = self.top()?;
            if *left == 0 {
                self.depth -= 1;
                return Ok(Some(Op::Close));
            }
            *left -= 1;
            return self.subtree().map(Some);
        }
        let Some((&code, rest)) = self.rest.split_first() else { return Ok(None) };
        self.rest = rest;
        let op = match code {
            UP => Op::Up,
            ENTER => Op::Enter,
            SKIP => Op::Skip(self.number()?),
            REMOVE => Op::Remove(self.number()?),
            INSERT => self.subtree()?,
            ATTR => Op::Attr(self.attr()?, self.value()?),
            UNATTR => Op::Unattr(self.attr()?),
            TEXT => Op::Text(self.value()?),
            MOVE => Op::Move(self.number()?),
            BACK => Op::Back(self.number()?),
            _ => return Err(Malformed),
        };
        Ok(Some(op))
    }

    fn subtree(&mut self) -> Result<Op<'a>, Malformed> {
        match self.byte()? {
            SUBTREE_TEXT => Ok(Op::Put(self.value()?)),
            SUBTREE_ELEMENT => {
                let tag = Tag::from_code(self.byte()?).ok_or(Malformed)?;
                self.attrs = self.number()?;
                self.head = true;
                self.depth += 1;
                *self.top()? = 0;
                Ok(Op::Open(tag))
            }
            _ => Err(Malformed),
        }
    }

    fn top(&mut self) -> Result<&mut u32, Malformed> {
        self.children.get_mut(self.depth.wrapping_sub(1)).ok_or(Malformed)
    }

    fn attr(&mut self) -> Result<Attr, Malformed> {
        Attr::from_code(self.byte()?).ok_or(Malformed)
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        let (&byte, rest) = self.rest.split_first().ok_or(Malformed)?;
        self.rest = rest;
        Ok(byte)
    }

    fn number(&mut self) -> Result<u32, Malformed> {
        let mut number = 0u32;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && byte > 0x0f {
                return Err(Malformed);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    fn value(&mut self) -> Result<&'a str, Malformed> {
        let length = self.number()? as usize;
        let (value, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        core::str::from_utf8(value).map_err(|_| Malformed)
    }
}

/// Writes an edit script.
///
/// Skips are joined, and steps that lead nowhere (a skip before `Up`, an `Enter` with nothing done inside) are
/// left out, so a caller can walk without care.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
    /// Steps not written yet: skips wait for something to be done after them.
    waiting: Vec<Wait>,
}

#[derive(Clone, Copy, Debug)]
enum Wait {
    Skip(u32),
    Back,
    Enter,
}

impl Writer {
    /// An empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The finished script.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Go past `count` children.
    pub fn skip(&mut self, mut count: u32) {
        if count > 0 && matches!(self.waiting.last(), Some(Wait::Back)) {
            self.waiting.pop();
            count -= 1;
        }
        match self.waiting.last_mut() {
            Some(Wait::Skip(waiting)) => *waiting += count,
            _ if count > 0 => self.waiting.push(Wait::Skip(count)),
            _ => {}
        }
    }

    /// Go into the child at the cursor.
    pub fn enter(&mut self) {
        self.waiting.push(Wait::Enter);
    }

    /// Leave the element entered last.
    pub fn up(&mut self) {
        while let Some(Wait::Skip(_) | Wait::Back) = self.waiting.last() {
            self.waiting.pop();
        }
        if let Some(Wait::Enter) = self.waiting.last() {
            self.waiting.pop();
            self.skip(1);
        } else {
            self.bytes.push(UP);
        }
    }

    /// Take away `count` children.
    pub fn remove(&mut self, count: u32) {
        if count > 0 {
            self.step(REMOVE);
            self.number(count);
        }
    }

    /// Bring the sibling `distance` places after the cursor to the cursor, which then stands before it.
    pub fn bring(&mut self, distance: u32) {
        self.step(MOVE);
        self.number(distance);
        self.waiting.push(Wait::Back);
    }

    /// Set an attribute of the element entered last.
    pub fn attr(&mut self, attr: Attr, value: &str) {
        self.step(ATTR);
        self.bytes.push(attr.code());
        self.value(value);
    }

    /// Take an attribute from the element entered last.
    pub fn unattr(&mut self, attr: Attr) {
        self.step(UNATTR);
        self.bytes.push(attr.code());
    }

    /// Change the text node at the cursor and go past it.
    pub fn text(&mut self, value: &str) {
        self.step(TEXT);
        self.value(value);
    }

    /// Begin an insertion; exactly one [`new_text`](Self::new_text) or [`new_element`](Self::new_element),
    /// with all it announces, must follow.
    pub fn insert(&mut self) {
        self.step(INSERT);
    }

    /// A text node of a subtree.
    pub fn new_text(&mut self, value: &str) {
        self.bytes.push(SUBTREE_TEXT);
        self.value(value);
    }

    /// An element of a subtree; its attributes ([`new_attr`](Self::new_attr)) must follow, then
    /// [`new_children`](Self::new_children).
    pub fn new_element(&mut self, tag: Tag, attr_count: u32) {
        self.bytes.push(SUBTREE_ELEMENT);
        self.bytes.push(tag.code());
        self.number(attr_count);
    }

    /// An attribute of the element begun last.
    pub fn new_attr(&mut self, attr: Attr, value: &str) {
        self.bytes.push(attr.code());
        self.value(value);
    }

    /// How many children the element begun last has; they must follow.
    pub fn new_children(&mut self, count: u32) {
        self.number(count);
    }

    fn step(&mut self, code: u8) {
        for index in 0..self.waiting.len() {
            match self.waiting.get(index) {
                Some(Wait::Skip(count)) => {
                    let count = *count;
                    self.bytes.push(SKIP);
                    self.number(count);
                }
                Some(Wait::Back) => self.bytes.extend([BACK, 1]),
                Some(Wait::Enter) => self.bytes.push(ENTER),
                None => {}
            }
        }
        self.waiting.clear();
        self.bytes.push(code);
    }

    fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push((number & 0x7f) as u8);
    }

    fn value(&mut self, value: &str) {
        // A view is limited to 256 KiB of text, so a length always fits.
        self.number(u32::try_from(value.len()).unwrap_or(u32::MAX));
        self.bytes.extend_from_slice(value.as_bytes());
    }
}
