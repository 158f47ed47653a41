//! What memories have beyond what a component asks for, so that guests grow without a call of the kernel.
//!
//! Whoever asks for a compilation changes the component before it; this room knows under which name the
//! result is kept, and for which functions it is too large. The memory is counted as what it is, so
//! that no function ever has more than it may.

use ottavo_core::units::ByteCount;
use serde::{Deserialize, Serialize};
use wasmtime::component::Component;

use crate::memory::TABLE_ELEMENT;

/// A page of a memory.
const PAGE: u64 = 64 << 10;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Headroom {
    /// Pages of 64 KiB for each memory.
    pub pages: u32,
    /// The way in which components are changed.
    pub revision: u32,
}

impl Headroom {
    /// So much, in whole pages, given in this way.
    pub fn new(size: ByteCount, revision: u32) -> Headroom {
        Headroom { pages: u32::try_from(size.0 / PAGE).unwrap_or(u32::MAX), revision }
    }

    /// No more memory than the component asks for.
    pub(crate) fn none(self) -> Headroom {
        Headroom { pages: 0, ..self }
    }

    /// For one memory.
    pub(crate) fn size(self) -> ByteCount {
        ByteCount(u64::from(self.pages) * PAGE)
    }
}

/// What the memories and tables of an instance have from its beginning, in bytes, or somewhat more: it
/// is known how many there are and how large the largest is.
pub(crate) fn at_start(code: &Component) -> u64 {
    // one that instantiates what it imports does not fit any linker
    let Some(needs) = code.resources_required() else { return 0 };
    let all = |number: u32, largest: Option<u64>, unit: u64| {
        u64::from(number).saturating_mul(largest.unwrap_or(0)).saturating_mul(unit)
    };
    let memories = all(needs.num_memories, needs.max_initial_memory_size, PAGE);
    let tables = all(needs.num_tables, needs.max_initial_table_size, TABLE_ELEMENT as u64);
    memories.saturating_add(tables)
}
