//! Functions written by hand, as WebAssembly text: for what no compiler writes.

use anyhow::{Context, Result};

/// A core module that answers requests by `body`, with these lines beside it. The body has the parameters of
/// `handle` as locals and leaves the address of its answer.
///
/// What it is asked is written to one page of memory, over and over.
///
/// # Errors
/// What is wrong with the text.
pub fn handler(lines: &str, body: &str) -> Result<Vec<u8>> {
    let text = format!(
        r#"(module
            (memory (export "memory") 1)
            {lines}
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
            (func (export "ottavo:runtime/http-handler@0.1.0#handle")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
                {body}))"#
    );
    wat::parse_str(text).context("a function written by hand")
}
