//! Stores that are not there: both doors refuse a call to one, each as what it is to its callers. An app
//! learns that the store does not exist; a function learns only that nobody let it ask.

use std::sync::Arc;
use std::time::Duration;

use ottavo_core::{CallContext, Caller, Kind, Result};

use crate::block::Block;
use crate::relay::Relay;
use crate::stage::Stage;

const STORE: &str = "nowhere";

/// What is not refused, or not as it should be.
pub(crate) async fn unrefused<B: Block>(stage: &Stage) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |door: &str, outcome: Result<()>, kind: Kind| {
        let refused = outcome.as_ref().is_err_and(|error| {
            error.kind() == kind && !error.retryable() && error.message().contains(STORE)
        });
        if !refused {
            wrong.push(format!("{}, {door}: `{STORE}` is not {kind}: {outcome:?}", B::NAME));
        }
    };
    let own = B::find(&stage.stores, B::DRIVERS[0]);
    let app = B::over_grpc(stage.channel.clone(), STORE, &own);
    expect("gRPC", touch::<B>(&app).await, Kind::NotFound);
    // a grant for every app stands in the manifests: what is missing is the app
    let kind = if B::NAME == "invoke" { Kind::NotFound } else { Kind::Denied };
    for guest in stage.guests.iter().filter(|guest| guest.missing.is_none()) {
        let connection = stage.host.relay(guest, &stage.shutdown).await;
        let relay = Relay::new(connection, STORE).beside(stage.channel.clone());
        let function = B::through(relay, &own);
        expect(&guest.title, touch::<B>(&function).await, kind);
    }
    wrong
}

async fn touch<B: Block>(store: &Arc<B::Store>) -> Result<()> {
    let timeout = Duration::from_secs(30);
    B::touch(store, &CallContext::new(STORE.into(), Caller::Anonymous, timeout)).await
}
