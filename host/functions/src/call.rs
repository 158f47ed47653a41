//! One request in one fresh instance.

use std::net::SocketAddr;
use std::sync::Arc;

use ottavo_api::Session;
use ottavo_core::{CallContext, Caller, Error, Kind};
use ottavo_engine::Fault;
use ottavo_imports::{Call, Facts, Panic};
use ottavo_telemetry::field;
use tokio::time::Instant;
use wasmtime::Store;

use crate::version::{Code, Version};
use crate::{Failure, Request, Response, exchange};

/// How long a client is asked to wait when there is no room for one more instance.
const RETRY_AFTER_MS: &str = "1000";

impl Version {
    /// Runs `request`.
    pub(crate) async fn call(&self, request: Request) -> Result<Response, Failure> {
        let code = self.code.as_ref().map_err(|why| {
            self.failed(Error::new(Kind::Unavailable, format!("function `{}` {why}", self.name)))
        })?;
        let limits = &self.info.limits;
        let id = Arc::clone(&request.id);
        let route = request.route.clone();
        let (mut store, deadline) = self.begin(code, &id, route, request.client.remote);
        let request = exchange::request(request);
        let Code { component, handler, .. } = code;
        let outcome = ottavo_engine::call(&mut store, deadline, limits.timeout, async |store| {
            let instance = component.instantiate_async(&mut *store).await?;
            handler.call(store, &instance, &request).await
        })
        .await;
        match outcome {
            Ok(Ok(response)) => exchange::response(response, limits).map_err(|error| {
                let mut failure = self.failed(error);
                failure.status = http::StatusCode::BAD_GATEWAY;
                failure
            }),
            Ok(Err(error)) => Err(self.returned(ottavo_imports::to_core(error))),
            Err(fault) => Err(self.fault(&id, fault, store.data().panic())),
        }
    }

    /// A store for one call, and when the call must be over.
    pub(crate) fn begin(
        &self,
        code: &Code,
        request_id: &Arc<str>,
        route: Option<String>,
        remote: Option<SocketAddr>,
    ) -> (Store<Call>, Instant) {
        let limits = &self.info.limits;
        let caller = Caller::Function(self.info.name.clone());
        let cx = CallContext::new(Arc::clone(request_id), caller, limits.timeout.0);
        let deadline = cx.deadline;
        let session = Session::new(Arc::clone(&self.host.api), cx, Arc::clone(&code.grants));
        let facts = Facts {
            function: Arc::clone(&self.name),
            version: self.info.version,
            route,
            remote,
            settings: Arc::clone(&self.settings),
            log: Arc::clone(&self.log),
        };
        let call = Call::new(limits, session, facts);
        (ottavo_engine::store(self.host.engine.wasmtime(), call, limits), deadline)
    }

    fn failed(&self, error: Error) -> Failure {
        Failure::of_function(&self.info.name, self.info.version, error)
    }

    /// An error that the function returned. Refusals by a backend are the function's affair, not
    /// the client's: the client would be asked for credentials that are not its own.
    fn returned(&self, error: Error) -> Failure {
        let refusal = matches!(error.kind(), Kind::Denied | Kind::Unauthenticated);
        let mut failure = self.failed(error);
        if refusal {
            failure.status = http::StatusCode::INTERNAL_SERVER_ERROR;
        }
        failure
    }

    fn fault(&self, request_id: &str, fault: Fault, panic: Option<&Panic>) -> Failure {
        let reason = match panic {
            Some(Panic { text, location: Some(place) }) => format!("panicked at {place}: {text}"),
            Some(Panic { text, location: None }) => format!("panicked: {text}"),
            None => fault.to_string(),
        };
        tracing::error!(
            { field::REQUEST_ID } = request_id,
            { field::FUNCTION } = &*self.name,
            { field::VERSION } = self.info.version,
            fault = %fault,
            backtrace = ?fault.backtrace(),
            "function `{}` {reason}",
            self.name,
        );
        let name = &self.name;
        let (kind, public) = match &fault {
            Fault::Cpu { .. } | Fault::Timeout { .. } => (Kind::Timeout, fault.to_string()),
            Fault::NoRoom { .. } => (Kind::Unavailable, "found the host full".to_owned()),
            Fault::Memory { .. } => (Kind::Internal, "ran out of memory".to_owned()),
            Fault::Stack { .. } => (Kind::Internal, fault.to_string()),
            Fault::Trap { .. } if panic.is_some() => (Kind::Internal, "panicked".to_owned()),
            Fault::Trap { .. } => (Kind::Internal, "trapped".to_owned()),
            Fault::Host { .. } => (Kind::Internal, "could not be run".to_owned()),
        };
        let mut error = Error::new(kind, format!("function `{name}` {public}"));
        if let Fault::NoRoom { .. } = fault {
            error = error.with_detail("retry-after-ms", RETRY_AFTER_MS);
        }
        let mut failure = self.failed(error);
        failure.insides = Some(match fault.backtrace() {
            [] => reason,
            frames => format!("{reason}\n  in {}", frames.join("\n  in ")),
        });
        failure
    }
}
