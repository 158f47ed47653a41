//! Files and objects in named stores, streamed both ways.
//!
//! ```no_run
//! use std::io::{BufRead, BufReader, BufWriter, Write};
//! use ottavo_sdk::file::{NewFile, Store};
//!
//! let store = Store::open("default");
//! store.write("receipts/1.txt", "paid")?;
//! let receipt = store.read("receipts/1.txt")?; // none when it is missing
//!
//! // as streams: no more than a chunk is in memory
//! let file = NewFile::new("report.csv").content_type("text/csv").if_absent();
//! let mut report = BufWriter::new(store.writer_with(&file)?);
//! writeln!(report, "book,count")?;
//! // until here nobody sees any of it
//! report.into_inner().map_err(|error| error.into_error())?.finish()?;
//!
//! if let Some(reader) = store.reader("report.csv")? {
//!     for line in BufReader::new(reader).lines() {
//!         println!("{}", line?);
//!     }
//! }
//! for file in store.list("receipts/") {
//!     println!("{}", file?.name);
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;
use std::io::Read as _;

use crate::Result;
use crate::bindings::ottavo::runtime::file as wit;

mod info;
mod list;
mod new;
mod reader;
mod writer;

pub use info::Info;
pub use list::{FilePage, Files};
pub use new::NewFile;
pub use reader::Reader;
pub use writer::Writer;

/// The most that is read or written at once, in bytes.
const MAX_CHUNK: usize = 1 << 20;

/// One named store of files. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Store {
    name: Cow<'static, str>,
}

impl Store {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Store {
        Store { name: name.into() }
    }

    /// A whole file, or none when it is missing.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(mut reader) = self.reader(name)? else { return Ok(None) };
        let mut data = Vec::new();
        reader.read_to_end(&mut data)?;
        Ok(Some(data))
    }

    /// Writes a whole file, in place of one that is there.
    pub fn write(&self, name: &str, data: impl AsRef<[u8]>) -> Result<Info> {
        self.write_with(&NewFile::new(name), data)
    }

    /// The same, with what is said of it.
    pub fn write_with(&self, file: &NewFile<'_>, data: impl AsRef<[u8]>) -> Result<Info> {
        let mut writer = self.writer_with(file)?;
        for chunk in data.as_ref().chunks(MAX_CHUNK) {
            writer.write_chunk(chunk)?;
        }
        writer.finish()
    }

    /// Reads a file as a stream; none when it is missing.
    pub fn reader(&self, name: &str) -> Result<Option<Reader>> {
        self.reader_from(name, 0, None)
    }

    /// Reads a part of a file: from `offset`, so many bytes or to the end. Nothing else is read.
    pub fn reader_from(
        &self,
        name: &str,
        offset: u64,
        length: Option<u64>,
    ) -> Result<Option<Reader>> {
        Ok(wit::open(&self.name, name, offset, length)?.map(Reader::new))
    }

    /// Writes a file as a stream, to be finished.
    pub fn writer(&self, name: &str) -> Result<Writer> {
        self.writer_with(&NewFile::new(name))
    }

    /// The same, with what is said of it.
    pub fn writer_with(&self, file: &NewFile<'_>) -> Result<Writer> {
        let NewFile { name, content_type, precondition, metadata } = file;
        let created = wit::create(&self.name, name, *content_type, precondition.clone(), metadata)?;
        Ok(Writer::new(created))
    }

    /// What is known of a file; none when it is missing.
    pub fn stat(&self, name: &str) -> Result<Option<Info>> {
        Ok(wit::stat(&self.name, name)?.map(Info::from))
    }

    /// Deletes a file. A missing one is fine.
    pub fn delete(&self, name: &str) -> Result<()> {
        Ok(wit::delete(&self.name, name)?)
    }

    /// Every file whose name begins with `prefix`, fetched page by page as one goes on.
    pub fn list<'a>(&'a self, prefix: &'a str) -> Files<'a> {
        Files::new(self, prefix)
    }

    /// One page of files, at most `limit` (1 to 1000); `cursor` is the page before's `next`.
    pub fn list_page(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<FilePage> {
        Ok(wit::list(&self.name, prefix, cursor, limit)?.into())
    }
}
