//! Answers and bodies, with as little around the plain bindings as reads well.

use std::io::Write as _;

use wasip2::http::types::{
    Fields, IncomingBody, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
    Trailers,
};
use wasip2::io::streams::{InputStream, OutputStream};

/// The body of an answer that was begun.
pub(crate) struct Body {
    // before the body, whose child it is
    out: OutputStream,
    body: OutgoingBody,
}

/// Answers with a head; the body follows.
pub(crate) fn begin(out: ResponseOutparam, status: u16, fields: Fields) -> Body {
    let response = OutgoingResponse::new(fields);
    response.set_status_code(status).expect("a status");
    let body = response.body().expect("the first time");
    ResponseOutparam::set(out, Ok(response));
    Body { out: body.write().expect("the first time"), body }
}

/// A whole answer.
pub(crate) fn answer(out: ResponseOutparam, status: u16, text: &str) {
    let mut body = begin(out, status, Fields::new());
    body.send(text.as_bytes());
    body.finish();
}

/// The body of a request, and its stream.
pub(crate) fn request_body(request: &IncomingRequest) -> (IncomingBody, InputStream) {
    let body = request.consume().expect("the first time");
    let stream = body.stream().expect("the first time");
    (body, stream)
}

pub(crate) fn bytes(count: usize) -> Vec<u8> {
    vec![b'x'; count]
}

impl Body {
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.out.write_all(bytes).expect("the client reads");
        self.out.flush().expect("the client reads");
    }

    pub(crate) fn out(&mut self) -> &mut OutputStream {
        &mut self.out
    }

    pub(crate) fn finish(self) {
        self.finish_with(None);
    }

    pub(crate) fn finish_with(self, trailers: Option<Trailers>) {
        let Body { out, body } = self;
        drop(out);
        OutgoingBody::finish(body, trailers).expect("it is whole");
    }

    /// Also where it is not what its head says.
    pub(crate) fn finish_anyway(self) {
        let Body { out, body } = self;
        drop(out);
        drop(OutgoingBody::finish(body, None));
    }
}
