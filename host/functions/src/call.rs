//! One request or event in one instance.

use std::sync::Arc;

use ottavo_api::Session;
use ottavo_core::{CallContext, Caller, Clock as _, Error, Kind, SystemClock};
use ottavo_engine::{Begin, Driven, Fault};
use ottavo_imports::{Call, Event, Facts, Handled, LogRoom, Outcome, Panic};
use ottavo_telemetry::metrics::FaultKind;
use ottavo_telemetry::{GuestEntry, Level, field};
use tokio::time::Instant;
use wasmtime::Store;

use crate::admission::{Full, Place};
use crate::code::{Code, Handler};
use crate::kept::Instance;
use crate::origin::Origin;
use crate::version::Version;
use crate::{Failure, Request, Response, exchange};

/// What a call needs to run.
pub(crate) struct Admitted {
    code: Arc<Code>,
    _place: Place,
}

/// How long a client is asked to wait when there is no room for one more instance.
const RETRY_AFTER_MS: &str = "1000";

impl Version {
    /// Answers `request`.
    pub(crate) async fn call(self: &Arc<Self>, request: Request) -> Result<Response, Failure> {
        if self.streams() {
            return Box::pin(self.collect(request)).await;
        }
        let admitted =
            self.admit::<ottavo_imports::Request>(&request.id, request.client.outer()).await?;
        let version = Arc::clone(self);
        let answered = self.drive(async move {
            let (id, origin) = (Arc::clone(&request.id), Origin::of(&request));
            let Request { head, body, params, .. } = request;
            let mut request = ottavo_imports::Request { head, params, body };
            version.run(&id, &origin, &mut request, admitted).await
        });
        exchange::response(answered.await?, &self.info.limits).map_err(|error| self.broken(error))
    }

    /// Handles `event`.
    pub(crate) async fn receive(
        self: &Arc<Self>,
        id: &Arc<str>,
        event: &Event,
    ) -> Result<Outcome, Failure> {
        let admitted = self.admit::<Event>(id, None).await?;
        let (version, id, mut event) = (Arc::clone(self), Arc::clone(id), event.clone());
        let handled = self.drive(async move {
            let origin = Origin::of_event(&event);
            version.run(&id, &origin, &mut event, admitted).await
        });
        handled.await
    }

    /// A place for one call of this handler, within `outer` if there is one, and the code. Taken before its
    /// work begins anywhere: who is refused is not to wait for those who run.
    pub(crate) async fn admit<H: Handler>(
        self: &Arc<Self>,
        id: &Arc<str>,
        outer: Option<&CallContext>,
    ) -> Result<Admitted, Failure> {
        let slot = self.code.as_ref().map_err(|why| self.not_loaded(why))?;
        if !H::is_of(&self.handles) {
            let (name, interface) = (&self.name, H::INTERFACE);
            let error = format!("function `{name}` does not export `{interface}`");
            return Err(self.refused(Error::new(Kind::Unsupported, error)));
        }
        let place = self.line.enter(id, outer.is_none(), outer.map(|cx| cx.deadline)).await;
        let _place = place.map_err(|full| self.full(full))?;
        if let Some(code) = slot.take() {
            return Ok(Admitted { code, _place });
        }
        let until = Instant::now() + self.info.limits.timeout.0;
        let until = outer.map_or(until, |outer| until.min(outer.deadline));
        let loaded = Box::pin(self.load(slot, until)).await;
        let code = loaded.map_err(|error| self.not_loaded(error.message()))?;
        Ok(Admitted { code, _place })
    }

    /// Does `work`, where it keeps nobody waiting.
    pub(crate) fn drive<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Driven<T> {
        let begin = if self.habit.computes() { Begin::Apart } else { Begin::Here };
        self.host.engines.first().drive(work, begin)
    }

    fn not_loaded(&self, why: &str) -> Failure {
        let error = Error::new(Kind::Unavailable, format!("function `{}` {why}", self.name));
        self.refused(error)
    }

    /// Calls the handler of `what` in one instance.
    pub(crate) async fn run<H: Handled>(
        &self,
        id: &Arc<str>,
        origin: &Origin,
        what: &mut H,
        admitted: Admitted,
    ) -> Result<H::Answer, Failure> {
        let limits = &self.info.limits;
        let _running = self.meter.running();
        loop {
            let (session, facts, deadline) = self.surroundings(id, origin);
            let mut instance = self.instance(&admitted.code, session, facts);
            let Instance { code, store, made, calls } = &mut instance;
            let outcome = ottavo_engine::call(store, deadline, limits.timeout, async |store| {
                let instance = match *made {
                    Some(instance) => instance,
                    None => {
                        let instance = code.component.instantiate_async(&mut *store).await?;
                        self.meter.started();
                        *made.insert(instance)
                    }
                };
                what.handle(&code.handlers, &instance, store).await
            })
            .await;
            *calls += 1;
            self.habit.learn(store.data().computed());
            store.data_mut().end();
            let returned = match outcome {
                // nothing of the function has run yet
                Err(Fault::NoRoom { .. }) if self.host.kept.evict() => continue,
                Err(fault) => return Err(self.fault(id, origin, fault, store.data())),
                Ok(returned) => returned.map_err(ottavo_imports::to_core),
            };
            if let Some(kept) = &self.kept {
                kept.put(instance);
            }
            return returned.map_err(|error| self.returned(error));
        }
    }

    /// One that waits, else a new one.
    fn instance(&self, code: &Arc<Code>, session: Session, facts: Facts) -> Instance {
        if let Some(mut waiting) = self.kept.as_ref().and_then(|kept| kept.take()) {
            waiting.store.data_mut().renew(session, facts);
            return waiting;
        }
        let store = self.store(code, session, facts);
        Instance { code: Arc::clone(code), store, made: None, calls: 0 }
    }

    /// A store for a new instance.
    pub(crate) fn store(&self, code: &Code, session: Session, facts: Facts) -> Store<Call> {
        let limits = &self.info.limits;
        let call = Call::new(self.host.engines.first().meters(limits), session, facts);
        ottavo_engine::store(code.component.engine(), call, limits)
    }

    /// What surrounds one call, and when it must be over: never later than the call it is within.
    pub(crate) fn surroundings(
        &self,
        request_id: &Arc<str>,
        origin: &Origin,
    ) -> (Session, Facts, Instant) {
        let caller = Caller::Function(self.info.name.clone());
        let mut cx = CallContext::new(Arc::clone(request_id), caller, self.info.limits.timeout.0);
        cx.trace = origin.trace.clone();
        if let Some(outer) = origin.client.outer() {
            cx.depth = outer.depth + 1;
            cx.deadline = cx.deadline.min(outer.deadline);
        }
        let deadline = cx.deadline;
        let session = Session::new(Arc::clone(&self.host.api), cx, Arc::clone(&self.grants));
        let limits = &self.info.limits;
        let session = session.with_outbound(limits.outbound_calls, limits.outbound_bytes);
        let facts = Facts {
            function: Arc::clone(&self.name),
            version: self.info.version,
            route: origin.route.clone(),
            remote: origin.client.remote(),
            tls: origin.client.has_tls(),
            caller: origin.client.outer().map(|outer| outer.caller.clone()),
            settings: Arc::clone(&self.settings),
            log: Arc::clone(&self.log),
            log_room: LogRoom::new(limits.log),
        };
        (session, facts, deadline)
    }

    /// The function's answer is none.
    pub(crate) fn broken(&self, error: Error) -> Failure {
        let mut failure = self.failed(error);
        failure.status = http::StatusCode::BAD_GATEWAY;
        failure
    }

    pub(crate) fn failed(&self, error: Error) -> Failure {
        Failure::of_function(&self.info.name, self.info.version, error)
    }

    /// Before anything of the function has run.
    fn refused(&self, error: Error) -> Failure {
        let mut failure = self.failed(error);
        failure.refused = true;
        failure
    }

    /// There is no place for one more call.
    pub(crate) fn full(&self, full: Full) -> Failure {
        self.meter.refused();
        self.refused(self.line.error(&self.name, full))
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

    fn fault(&self, request_id: &str, origin: &Origin, fault: Fault, call: &Call) -> Failure {
        // the function's own timeout is not to blame, and raising it would not help
        let hurried = matches!(fault, Fault::Timeout { .. }) && origin.hurries();
        let said = match hurried {
            true => "was stopped at the deadline of its caller".to_owned(),
            false => fault.to_string(),
        };
        let panic = call.panic();
        match kind_of(&fault, panic.is_some()) {
            Some(kind) => self.meter.fault(kind),
            None => self.meter.refused(),
        }
        let last_words = call.last_words();
        let reason = match panic {
            Some(Panic { text, location: Some(place), .. }) => {
                format!("panicked at {place}: {text}")
            }
            Some(Panic { text, location: None, .. }) => format!("panicked: {text}"),
            None if last_words.is_empty() => said.clone(),
            None => {
                let lines = last_words.replace('\n', "\n  ");
                format!("{said}; it had written:\n  {lines}")
            }
        };
        // a runtime library that unwinds before it tells knows better than the stack that is left
        let backtrace = match panic {
            Some(Panic { stack, .. }) if !stack.is_empty() => stack,
            _ => fault.backtrace(),
        };
        tracing::error!(
            { field::REQUEST_ID } = request_id,
            { field::FUNCTION } = &*self.name,
            { field::VERSION } = self.info.version,
            fault = %fault,
            backtrace = ?backtrace,
            "function `{}` {reason}",
            self.name,
        );
        // whoever reads the function's own log finds its end there too
        self.log.keep(GuestEntry {
            at: SystemClock.now(),
            level: Level::Error,
            message: format!("function `{}` {reason}", self.name),
            fields: fault.backtrace().iter().map(|f| ("in".to_owned(), f.clone())).collect(),
            request_id: request_id.to_owned(),
            version: self.info.version,
        });
        let name = &self.name;
        let (kind, public) = match &fault {
            Fault::Cpu { .. } | Fault::Timeout { .. } => (Kind::Timeout, said),
            Fault::NoRoom { .. } => (Kind::Unavailable, "found the host full".to_owned()),
            Fault::Memory { .. } => (Kind::Internal, "ran out of memory".to_owned()),
            Fault::TotalMemory { .. } => {
                (Kind::Unavailable, "found the memory of the host used up".to_owned())
            }
            Fault::Handles { .. } | Fault::HostCall { .. } => (Kind::Internal, said),
            Fault::Stack { .. } => (Kind::Internal, fault.to_string()),
            Fault::Trap { .. } if panic.is_some() => (Kind::Internal, "panicked".to_owned()),
            Fault::Trap { .. } => (Kind::Internal, "trapped".to_owned()),
            Fault::Exit { .. } => (Kind::Internal, fault.to_string()),
            Fault::Host { .. } => (Kind::Internal, "could not be run".to_owned()),
        };
        let mut error = Error::new(kind, format!("function `{name}` {public}"));
        if let Fault::NoRoom { .. } | Fault::TotalMemory { .. } = fault {
            error = error.with_detail("retry-after-ms", RETRY_AFTER_MS);
        }
        let mut failure = self.failed(error);
        failure.refused = matches!(fault, Fault::NoRoom { .. });
        failure.insides = Some(match backtrace {
            [] => reason,
            frames => format!("{reason}\n  in {}", frames.join("\n  in ")),
        });
        failure
    }
}

/// How a fault is counted; none when there was no room, and so no call.
fn kind_of(fault: &Fault, panicked: bool) -> Option<FaultKind> {
    Some(match fault {
        Fault::Cpu { .. } => FaultKind::Cpu,
        Fault::Timeout { .. } => FaultKind::Timeout,
        Fault::Memory { .. } | Fault::TotalMemory { .. } => FaultKind::Memory,
        Fault::Handles { .. } => FaultKind::Handles,
        Fault::HostCall { .. } => FaultKind::HostCall,
        Fault::Stack { .. } => FaultKind::Stack,
        Fault::Trap { .. } if panicked => FaultKind::Panic,
        Fault::Trap { .. } => FaultKind::Trap,
        Fault::Exit { .. } => FaultKind::Exit,
        Fault::Host { .. } => FaultKind::Host,
        Fault::NoRoom { .. } => return None,
    })
}
