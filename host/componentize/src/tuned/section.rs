//! The sections of a binary, as bytes. Modules and components are framed alike.

use wasm_encoder::Encode;
use wasmparser::{BinaryReader, Result};

use crate::features;

/// Bytes before the first section.
pub(super) const HEADER: usize = 8;

/// One section.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) id: u8,
    /// With its id and its size.
    pub(super) whole: &'a [u8],
    pub(super) contents: &'a [u8],
}

/// The sections of a module or a component, up to the first that is damaged. It has a header, or this fails.
pub(super) fn sections(binary: &[u8]) -> Result<impl Iterator<Item = Result<Section<'_>>>> {
    let mut reader = BinaryReader::new_features(binary, 0, features::ACCEPTED);
    reader.read_bytes(HEADER)?;
    let mut next = move || {
        let start = reader.current_position();
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()?;
        let contents = reader.read_bytes(size as usize)?;
        let whole = &binary[start..reader.current_position()];
        Ok((Section { id, whole, contents }, reader.eof()))
    };
    let mut is_over = binary.len() == HEADER;
    Ok(std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let read = next();
        is_over = read.as_ref().map_or(true, |(_, last)| *last);
        Some(read.map(|(section, _)| section))
    }))
}

impl<'a> Section<'a> {
    pub(super) fn reader(&self) -> BinaryReader<'a> {
        BinaryReader::new_features(self.contents, 0, features::ACCEPTED)
    }

    /// Its contents with the entries of `more` behind its own; `more` is a section of the same kind.
    pub(super) fn with(&self, more: &impl Encode) -> Result<Vec<u8>> {
        let mut entries = self.reader();
        let count = entries.read_var_u32()?;
        let own = entries.read_bytes(entries.bytes_remaining())?;
        let mut encoded = Vec::new();
        more.encode(&mut encoded);
        let mut more = BinaryReader::new(&encoded, 0);
        more.read_var_u32()?;
        let added = more.read_var_u32()?;
        let mut contents = Vec::with_capacity(self.contents.len() + encoded.len());
        // a count that passes 32 bits is not valid, and saturated it does not become so
        count.saturating_add(added).encode(&mut contents);
        contents.extend_from_slice(own);
        contents.extend_from_slice(more.read_bytes(more.bytes_remaining())?);
        Ok(contents)
    }
}
