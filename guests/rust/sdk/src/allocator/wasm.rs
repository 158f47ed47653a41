//! The heap as the global allocator of a module.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32;
use std::cell::UnsafeCell;

use super::heap::{Heap, Memory};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(Heap::new(Linear { begun: false })));

const PAGE: usize = 64 << 10;

/// The only one: `__heap_base` is given away once.
struct Allocator(UnsafeCell<Heap<Linear>>);

// SAFETY: a module without atomics has one thread
unsafe impl Sync for Allocator {}

// SAFETY: a heap's blocks are its caller's alone until they are freed. It calls nothing that allocates,
// so no call finds another one under way
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { (*self.0.get()).dealloc(block, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe { (*self.0.get()).realloc(block, layout, size) }
    }
}

/// The module's memory: what the linker left free of it, then what it grows by.
struct Linear {
    begun: bool,
}

impl Memory for Linear {
    fn more(&mut self, size: usize) -> Option<(usize, usize)> {
        unsafe extern "C" {
            static __heap_base: u8;
            static __heap_end: u8;
        }
        if !self.begun {
            self.begun = true;
            let start = (&raw const __heap_base).expose_provenance().next_multiple_of(16);
            let end = (&raw const __heap_end).expose_provenance();
            if start != 0 && end > start {
                return Some((start, end - start));
            }
        }
        let least = size.div_ceil(PAGE);
        // a page at a time would be slow
        let before = [least.max(16), least].into_iter().find_map(|pages| {
            let before = wasm32::memory_grow::<0>(pages);
            (before != usize::MAX).then_some((before * PAGE, pages * PAGE))
        });
        // a block must not end where addresses do
        before
            .map(|(start, len)| (start, if start.wrapping_add(len) == 0 { len - 16 } else { len }))
    }
}
