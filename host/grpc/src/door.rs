//! What every block's service has: the way to the blocks, and the size of an answer.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use ottavo_api::{Api, Grants, Session};
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown};
use ottavo_wire::to_status;
use prost::Message;
use tonic::{Request, Response, Status};

/// The way from a request to a session, and from an outcome to a response.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) api: Arc<Api>,
    pub(crate) max_message: usize,
    pub(crate) shutdown: Shutdown,
}

/// The messages of a stream.
pub(crate) type Messages<A> = BoxStream<'static, Result<A, Status>>;

impl Door {
    /// Runs `call` on the request's message in a session of its caller.
    pub(crate) async fn call<Q, A, F>(
        &self,
        request: Request<Q>,
        call: impl FnOnce(Session, Q) -> F,
    ) -> Result<Response<A>, Status>
    where
        A: Message,
        F: Future<Output = Result<A>>,
    {
        let (session, message) = self.open(request);
        let limit = self.max_message;
        let answer = call(session, message).await.and_then(|answer| check_size(answer, limit));
        answer.map(Response::new).map_err(|error| to_status(&error))
    }

    /// The same for a stream of answers. An error ends it, and so does shutdown.
    pub(crate) async fn stream<Q, A, F>(
        &self,
        request: Request<Q>,
        call: impl FnOnce(Session, Q) -> F,
    ) -> Result<Response<Messages<A>>, Status>
    where
        A: Message + 'static,
        F: Future<Output = Result<BoxStream<'static, Result<A>>>>,
    {
        let (session, message) = self.open(request);
        let answers = call(session, message).await.map_err(|error| to_status(&error))?;
        let (limit, shutdown) = (self.max_message, self.shutdown.clone());
        let messages = stream::unfold(Some(answers), move |answers| {
            let shutdown = shutdown.clone();
            async move {
                let mut answers = answers?;
                let answer = tokio::select! {
                    answer = answers.next() => answer?,
                    () = shutdown.begun() => Err(Error::new(Kind::Unavailable, "the host stops")),
                };
                let answer = answer.and_then(|answer| check_size(answer, limit));
                let rest = answer.is_ok().then_some(answers);
                Some((answer.map_err(|error| to_status(&error)), rest))
            }
        });
        Ok(Response::new(messages.boxed()))
    }

    /// The session of a request's caller, and its message.
    pub(crate) fn open<Q>(&self, request: Request<Q>) -> (Session, Q) {
        let (_, mut extensions, message) = request.into_parts();
        let (cx, grants): (CallContext, Arc<Grants>) =
            extensions.remove().expect("every service stands behind the edge");
        (Session::new(Arc::clone(&self.api), cx, grants), message)
    }
}

fn check_size<A: Message>(answer: A, limit: usize) -> Result<A> {
    let size = answer.encoded_len();
    if size <= limit {
        return Ok(answer);
    }
    let message = format!(
        "the answer has {size} bytes, over the limit of `grpc.max_message`, {limit} bytes: \
         ask for less at a time"
    );
    Err(Error::new(Kind::TooLarge, message).with_detail("limit", limit.to_string()))
}
