//! The streams of `Open` and `Create`, with a chunk or two in memory.
//!
//! A client that does not take what it asked for holds no file open beyond its deadline: a task reads
//! for it, one chunk ahead, and is over by then.

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use ottavo_api::Session;
use ottavo_api::file::OpenReader;
use ottavo_blocks::file::{ChunkSize, ContentType, FileName, Metadata, NewFile, Range};
use ottavo_core::{Error, Kind, Result, Shutdown};
use ottavo_wire::v1::file_create_request::Step;
use ottavo_wire::v1::file_open_response::Part;
use ottavo_wire::v1::{
    FileBegin, FileCreateRequest, FileCreateResponse, FileOpenRequest, FileOpenResponse,
};
use ottavo_wire::{from_status, to_status};
use tokio::sync::mpsc::{self, Sender};
use tonic::{Status, Streaming};

use super::encode;
use crate::state::decode::{only_true, precondition};

type Answer = Result<FileOpenResponse, Status>;

/// How much of a file one message has at most, where messages may have `max_message` bytes.
pub(super) fn chunk_size(max_message: usize) -> ChunkSize {
    const USUAL: usize = 256 << 10;
    let size = (max_message / 2).clamp(1, USUAL);
    ChunkSize::parse(u32::try_from(size).expect("it is small")).expect("it is not 0")
}

/// The stream of a file: its info, then chunks; nothing when it is missing.
pub(super) async fn open(
    session: &Session,
    message: FileOpenRequest,
    chunk: ChunkSize,
    shutdown: &Shutdown,
) -> Result<BoxStream<'static, Answer>> {
    let FileOpenRequest { store, name, offset, length } = message;
    let range = Range { offset, length };
    let opened = session.file(&store)?.open(FileName::parse(name)?, range).await?;
    let Some(reader) = opened else { return Ok(stream::empty().boxed()) };
    let info = part(Part::Info(encode::info(reader.info().clone())));
    let (sender, receiver) = mpsc::channel(1);
    let deadline = session.context().deadline;
    shutdown.spawn("grpc-file", async move {
        if tokio::time::timeout_at(deadline, send(reader, chunk, &sender)).await.is_err() {
            let late = Error::new(Kind::Timeout, "the file was not read before the deadline");
            // the client may have taken the last chunk at last, else its own timer tells it
            let told = sender.try_send(Err(to_status(&late))).is_ok();
            tracing::debug!(told, "a file was not read in time");
        }
    });
    let chunks =
        stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)));
    Ok(stream::once(async { info }).chain(chunks).boxed())
}

/// Sends chunks until the end, the first error, or until nobody takes them.
async fn send(mut reader: OpenReader, chunk: ChunkSize, sender: &Sender<Answer>) {
    loop {
        let read = tokio::select! {
            read = reader.read(chunk) => read,
            () = sender.closed() => return,
        };
        let (answer, last) = match read {
            Ok(data) if data.is_empty() => return,
            Ok(data) => (part(Part::Chunk(data)), false),
            Err(error) => (Err(to_status(&error)), true),
        };
        if sender.send(answer).await.is_err() || last {
            return;
        }
    }
}

fn part(part: Part) -> Answer {
    Ok(FileOpenResponse { part: Some(part) })
}

/// Writes a file from its stream. Whatever ends it before `finish` drops the writer.
pub(super) async fn create(
    session: Session,
    mut steps: Streaming<FileCreateRequest>,
) -> Result<FileCreateResponse> {
    let Some(Step::Begin(begin)) = next(&mut steps).await? else {
        return Err(Error::invalid("a file begins with `begin`: send that first"));
    };
    let store = session.file(&begin.store)?;
    let mut writer = store.create(new_file(begin)?).await?;
    loop {
        match next(&mut steps).await? {
            Some(Step::Chunk(data)) => writer.write(data).await?,
            Some(Step::Finish(true)) => break,
            Some(Step::Finish(false)) => return Err(only_true("finish")),
            Some(Step::Begin(_)) => {
                return Err(Error::invalid("a second `begin`: one stream writes one file"));
            }
            None => {
                return Err(Error::invalid(
                    "the stream ended without `finish`: nothing is left of the file",
                ));
            }
        }
    }
    let info = writer.finish().await?;
    Ok(FileCreateResponse { info: Some(encode::info(info)) })
}

/// The next step; none at the end of the stream.
async fn next(steps: &mut Streaming<FileCreateRequest>) -> Result<Option<Step>> {
    match steps.message().await {
        Ok(Some(message)) => match message.step {
            Some(step) => Ok(Some(step)),
            None => Err(Error::invalid("a step is unset: set one of begin, chunk, finish")),
        },
        Ok(None) => Ok(None),
        Err(status) => Err(from_status(&status)),
    }
}

fn new_file(begin: FileBegin) -> Result<NewFile> {
    let pairs = begin.metadata.into_iter().map(|pair| (pair.name, pair.value)).collect();
    Ok(NewFile {
        name: FileName::parse(begin.name)?,
        content_type: begin.content_type.map(ContentType::parse).transpose()?,
        precondition: precondition(begin.precondition)?,
        metadata: Metadata::parse(pairs)?,
    })
}
