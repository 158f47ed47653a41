//! A store of files behind a guest. A guest's reader and writer live no longer than a request, so that
//! a transfer is one request: a read sends back all of it, and a write that is not finished yet is made
//! and dropped, which leaves nothing behind.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::file::{
    Capability, ChunkSize, ContentType, Etag, File, FileName, FilePage, Info, Metadata, NewFile,
    PageLimit, Precondition, Range, Reader, Writer,
};
use ottavo_core::{CallContext, Error, Result};

use crate::relay::encoding::{self, Read};
use crate::relay::{Relay, checked};

/// Makes the calls of a store through a guest.
pub(crate) struct RelayFiles {
    pub(crate) relay: Arc<Relay>,
    /// Those of the store's driver: a guest does not see them.
    pub(crate) capabilities: &'static [Capability],
}

/// How much the guest reads at once.
const CHUNK: u32 = 100_000;

#[async_trait]
impl File for RelayFiles {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn open(
        &self,
        cx: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        let mut call = self.relay.begin("file.read");
        call.string(name.as_str()).u64(range.offset);
        match range.length {
            Some(length) => call.u8(1).u64(length),
            None => call.u8(0),
        };
        call.u32(CHUNK);
        let read = |answer: &mut encoding::Reader| {
            answer.option(|answer| Ok(RelayReader { info: info(answer)?, rest: answer.bytes()? }))
        };
        let found = self.relay.call(cx, call, read).await?;
        Ok(found.map(|reader| Box::new(reader) as Box<dyn Reader>))
    }

    async fn create(&self, cx: &CallContext, file: NewFile) -> Result<Box<dyn Writer>> {
        let mut writer = RelayWriter { relay: Arc::clone(&self.relay), file, chunks: Vec::new() };
        writer.send(cx, false).await?;
        Ok(Box::new(writer))
    }

    async fn stat(&self, cx: &CallContext, name: &FileName) -> Result<Option<Info>> {
        let mut call = self.relay.begin("file.stat");
        call.string(name.as_str());
        self.relay.call(cx, call, |answer| answer.option(info)).await
    }

    async fn delete(&self, cx: &CallContext, name: &FileName) -> Result<()> {
        let mut call = self.relay.begin("file.delete");
        call.string(name.as_str());
        self.relay.call(cx, call, |_| Ok(())).await
    }

    async fn list(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let mut call = self.relay.begin("file.list");
        call.string(prefix);
        match cursor {
            Some(cursor) => call.u8(1).string(cursor),
            None => call.u8(0),
        };
        call.u32(u32::try_from(limit.get()).expect("at most 1000"));
        let page = |answer: &mut encoding::Reader| {
            let files = answer.list(info)?;
            Ok(FilePage { files, next: answer.option(encoding::Reader::string)? })
        };
        self.relay.call(cx, call, page).await
    }
}

struct RelayReader {
    info: Info,
    rest: Bytes,
}

#[async_trait]
impl Reader for RelayReader {
    fn info(&self) -> &Info {
        &self.info
    }

    async fn read(&mut self, _: &CallContext, max: ChunkSize) -> Result<Bytes> {
        Ok(self.rest.split_to(max.get().min(self.rest.len())))
    }
}

struct RelayWriter {
    relay: Arc<Relay>,
    file: NewFile,
    chunks: Vec<Bytes>,
}

impl RelayWriter {
    async fn send(&mut self, cx: &CallContext, finish: bool) -> Result<Option<Info>> {
        let mut call = self.relay.begin("file.write");
        call.string(self.file.name.as_str());
        match &self.file.content_type {
            Some(content_type) => call.u8(1).string(content_type.as_str()),
            None => call.u8(0),
        };
        match &self.file.precondition {
            Precondition::Any => call.u8(0),
            Precondition::Absent => call.u8(1),
            Precondition::Match(etag) => call.u8(2).string(etag.as_str()),
        };
        call.list(self.file.metadata.pairs(), |call, (name, value)| {
            call.string(name).string(value);
        });
        call.list(&self.chunks, |call, chunk| {
            call.bytes(chunk);
        });
        call.u8(u8::from(finish));
        self.relay.call(cx, call, |answer| answer.option(info)).await
    }
}

#[async_trait]
impl Writer for RelayWriter {
    async fn write(&mut self, cx: &CallContext, data: Bytes) -> Result<()> {
        self.chunks.push(data);
        self.send(cx, false).await.map(drop)
    }

    async fn finish(mut self: Box<Self>, cx: &CallContext) -> Result<Info> {
        let info = self.send(cx, true).await?;
        info.ok_or_else(|| Error::internal("a finished file without its info"))
    }
}

fn info(answer: &mut encoding::Reader) -> Read<Info> {
    Ok(Info {
        name: checked(FileName::parse(answer.string()?))?,
        size: answer.u64()?,
        content_type: answer.option(|answer| checked(ContentType::parse(answer.string()?)))?,
        last_modified: answer.option(|answer| {
            let at = humantime::parse_rfc3339(&answer.string()?).map_err(|e| e.to_string())?;
            let since = at.duration_since(std::time::UNIX_EPOCH).map_err(|e| e.to_string())?;
            u64::try_from(since.as_millis()).map_err(|e| e.to_string())
        })?,
        etag: answer.option(|answer| checked(Etag::parse(answer.string()?)))?,
        metadata: {
            let pairs = answer.list(|answer| Ok((answer.string()?, answer.string()?)))?;
            checked(Metadata::parse(pairs))?
        },
    })
}
