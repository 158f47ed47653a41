//! Service invocation: who may be called, where a name leads, and what goes along with a call.

mod grant;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use ottavo_blocks::exchange::{Outgoing, Response};
use ottavo_blocks::invoke::{AppId, Call, Invoke, Target};
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Error, FunctionName, Kind, Result};
use ottavo_registry::Store;

use crate::{Session, call, many};

pub use grant::InvokeGrant;

/// The store that is asked for an app first.
const FIRST: &str = "default";

/// The calls of one session to functions and apps.
pub struct InvokeCalls<'a> {
    session: &'a Session,
}

impl<'a> InvokeCalls<'a> {
    pub(crate) fn new(session: &'a Session) -> InvokeCalls<'a> {
        InvokeCalls { session }
    }

    /// Calls a function or an app, whose answer may have a body of `max_body`.
    ///
    /// A name without `fn:` or `app:` is the function of that name if there is one, else the app.
    ///
    /// # Errors
    /// `denied` without a grant; `not-found`; `failed-precondition` with the detail `depth` when too
    /// many calls are within each other; what came instead of an answer.
    pub async fn call(
        &self,
        target: &str,
        outgoing: Outgoing,
        max_body: ByteCount,
    ) -> Result<Response> {
        let target: Target = target.parse()?;
        let Outgoing { mut request, timeout } = outgoing;
        let cx = self.session.cx.within(timeout);
        carry(&cx, request.headers_mut());
        let attempt = call::Attempt { block: "invoke", operation: "call", to: &target };
        let outbound = &self.session.outbound;
        let found = self.session.told(self.find(&target));
        let counted =
            found.and_then(|found| outbound.request(request.body().len()).map(|()| found));
        let answer = match counted {
            Err(error) => Err(call::explain(&cx, attempt, error)),
            Ok(Found::Function(name)) => {
                let run = self.function(&cx, name, request, max_body);
                let outcome = call::bounded(&cx, run).await;
                call::note(&cx, attempt, &outcome);
                outcome.map_err(|error| call::explain(&cx, attempt, error))
            }
            Ok(Found::App(id, store)) => {
                say_caller(&cx, request.headers_mut());
                let meter = self.session.api.meter(store.place());
                let run = store.live().call(&cx, id, Call { request, max_body });
                call::metered(&cx, attempt, meter, run).await
            }
        }?;
        let size = outbound.bytes(answer.body().len());
        size.map_err(|error| call::explain(&cx, attempt, error))?;
        Ok(answer)
    }

    /// Several calls at the same time, as [`InvokeCalls::call`]; the answers in the order asked.
    /// What a door could not decode is answered in its place.
    pub async fn call_many(
        &self,
        calls: impl ExactSizeIterator<Item = Result<(String, Outgoing)>>,
        max_body: ByteCount,
    ) -> Vec<Result<Response>> {
        let call = |item: Result<(String, Outgoing)>| {
            Box::pin(async move {
                let (target, outgoing) = item?;
                self.call(&target, outgoing, max_body).await
            }) as BoxFuture<'_, Result<Response>>
        };
        many::answers(calls, call, max_body).await
    }

    async fn function(
        &self,
        cx: &CallContext,
        name: FunctionName,
        request: Request<Bytes>,
        max_body: ByteCount,
    ) -> Result<Response> {
        let outward = self.session.api.outward()?;
        outward.check_depth(cx)?;
        let answer = outward.functions()?.invoke(cx, &name, request).await?;
        let size = answer.body().len();
        if size as u64 > max_body.0 {
            let message =
                format!("the answer's body has {size} bytes, over the limit of {max_body}");
            let error = Error::new(Kind::TooLarge, message);
            return Err(error.with_detail("limit", max_body.0.to_string()));
        }
        Ok(answer)
    }

    /// Where a target leads, if the caller may go there.
    fn find<'t>(&self, target: &'t Target) -> Result<Found<'t, 'a>> {
        let Session { cx, grants, .. } = self.session;
        match target {
            Target::Function(name) => {
                grants.function(&cx.caller, name.as_str())?;
                Ok(Found::Function(name.clone()))
            }
            Target::App(id) => {
                grants.app(&cx.caller, id.as_str())?;
                self.app(id)
            }
            Target::Either(id) => {
                let function = grants.function(&cx.caller, id.as_str());
                let app = grants.app(&cx.caller, id.as_str());
                // who may call neither does not learn which of them is there
                let (function, app) = match (function, app) {
                    (Err(error), Err(_)) => return Err(error),
                    other => other,
                };
                if self.session.api.outward()?.functions()?.has(id.as_str()) {
                    function?;
                    return Ok(Found::Function(id.as_str().parse()?));
                }
                let found = self.app(id).map_err(|error| match error.kind() {
                    Kind::NotFound => Error::not_found(format!("no function and no app `{id}`")),
                    _ => error,
                })?;
                app?;
                Ok(found)
            }
        }
    }

    fn app<'t>(&self, id: &'t AppId) -> Result<Found<'t, 'a>> {
        let stores = &self.session.api.stores;
        let known = stores.each_invoke().filter(|store| store.live().knows(id));
        let first = |store: &&Store<dyn Invoke>| store.name().as_str() != FIRST;
        match known.min_by_key(first) {
            Some(store) => Ok(Found::App(id, store)),
            None => Err(Error::not_found(format!(
                "no app `{id}`: give its address under `apps` of an invoke store"
            ))),
        }
    }
}

/// Where a target leads.
enum Found<'t, 'a> {
    Function(FunctionName),
    App(&'t AppId, &'a Store<dyn Invoke>),
}

/// What goes along: the request id, and the trace where the caller does not set its own.
fn carry(cx: &CallContext, fields: &mut HeaderMap) {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    if let Ok(id) = HeaderValue::from_str(&cx.request_id) {
        fields.insert(REQUEST_ID, id);
    }
    let own_parent = fields.contains_key("traceparent");
    for (name, value) in cx.trace.fields() {
        // a state belongs to its parent
        if fields.contains_key(name) || (own_parent && name == "tracestate") {
            continue;
        }
        if let Ok(value) = HeaderValue::from_str(value) {
            fields.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Tells an app who calls it; a function learns it from its context.
fn say_caller(cx: &CallContext, fields: &mut HeaderMap) {
    const CALLER: HeaderName = HeaderName::from_static("x-ottavo-caller");
    fields.remove(&CALLER);
    if let Some(id) = cx.caller.id()
        && let Ok(id) = HeaderValue::from_str(id)
    {
        fields.insert(CALLER, id);
    }
}
