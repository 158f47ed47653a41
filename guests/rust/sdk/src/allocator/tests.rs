//! The heap on memory of a test's own: blocks never overlap, and what is freed is used again.

use std::alloc::Layout;

use super::heap::{GRAIN, Heap, Memory};

/// So much memory, handed out in steps: the first one as small as a module's own may be.
struct Steps {
    bytes: Vec<u128>,
    given: usize,
}

const FIRST: usize = 1 << 20;
const STEP: usize = 256 << 10;

impl Steps {
    fn new(size: usize) -> Steps {
        Steps { bytes: vec![0; size / size_of::<u128>()], given: 0 }
    }
}

impl Memory for Steps {
    fn more(&mut self, size: usize) -> Option<(usize, usize)> {
        let len = if self.given == 0 { FIRST } else { size.next_multiple_of(STEP) };
        if self.given + len > self.bytes.len() * size_of::<u128>() {
            return None;
        }
        let start = self.bytes.as_mut_ptr().expose_provenance() + self.given;
        self.given += len;
        Some((start, len))
    }
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

#[test]
fn blocks_are_aligned_keep_their_bytes_and_never_overlap() {
    let mut heap = Heap::new(Steps::new(64 << 20));
    let mut random = Random(7);
    let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
    let fill = |block: *mut u8, size, byte| unsafe { block.write_bytes(byte, size) };
    let bytes = |block: *mut u8, size| unsafe { std::slice::from_raw_parts(block, size) };
    for step in 0..60_000_u32 {
        let byte = step as u8;
        match random.below(5) {
            0 | 1 => {
                let layout = layout(random.size(), 1 << random.below(8));
                let zeroed = random.below(2) == 0;
                let block = if zeroed { heap.alloc_zeroed(layout) } else { heap.alloc(layout) };
                assert!(!block.is_null(), "step {step}: no memory");
                assert_eq!(block.addr() % layout.align(), 0);
                assert!(!zeroed || bytes(block, layout.size()).iter().all(|byte| *byte == 0));
                fill(block, layout.size(), byte);
                blocks.push((block, layout, byte));
            }
            2 if !blocks.is_empty() => {
                let at = random.below(blocks.len());
                let (block, old, byte) = blocks[at];
                let size = random.size();
                let moved = unsafe { heap.realloc(block, old, size) };
                assert!(!moved.is_null() && moved.addr() % old.align() == 0);
                let kept = old.size().min(size);
                assert!(bytes(moved, kept).iter().all(|b| *b == byte), "step {step}: changed");
                fill(moved, size, byte);
                blocks[at] = (moved, layout(size, old.align()), byte);
            }
            _ if !blocks.is_empty() => {
                let (block, layout, byte) = blocks.swap_remove(random.below(blocks.len()));
                let whole = bytes(block, layout.size()).iter().all(|b| *b == byte);
                assert!(whole, "step {step}: a block of {} changed", layout.size());
                unsafe { heap.dealloc(block, layout) };
            }
            _ => {}
        }
    }
}

#[test]
fn what_is_freed_is_used_again() {
    let mut heap = Heap::new(Steps::new(2 << 20));
    for round in 0..1000 {
        let layouts = [layout(24, 8), layout(5000, 1), layout(100 << 10, 4), layout(300 << 10, 64)];
        let blocks = layouts.map(|layout| (heap.alloc(layout), layout));
        for (block, layout) in blocks {
            assert!(!block.is_null(), "round {round}: no memory is left");
            unsafe { heap.dealloc(block, layout) };
        }
    }
}

#[test]
fn neighbours_become_one_whatever_their_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut heap = Heap::new(Steps::new(FIRST));
        let part = layout(200 << 10, 16);
        let parts = [(); 3].map(|()| heap.alloc(part));
        let guard = heap.alloc(layout(300 << 10, 16));
        assert!(!guard.is_null());
        for at in order {
            unsafe { heap.dealloc(parts[at], part) };
        }
        assert_eq!(heap.alloc(layout(600 << 10, 16)), parts[0], "{order:?}");
    }
}

#[test]
fn the_last_block_grows_in_place() {
    let mut heap = Heap::new(Steps::new(FIRST));
    let mut last = layout(10, 1);
    let block = heap.alloc(last);
    for size in [100, 5000, 128 << 10, 500 << 10, 1000 << 10, 40 << 10, 80] {
        assert_eq!(unsafe { heap.realloc(block, last, size) }, block);
        last = layout(size, 1);
    }
    unsafe { heap.dealloc(block, last) };
    assert_eq!(heap.alloc(layout(FIRST, 1)), block);
}

#[test]
fn more_than_there_is_gives_null_and_leaves_the_rest_usable() {
    let mut heap = Heap::new(Steps::new(FIRST));
    for size in [2 << 20, 1 << 40, isize::MAX as usize - 64] {
        assert!(heap.alloc(layout(size, 16)).is_null());
        assert!(heap.alloc(layout(size, 64)).is_null());
    }
    let block = heap.alloc(layout(100, 1));
    assert!(unsafe { heap.realloc(block, layout(100, 1), 2 << 20) }.is_null());
    assert!(!heap.alloc(layout(FIRST - 2 * 128, 1)).is_null());
}

#[test]
fn every_size_up_to_the_largest_class_has_a_class_that_holds_it() {
    let mut heap = Heap::new(Steps::new(64 << 20));
    for size in (1..33 << 10).step_by(7) {
        let (one, two) = (heap.alloc(layout(size, 1)), heap.alloc(layout(size, 1)));
        assert!(!one.is_null() && two.addr().abs_diff(one.addr()) >= size);
        let waste = two.addr().abs_diff(one.addr()) - size;
        assert!(waste < GRAIN.max(size / 4), "{size} wastes {waste}");
        // each size from fresh memory
        heap = Heap::new(Steps::new(FIRST));
    }
}

/// A xorshift generator: the same seed gives the same workload.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn size(&mut self) -> usize {
        let limit = match self.below(100) {
            0 => 300 << 10,
            1..10 => 60 << 10,
            10..40 => 4 << 10,
            _ => 200,
        };
        1 + self.below(limit)
    }
}
