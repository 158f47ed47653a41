//! What the generated bindings call: the runtime of `wit-bindgen` as far as this SDK's world needs it,
//! so that a function depends on nothing that has to be fetched.
//!
//! Invariant: a block given to the host, or taken from it, is one of the global allocator's, with the
//! layout that the canonical ABI gives it.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::{NonNull, null_mut};

/// A block that a call borrows, freed when the call is over.
pub struct Cleanup {
    block: NonNull<u8>,
    layout: Layout,
}

impl Cleanup {
    /// A block of this layout; a null pointer and nothing to free when its size is 0.
    pub fn new(layout: Layout) -> (*mut u8, Option<Cleanup>) {
        if layout.size() == 0 {
            return (null_mut(), None);
        }
        // SAFETY: the size is not 0
        let block = NonNull::new(unsafe { alloc(layout) });
        let block = block.unwrap_or_else(|| handle_alloc_error(layout));
        (block.as_ptr(), Some(Cleanup { block, layout }))
    }

    /// Leaves the block to somebody else.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout in `new`, and given up here
        unsafe { dealloc(self.block.as_ptr(), self.layout) };
    }
}

/// Makes the linker keep the export that the host takes memory by.
pub fn maybe_link_cabi_realloc() {
    #[cfg(all(target_family = "wasm", any(target_env = "p1", target_env = "")))]
    {
        #[used]
        static KEEP: unsafe extern "C" fn(*mut u8, usize, usize, usize) -> *mut u8 =
            exported::cabi_realloc;
    }
}

/// Runs what other languages linked in want to run before the first call. Naming the function keeps
/// the linker from running it around each export, and again with each call.
#[cfg(target_arch = "wasm32")]
pub fn run_ctors_once() {
    use std::sync::atomic::{AtomicBool, Ordering};

    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    static RUN: AtomicBool = AtomicBool::new(false);
    if !RUN.swap(true, Ordering::Relaxed) {
        // SAFETY: the linker makes it; it runs once
        unsafe { __wasm_call_ctors() };
    }
}

// the C library of `wasm32-wasip2` has one of its own
#[cfg(all(target_family = "wasm", any(target_env = "p1", target_env = "")))]
mod exported {
    use std::alloc::{Layout, alloc, realloc};
    use std::ptr::without_provenance_mut;

    /// The host's way to memory for what it hands over.
    ///
    /// # Safety
    /// As the canonical ABI calls it: `old_len` and `align` are those of the block at `old`.
    #[unsafe(no_mangle)]
    pub(super) unsafe extern "C" fn cabi_realloc(
        old: *mut u8,
        old_len: usize,
        align: usize,
        new_len: usize,
    ) -> *mut u8 {
        if new_len == 0 {
            return without_provenance_mut(align);
        }
        let Ok(layout) = Layout::from_size_align(old_len.max(new_len), align) else { trap() };
        // SAFETY: the sizes are not 0 and make a layout with this alignment; the old block has it
        let block = unsafe {
            match old_len {
                0 => alloc(layout),
                _ => realloc(old, Layout::from_size_align_unchecked(old_len, align), new_len),
            }
        };
        if block.is_null() {
            trap()
        }
        block
    }

    /// Without a text: this runs inside a call of the host, which a log line would be another one of.
    fn trap() -> ! {
        #[cfg(target_arch = "wasm32")]
        std::arch::wasm32::unreachable();
        #[cfg(not(target_arch = "wasm32"))]
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_aligned_and_an_empty_one_is_none() {
        let layout = Layout::from_size_align(24, 8).expect("a layout");
        let (block, cleanup) = Cleanup::new(layout);
        assert!(!block.is_null() && block.addr() % 8 == 0 && cleanup.is_some());
        let (block, cleanup) = Cleanup::new(Layout::from_size_align(0, 8).expect("a layout"));
        assert!(block.is_null() && cleanup.is_none());
    }
}
