//! A core module that is no function: it embeds no world and exports no handler.

/// Adds.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "an export by name")]
pub extern "C" fn add(a: u32, b: u32) -> u32 {
    a.wrapping_add(b)
}
