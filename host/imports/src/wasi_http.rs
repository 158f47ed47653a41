//! `wasi:http/types` and `wasi:http/outgoing-handler`: wasmtime's own, with our way to the outside.
//!
//! Invariants: a request goes out only through the rule book, whose grants, guard of addresses and
//! deadline are those of `http-client`. What its handles make the host hold is bounded by the guest's
//! own memory limit. Nothing goes on once the store is gone.

mod exchange;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use ottavo_api::Session;
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind, Result};
use ottavo_telemetry::Level;
use tokio::sync::Semaphore;
use wasmtime_wasi::WasiView as _;
use wasmtime_wasi_http::{
    Error as WasiError, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks,
    WasiHttpView,
};

use crate::call::Call;
use crate::facts::Facts;

use exchange::{Answer, Sent};

/// The most that is taken from a guest at once, in bytes.
const CHUNK: usize = 64 << 10;

/// What one handle may make the host hold, in bytes: fields of a message, or two chunks on their way.
const HELD: u64 = 128 << 10;

/// How many handles there may be at least.
const FEWEST_HANDLES: u64 = 256;

/// How many requests of one call may be on their way, or have an answer that is not read.
const AT_ONCE: usize = 64;

/// What the calls of `wasi:http` work with.
pub(crate) struct Http {
    context: WasiHttpCtx,
    hooks: Hooks,
}

struct Hooks {
    session: Session,
    facts: Facts,
    most: ByteCount,
    room: Arc<Semaphore>,
}

impl WasiHttpView for Call {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        if self.wasi.as_ref().is_none_or(|wasi| wasi.http.is_none()) {
            // what they make the host hold is bounded by what the guest may hold itself
            let handles = (self.limits().memory.0 / HELD).max(FEWEST_HANDLES);
            let handles = handles.min(u64::from(self.limits().handles));
            let (session, facts, most) = (self.session.clone(), self.facts.clone(), self.most());
            let room = Arc::new(Semaphore::new(AT_ONCE));
            let hooks = Hooks { session, facts, most, room };
            // the table is that of all of WASI
            self.ctx().table.set_max_capacity(handles as usize);
            let wasi = self.wasi.as_mut().expect("made by `ctx`");
            wasi.http = Some(Http { context: WasiHttpCtx::new(), hooks });
        }
        let wasi = self.wasi.as_mut().expect("made above");
        let http = wasi.http.as_mut().expect("made above");
        WasiHttpCtxView { hooks: &mut http.hooks, table: &mut wasi.table, ctx: &mut http.context }
    }
}

/// The end of an exchange, of which there is nothing more to say.
type Rest = Box<dyn Future<Output = std::result::Result<(), WasiError>> + Send>;

type Sending = Box<
    dyn Future<Output = std::result::Result<(http::Response<WasiBody>, Rest), WasiError>> + Send,
>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Rest,
    ) -> Sending {
        let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else {
            return Box::new(async { Err(WasiError::ConnectionLimitReached) });
        };
        let (session, facts, most) = (self.session.clone(), self.facts.clone(), self.most);
        let options = options.unwrap_or_default();
        Box::new(async move {
            let request = outgoing(request, most)?;
            let wait = [options.connect_timeout, options.first_byte_timeout];
            let sent = within(longest(wait), session.egress().open(request, most)).await;
            let answer = sent.map_err(|error| {
                say(&facts, &session, &error);
                to_wasi(&error)
            })?;
            let between = options.between_bytes_timeout;
            let answer = answer.map(|body| Answer::new(body, between, permit).boxed_unsync());
            Ok((answer, Box::new(async { Ok(()) }) as Rest))
        })
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        CHUNK
    }

    fn p3_outgoing_body_chunk_size(&mut self) -> usize {
        CHUNK
    }
}

/// How long both may take together; none when either may take as long as the call.
fn longest([connect, first]: [Option<Duration>; 2]) -> Option<Duration> {
    connect?.checked_add(first?)
}

async fn within<T>(wait: Option<Duration>, sent: impl Future<Output = Result<T>>) -> Result<T> {
    let Some(wait) = wait else { return sent.await };
    match tokio::time::timeout(wait, sent).await {
        Ok(sent) => sent,
        Err(_) => Err(Error::new(Kind::Timeout, "no answer before the request's own timeout")),
    }
}

/// What the guest sends, held to the rules that `http-client` has.
fn outgoing(
    request: http::Request<WasiBody>,
    most: ByteCount,
) -> std::result::Result<http::Request<ottavo_blocks::exchange::Body>, WasiError> {
    let (mut head, body) = request.into_parts();
    if head.method == http::Method::CONNECT {
        return Err(WasiError::HttpRequestMethodInvalid);
    }
    // a user in the URL is sent to nobody, and no grant is for one
    if head.uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
        return Err(WasiError::HttpRequestUriInvalid);
    }
    ottavo_blocks::exchange::strip(&mut head.headers);
    Ok(http::Request::from_parts(head, Sent::new(body, most).boxed_unsync()))
}

/// The codes of `wasi:http` have no room for a reason: it stands in the function's log.
fn say(facts: &Facts, session: &Session, error: &Error) {
    let id = &session.context().request_id;
    facts.log(id, Level::Warn, error.to_string(), Vec::new());
}

/// The nearest code for an error of ours.
pub(crate) fn to_wasi(error: &Error) -> WasiError {
    match error.kind() {
        Kind::Denied | Kind::Unauthenticated => WasiError::HttpRequestDenied,
        Kind::InvalidArgument => WasiError::HttpRequestUriInvalid,
        Kind::TooLarge => {
            let limit = error.detail("limit").and_then(|limit| limit.parse().ok());
            WasiError::HttpResponseBodySize(limit)
        }
        Kind::Timeout => WasiError::ConnectionReadTimeout,
        Kind::Unavailable => WasiError::DestinationUnavailable,
        _ => WasiError::InternalError(Some(error.message().to_owned())),
    }
}
