//! Files as the objects of a bucket.
//!
//! A large file is a multipart upload, which nobody sees before it is complete. Etags of objects are of
//! their content, so that they are no versions: preconditions on them are not offered.

mod connect;
mod info;
mod options;
mod transport;
mod upload;

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use opendal::options::{ListOptions, ReaderOptions};
use opendal::{BytesRange, ErrorKind, Metadata, Operator};
use ottavo_blocks::file::{
    Capability, File, FileName, FilePage, Info, NewFile, PageLimit, Precondition, Range, Reader,
    Writer,
};
use ottavo_blocks::state::cursor;
use ottavo_core::{CallContext, Error, Kind, Result};
use ottavo_registry::OpenContext;

pub(crate) use options::check;

use crate::draft::Drafts;
use crate::error::{self, in_time};
use crate::name;
use crate::options::S3Options;
use crate::reader::Stream;
use upload::Upload;

/// The most parts that one upload may have.
const PARTS: u64 = 10_000;

/// The most that a service lists at once.
const MAX_KEYS: usize = 1000;

/// One store.
pub(crate) struct S3Files {
    bucket: Operator,
    part_size: usize,
    drafts: Drafts,
}

impl S3Files {
    /// Connects to nothing yet.
    pub(crate) fn open(options: &S3Options, context: OpenContext) -> Result<S3Files> {
        let OpenContext { name, shutdown, .. } = context;
        let drafts = Drafts::new(name, shutdown.clone());
        let bucket = options::operator(options, &shutdown, drafts.open())?;
        Ok(S3Files { bucket, part_size: options.part_size.as_usize(), drafts })
    }

    /// What is known of an object; none when it is missing.
    async fn look(&self, path: &str) -> Result<Option<Metadata>> {
        match self.bucket.stat(path).await {
            Ok(found) => Ok(Some(found).filter(Metadata::is_file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error::of(error)),
        }
    }
}

/// A range as it is asked for; none for one that no service would take.
fn asked(range: Range) -> Option<BytesRange> {
    let Range { offset, length } = range;
    let most = u64::try_from(i64::MAX).ok()?;
    let length = length.filter(|length| offset.checked_add(*length).is_some_and(|end| end < most));
    (offset < most && length != Some(0)).then(|| BytesRange::new(offset, length))
}

#[async_trait]
impl File for S3Files {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Durable, Capability::Shared, Capability::FirstWrites, Capability::Attributes]
    }

    /// Whether the bucket lists what it has.
    async fn health(&self, cx: &CallContext) -> Result<()> {
        in_time(cx, async {
            let options = ListOptions { limit: Some(1), ..ListOptions::default() };
            let mut listed = self.bucket.lister_options("", options).await.map_err(error::of)?;
            listed.try_next().await.map(drop).map_err(error::of)
        })
        .await
    }

    async fn open(
        &self,
        cx: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        let path = name::path(name)?;
        in_time(cx, async {
            let begun = match asked(range) {
                None => None,
                Some(bytes) => {
                    let source = self.bucket.reader(path).await.map_err(error::of)?;
                    let mut stream = source.into_stream(bytes).await.map_err(error::of)?;
                    match stream.metadata().await {
                        Ok(found) => Some((found, stream)),
                        // it has no such bytes, but something is known of it
                        Err(error) if error.kind() == ErrorKind::RangeNotSatisfied => None,
                        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                        Err(error) => return Err(error::of(error)),
                    }
                }
            };
            let (found, stream) = match begun {
                Some((found, stream)) => (found, Some(stream)),
                None => match self.look(path).await? {
                    Some(found) => (found, None),
                    None => return Ok(None),
                },
            };
            // what breaks off goes on with the same version only
            let etag = found.etag().map(str::to_owned);
            let options = ReaderOptions { if_match: etag, ..ReaderOptions::default() };
            let source = self.bucket.reader_options(path, options).await.map_err(error::of)?;
            let reader = Stream::new(info::of(name.clone(), &found), source, range);
            let reader: Box<dyn Reader> = Box::new(match stream {
                Some(stream) => reader.begun(stream),
                None => reader,
            });
            Ok(Some(reader))
        })
        .await
    }

    async fn create(&self, cx: &CallContext, file: NewFile) -> Result<Box<dyn Writer>> {
        name::path(&file.name)?;
        match file.precondition {
            Precondition::Any => {}
            // again when it is finished; this spares the way to who comes too late
            Precondition::Absent => {
                if self.stat(cx, &file.name).await?.is_some() {
                    return Err(upload::exists(&file.name));
                }
            }
            Precondition::Match(_) => {
                let message = "an object store knows no etags of versions: use a store on `local` or \
                               `memory`, or write without a condition";
                return Err(Error::new(Kind::Unsupported, message));
            }
        }
        let draft = Upload::begin(&self.bucket, &file, self.part_size).await?;
        let limit = (self.part_size as u64).saturating_mul(PARTS);
        Ok(Box::new(self.drafts.begin(file, draft, limit)?))
    }

    async fn stat(&self, cx: &CallContext, name: &FileName) -> Result<Option<Info>> {
        let found = in_time(cx, self.look(name::path(name)?)).await?;
        Ok(found.map(|found| info::of(name.clone(), &found)))
    }

    async fn delete(&self, cx: &CallContext, name: &FileName) -> Result<()> {
        let path = name::path(name)?;
        in_time(cx, async {
            match self.bucket.delete(path).await {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error::of(error)),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn list(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let after = cursor.map(|cursor| cursor::parse(cursor, prefix)).transpose()?;
        let limit = limit.get();
        let options = ListOptions {
            limit: Some(MAX_KEYS.min(limit + 1)),
            start_after: after.map(|name| name.as_str().to_owned()),
            recursive: true,
            ..ListOptions::default()
        };
        in_time(cx, async {
            let listed = self.bucket.lister_options(name::prefix(prefix)?, options).await;
            let mut listed = listed.map_err(error::of)?;
            let mut files = Vec::new();
            while files.len() <= limit
                && let Some(entry) = listed.try_next().await.map_err(error::of)?
            {
                let name = name::found(entry.path()).filter(|_| entry.metadata().is_file());
                if let Some(name) = name.filter(|name| name.as_str().starts_with(prefix)) {
                    files.push(info::of(name, entry.metadata()));
                }
            }
            let more = files.len() > limit;
            files.truncate(limit);
            let next = files.last().filter(|_| more).map(|info| cursor::after(info.name.as_str()));
            Ok(FilePage { files, next })
        })
        .await
    }
}
