//! Reads a range of an open file: whatever becomes of its name, the file stays as it was.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::file::{ChunkSize, Info, Range, Reader};
use ottavo_core::{CallContext, Result};

use super::{blocking, error};

pub(super) struct LocalReader {
    file: Arc<File>,
    info: Info,
    at: u64,
    end: u64,
}

impl LocalReader {
    pub(super) fn new(file: File, info: Info, range: Range) -> LocalReader {
        let (at, end) = range.within(info.size);
        LocalReader { file: Arc::new(file), info, at, end }
    }
}

#[async_trait]
impl Reader for LocalReader {
    fn info(&self) -> &Info {
        &self.info
    }

    async fn read(&mut self, _: &CallContext, max: ChunkSize) -> Result<Bytes> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let (size, at) = (max.get().min(left), self.at);
        if size == 0 {
            return Ok(Bytes::new());
        }
        let file = Arc::clone(&self.file);
        let read = blocking(move || {
            let mut buffer = vec![0; size];
            let length = loop {
                match file.read_at(&mut buffer, at) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    read => break read.map_err(|error| error::io(&error))?,
                }
            };
            buffer.truncate(length);
            Ok(Bytes::from(buffer))
        });
        let data = read.await?;
        self.at += data.len() as u64;
        Ok(data)
    }
}
