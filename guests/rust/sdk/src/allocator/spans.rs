//! Free memory in spans of any size, in the order of addresses; neighbours become one.
//!
//! A span holds its own entry: the address of the next one (0 ends the list), and its size.

use std::ptr::with_exposed_provenance_mut;

pub(super) struct Spans {
    first: usize,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Span {
    next: usize,
    size: usize,
}

impl Spans {
    pub(super) const fn new() -> Spans {
        Spans { first: 0 }
    }

    /// Takes a block out of the first span that holds it.
    ///
    /// # Safety
    /// Nobody wrote to what was put here.
    pub(super) unsafe fn take(&mut self, size: usize, align: usize) -> Option<usize> {
        let (mut before, mut at) = (0, self.first);
        while at != 0 {
            // SAFETY: a span of the list
            let span = unsafe { read(at) };
            let block = at.checked_next_multiple_of(align);
            let skipped = block.map_or(usize::MAX, |block| block - at);
            if skipped < span.size && size <= span.size - skipped {
                // SAFETY: what is left on both sides is free
                unsafe {
                    self.set_next(before, span.next);
                    self.put(at, skipped);
                    self.put(at + skipped + size, span.size - skipped - size);
                }
                return block;
            }
            (before, at) = (at, span.next);
        }
        None
    }

    /// Keeps a span; one of size 0 is nothing.
    ///
    /// # Safety
    /// It is a multiple of 16 in place and size, and nobody uses it.
    pub(super) unsafe fn put(&mut self, start: usize, size: usize) {
        if size == 0 {
            return;
        }
        let (mut before, mut next) = (0, self.first);
        // SAFETY: all are spans of the list, or the new one
        unsafe {
            while next != 0 && next < start {
                (before, next) = (next, read(next).next);
            }
            let mut span = Span { next, size };
            if next == start + size {
                let neighbour = read(next);
                span = Span { next: neighbour.next, size: size + neighbour.size };
            }
            if before != 0 && before + read(before).size == start {
                let size = read(before).size + span.size;
                write(before, Span { next: span.next, size });
                return;
            }
            write(start, span);
            self.set_next(before, start);
        }
    }

    /// # Safety
    /// `before` is a span of the list, or 0 for its beginning.
    unsafe fn set_next(&mut self, before: usize, next: usize) {
        match before {
            0 => self.first = next,
            // SAFETY: a span of the list
            _ => unsafe { write(before, Span { next, ..read(before) }) },
        }
    }
}

unsafe fn read(at: usize) -> Span {
    // SAFETY: the caller's
    unsafe { with_exposed_provenance_mut::<Span>(at).read() }
}

unsafe fn write(at: usize, span: Span) {
    // SAFETY: the caller's
    unsafe { with_exposed_provenance_mut::<Span>(at).write(span) }
}
