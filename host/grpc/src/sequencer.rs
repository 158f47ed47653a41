//! The service `Sequencer`, as `ottavo_blocks::sequencer::Sequencer`.

use async_trait::async_trait;
use ottavo_api::Session;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::{Order, Size};
use ottavo_core::{Error, Result};
use ottavo_wire::v1::sequencer_server::Sequencer;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct SequencerService(pub(crate) Door);

async fn next(session: Session, message: SequencerNextRequest) -> Result<SequencerNextResponse> {
    let store = session.sequencer(&message.store)?;
    let id = store.next(Key::parse(message.key)?, order(message.order)?).await?;
    Ok(SequencerNextResponse { id })
}

async fn next_range(
    session: Session,
    message: SequencerNextRangeRequest,
) -> Result<SequencerNextRangeResponse> {
    let store = session.sequencer(&message.store)?;
    let (key, size) = (Key::parse(message.key)?, Size::parse(message.size)?);
    let range = store.next_range(key, order(message.order)?, size).await?;
    Ok(SequencerNextRangeResponse { first: range.first, last: range.last })
}

fn order(sent: i32) -> Result<Order> {
    match SequencerOrder::try_from(sent) {
        Ok(SequencerOrder::Weak) => Ok(Order::Weak),
        Ok(SequencerOrder::Strong) => Ok(Order::Strong),
        Err(_) => Err(Error::invalid(format!("`{sent}` is no order of ids: use weak or strong"))),
    }
}

/// One method of the service for each function above.
macro_rules! service {
    ($($method:ident: $request:ident => $response:ident,)*) => {
        #[async_trait]
        impl Sequencer for SequencerService {
            $(async fn $method(
                &self,
                request: Request<$request>,
            ) -> std::result::Result<Response<$response>, Status> {
                self.0.call(request, $method).await
            })*
        }
    };
}

service! {
    next: SequencerNextRequest => SequencerNextResponse,
    next_range: SequencerNextRangeRequest => SequencerNextRangeResponse,
}
