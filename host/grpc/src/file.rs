//! The service `File`, as `ottavo_blocks::file::File`.

mod encode;
mod transfer;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use ottavo_api::Session;
use ottavo_blocks::file::{FileName, PageLimit};
use ottavo_core::{Result, Shutdown};
use ottavo_wire::to_status;
use ottavo_wire::v1::file_server::File;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status, Streaming};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct FileService {
    pub(crate) door: Door,
    /// Runs what reads ahead for a client.
    pub(crate) shutdown: Shutdown,
}

async fn stat(session: Session, message: FileStatRequest) -> Result<FileStatResponse> {
    let info = session.file(&message.store)?.stat(FileName::parse(message.name)?).await?;
    Ok(FileStatResponse { info: info.map(encode::info) })
}

async fn delete(session: Session, message: FileDeleteRequest) -> Result<FileDeleteResponse> {
    session.file(&message.store)?.delete(FileName::parse(message.name)?).await?;
    Ok(FileDeleteResponse {})
}

async fn list(session: Session, message: FileListRequest) -> Result<FileListResponse> {
    let store = session.file(&message.store)?;
    let limit = PageLimit::parse(message.limit)?;
    let page = store.list(&message.prefix, message.cursor.as_deref(), limit).await?;
    let files = page.files.into_iter().map(encode::info).collect();
    Ok(FileListResponse { files, next: page.next })
}

#[async_trait]
impl File for FileService {
    type OpenStream = BoxStream<'static, Result<FileOpenResponse, Status>>;

    async fn open(
        &self,
        request: Request<FileOpenRequest>,
    ) -> Result<Response<Self::OpenStream>, Status> {
        let (session, message) = self.door.open(request);
        let chunk = transfer::chunk_size(self.door.max_message);
        let opened = transfer::open(&session, message, chunk, &self.shutdown).await;
        opened.map(Response::new).map_err(|error| to_status(&error))
    }

    async fn create(
        &self,
        request: Request<Streaming<FileCreateRequest>>,
    ) -> Result<Response<FileCreateResponse>, Status> {
        self.door.call(request, transfer::create).await
    }

    async fn stat(
        &self,
        request: Request<FileStatRequest>,
    ) -> Result<Response<FileStatResponse>, Status> {
        self.door.call(request, stat).await
    }

    async fn delete(
        &self,
        request: Request<FileDeleteRequest>,
    ) -> Result<Response<FileDeleteResponse>, Status> {
        self.door.call(request, delete).await
    }

    async fn list(
        &self,
        request: Request<FileListRequest>,
    ) -> Result<Response<FileListResponse>, Status> {
        self.door.call(request, list).await
    }
}
