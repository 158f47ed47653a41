//! Files in memory: one ordered map of whole files. A reader holds the version that it opened.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::file::{
    Capability, ChunkSize, Etag, File, FileName, FilePage, Info, NewFile, PageLimit, Precondition,
    Range, Reader, Writer, rules,
};
use ottavo_blocks::state::cursor;
use ottavo_core::{CallContext, Clock, Error, Kind, Result};
use parking_lot::RwLock;

/// The largest file, in bytes.
const MAX_FILE: usize = 256 << 20;

/// One store.
pub(crate) struct MemoryFiles {
    table: Arc<RwLock<Table>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Table {
    files: BTreeMap<FileName, Stored>,
    /// The version of the last write.
    version: u64,
}

#[derive(Clone)]
struct Stored {
    info: Info,
    data: Bytes,
}

impl MemoryFiles {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> MemoryFiles {
        MemoryFiles { table: Arc::default(), clock }
    }

    fn find(&self, name: &FileName) -> Option<Stored> {
        self.table.read().files.get(name).cloned()
    }
}

impl Table {
    fn check(&self, name: &FileName, precondition: &Precondition) -> Result<()> {
        let current = self.files.get(name).and_then(|stored| stored.info.etag.as_ref());
        rules::check(precondition, name, current)
    }
}

#[async_trait]
impl File for MemoryFiles {
    fn capabilities(&self) -> &'static [Capability] {
        &[
            Capability::FirstWrites,
            Capability::Preconditions,
            Capability::Attributes,
            Capability::ListsInFull,
            Capability::AnyNames,
        ]
    }

    async fn open(
        &self,
        _: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        let Some(Stored { info, data }) = self.find(name) else { return Ok(None) };
        let (begin, end) = range.within(info.size);
        let index = |at: u64| usize::try_from(at).expect("it is within what is in memory");
        let rest = data.slice(index(begin)..index(end));
        Ok(Some(Box::new(MemoryReader { info, rest })))
    }

    async fn create(&self, _: &CallContext, file: NewFile) -> Result<Box<dyn Writer>> {
        self.table.read().check(&file.name, &file.precondition)?;
        let (table, clock) = (Arc::clone(&self.table), Arc::clone(&self.clock));
        Ok(Box::new(MemoryWriter { table, clock, file, data: Vec::new() }))
    }

    async fn stat(&self, _: &CallContext, name: &FileName) -> Result<Option<Info>> {
        Ok(self.find(name).map(|stored| stored.info))
    }

    async fn delete(&self, _: &CallContext, name: &FileName) -> Result<()> {
        self.table.write().files.remove(name);
        Ok(())
    }

    async fn list(
        &self,
        _: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let after = cursor.map(|cursor| cursor::parse(cursor, prefix)).transpose()?;
        let begin = match &after {
            Some(name) => Bound::Excluded(name.as_str()),
            None => Bound::Included(prefix),
        };
        let table = self.table.read();
        let range = table.files.range::<str, _>((begin, Bound::Unbounded));
        let mut found = range.take_while(|(name, _)| name.as_str().starts_with(prefix));
        let files: Vec<_> =
            found.by_ref().take(limit.get()).map(|(_, stored)| stored.info.clone()).collect();
        let more = found.next().is_some();
        let next = files.last().filter(|_| more).map(|info| cursor::after(info.name.as_str()));
        Ok(FilePage { files, next })
    }
}

struct MemoryReader {
    info: Info,
    rest: Bytes,
}

#[async_trait]
impl Reader for MemoryReader {
    fn info(&self) -> &Info {
        &self.info
    }

    async fn read(&mut self, _: &CallContext, max: ChunkSize) -> Result<Bytes> {
        Ok(self.rest.split_to(max.get().min(self.rest.len())))
    }
}

struct MemoryWriter {
    table: Arc<RwLock<Table>>,
    clock: Arc<dyn Clock>,
    file: NewFile,
    data: Vec<u8>,
}

#[async_trait]
impl Writer for MemoryWriter {
    async fn write(&mut self, _: &CallContext, data: Bytes) -> Result<()> {
        if self.data.len() + data.len() > MAX_FILE {
            let name = self.file.name.as_str().escape_debug();
            let message =
                format!("the file `{name}` has over {MAX_FILE} bytes: the most in memory");
            let error = Error::new(Kind::TooLarge, message);
            return Err(error.with_detail("limit", MAX_FILE.to_string()));
        }
        self.data.extend_from_slice(&data);
        Ok(())
    }

    async fn finish(mut self: Box<Self>, _: &CallContext) -> Result<Info> {
        self.data.shrink_to_fit();
        let MemoryWriter { table, clock, file, data } = *self;
        let NewFile { name, content_type, precondition, metadata } = file;
        let mut table = table.write();
        table.check(&name, &precondition)?;
        table.version += 1;
        let info = Info {
            name: name.clone(),
            size: data.len() as u64,
            content_type,
            last_modified: Some(clock.now()),
            etag: Some(Etag::from_version(table.version)),
            metadata,
        };
        table.files.insert(name, Stored { info: info.clone(), data: data.into() });
        Ok(info)
    }
}
