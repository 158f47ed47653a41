//! A range of one version, as a stream that is begun when it is needed, and again where it broke off.

use async_trait::async_trait;
use bytes::Buf as _;
use futures_util::StreamExt as _;
use opendal::{Buffer, BufferStream, ErrorKind};
use ottavo_blocks::file::{ChunkSize, Info, Range, Reader};
use ottavo_core::{CallContext, Result};
use parking_lot::Mutex;

use crate::error;

/// An open file.
pub(crate) struct Stream {
    info: Info,
    /// Reads the version of `info` and no other.
    source: opendal::Reader,
    /// What is under way; only ever borrowed, the lock makes it shareable.
    running: Option<Mutex<BufferStream>>,
    /// Received and not yet given.
    left: Buffer,
    /// The first byte that was not received, and the first that is not wanted.
    at: u64,
    end: u64,
}

impl Stream {
    pub(crate) fn new(info: Info, source: opendal::Reader, range: Range) -> Stream {
        let (at, end) = range.within(info.size);
        Stream { info, source, running: None, left: Buffer::new(), at, end }
    }

    /// Goes on with what was begun for this range.
    pub(crate) fn begun(self, stream: BufferStream) -> Stream {
        Stream { running: Some(Mutex::new(stream)), ..self }
    }

    /// Receives some bytes; none when the file ends before its time.
    async fn receive(&mut self) -> opendal::Result<Option<Buffer>> {
        if self.running.is_none() {
            let stream = self.source.clone().into_stream(self.at..self.end).await?;
            self.running = Some(Mutex::new(stream));
        }
        let Some(running) = &mut self.running else { return Ok(None) };
        running.get_mut().next().await.transpose()
    }
}

#[async_trait]
impl Reader for Stream {
    fn info(&self) -> &Info {
        &self.info
    }

    async fn read(&mut self, cx: &CallContext, max: ChunkSize) -> Result<bytes::Bytes> {
        while self.left.is_empty() && self.at < self.end {
            let received = error::in_time(cx, async {
                self.receive().await.map_err(|error| match error.kind() {
                    ErrorKind::ConditionNotMatch | ErrorKind::NotFound => error::changed(),
                    ErrorKind::RangeNotSatisfied => error::changed(),
                    _ => error::of(error),
                })
            });
            let received = received.await.inspect_err(|_| self.running = None)?;
            self.left = received.ok_or_else(error::changed)?;
            self.at += self.left.len() as u64;
        }
        let size = max.get().min(self.left.len());
        Ok(self.left.copy_to_bytes(size))
    }
}
