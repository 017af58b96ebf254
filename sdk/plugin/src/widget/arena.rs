//! An allocator for calls that are short. Each call has an instance of its own, whose memory goes with it, so nothing
//! is kept in lists: what is given back is used again only where it was taken last (a text that was put together and
//! dropped). The feature `quick` makes it the plugin's allocator; one that works on much for long needs the usual one.
//!
//! Measured with a page of 100 comments: the standard library's took a third of the plugin's time.
#![expect(unsafe_code, reason = "an allocator hands out addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::Cell;
use core::ptr;

unsafe extern "C" {
    /// Where `wasm-ld` says that the program ends: from here to the end of the first memory is free.
    static __heap_base: u8;
}

/// Bytes of a page of a component's memory.
const PAGE: usize = 64 << 10;
/// Pages taken at a time: each time costs the host as much as some 50 µs of the plugin's work.
const STEP: usize = 16;

#[global_allocator]
static ARENA: Arena = Arena { next: Cell::new(0), end: Cell::new(0) };

struct Arena {
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: a component has one thread.
unsafe impl Sync for Arena {}

impl Arena {
    /// The address of `size` bytes after `start`; none when the host has no more memory for the call.
    fn take(&self, start: usize, size: usize) -> Option<usize> {
        let end = start.checked_add(size)?;
        if end > self.end.get() {
            self.grow(end)?;
        }
        self.next.set(end);
        Some(start)
    }

    /// Memory grows at its end, and nobody else makes it grow, so what is taken follows what there was.
    fn grow(&self, end: usize) -> Option<()> {
        let pages = (end - self.end.get()).div_ceil(PAGE);
        let more = |pages: usize| Some(wasm32::memory_grow::<0>(pages)).filter(|old| *old != usize::MAX);
        let pages =
            if more(pages.max(STEP)).is_some() { pages.max(STEP) } else { more(pages).map(|_| pages)? };
        self.end.set(self.end.get() + pages * PAGE);
        Some(())
    }

    /// Where the next bytes of this alignment would be.
    fn start(&self, align: usize) -> usize {
        if self.end.get() == 0 {
            self.next.set((&raw const __heap_base).addr());
            self.end.set(wasm32::memory_size::<0>() * PAGE);
        }
        self.next.get().next_multiple_of(align)
    }
}

// SAFETY: blocks never overlap, for `next` only moves past what is handed out, and back over the block taken last.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.take(self.start(layout.align()), layout.size());
        start.map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if block.addr() + layout.size() == self.next.get() {
            self.next.set(block.addr());
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if block.addr() + layout.size() == self.next.get() {
            return if self.take(block.addr(), size).is_some() { block } else { ptr::null_mut() };
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: the caller vouches for `size` with this alignment.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            // SAFETY: the new block is longer than the old one and lies elsewhere.
            unsafe { ptr::copy_nonoverlapping(block, new, layout.size()) };
        }
        new
    }
}
