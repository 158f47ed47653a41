//! `ottavo:runtime/file`: files and objects in named stores. Readers and writers are the call's own.

mod open;

use ottavo_blocks::file as block;
use ottavo_blocks::file::{ChunkSize, ContentType, FileName, Metadata, NewFile, PageLimit, Range};
use wasmtime::component::Resource;

use crate::Call;
use crate::answer::{Answer, Pairs, block};
use crate::bindings::ottavo::runtime::file::{
    Host, HostReader, HostWriter, Info, Page, Precondition, Reader, Writer,
};
use crate::state::precondition;

pub(crate) use open::Files;

impl Host for Call {
    async fn open(
        &mut self,
        store: String,
        name: String,
        offset: u64,
        length: Option<u64>,
    ) -> Answer<Option<Resource<Reader>>> {
        let (clock, session, files) = self.files();
        block(clock, async {
            let place = files.place()?;
            let (name, range) = (FileName::parse(name)?, Range { offset, length });
            let reader = session.file(&store)?.open(name, range).await?;
            Ok(reader.map(|reader| Resource::new_own(place.reader(reader))))
        })
        .await
    }

    async fn create(
        &mut self,
        store: String,
        name: String,
        content_type: Option<String>,
        condition: Precondition,
        metadata: Pairs,
    ) -> Answer<Resource<Writer>> {
        let (clock, session, files) = self.files();
        block(clock, async {
            let place = files.place()?;
            let file = NewFile {
                name: FileName::parse(name)?,
                content_type: content_type.map(ContentType::parse).transpose()?,
                precondition: precondition(condition)?,
                metadata: Metadata::parse(metadata)?,
            };
            let writer = session.file(&store)?.create(file).await?;
            Ok(Resource::new_own(place.writer(writer)))
        })
        .await
    }

    async fn stat(&mut self, store: String, name: String) -> Answer<Option<Info>> {
        let (clock, session) = self.door();
        block(clock, async {
            let name = FileName::parse(name)?;
            Ok(session.file(&store)?.stat(name).await?.map(info))
        })
        .await
    }

    async fn delete(&mut self, store: String, name: String) -> Answer<()> {
        let (clock, session) = self.door();
        block(clock, async { session.file(&store)?.delete(FileName::parse(name)?).await }).await
    }

    async fn list(
        &mut self,
        store: String,
        prefix: String,
        cursor: Option<String>,
        limit: u32,
    ) -> Answer<Page> {
        let (clock, session) = self.door();
        block(clock, async {
            let limit = PageLimit::parse(limit)?;
            let page = session.file(&store)?.list(&prefix, cursor.as_deref(), limit).await?;
            Ok(Page { files: page.files.into_iter().map(info).collect(), next: page.next })
        })
        .await
    }
}

impl HostReader for Call {
    /// A reader of an earlier call has nothing to tell, and no error to say so.
    fn info(&mut self, reader: Resource<Reader>) -> wasmtime::Result<Info> {
        let (_, _, files) = self.files();
        let known = files.reader(reader.rep()).map(|reader| info(reader.info().clone()));
        known.map_err(|error| wasmtime::Error::msg(error.to_string()))
    }

    async fn read(&mut self, reader: Resource<Reader>, max: u32) -> Answer<Vec<u8>> {
        let (clock, _, files) = self.files();
        block(clock, async {
            let max = ChunkSize::parse(max)?;
            Ok(files.reader(reader.rep())?.read(max).await?.into())
        })
        .await
    }

    async fn drop(&mut self, reader: Resource<Reader>) -> wasmtime::Result<()> {
        self.files().2.forget(reader.rep());
        Ok(())
    }
}

impl HostWriter for Call {
    async fn write(&mut self, writer: Resource<Writer>, data: Vec<u8>) -> Answer<()> {
        let (clock, _, files) = self.files();
        block(clock, async { files.writer(writer.rep())?.write(data.into()).await }).await
    }

    async fn finish(&mut self, writer: Resource<Writer>) -> Answer<Info> {
        let (clock, _, files) = self.files();
        block(clock, async { Ok(info(files.writer(writer.rep())?.finish().await?)) }).await
    }

    async fn drop(&mut self, writer: Resource<Writer>) -> wasmtime::Result<()> {
        self.files().2.forget(writer.rep());
        Ok(())
    }
}

fn info(known: block::Info) -> Info {
    Info {
        last_modified: known.last_modified_text(),
        name: known.name.into_string(),
        size: known.size,
        content_type: known.content_type.map(ContentType::into_string),
        etag: known.etag.map(block::Etag::into_string),
        metadata: known.metadata.into_pairs(),
    }
}
