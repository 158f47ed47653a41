//! The service `State`, as `ottavo_blocks::state::State`.

pub(crate) mod decode;
mod encode;

use async_trait::async_trait;
use ottavo_api::Session;
use ottavo_blocks::state::{Key, PageLimit};
use ottavo_core::Result;
use ottavo_wire::v1::state_server::State;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status};

use crate::door::Door;
use crate::pairs::options;

/// Answers the calls of the service.
pub(crate) struct StateService(pub(crate) Door);

async fn get(session: Session, message: StateGetRequest) -> Result<StateGetResponse> {
    let store = session.state(&message.store)?;
    let options = options(message.options)?;
    let found = store.get(Key::parse(message.key)?, options).await?;
    Ok(encode::found(found))
}

async fn get_many(session: Session, message: StateGetManyRequest) -> Result<StateGetManyResponse> {
    let store = session.state(&message.store)?;
    let options = options(message.options)?;
    let keys = message.keys.into_iter().map(Key::parse);
    let outcomes = store.get_many(keys, options).await?;
    Ok(StateGetManyResponse { outcomes: outcomes.into_iter().map(encode::got).collect() })
}

async fn set(session: Session, message: StateSetRequest) -> Result<StateSetResponse> {
    let store = session.state(&message.store)?;
    let etag = store.set(decode::entry(message.entry.unwrap_or_default())?).await?;
    Ok(StateSetResponse { etag: etag.into_string() })
}

async fn set_many(session: Session, message: StateSetManyRequest) -> Result<StateSetManyResponse> {
    let store = session.state(&message.store)?;
    let entries = message.entries.into_iter().map(decode::entry);
    let outcomes = store.set_many(entries).await?;
    Ok(StateSetManyResponse { outcomes: outcomes.into_iter().map(encode::written).collect() })
}

async fn delete(session: Session, message: StateDeleteRequest) -> Result<StateDeleteResponse> {
    let store = session.state(&message.store)?;
    store.delete(decode::removal(message.removal.unwrap_or_default())?).await?;
    Ok(StateDeleteResponse {})
}

async fn delete_many(
    session: Session,
    message: StateDeleteManyRequest,
) -> Result<StateDeleteManyResponse> {
    let store = session.state(&message.store)?;
    let removals = message.removals.into_iter().map(decode::removal);
    let outcomes = store.delete_many(removals).await?;
    Ok(StateDeleteManyResponse { outcomes: outcomes.into_iter().map(encode::deleted).collect() })
}

async fn transact(
    session: Session,
    message: StateTransactRequest,
) -> Result<StateTransactResponse> {
    let store = session.state(&message.store)?;
    let etags = store.transact(decode::operations(message.operations)?).await?;
    Ok(StateTransactResponse { results: etags.into_iter().map(encode::step).collect() })
}

async fn increment(
    session: Session,
    message: StateIncrementRequest,
) -> Result<StateIncrementResponse> {
    let store = session.state(&message.store)?;
    let initial = decode::expiry(message.initial)?;
    let value = store.increment(Key::parse(message.key)?, message.delta, initial).await?;
    Ok(StateIncrementResponse { value })
}

async fn list_keys(
    session: Session,
    message: StateListKeysRequest,
) -> Result<StateListKeysResponse> {
    let store = session.state(&message.store)?;
    let limit = PageLimit::parse(message.limit)?;
    let page = store.list_keys(&message.prefix, message.cursor.as_deref(), limit).await?;
    Ok(encode::page(page))
}

/// One method of the service for each function above.
macro_rules! service {
    ($($method:ident: $request:ident => $response:ident,)*) => {
        #[async_trait]
        impl State for StateService {
            $(async fn $method(
                &self,
                request: Request<$request>,
            ) -> Result<Response<$response>, Status> {
                self.0.call(request, $method).await
            })*
        }
    };
}

service! {
    get: StateGetRequest => StateGetResponse,
    get_many: StateGetManyRequest => StateGetManyResponse,
    set: StateSetRequest => StateSetResponse,
    set_many: StateSetManyRequest => StateSetManyResponse,
    delete: StateDeleteRequest => StateDeleteResponse,
    delete_many: StateDeleteManyRequest => StateDeleteManyResponse,
    transact: StateTransactRequest => StateTransactResponse,
    increment: StateIncrementRequest => StateIncrementResponse,
    list_keys: StateListKeysRequest => StateListKeysResponse,
}
