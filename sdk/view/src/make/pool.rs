//! The view's strings, each kept once.

/// Strings in the order they came, with an index by their bytes. A small open-addressed table instead of the
/// standard map: it saves a second copy of each string and the map's code in every guest.
#[derive(Debug)]
pub(super) struct Pool {
    strings: Vec<String>,
    slots: Vec<Slot>,
    /// The length of `slots` less one; that length is a power of two, or 0.
    mask: usize,
    /// Numbers of strings by where they were when they came: an id or a label comes again from the same place, and
    /// then need not be hashed. Only a place to look first, since another text may be there by now.
    recent: [u32; RECENT],
}

/// Places remembered; a power of two.
const RECENT: usize = 1_024;

impl Default for Pool {
    fn default() -> Self {
        Self { strings: Vec::new(), slots: Vec::new(), mask: 0, recent: [0; RECENT] }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// Index + 1 of a string; 0 is free.
    number: u32,
}

impl Pool {
    /// Where `text` is, after putting it there if need be.
    pub(super) fn index(&mut self, text: &str) -> u32 {
        let recent = recent(text);
        let known = self.recent.get(recent).and_then(|number| number.checked_sub(1));
        if let Some(known) = known.filter(|known| self.is_at(*known, text)) {
            return known;
        }
        let index = self.find(text);
        if let Some(recent) = self.recent.get_mut(recent) {
            *recent = index + 1;
        }
        index
    }

    fn is_at(&self, index: u32, text: &str) -> bool {
        self.strings.get(index as usize).is_some_and(|string| equal(string.as_bytes(), text.as_bytes()))
    }

    fn find(&mut self, text: &str) -> u32 {
        if self.strings.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(text.as_bytes());
        let mut place = hash as usize & self.mask;
        while let Some(slot) = self.slots.get(place).copied() {
            let Some(known) = slot.number.checked_sub(1) else {
                let index = u32::try_from(self.strings.len()).unwrap_or(u32::MAX - 1);
                if let Some(free) = self.slots.get_mut(place) {
                    *free = Slot { hash, number: index + 1 };
                }
                self.strings.push(text.to_owned());
                return index;
            };
            if slot.hash == hash && self.is_at(known, text) {
                return known;
            }
            place = (place + 1) & self.mask;
        }
        0
    }

    pub(super) fn into_strings(self) -> Vec<String> {
        self.strings
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(256);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        self.mask = size - 1;
        for slot in old.into_iter().filter(|slot| slot.number != 0) {
            let mut place = slot.hash as usize & self.mask;
            while self.slots.get(place).is_some_and(|taken| taken.number != 0) {
                place = (place + 1) & self.mask;
            }
            if let Some(free) = self.slots.get_mut(place) {
                *free = slot;
            }
        }
    }
}

/// Which place to look at first for a text that lies here.
fn recent(text: &str) -> usize {
    // Texts lie in rows, a few dozen bytes apart: the product spreads them (Knuth's multiplicative hash).
    (text.as_ptr().addr().wrapping_mul(0x9e37_79b1) >> 20) & (RECENT - 1)
}

/// Eight bytes at a time, as `WebAssembly` has them in one instruction; byte by byte, hashing and comparing took a quarter of
/// the plugin's time for a page of 100 comments.
/// An author who makes collisions slows only the own plugin.
fn hash(bytes: &[u8]) -> u32 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let start = bytes.len() as u64;
    let hash = match bytes.last_chunk::<8>() {
        // The last word overlaps the one before, which spares going by bytes.
        Some(last) => mix(words(bytes).fold(start, mix), word(*last)),
        None => bytes.iter().fold(start, |hash, byte| mix(hash, u64::from(*byte))),
    };
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// As `==`, which a guest's library does byte by byte. With as few rounds as can be: each costs a plugin eight
/// instructions more, by which the host counts its work and can interrupt it.
fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (Some(a_last), Some(b_last)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) else {
        return equal_short(a, b);
    };
    let ((a_rows, a_rest), (b_rows, b_rest)) = (a.as_chunks::<32>(), b.as_chunks::<32>());
    let differing = |a: &[u8; 32], b: &[u8; 32]| words(a).zip(words(b)).fold(0, |all, (a, b)| all | (a ^ b));
    // The last words overlap what stands before them, which spares going by bytes.
    word(*a_last) == word(*b_last)
        && a_rows.iter().zip(b_rows).all(|(a, b)| differing(a, b) == 0)
        && words(a_rest).zip(words(b_rest)).all(|(a, b)| a == b)
}

/// Fewer than eight bytes.
fn equal_short(a: &[u8], b: &[u8]) -> bool {
    match (a.first_chunk::<4>(), b.first_chunk::<4>()) {
        (Some(a_first), Some(b_first)) => a_first == b_first && a.last_chunk::<4>() == b.last_chunk::<4>(),
        _ => match (a, b) {
            ([], []) => true,
            ([a], [b]) => a == b,
            ([a, c], [b, d]) => a == b && c == d,
            ([a, c, e], [b, d, f]) => a == b && c == d && e == f,
            _ => false,
        },
    }
}

fn word(bytes: [u8; 8]) -> u64 {
    u64::from_le_bytes(bytes)
}

/// The whole words of a text, without what is left at its end.
fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<8>().0.iter().map(|bytes| word(*bytes))
}

#[cfg(test)]
mod tests {
    use super::{Pool, equal};

    #[test]
    fn each_text_has_one_place() {
        let mut pool = Pool::default();
        let texts: Vec<String> =
            (0..2_000).map(|number| "x".repeat(number % 40) + &number.to_string()).collect();
        for _ in 0..2 {
            for (place, text) in texts.iter().enumerate() {
                assert_eq!(pool.index(text) as usize, place, "{text}");
            }
        }
        assert_eq!(pool.index(""), 2_000);
        assert_eq!(pool.index(""), 2_000);
        assert_eq!(pool.into_strings().len(), 2_001);
    }

    #[test]
    fn texts_of_any_length_that_differ_anywhere_differ() {
        for length in 0..80 {
            let text = vec![b'x'; length];
            assert!(equal(&text, &text.clone()), "{length}");
            for place in 0..length {
                let mut other = text.clone();
                other[place] = b'y';
                assert!(!equal(&text, &other), "{length}, {place}");
                assert!(!equal(&text, &text[..place]));
            }
        }
    }

    #[test]
    fn another_text_in_the_same_place_is_another_text() {
        let mut pool = Pool::default();
        let mut text = String::from("reply-1");
        assert_eq!(pool.index(&text), 0);
        text.replace_range(6.., "2");
        assert_eq!(pool.index(&text), 1);
        text.replace_range(6.., "1");
        assert_eq!(pool.index(&text), 0);
    }
}
