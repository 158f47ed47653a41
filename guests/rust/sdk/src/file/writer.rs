//! A file that is being written.

use std::io;

use super::{Info, MAX_CHUNK};
use crate::Result;
use crate::bindings::ottavo::runtime::file as wit;

/// Writes a whole file, a chunk at a time. Nobody sees any of it before it is finished; dropped before,
/// it leaves nothing behind. Each write asks the host: wrap it in a [`BufWriter`](io::BufWriter) for
/// small ones.
#[derive(Debug)]
#[must_use = "a file is there once it is finished"]
pub struct Writer(wit::Writer);

impl Writer {
    pub(super) fn new(writer: wit::Writer) -> Writer {
        Writer(writer)
    }

    /// Adds bytes, at most 1 MiB. After an error there is nothing to be done but to drop it.
    pub fn write_chunk(&mut self, data: &[u8]) -> Result<()> {
        Ok(self.0.write(data)?)
    }

    /// Makes the file visible, all of it at once.
    pub fn finish(self) -> Result<Info> {
        Ok(self.0.finish()?.into())
    }
}

impl io::Write for Writer {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let chunk = &data[..data.len().min(MAX_CHUNK)];
        self.write_chunk(chunk)?;
        Ok(chunk.len())
    }

    /// Nothing is held back.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
