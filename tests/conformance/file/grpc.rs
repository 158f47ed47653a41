//! A store of files behind the gRPC door.

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::file::{
    Capability, ChunkSize, ContentType, Etag, File, FileName, FilePage, Info, Metadata, NewFile,
    PageLimit, Range, Reader, Writer,
};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::file_client::FileClient;
use ottavo_wire::v1::file_open_response::Part;
use ottavo_wire::v1::*;
use tonic::Streaming;
use tonic::transport::Channel;

use super::grpc_writer::GrpcWriter;

/// Calls a store by its name at a host.
pub(crate) struct GrpcFiles {
    client: FileClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcFiles {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcFiles {
        GrpcFiles { client: FileClient::new(channel), store: store.to_owned(), capabilities }
    }

    fn store(&self) -> String {
        self.store.clone()
    }
}

/// Makes one call; the client is cheap to clone.
macro_rules! call {
    ($self:ident.$method:ident($cx:ident, $message:expr)) => {{
        let mut request = tonic::Request::new($message);
        request.set_timeout($cx.remaining());
        let answer = $self.client.clone().$method(request).await;
        answer.map_err(|status| from_status(&status))?.into_inner()
    }};
}

#[async_trait]
impl File for GrpcFiles {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn open(
        &self,
        cx: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        let (store, name, Range { offset, length }) = (self.store(), name.to_string(), range);
        let mut parts = call!(self.open(cx, FileOpenRequest { store, name, offset, length }));
        match next(&mut parts).await? {
            None => Ok(None),
            Some(Part::Info(known)) => {
                Ok(Some(Box::new(GrpcReader { info: info(known)?, parts, rest: Bytes::new() })))
            }
            Some(Part::Chunk(_)) => Err(Error::internal("the host began with a chunk")),
        }
    }

    async fn create(&self, cx: &CallContext, file: NewFile) -> Result<Box<dyn Writer>> {
        let writer = GrpcWriter::begin(self.client.clone(), cx, self.store(), file).await?;
        Ok(Box::new(writer))
    }

    async fn stat(&self, cx: &CallContext, name: &FileName) -> Result<Option<Info>> {
        let (store, name) = (self.store(), name.to_string());
        call!(self.stat(cx, FileStatRequest { store, name })).info.map(info).transpose()
    }

    async fn delete(&self, cx: &CallContext, name: &FileName) -> Result<()> {
        let (store, name) = (self.store(), name.to_string());
        let FileDeleteResponse {} = call!(self.delete(cx, FileDeleteRequest { store, name }));
        Ok(())
    }

    async fn list(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let message = FileListRequest {
            store: self.store(),
            prefix: prefix.to_owned(),
            cursor: cursor.map(str::to_owned),
            limit: u32::try_from(limit.get()).expect("at most 1000"),
        };
        let page = call!(self.list(cx, message));
        let files = page.files.into_iter().map(info).collect::<Result<_>>()?;
        Ok(FilePage { files, next: page.next })
    }
}

struct GrpcReader {
    info: Info,
    parts: Streaming<FileOpenResponse>,
    rest: Bytes,
}

#[async_trait]
impl Reader for GrpcReader {
    fn info(&self) -> &Info {
        &self.info
    }

    async fn read(&mut self, _: &CallContext, max: ChunkSize) -> Result<Bytes> {
        if self.rest.is_empty() {
            self.rest = match next(&mut self.parts).await? {
                None => Bytes::new(),
                Some(Part::Chunk(data)) if !data.is_empty() => data,
                Some(part) => {
                    return Err(Error::internal(format!("the host sent {part:?} for a chunk")));
                }
            };
        }
        Ok(self.rest.split_to(max.get().min(self.rest.len())))
    }
}

async fn next(parts: &mut Streaming<FileOpenResponse>) -> Result<Option<Part>> {
    let answer = parts.message().await.map_err(|status| from_status(&status))?;
    match answer.map(|answer| answer.part) {
        Some(None) => Err(Error::internal("the host left a part unset")),
        part => Ok(part.flatten()),
    }
}

pub(super) fn info(known: FileInfo) -> Result<Info> {
    let pairs = known.metadata.into_iter().map(|pair| (pair.name, pair.value)).collect();
    let at = known.last_modified.map(|text| humantime::parse_rfc3339(&text));
    let at = at.transpose().map_err(|error| Error::internal(error.to_string()))?;
    let millis = |at: std::time::SystemTime| {
        let since = at.duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        u64::try_from(since.as_millis()).expect("before the year 9999")
    };
    Ok(Info {
        name: FileName::parse(known.name)?,
        size: known.size,
        content_type: known.content_type.map(ContentType::parse).transpose()?,
        last_modified: at.map(millis),
        etag: known.etag.map(Etag::parse).transpose()?,
        metadata: Metadata::parse(pairs)?,
    })
}
