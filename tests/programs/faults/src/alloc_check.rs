//! Works the allocator: blocks of all sizes are made, grown, shrunk and freed in a random order, and
//! each must keep the bytes that were written to it.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};

use ottavo_sdk::{Error, Response, Result};

/// How many blocks live at a time, at most.
const SLOTS: usize = 256;

/// Runs so many steps. The answer names how many blocks were checked.
pub(crate) fn run(rounds: usize, seed: u64) -> Result<Response> {
    let mut random = Random(seed | 1);
    let mut slots: Vec<Option<Block>> = Vec::new();
    slots.resize_with(SLOTS, || None);
    let mut checked = 0;
    for round in 0..rounds {
        let place = random.below(SLOTS);
        let outcome = match slots[place].take() {
            None => Block::new(&mut random).map(|block| slots[place] = Some(block)),
            Some(block) if random.below(2) == 0 => block.check(),
            Some(block) => block.resize(&mut random).map(|block| slots[place] = Some(block)),
        };
        outcome.map_err(|what| Error::data_loss(format!("round {round}: {what}")))?;
        checked += 1;
    }
    for block in slots.into_iter().flatten() {
        block.check().map_err(|what| Error::data_loss(format!("at the end: {what}")))?;
    }
    Ok(Response::text(format!("{checked} steps")))
}

/// A block and the byte that fills it.
struct Block {
    start: *mut u8,
    layout: Layout,
    fill: u8,
}

#[expect(unsafe_code, reason = "the allocator is called directly")]
impl Block {
    fn new(random: &mut Random) -> Result<Block, &'static str> {
        let layout = Layout::from_size_align(random.size(), 1 << random.below(9))
            .map_err(|_| "a layout that is none")?;
        let zeroed = random.below(4) == 0;
        // SAFETY: no layout here has size 0
        let start = unsafe { if zeroed { alloc_zeroed(layout) } else { alloc(layout) } };
        if start.is_null() {
            return Err("no memory is left");
        }
        if start as usize % layout.align() != 0 {
            return Err("a block is not aligned");
        }
        let mut block = Block { start, layout, fill: 0 };
        if zeroed && !block.is_filled() {
            return Err("a zeroed block is not zero");
        }
        block.fill(random.byte());
        Ok(block)
    }

    /// Checks the bytes and frees.
    fn check(self) -> Result<(), &'static str> {
        if !self.is_filled() {
            return Err("a block lost its bytes");
        }
        // SAFETY: allocated with this layout, and given up here
        unsafe { dealloc(self.start, self.layout) };
        Ok(())
    }

    /// Checks the bytes that a new size keeps.
    fn resize(mut self, random: &mut Random) -> Result<Block, &'static str> {
        let size = random.size();
        let kept = size.min(self.layout.size());
        // SAFETY: allocated with this layout; the new size is not 0
        self.start = unsafe { realloc(self.start, self.layout, size) };
        if self.start.is_null() {
            return Err("no memory is left");
        }
        if self.start as usize % self.layout.align() != 0 {
            return Err("a resized block is not aligned");
        }
        let align = self.layout.align();
        self.layout = Layout::from_size_align(kept, align).map_err(|_| "a layout that is none")?;
        if !self.is_filled() {
            return Err("a resized block lost its bytes");
        }
        self.layout = Layout::from_size_align(size, align).map_err(|_| "a layout that is none")?;
        self.fill(random.byte());
        Ok(self)
    }

    fn fill(&mut self, fill: u8) {
        self.fill = fill;
        // SAFETY: the block is this long
        unsafe { self.start.write_bytes(fill, self.layout.size()) };
    }

    fn is_filled(&self) -> bool {
        // SAFETY: the block is this long and was filled
        let bytes = unsafe { std::slice::from_raw_parts(self.start, self.layout.size()) };
        bytes.iter().all(|byte| *byte == self.fill)
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

    fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    /// Mostly small, sometimes larger than a page, rarely more than the memory has at the start.
    fn size(&mut self) -> usize {
        let limit = match self.below(1000) {
            0 => 3 << 20,
            1..50 => 200 << 10,
            50..300 => 8 << 10,
            _ => 200,
        };
        1 + self.below(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_allocator_passes() {
        assert_eq!(run(20_000, 7).unwrap().body(), b"20000 steps");
    }

    #[test]
    fn a_byte_changed_behind_a_blocks_back_is_noticed() {
        let block = Block::new(&mut Random(3)).unwrap();
        let changed = Block { fill: block.fill.wrapping_add(1), ..block };
        assert_eq!(changed.check(), Err("a block lost its bytes"));
    }
}
