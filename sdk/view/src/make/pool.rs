//! The view's strings, each kept once.

/// Strings in the order they came, with an index by their bytes. A small open-addressed table instead of the
/// standard map: it saves a second copy of each string and the map's code in every guest.
#[derive(Debug, Default)]
pub(super) struct Pool {
    strings: Vec<String>,
    /// Index + 1 of a string; 0 is free. The length is a power of two, or 0.
    slots: Vec<u32>,
}

impl Pool {
    /// Where `text` is, after putting it there if need be.
    pub(super) fn index(&mut self, text: &str) -> u32 {
        if self.strings.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut place = hash(text) & mask;
        while let Some(slot) = self.slots.get_mut(place) {
            let Some(known) = slot.checked_sub(1) else {
                let index = u32::try_from(self.strings.len()).unwrap_or(u32::MAX - 1);
                *slot = index + 1;
                self.strings.push(text.to_owned());
                return index;
            };
            if self.strings.get(known as usize).is_some_and(|string| string == text) {
                return known;
            }
            place = (place + 1) & mask;
        }
        0
    }

    pub(super) fn into_strings(self) -> Vec<String> {
        self.strings
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let mut slots = vec![0u32; size];
        for (index, string) in (1u32..).zip(&self.strings) {
            let mut place = hash(string) & (size - 1);
            while slots.get(place).is_some_and(|slot| *slot != 0) {
                place = (place + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(place) {
                *slot = index;
            }
        }
        self.slots = slots;
    }
}

/// FNV-1a: short, and quick for short strings. An author who makes collisions slows only the own plugin.
fn hash(text: &str) -> usize {
    let hash =
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) as usize
}
