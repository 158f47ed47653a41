//! What never ends by itself.

use std::hint::black_box;

/// Uses the processor and nothing else.
pub(crate) fn spin() -> ! {
    let mut turns = 0u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

/// Takes memory until there is none, and writes to it.
pub(crate) fn hoard() -> ! {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(black_box(vec![1; 1 << 20]));
        black_box(&kept);
    }
}

/// Uses the host's stack of calls.
#[expect(unconditional_recursion, reason = "the fault itself")]
pub(crate) fn recurse(depth: u64) -> u64 {
    black_box(recurse(black_box(depth) + 1)) + 1
}

/// Uses the stack in the function's own memory: each call holds something that outlives the next.
#[expect(unconditional_recursion, reason = "the fault itself")]
pub(crate) fn recurse_wide(depth: u64) -> u64 {
    let held = black_box([depth; 128]);
    recurse_wide(black_box(held[7]) + 1) + black_box(held[0])
}
