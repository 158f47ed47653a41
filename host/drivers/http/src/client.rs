//! One HTTP client: connections that are kept, names that are looked up under a rule, answers that
//! are read whole within a bound.
//!
//! Nothing is repeated that may have arrived. The tasks of its connections end with the host.

mod answer;
mod connect;
mod error;
mod stream;
mod tls;

use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body as _, Incoming};
use hyper::rt::Executor;
use hyper_util::client::legacy;
use hyper_util::rt::TokioTimer;
use ottavo_blocks::egress::{Reach, Rules};
use ottavo_blocks::exchange;
use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown};

use answer::Answer;
use connect::Connector;
use tls::Tls;

pub use crate::options::Protocol;

/// What a client is made of.
#[derive(Clone, Debug)]
pub struct Config {
    /// How servers are spoken to.
    pub protocol: Protocol,
    /// A PEM file with the certificates that may have signed those of servers; none: those that
    /// this machine trusts.
    pub ca: Option<PathBuf>,
    /// For a connection to be made, with the look-up of the name and TLS.
    pub connect_timeout: Span,
    /// How long a connection waits for its next request.
    pub idle_timeout: Span,
    /// How many connections to one address wait.
    pub max_idle: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            protocol: Protocol::Auto,
            ca: None,
            connect_timeout: Span::secs(2),
            idle_timeout: Span::secs(60),
            max_idle: 32,
        }
    }
}

type Pool = legacy::Client<Connector, Either<Full<Bytes>, exchange::Body>>;

/// Sends requests. Cheap to share, not to make.
pub struct Client {
    /// A connection is only used for requests of the reach it was made for.
    public: Pool,
    anywhere: Pool,
}

impl Client {
    /// A client whose connections end with `shutdown`. Connects to nothing yet.
    ///
    /// # Errors
    /// `invalid-argument` with the key that is wrong.
    pub fn new(config: &Config, shutdown: &Shutdown) -> Result<Client> {
        for (name, span) in
            [("connect_timeout", config.connect_timeout), ("idle_timeout", config.idle_timeout)]
        {
            if span.0.is_zero() {
                return Err(Error::invalid(format!("`{name}` is zero: nothing could be done")));
            }
        }
        let tls = Tls::new(config.ca.as_deref())?;
        let pool = |reach| {
            let connector = Connector::new(reach, tls.clone(), config.connect_timeout.0);
            legacy::Client::builder(Tasks(shutdown.clone()))
                .timer(TokioTimer::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(config.idle_timeout.0)
                .pool_max_idle_per_host(config.max_idle)
                .http2_only(config.protocol == Protocol::H2)
                .build(connector)
        };
        Ok(Client { public: pool(Reach::Public), anywhere: pool(Reach::Anywhere) })
    }

    /// Sends `request`, whose target is absolute, and reads the whole answer, as
    /// [`Egress::send`](ottavo_blocks::egress::Egress::send) promises it.
    ///
    /// # Errors
    /// Why there is no answer; a status is none.
    pub async fn send(
        &self,
        cx: &CallContext,
        request: Request<Bytes>,
        rules: Rules,
    ) -> Result<Response<Bytes>> {
        let pool = self.pool(rules.reach);
        let exchange = async {
            let idempotent = request.method().is_idempotent();
            let sent = pool.request(request.map(|body| Either::Left(Full::new(body)))).await;
            let (mut head, body) =
                sent.map_err(|e| error::of_request(&e, idempotent))?.into_parts();
            let body = read(body, rules.max_body, idempotent).await?;
            exchange::strip(&mut head.headers);
            Ok(Response::from_parts(head, body))
        };
        by(cx, exchange).await
    }

    /// Sends `request` while its body comes, as
    /// [`Egress::open`](ottavo_blocks::egress::Egress::open) promises it.
    ///
    /// # Errors
    /// Why there is no answer; a status is none.
    pub async fn open(
        &self,
        cx: &CallContext,
        request: Request<exchange::Body>,
        rules: Rules,
    ) -> Result<Response<exchange::Body>> {
        let exchange = async {
            // nobody can say how much of a body was taken that is gone
            let idempotent = false;
            let sent = self.pool(rules.reach).request(request.map(Either::Right)).await;
            let (mut head, body) =
                sent.map_err(|e| error::of_request(&e, idempotent))?.into_parts();
            let body = Answer::new(body, rules.max_body)?;
            exchange::strip(&mut head.headers);
            Ok(Response::from_parts(head, body.boxed_unsync()))
        };
        by(cx, exchange).await
    }

    fn pool(&self, reach: Reach) -> &Pool {
        match reach {
            Reach::Public => &self.public,
            Reach::Anywhere => &self.anywhere,
        }
    }
}

async fn by<T>(cx: &CallContext, exchange: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout_at(cx.deadline, exchange).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::new(Kind::Timeout, "no answer before the deadline of the call")),
    }
}

fn too_large(most: ByteCount) -> Error {
    let message = format!("the answer's body is over {most}: raise the limit, or ask for less");
    Error::new(Kind::TooLarge, message).with_detail("limit", most.0.to_string())
}

async fn read(mut body: Incoming, most: ByteCount, idempotent: bool) -> Result<Bytes> {
    let limit = most.as_usize();
    if body.size_hint().lower() > most.0 {
        return Err(too_large(most));
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| error::of_body(e, idempotent))?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + rest.len() + data.len() > limit {
            return Err(too_large(most));
        }
        // most answers come in one piece, which need not be copied
        if first.is_empty() && rest.is_empty() {
            first = data;
            continue;
        }
        if rest.is_empty() {
            rest.extend_from_slice(&std::mem::take(&mut first));
        }
        rest.extend_from_slice(&data);
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// Runs the connections, until shutdown.
#[derive(Clone)]
struct Tasks(Shutdown);

impl<F> Executor<F> for Tasks
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, task: F) {
        let shutdown = self.0.clone();
        self.0.spawn("outgoing HTTP", async move {
            tokio::select! {
                _ = task => {}
                () = shutdown.begun() => {}
            }
        });
    }
}
