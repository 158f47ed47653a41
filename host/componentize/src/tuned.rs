//! What is changed of a component before it is compiled, so that its instances cost less and its guest
//! cannot tell.
//!
//! - **Headroom**: `memory.grow` without a system call. A pooled instance whose memory grows costs two calls
//!   of the kernel: one to grow it, and one to shrink it before the next instance. Most guests grow on
//!   their first allocation. So the memory of a core module begins some pages larger than the module
//!   says; the module is told the size it expects, and growth within the headroom only changes what it
//!   is told (`docs/decisions/0006-memory-headroom.md`).
//! - **Copied data**: where a module has little data, an instance gets a copy of it, and not an image of it
//!   that is mapped: any slot of the pool then does for it
//!   (`docs/decisions/0009-many-components.md`).
//!
//! Invariants: what a guest sees of its memory is as it would be without: size, contents, and when
//! growth fails. Nothing else of the binary changes, byte for byte: what is added stands at the end of
//! its section, so that no index moves but those of segments of data that are joined, which are as good as
//! dropped once an instance has started. A module that is not wholly understood stays as it is, and so does
//! the whole component when the result would not be valid.

mod data;
mod functions;
mod headroom;
mod section;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use wasm_encoder::{RawSection, Section as _};
use wasmparser::{Result, Validator};

use crate::features;
use crate::sniff::{Binary, sniff};
use section::{HEADER, sections};

/// Which way components are changed. Raised with every change after which the same component becomes
/// another one: what was compiled of the one before is then not used any more.
pub const TUNING_REVISION: u32 = 2;

/// The sections of a component that hold binaries.
const CORE_MODULE: u8 = 1;
const COMPONENT: u8 = 4;

/// How deep components within components are looked at.
const MAX_DEPTH: u32 = 16;

/// Tunes a component, or a core module, whose memories get up to `pages` of headroom each.
///
/// # Behavior
///
/// - headroom is for a core module that has one memory of its own, of 32 bits and not shared, and grows it
/// - a memory never gets more than its own maximum has room for
/// - a module with debug information gets none: its lines are found by offsets that would move
/// - data is copied of a core module with a memory of its own and up to 16 KiB from the first byte to
///   the last, all at fixed addresses
/// - everything else stays as it is, bytes that are not a component too
pub fn tuned(component: &[u8], pages: u32) -> Cow<'_, [u8]> {
    let changed = match sniff(component) {
        Ok(Binary::Component) => within(component, pages, 0),
        Ok(Binary::Module) => module(component, pages),
        Err(_) => return Cow::Borrowed(component),
    };
    let is_valid = |changed: &Vec<u8>| {
        Validator::new_with_features(features::ACCEPTED).validate_all(changed).is_ok()
    };
    match changed.ok().flatten().filter(is_valid) {
        Some(changed) => Cow::Owned(changed),
        None => Cow::Borrowed(component),
    }
}

/// The component with other modules in it; none when they stay.
fn within(component: &[u8], pages: u32, depth: u32) -> Result<Option<Vec<u8>>> {
    let sections = sections(component)?;
    let mut out = component[..HEADER].to_vec();
    let mut is_changed = false;
    for section in sections {
        let section = section?;
        let changed = match section.id {
            CORE_MODULE => module(section.contents, pages)?,
            COMPONENT if depth < MAX_DEPTH => within(section.contents, pages, depth + 1)?,
            _ => None,
        };
        is_changed |= changed.is_some();
        match changed {
            Some(data) => RawSection { id: section.id, data: &data }.append_to(&mut out),
            None => out.extend_from_slice(section.whole),
        }
    }
    Ok(is_changed.then_some(out))
}

/// The module with headroom, its data copied; none when it stays as it is.
fn module(module: &[u8], pages: u32) -> Result<Option<Vec<u8>>> {
    let roomy = headroom::with_headroom(module, pages)?;
    let copied = data::copied(roomy.as_deref().unwrap_or(module))?;
    Ok(copied.or(roomy))
}
