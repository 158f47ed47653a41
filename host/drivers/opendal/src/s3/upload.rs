//! A draft that is an upload: one request for what fits into a part, else a multipart upload.

use async_trait::async_trait;
use bytes::Bytes;
use opendal::options::WriteOptions;
use opendal::{ErrorKind, Operator, Writer};
use ottavo_blocks::file::{ContentType, FileName, NewFile, Precondition};
use ottavo_core::{Error, Kind, Result};

use crate::draft::Draft;
use crate::{error, name};

/// One upload.
pub(super) struct Upload {
    writer: Writer,
    /// The name, when there must be no file of it.
    first: Option<FileName>,
}

impl Upload {
    /// Sends nothing yet.
    pub(super) async fn begin(
        bucket: &Operator,
        file: &NewFile,
        part_size: usize,
    ) -> Result<Upload> {
        let pairs = file.metadata.pairs();
        let first = file.precondition == Precondition::Absent;
        let options = WriteOptions {
            content_type: file.content_type.as_ref().map(ContentType::as_str).map(str::to_owned),
            user_metadata: (!pairs.is_empty()).then(|| pairs.iter().cloned().collect()),
            if_not_exists: first,
            chunk: Some(part_size),
            concurrent: 1,
            ..WriteOptions::default()
        };
        let writer = bucket.writer_options(name::path(&file.name)?, options).await;
        let first = first.then(|| file.name.clone());
        Ok(Upload { writer: writer.map_err(error::of)?, first })
    }
}

#[async_trait]
impl Draft for Upload {
    async fn write(&mut self, data: Bytes) -> Result<()> {
        self.writer.write(data).await.map_err(error::of)
    }

    async fn finish(&mut self) -> Result<()> {
        match (self.writer.close().await, &self.first) {
            (Ok(_), _) => Ok(()),
            (Err(error), Some(name)) if error.kind() == ErrorKind::ConditionNotMatch => {
                Err(exists(name))
            }
            (Err(error), first) => {
                let failed = error::of(error);
                if failed.kind() != Kind::Unavailable {
                    return Err(failed);
                }
                let said = |text| format!("{text}: whether the file was finished is unknown");
                let retryable = first.is_none() && failed.retryable();
                Err(failed.map_message(said).with_retryable(retryable))
            }
        }
    }

    async fn remove(&mut self) -> Result<()> {
        match self.writer.abort().await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error::of(error)),
            _ => Ok(()),
        }
    }
}

/// A first write that came second.
pub(super) fn exists(name: &FileName) -> Error {
    let name = name.as_str().escape_debug();
    Error::new(Kind::Conflict, format!("the file `{name}` exists already"))
}
