//! Answers and bodies, with as little around the plain bindings as reads well.

use wasip3::http::types::{ErrorCode, Fields, Request, Response, Trailers};
use wasip3::wit_bindgen::{FutureReader, FutureWriter, StreamReader, StreamResult, StreamWriter};
use wasip3::{spawn_local, wit_future, wit_stream};

/// How a body ends: with trailers or without, or in the middle.
pub(crate) type End = Result<Option<Trailers>, ErrorCode>;

/// A body that is written.
pub(crate) struct Body {
    stream: StreamWriter<u8>,
    end: FutureWriter<End>,
}

/// A body that is read.
pub(crate) struct Reading {
    stream: StreamReader<u8>,
    end: FutureReader<End>,
    _done: FutureWriter<Result<(), ErrorCode>>,
}

/// An answer whose body follows.
pub(crate) fn begin(status: u16, fields: Fields) -> (Body, Response) {
    let (body, stream, end) = Body::new();
    let (response, _) = Response::new(fields, Some(stream), end);
    response.set_status_code(status).expect("a status");
    (body, response)
}

/// A whole answer.
pub(crate) fn answer(status: u16, text: &str) -> Response {
    let (mut body, response) = begin(status, Fields::new());
    let text = text.as_bytes().to_vec();
    spawn_local(async move {
        body.try_send(text).await;
        body.finish(None).await;
    });
    response
}

pub(crate) fn bytes(count: usize) -> Vec<u8> {
    vec![b'x'; count]
}

impl Body {
    pub(crate) fn new() -> (Body, StreamReader<u8>, FutureReader<End>) {
        let (stream, read) = wit_stream::new();
        let (end, ended) = wit_future::new(|| Ok(None));
        (Body { stream, end }, read, ended)
    }

    pub(crate) async fn send(&mut self, bytes: Vec<u8>) {
        assert!(self.try_send(bytes).await, "the client reads");
    }

    /// Whether all of it is taken.
    pub(crate) async fn try_send(&mut self, bytes: Vec<u8>) -> bool {
        self.stream.write_all(bytes).await.is_empty()
    }

    pub(crate) async fn finish(self, trailers: Option<Trailers>) {
        let Body { stream, end } = self;
        drop(stream);
        // who does not care for the rest does not read it
        drop(end.write(Ok(trailers)).await);
    }

    /// Ends it as one that is not whole.
    pub(crate) async fn give_up(self) {
        let Body { stream, end } = self;
        drop(stream);
        drop(end.write(Err(ErrorCode::InternalError(None))).await);
    }
}

impl Reading {
    pub(crate) fn of(request: Request) -> Reading {
        let (done, read) = wit_future::new(|| Ok(()));
        let (stream, end) = Request::consume_body(request, read);
        Reading { stream, end, _done: done }
    }

    pub(crate) fn of_response(response: Response) -> Reading {
        let (done, read) = wit_future::new(|| Ok(()));
        let (stream, end) = Response::consume_body(response, read);
        Reading { stream, end, _done: done }
    }

    /// What comes next; none where it is over.
    pub(crate) async fn next(&mut self) -> Option<Vec<u8>> {
        let (result, chunk) = self.stream.read(Vec::with_capacity(64 << 10)).await;
        match result {
            StreamResult::Complete(_) => Some(chunk),
            StreamResult::Dropped | StreamResult::Cancelled => (!chunk.is_empty()).then_some(chunk),
        }
    }

    /// Whether it is whole.
    pub(crate) async fn end(self) -> End {
        drop(self.stream);
        self.end.await
    }
}
