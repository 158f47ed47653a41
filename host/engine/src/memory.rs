//! The memory of one call: all linear memories and tables of its instances together. What it takes is taken
//! of that of the host, and given back with the value.

use ottavo_core::units::ByteCount;
use wasmtime::ResourceLimiter;

use crate::total::Total;

/// What one element of a table counts as, in bytes.
pub(crate) const TABLE_ELEMENT: usize = 16;

/// Refuses growth past the cap, and remembers that it did.
#[derive(Debug)]
pub(crate) struct MemoryCap {
    cap: usize,
    used: usize,
    total: Total,
    refused: Option<Refused>,
}

/// Growth that was refused first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What the call would have had in all.
    pub(crate) wanted: usize,
    /// What it would have passed: a limit of its own, or that of the host.
    pub(crate) limit: ByteCount,
    pub(crate) of_host: bool,
}

impl MemoryCap {
    pub(crate) fn new(cap: usize, total: Total) -> MemoryCap {
        MemoryCap { cap, used: 0, total, refused: None }
    }

    pub(crate) fn refused(&self) -> Option<Refused> {
        self.refused
    }

    pub(crate) fn forget_refusal(&mut self) {
        self.refused = None;
    }

    fn grow(&mut self, by: usize, possible: bool) -> bool {
        let wanted = self.used.saturating_add(by);
        if wanted > self.cap {
            let limit = ByteCount(self.cap as u64);
            self.refused.get_or_insert(Refused { wanted, limit, of_host: false });
            return false;
        }
        // past the module's own maximum is the module's affair: it fails without being refused
        if !possible {
            return false;
        }
        if !self.total.take(by) {
            let limit = self.total.limit();
            self.refused.get_or_insert(Refused { wanted, limit, of_host: true });
            return false;
        }
        self.used = wanted;
        true
    }
}

impl Drop for MemoryCap {
    fn drop(&mut self) {
        self.total.give_back(self.used);
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
        let mut cap = MemoryCap::new(1000, Total::new(ByteCount::mib(1)));
        assert!(cap.memory_growing(0, 500, None).expect("decides"));
        assert!(cap.table_growing(0, 31, None).expect("decides"));
        assert_eq!((cap.used, cap.refused), (996, None));
        assert!(!cap.memory_growing(500, 505, None).expect("decides"));
        assert!(!cap.table_growing(31, 32, None).expect("decides"));
        let limit = ByteCount(1000);
        let refused = Refused { wanted: 1001, limit, of_host: false };
        assert_eq!((cap.used, cap.refused), (996, Some(refused)));
    }

    #[test]
    fn what_all_have_together_has_a_limit_and_comes_back() {
        let total = Total::new(ByteCount(1000));
        let mut first = MemoryCap::new(900, total.clone());
        let mut second = MemoryCap::new(900, total.clone());
        assert!(first.memory_growing(0, 600, None).expect("decides"));
        assert!(!second.memory_growing(0, 401, None).expect("decides"));
        let refused = Refused { wanted: 401, limit: ByteCount(1000), of_host: true };
        assert_eq!((second.used, second.refused), (0, Some(refused)));
        drop(first);
        assert!(second.memory_growing(0, 900, None).expect("decides"));
    }
}
