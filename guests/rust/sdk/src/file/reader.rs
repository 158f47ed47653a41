//! A file that is being read.

use std::io;

use super::{Info, MAX_CHUNK};
use crate::Result;
use crate::bindings::ottavo::runtime::file as wit;

/// Reads one version of a file, a chunk at a time. Each read asks the host: wrap it in a
/// [`BufReader`](io::BufReader) for small ones.
#[derive(Debug)]
pub struct Reader(wit::Reader);

impl Reader {
    pub(super) fn new(reader: wit::Reader) -> Reader {
        Reader(reader)
    }

    /// Of the whole file.
    pub fn info(&self) -> Info {
        self.0.info().into()
    }

    /// The next bytes, at least one and at most `max`; empty at the end.
    pub fn read_chunk(&mut self, max: u32) -> Result<Vec<u8>> {
        Ok(self.0.read(max)?)
    }
}

impl io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let max = u32::try_from(buffer.len().min(MAX_CHUNK)).expect("a chunk is small");
        let data = self.read_chunk(max)?;
        buffer[..data.len()].copy_from_slice(&data);
        Ok(data.len())
    }
}
