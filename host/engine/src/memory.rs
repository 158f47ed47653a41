//! The memory of one call: all linear memories and tables of its instances together.

use wasmtime::ResourceLimiter;

/// What one element of a table counts as, in bytes.
const TABLE_ELEMENT: usize = 16;

/// Refuses growth past the cap, and remembers that it did.
#[derive(Debug)]
pub(crate) struct MemoryCap {
    cap: usize,
    used: usize,
    /// What was asked for in all when growth was first refused.
    refused: Option<usize>,
}

impl MemoryCap {
    pub(crate) fn new(cap: usize) -> MemoryCap {
        MemoryCap { cap, used: 0, refused: None }
    }

    pub(crate) fn cap(&self) -> usize {
        self.cap
    }

    pub(crate) fn refused(&self) -> Option<usize> {
        self.refused
    }

    pub(crate) fn forget_refusal(&mut self) {
        self.refused = None;
    }

    fn grow(&mut self, by: usize, possible: bool) -> bool {
        let wanted = self.used.saturating_add(by);
        if wanted > self.cap {
            self.refused.get_or_insert(wanted);
            return false;
        }
        // past the module's own maximum is the module's affair: it fails without being refused
        if possible {
            self.used = wanted;
        }
        possible
    }
}

impl ResourceLimiter for MemoryCap {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let possible = maximum.is_none_or(|maximum| desired <= maximum);
        Ok(self.grow(desired.saturating_sub(current), possible))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let possible = maximum.is_none_or(|maximum| desired <= maximum);
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT), possible))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_and_tables_share_one_cap() {
        let mut cap = MemoryCap::new(1000);
        assert!(cap.memory_growing(0, 500, None).expect("decides"));
        assert!(cap.table_growing(0, 31, None).expect("decides"));
        assert_eq!((cap.used, cap.refused), (996, None));
        assert!(!cap.memory_growing(500, 505, None).expect("decides"));
        assert!(!cap.table_growing(31, 32, None).expect("decides"));
        assert_eq!((cap.used, cap.refused), (996, Some(1001)));
    }
}
