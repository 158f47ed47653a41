//! Files through opendal: in S3-compatible object stores (`s3`), and in a folder that several hosts
//! share (`fs`).
//!
//! Invariants: what is written goes to a draft that nobody sees, and a draft that is not finished is
//! removed, also when its caller has gone; what is read is one version. Deliberately absent: opendal's
//! own HTTP client, its retries, and what it finds out by itself from the environment.

mod draft;
mod error;
mod fs;
mod name;
mod options;
mod reader;
mod s3;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::file::File;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use fs::FolderFiles;
use options::{FsOptions, S3Options};
use s3::S3Files;

/// The driver `s3`.
pub struct S3;

#[async_trait]
impl Driver<dyn File> for S3 {
    fn name(&self) -> &'static str {
        "s3"
    }

    fn schema(&self) -> Value {
        schema::of::<S3Options>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        let options: S3Options = ottavo_registry::options(table.clone())?;
        s3::check(&options)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn File>> {
        let options: S3Options = ottavo_registry::options(table)?;
        Ok(Arc::new(S3Files::open(&options, context)?))
    }
}

/// The driver `fs`.
pub struct Fs;

#[async_trait]
impl Driver<dyn File> for Fs {
    fn name(&self) -> &'static str {
        "fs"
    }

    fn schema(&self) -> Value {
        schema::of::<FsOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn File>> {
        let FsOptions { root } = ottavo_registry::options(table)?;
        Ok(Arc::new(FolderFiles::open(root, context).await?))
    }
}
