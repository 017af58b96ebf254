//! The view's strings, each kept once.

/// Strings in the order they came, with an index by their bytes. A small open-addressed table instead of the
/// standard map: it saves a second copy of each string and the map's code in every guest.
#[derive(Debug, Default)]
pub(super) struct Pool {
    strings: Vec<String>,
    slots: Vec<Slot>,
    /// The length of `slots` less one; that length is a power of two, or 0.
    mask: usize,
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
        if self.strings.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(text.as_bytes());
        let mut place = hash as usize & self.mask;
        while let Some(slot) = self.slots.get_mut(place) {
            let Some(known) = slot.number.checked_sub(1) else {
                let index = u32::try_from(self.strings.len()).unwrap_or(u32::MAX - 1);
                *slot = Slot { hash, number: index + 1 };
                self.strings.push(text.to_owned());
                return index;
            };
            let same = |string: &String| equal(string.as_bytes(), text.as_bytes());
            if slot.hash == hash && self.strings.get(known as usize).is_some_and(same) {
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

/// Eight bytes at a time, as `WebAssembly` has them in one instruction; byte by byte, hashing and comparing took a quarter of
/// the plugin's time for a page of 100 comments.
/// An author who makes collisions slows only the own plugin.
fn hash(bytes: &[u8]) -> u32 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let hash = rest.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)));
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// As `==`, which a guest's library does byte by byte.
fn equal(a: &[u8], b: &[u8]) -> bool {
    let ((a_words, a_rest), (b_words, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let same = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_le_bytes(*a) == u64::from_le_bytes(*b);
    a.len() == b.len()
        && a_words.iter().zip(b_words).all(same)
        && a_rest.iter().zip(b_rest).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::Pool;

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
}
