//! What every block's service has: the way to the blocks, and the size of an answer.

use std::sync::Arc;

use ottavo_api::{Api, Grants, Session};
use ottavo_core::{CallContext, Error, Kind, Result};
use ottavo_wire::to_status;
use prost::Message;
use tonic::{Request, Response, Status};

/// The way from a request to a session, and from an outcome to a response.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) api: Arc<Api>,
    pub(crate) grants: Arc<Grants>,
    pub(crate) max_message: usize,
}

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
        let answer = call(session, message).await.and_then(|answer| self.check_size(answer));
        answer.map(Response::new).map_err(|error| to_status(&error))
    }

    /// The session of a request's caller, and its message.
    pub(crate) fn open<Q>(&self, request: Request<Q>) -> (Session, Q) {
        let (_, mut extensions, message) = request.into_parts();
        let cx: CallContext = extensions.remove().expect("every service stands behind the edge");
        (Session::new(Arc::clone(&self.api), cx, Arc::clone(&self.grants)), message)
    }

    fn check_size<A: Message>(&self, answer: A) -> Result<A> {
        let (size, limit) = (answer.encoded_len(), self.max_message);
        if size <= limit {
            return Ok(answer);
        }
        let message = format!(
            "the answer has {size} bytes, over the limit of `grpc.max_message`, {limit} bytes: \
             ask for less at a time"
        );
        Err(Error::new(Kind::TooLarge, message).with_detail("limit", limit.to_string()))
    }
}
