//! Ids taken ahead of their use, for drivers to which taking many costs as little as taking one.
//!
//! A key that is asked often gets larger blocks, so that one that is not wastes few ids. What is
//! left of a block when its key is forgotten, or when the host ends, is skipped. Only as many keys
//! are remembered as stand in [`KEYS`].

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ottavo_core::{Kind, Result};
use tokio::time::Instant;

use super::{Range, Size};
use crate::Key;

/// How many keys have a block; one more, and another is forgotten.
const KEYS: usize = 10_000;
/// The first block of a key, and the largest.
const SMALLEST: u32 = 16;
const LARGEST: u32 = 16_384;
/// A block that lasted less was too small; one that lasted ten times that, too large.
const ENOUGH: Duration = Duration::from_millis(500);

/// The blocks of one store, by key.
#[derive(Default)]
pub struct Ahead {
    lines: Mutex<HashMap<Key, Arc<Line>>>,
}

#[derive(Default)]
struct Line {
    block: Mutex<Block>,
    /// Held by whoever takes the next block.
    refill: tokio::sync::Mutex<()>,
}

/// The ids from `next` to before `end`.
#[derive(Default)]
struct Block {
    next: u64,
    end: u64,
    size: u32,
    taken: Option<Instant>,
}

impl Ahead {
    /// The next ids of a key, from what was taken ahead, or from a new block that `reserve` takes
    /// for good. One call of it per key is under way at a time.
    ///
    /// # Errors
    /// Those of `reserve`.
    pub async fn take<F>(
        &self,
        key: &Key,
        size: Size,
        mut reserve: impl FnMut(Size) -> F,
    ) -> Result<Range>
    where
        F: Future<Output = Result<Range>>,
    {
        let line = self.line(key);
        if let Some(range) = held(&line.block).take(size) {
            return Ok(range);
        }
        let _turn = line.refill.lock().await;
        if let Some(range) = held(&line.block).take(size) {
            return Ok(range);
        }
        let wanted = held(&line.block).wanted(Instant::now()).max(size);
        let range = match reserve(wanted).await {
            // the last ids of a key are fewer than a block
            Err(error) if error.kind() == Kind::Exhausted && wanted > size => reserve(size).await?,
            reserved => reserved?,
        };
        let mut block = held(&line.block);
        // what the old block still has is skipped: the ids of a host grow
        *block = Block::of(range, wanted, Instant::now());
        Ok(block.take(size).unwrap_or(range))
    }

    fn line(&self, key: &Key) -> Arc<Line> {
        let mut lines = held(&self.lines);
        if let Some(line) = lines.get(key) {
            return Arc::clone(line);
        }
        if lines.len() >= KEYS
            && let Some(forgotten) = lines.keys().next().cloned()
        {
            lines.remove(&forgotten);
        }
        Arc::clone(lines.entry(key.clone()).or_default())
    }
}

impl Block {
    fn take(&mut self, size: Size) -> Option<Range> {
        let (first, end) = (self.next, self.next + u64::from(size.get()));
        if self.end < end {
            return None;
        }
        self.next = end;
        Some(Range { first, last: end - 1 })
    }

    /// How large the next block should be.
    fn wanted(&self, now: Instant) -> Size {
        let lasted = self.taken.map(|taken| now - taken);
        let size = match lasted {
            None => SMALLEST,
            Some(lasted) if lasted < ENOUGH => self.size.saturating_mul(2),
            Some(lasted) if lasted > ENOUGH * 10 => self.size / 2,
            Some(_) => self.size,
        };
        Size::parse(size.clamp(SMALLEST, LARGEST)).unwrap_or(Size::ONE)
    }

    fn of(range: Range, wanted: Size, now: Instant) -> Block {
        let (next, end, size) = (range.first, range.last + 1, wanted.get().min(LARGEST));
        Block { next, end, size, taken: Some(now) }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
