//! The part of a store that one case works in, with the calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Result};

use super::Harness;
use crate::file::{
    Capability, ChunkSize, File, FileName, Info, NewFile, PageLimit, Precondition, Range, Reader,
    Writer,
};
use crate::suite::{self, Verdict, ensure, ok};

/// Names under a prefix that no other case has.
pub(crate) struct Space {
    pub(super) store: Arc<dyn File>,
    prefix: String,
}

impl suite::Space for Space {
    type Store = dyn File;
    type Capability = Capability;

    fn claimed(store: &dyn File) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(case: &str, harness: &Harness) -> Space {
        // no folder is shared with another case: a store may remove one that is empty while files are put there
        let prefix = format!("suite-{case}-{:016x}/", fastrand::u64(..));
        Space { store: Arc::clone(&harness.store), prefix }
    }
}

impl Space {
    /// What all names of the case begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn name(&self, rest: &str) -> FileName {
        FileName::parse(format!("{}{rest}", self.prefix)).expect("cases use valid names")
    }

    pub(super) fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    pub(super) fn claims(&self, capability: Capability) -> bool {
        self.store.capabilities().contains(&capability)
    }

    pub(super) fn new_file(&self, rest: &str) -> NewFile {
        NewFile::new(self.name(rest))
    }

    /// Writes a file, a chunk at a time.
    pub(super) async fn write(&self, file: NewFile, chunks: &[&[u8]]) -> Result<Info> {
        let mut writer = self.store.create(&self.cx(), file).await?;
        for chunk in chunks {
            writer.write(&self.cx(), Bytes::copy_from_slice(chunk)).await?;
        }
        writer.finish(&self.cx()).await
    }

    pub(super) async fn put(&self, rest: &str, data: impl AsRef<[u8]>) -> Verdict<Info> {
        let written = self.write(self.new_file(rest), &[data.as_ref()]).await;
        ok(written, &format!("write `{rest}`"))
    }

    pub(super) async fn put_if(
        &self,
        rest: &str,
        data: &str,
        precondition: Precondition,
    ) -> Result<Info> {
        let file = NewFile { precondition, ..self.new_file(rest) };
        self.write(file, &[data.as_bytes()]).await
    }

    /// A file that was begun and has some bytes.
    pub(super) async fn begin(&self, rest: &str, data: &str) -> Verdict<Box<dyn Writer>> {
        let created = self.store.create(&self.cx(), self.new_file(rest)).await;
        let mut writer = ok(created, &format!("create `{rest}`"))?;
        let written = writer.write(&self.cx(), Bytes::copy_from_slice(data.as_bytes())).await;
        ok(written, &format!("write to `{rest}`"))?;
        Ok(writer)
    }

    pub(super) async fn open(&self, rest: &str, range: Range) -> Verdict<Option<Box<dyn Reader>>> {
        let opened = self.store.open(&self.cx(), &self.name(rest), range).await;
        ok(opened, &format!("open `{rest}`"))
    }

    pub(super) async fn opened(&self, rest: &str, range: Range) -> Verdict<Box<dyn Reader>> {
        let opened = self.open(rest, range).await?;
        opened.ok_or_else(|| format!("open `{rest}`: expected a reader, got none"))
    }

    /// Everything that a reader still has, `max` bytes at a time.
    pub(super) async fn rest(&self, reader: &mut dyn Reader, max: u32) -> Verdict<Vec<u8>> {
        let size = ChunkSize::parse(max).expect("cases use valid sizes");
        let mut data = Vec::new();
        loop {
            let chunk = ok(reader.read(&self.cx(), size).await, "read")?;
            ensure!(chunk.len() <= size.get(), "a read of {max} gave {} bytes", chunk.len());
            if chunk.is_empty() {
                return Ok(data);
            }
            data.extend_from_slice(&chunk);
        }
    }

    pub(super) async fn read(&self, rest: &str, range: Range) -> Verdict<Vec<u8>> {
        let mut reader = self.opened(rest, range).await?;
        self.rest(&mut *reader, 1 << 16).await
    }

    /// The file has exactly these bytes.
    pub(super) async fn expect(&self, rest: &str, data: impl AsRef<[u8]>) -> Verdict {
        let (got, expected) = (self.read(rest, Range::default()).await?, data.as_ref());
        let same = got.iter().zip(expected).take_while(|(a, b)| a == b).count();
        let (size, wanted) = (got.len(), expected.len());
        ensure!(got == expected, "`{rest}`: {size} bytes instead of {wanted}, alike up to {same}");
        Ok(())
    }

    pub(super) async fn stat(&self, rest: &str) -> Verdict<Option<Info>> {
        let known = self.store.stat(&self.cx(), &self.name(rest)).await;
        ok(known, &format!("stat `{rest}`"))
    }

    pub(super) async fn info(&self, rest: &str) -> Verdict<Info> {
        self.stat(rest).await?.ok_or_else(|| format!("stat `{rest}`: expected a file, got none"))
    }

    /// Neither opened nor known nor listed.
    pub(super) async fn expect_missing(&self, rest: &str) -> Verdict {
        ensure!(self.open(rest, Range::default()).await?.is_none(), "`{rest}` can be opened");
        ensure!(self.stat(rest).await?.is_none(), "`{rest}` is known");
        let listed = self.list(rest, 10).await?;
        ensure!(!listed.iter().any(|name| name == rest), "`{rest}` is listed");
        Ok(())
    }

    pub(super) async fn delete(&self, rest: &str) -> Verdict {
        let deleted = self.store.delete(&self.cx(), &self.name(rest)).await;
        ok(deleted, &format!("delete `{rest}`"))
    }

    /// Every file whose name begins with the space's prefix and `rest`, as listed; each page
    /// checked against `limit`.
    pub(super) async fn infos(&self, rest: &str, limit: u32) -> Verdict<Vec<Info>> {
        let prefix = format!("{}{rest}", self.prefix);
        let pages = PageLimit::parse(limit).expect("cases use valid limits");
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = self.store.list(&self.cx(), &prefix, cursor.as_deref(), pages).await;
            let page = ok(page, "list")?;
            let files = page.files.len();
            ensure!(files <= limit as usize, "a page of limit {limit} has {files} files");
            all.extend(page.files);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(all);
            }
        }
    }

    /// The same by name, without the space's prefix, in the order they were listed.
    pub(super) async fn list(&self, rest: &str, limit: u32) -> Verdict<Vec<String>> {
        let name = |info: Info| {
            let own = info.name.as_str().strip_prefix(&*self.prefix).map(str::to_owned);
            own.ok_or_else(|| format!("`{}` was listed for `{rest}`", info.name))
        };
        self.infos(rest, limit).await?.into_iter().map(name).collect()
    }
}
