//! Blocks of memory: classes of sizes for small ones, a list of spans for the others.
//!
//! Invariants:
//! - Every block starts and ends at a multiple of 16. Nothing is kept beside blocks: the layout that
//!   comes back says what a block is.
//! - Fresh memory is given out in order, so that little of it is ever touched.
//! - Memory at or above `fresh` was never given out, and is zero.
//! - A free block is in one place: the list of its class, the spans, or the rest.

use std::alloc::Layout;
use std::ptr::{null_mut, with_exposed_provenance_mut};

use super::spans::Spans;

/// Where a heap gets memory.
pub(super) trait Memory {
    /// Start and length of at least `size` more bytes, zero, and a multiple of 16 both; or whatever
    /// there is when it is the first time. None when there is no more.
    fn more(&mut self, size: usize) -> Option<(usize, usize)>;
}

/// The grain, and the largest alignment that blocks have without being asked.
pub(super) const GRAIN: usize = 16;
/// Up to here, classes are one grain apart; above, four to a doubling.
const FINE: usize = 512;
/// The largest size of a class.
const SMALL: usize = 32 << 10;
const CLASSES: usize = 32 + 24;

pub(super) struct Heap<M> {
    memory: M,
    /// For each class, the first free block, which holds the address of the next; or 0.
    free: [usize; CLASSES],
    spans: Spans,
    /// The memory that is given out next: from here
    start: usize,
    /// up to here.
    end: usize,
    /// What `start` has never gone beyond.
    fresh: usize,
}

/// How the blocks of a layout are kept.
enum Kind {
    /// Of a class, and how large these are.
    Class(usize, usize),
    /// In spans, in this size.
    Span(usize),
}

impl Kind {
    /// None when it is larger than memory can be.
    fn of(layout: Layout) -> Option<Kind> {
        let size = layout.size().max(1).checked_next_multiple_of(GRAIN)?;
        if layout.align() > GRAIN || size > SMALL {
            return Some(Kind::Span(size));
        }
        if size <= FINE {
            return Some(Kind::Class(size / GRAIN - 1, size));
        }
        // the doubling that it lies in, above 512, and the quarter of that
        let doubling = (size - 1).ilog2();
        let step = 1_usize << (doubling - 2);
        let size = size.next_multiple_of(step);
        let quarter = (size >> (doubling - 2)) - 5;
        Some(Kind::Class(32 + 4 * (doubling as usize - 9) + quarter, size))
    }

    fn size(&self) -> usize {
        let (Kind::Class(_, size) | Kind::Span(size)) = self;
        *size
    }
}

impl<M: Memory> Heap<M> {
    pub(super) const fn new(memory: M) -> Heap<M> {
        Heap { memory, free: [0; CLASSES], spans: Spans::new(), start: 0, end: 0, fresh: 0 }
    }

    /// A block, or null.
    pub(super) fn alloc(&mut self, layout: Layout) -> *mut u8 {
        let block = match Kind::of(layout) {
            Some(Kind::Class(class, size)) => match self.free[class] {
                0 => self.cut(size, GRAIN),
                // SAFETY: a free block of this class
                block => unsafe {
                    self.free[class] = with_exposed_provenance_mut::<usize>(block).read();
                    Some(block)
                },
            },
            Some(Kind::Span(size)) => {
                // SAFETY: spans hold free memory
                let taken = unsafe { self.spans.take(size, layout.align()) };
                taken.or_else(|| self.cut(size, layout.align()))
            }
            None => None,
        };
        block.map_or(null_mut(), with_exposed_provenance_mut)
    }

    /// A block of zeros, or null.
    pub(super) fn alloc_zeroed(&mut self, layout: Layout) -> *mut u8 {
        let fresh = self.fresh;
        let block = self.alloc(layout);
        let untouched = block.addr() >= fresh && block.addr() < self.fresh;
        if !block.is_null() && !untouched {
            // SAFETY: the block is this long
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// The block is this heap's, has this layout, and is not used again.
    pub(super) unsafe fn dealloc(&mut self, block: *mut u8, layout: Layout) {
        let Some(kind) = Kind::of(layout) else { return };
        let address = block.expose_provenance();
        match kind {
            // the last one given out: what is dense stays dense
            _ if address + kind.size() == self.start => self.start = address,
            Kind::Class(class, _) => {
                // SAFETY: it has a grain at least, and nobody else uses it
                unsafe { block.cast::<usize>().write(self.free[class]) };
                self.free[class] = address;
            }
            // SAFETY: nobody else uses it
            Kind::Span(size) => unsafe { self.spans.put(address, size) },
        }
    }

    /// A block of another size with the same beginning, or null.
    ///
    /// # Safety
    /// The block is this heap's and has this layout; it is not used again unless null is returned.
    pub(super) unsafe fn realloc(
        &mut self,
        block: *mut u8,
        layout: Layout,
        size: usize,
    ) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        let (Some(old), Some(new)) = (Kind::of(layout), Kind::of(wanted)) else {
            return null_mut();
        };
        let address = block.expose_provenance();
        // the last one given out changes in place, which a growing `Vec` likes
        if address + old.size() == self.start && new.size() <= self.end - address {
            self.start = address + new.size();
            self.fresh = self.fresh.max(self.start);
            return block;
        }
        match (old, new) {
            (Kind::Class(old, _), Kind::Class(new, _)) if old == new => return block,
            (Kind::Span(old), Kind::Span(new)) if new <= old => {
                // SAFETY: the end of the block is given up
                unsafe { self.spans.put(address + new, old - new) };
                return block;
            }
            _ => {}
        }
        let moved = self.alloc(wanted);
        if !moved.is_null() {
            // SAFETY: two blocks, both this long; the old one is given up
            unsafe {
                moved.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
        }
        moved
    }

    /// Memory that was not given out, else from the spans, else more of it.
    fn cut(&mut self, size: usize, align: usize) -> Option<usize> {
        if let Some(block) = self.cut_rest(size, align) {
            return Some(block);
        }
        // SAFETY: spans hold free memory
        if let Some(block) = unsafe { self.spans.take(size, align) } {
            return Some(block);
        }
        let wanted = if align > GRAIN { size.checked_add(align)? } else { size };
        // what there is at first may be too little
        for _ in 0..2 {
            let (start, len) = self.memory.more(wanted)?;
            if start != self.end {
                // SAFETY: nobody has the rest
                unsafe { self.spans.put(self.start, self.end - self.start) };
                self.start = start;
            }
            self.end = start + len / GRAIN * GRAIN;
            self.fresh = self.fresh.max(self.start);
            if let Some(block) = self.cut_rest(size, align) {
                return Some(block);
            }
        }
        None
    }

    fn cut_rest(&mut self, size: usize, align: usize) -> Option<usize> {
        let block = self.start.checked_next_multiple_of(align.max(GRAIN))?;
        if block > self.end || size > self.end - block {
            return None;
        }
        // SAFETY: what alignment skips is nobody's
        unsafe { self.spans.put(self.start, block - self.start) };
        self.start = block + size;
        self.fresh = self.fresh.max(self.start);
        Some(block)
    }
}
