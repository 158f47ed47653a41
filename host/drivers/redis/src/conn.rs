//! The one connection of a store: made when it is needed, and made again when it was lost.
//!
//! One attempt at a time, in a task of its own, so that a caller with little time left does not
//! undo it for the others. Callers wait for it within their deadline and then answer `unavailable`:
//! nothing was sent. What was sent is repeated only when it cannot have taken effect.
//!
//! What happens rarely is boxed: a future has room for its largest part and is copied with all of it, and most calls find
//! a connection and a place, and have no cluster.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown, StoreName};
use parking_lot::Mutex;
use redis::{Cmd, RedisError, RedisResult, Value};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::cluster::{Cluster, Sent, slot};
use crate::error::{self, Fault};
use crate::places::Places;
use crate::reach::{Link, Reach};

/// After an attempt that failed, calls fail at once for this long rather than try again.
const PAUSE: Duration = Duration::from_millis(100);

/// How often a call goes to redis that was refused because it came to the wrong node, or too soon.
const TRIES: u32 = 10;

/// Whether a call that was cut off can simply be made again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    Writes,
}

/// Which node of a cluster a call is for.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Key(&'a str),
    Slot(u16),
}

/// The answer of redis, or why it did nothing.
pub(crate) enum Answer {
    Value(Value),
    /// It does not know the script.
    NoScript,
    /// The key holds another kind of data than the command is for.
    WrongType,
}

/// The way to redis. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Conn(Arc<Inner>);

struct Inner {
    reach: Reach,
    connect_timeout: Duration,
    store: StoreName,
    shutdown: Shutdown,
    state: Mutex<State>,
    /// Tells the waiting callers that an attempt has ended.
    ended: watch::Sender<()>,
    places: Places,
}

#[derive(Default)]
struct State {
    link: Option<Link>,
    /// Distinguishes a link from its successors.
    generation: u64,
    attempting: bool,
    failed: Option<(Instant, RedisError)>,
    /// Since when redis is away, for the log.
    down: Option<Instant>,
}

impl Conn {
    pub(crate) fn new(
        reach: Reach,
        connect_timeout: Duration,
        store: StoreName,
        shutdown: Shutdown,
    ) -> Conn {
        Conn(Arc::new(Inner {
            reach,
            connect_timeout,
            store,
            shutdown,
            state: Mutex::default(),
            ended: watch::Sender::new(()),
            places: Places::new(),
        }))
    }

    pub(crate) fn is_cluster(&self) -> bool {
        self.0.reach.is_cluster()
    }

    /// In a cluster: learns its nodes, so that a listing leaves none out.
    pub(crate) async fn survey(&self, cx: &CallContext) {
        if let Reach::Cluster(cluster) = &self.0.reach {
            // without an answer, the call that follows says why
            let asked = tokio::time::timeout_at(early(cx), cluster.refresh()).await;
            drop(asked);
        }
    }

    /// In a cluster: the first slot of the node that comes after the one that begins with `slot`.
    pub(crate) fn next_node(&self, slot: u16) -> Option<u16> {
        let Reach::Cluster(cluster) = &self.0.reach else { return None };
        cluster.firsts().into_iter().find(|first| *first > slot)
    }

    /// The first attempt, when the store is opened.
    ///
    /// # Errors
    /// When only a change of configuration can help. Redis that is away is waited for by the calls.
    pub(crate) async fn greet(&self) -> Result<()> {
        self.attempt().await;
        let state = self.0.state.lock();
        match state.failed.as_ref().map(|(_, fault)| error::connect(fault)) {
            Some((error, true)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Asks redis for a sign of life: in a cluster, every master.
    ///
    /// # Errors
    /// The first that has none, as a call to it would.
    pub(crate) async fn ping(&self, cx: &CallContext) -> Result<()> {
        let ping = redis::cmd("PING");
        let mut next = Some(0);
        while let Some(slot) = next {
            self.call(cx, &ping, Effect::Reads, 0, At::Slot(slot)).await?;
            next = self.next_node(slot);
        }
        Ok(())
    }

    /// Waits for a connection, so that a call that is made next need not.
    ///
    /// # Errors
    /// As [`Conn::call`] without one.
    pub(crate) async fn connected(&self, cx: &CallContext) -> Result<()> {
        self.link(cx).await.map(drop)
    }

    /// Sends one command and waits for its answer, within the deadline. `size` is that of its
    /// values, in bytes.
    ///
    /// # Errors
    /// `unavailable` without a connection or a free place, and when the connection is lost;
    /// `timeout` when redis does not answer; else what redis says.
    pub(crate) fn call<'a>(
        &'a self,
        cx: &'a CallContext,
        command: &'a Cmd,
        effect: Effect,
        size: usize,
        at: At<'a>,
    ) -> impl Future<Output = Result<Answer>> + Send + use<'a> {
        self.call_telling(cx, command, effect, size, at, None)
    }

    /// The same. `sent` is called as soon as whatever is sent now comes to redis after the command, and at the
    /// latest when there is an answer.
    pub(crate) async fn call_telling(
        &self,
        cx: &CallContext,
        command: &Cmd,
        effect: Effect,
        size: usize,
        at: At<'_>,
        sent: Option<&(dyn Fn() + Sync)>,
    ) -> Result<Answer> {
        let _place = self.0.places.take(cx, size).await?;
        let (mut tries, mut other) = (1, None);
        loop {
            let (link, generation) = self.link(cx).await?;
            let asked = telling(&link, ask(&link, command, at, other.take()), sent);
            let asked = tokio::time::timeout_at(cx.deadline, asked).await.map_err(|_| {
                Error::new(Kind::Timeout, "redis gave no answer before the deadline of the call")
            })?;
            let fault = match asked {
                Sent::Answer(answer) => match answer.and_then(Value::extract_error) {
                    Ok(value) => return Ok(Answer::Value(value)),
                    Err(error) => error::fault(error),
                },
                Sent::Not(error) => Fault::Elsewhere(error::connect(&error).0),
            };
            match fault {
                Fault::NoScript => return Ok(Answer::NoScript),
                Fault::WrongType => return Ok(Answer::WrongType),
                Fault::Refused(error) => return Err(error),
                Fault::Moved { slot, to, asking } => match (link, tries) {
                    (Link::Cluster(_), ..TRIES) if asking => other = Some(to),
                    (Link::Cluster(cluster), ..TRIES) => cluster.moved(slot, to),
                    _ => return Err(error::unavailable("the key moves within the redis cluster")),
                },
                Fault::Lost => {
                    self.forget(generation);
                    if effect == Effect::Writes || tries == TRIES {
                        return Err(error::lost(effect == Effect::Writes));
                    }
                }
                Fault::Elsewhere(error) => {
                    let Link::Cluster(cluster) = link else {
                        // sentinels know where the master went
                        self.forget(generation);
                        return Err(error);
                    };
                    if tries == TRIES {
                        return Err(error);
                    }
                    Box::pin(self.pause(cx, tries, error, &cluster)).await?;
                }
            }
            tries += 1;
        }
    }

    /// Waits, and asks the cluster who has what, before the same call is made again; if there is
    /// time.
    async fn pause(
        &self,
        cx: &CallContext,
        tries: u32,
        error: Error,
        cluster: &Cluster,
    ) -> Result<()> {
        let again = async {
            tokio::time::sleep(Duration::from_millis(10) * tries).await;
            // without an answer, what is known is tried again
            cluster.refresh().await.is_ok()
        };
        let done = tokio::time::timeout_at(early(cx), again).await;
        done.map(drop).map_err(|_| error)
    }

    /// A live connection, or why there is none.
    async fn link(&self, cx: &CallContext) -> Result<(Link, u64)> {
        if let Some(link) = self.0.ready() {
            return Ok(link);
        }
        let waited = Box::pin(tokio::time::timeout_at(early(cx), self.attempt())).await;
        if let Some(link) = self.0.ready() {
            return Ok(link);
        }
        if waited.is_err() {
            let message = "there was no connection to redis before the deadline of the call";
            return Err(error::unavailable(message));
        }
        let state = self.0.state.lock();
        match &state.failed {
            Some((_, fault)) => Err(error::connect(fault).0),
            None => Err(error::lost(false)),
        }
    }

    /// Waits for the end of one attempt to connect, which is begun unless one is under way or
    /// failed just now.
    async fn attempt(&self) {
        let mut ended = self.0.ended.subscribe();
        {
            let mut state = self.0.state.lock();
            let just_failed = |(at, _): &(Instant, _)| at.elapsed() < PAUSE;
            if state.live() || state.failed.as_ref().is_some_and(just_failed) {
                return;
            }
            if !state.attempting {
                state.attempting = true;
                let inner = Arc::clone(&self.0);
                self.0.shutdown.spawn("redis-connect", async move { inner.connect().await });
            }
        }
        // the sender lives as long as we do
        let _closed = ended.changed().await.is_err();
    }

    /// Makes the next call connect again; a cluster sees to its own connections.
    fn forget(&self, generation: u64) {
        if self.is_cluster() {
            return;
        }
        let mut state = self.0.state.lock();
        if state.generation == generation {
            state.link = None;
        }
    }
}

impl Inner {
    fn ready(&self) -> Option<(Link, u64)> {
        let state = self.state.lock();
        state.live().then(|| state.link.clone().map(|link| (link, state.generation)))?
    }

    async fn connect(&self) {
        let attempt =
            tokio::time::timeout(self.connect_timeout, self.reach.connect(self.connect_timeout));
        let outcome = tokio::select! {
            outcome = attempt => outcome,
            () = self.shutdown.begun() => Ok(Err(closed("the host stops"))),
        };
        let late = |_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
        self.conclude(outcome.unwrap_or_else(late));
    }

    fn conclude(&self, outcome: RedisResult<Link>) {
        let mut state = self.state.lock();
        state.attempting = false;
        let store = &self.store;
        match outcome {
            Ok(link) => {
                state.link = Some(link);
                state.generation += 1;
                state.failed = None;
                if let Some(since) = state.down.take() {
                    tracing::info!(%store, away = ?since.elapsed(), "redis is back");
                }
            }
            Err(cause) => {
                if state.down.is_none() && !self.shutdown.has_begun() {
                    let (error, _) = error::connect(&cause);
                    tracing::warn!(%store, %cause, "{error}; calls are answered `{}`", error.kind());
                    state.down = Some(Instant::now());
                }
                state.failed = Some((Instant::now(), cause));
            }
        }
        drop(state);
        self.ended.send_replace(());
    }
}

impl State {
    fn live(&self) -> bool {
        match &self.link {
            Some(Link::Node(node)) => node.lives(),
            Some(Link::Cluster(_)) => true,
            None => false,
        }
    }
}

async fn ask(link: &Link, command: &Cmd, at: At<'_>, other: Option<(String, u16)>) -> Sent {
    match link {
        Link::Node(node) => {
            let mut connection = node.connection.clone();
            Sent::Answer(connection.send_packed_command(command).await)
        }
        Link::Cluster(cluster) => {
            let slot = match at {
                At::Key(key) => slot(key),
                At::Slot(slot) => slot,
            };
            Box::pin(cluster.send(command, slot, other)).await
        }
    }
}

/// Calls `sent` when whatever is sent now comes after what `asked` sends: on one connection, as soon as that has been
/// polled, since its queue has room for all that have a place; in a cluster, when it is answered.
async fn telling(
    link: &Link,
    asked: impl Future<Output = Sent>,
    sent: Option<&(dyn Fn() + Sync)>,
) -> Sent {
    let Some(sent) = sent else { return asked.await };
    let mut asked = pin!(asked);
    if let Link::Node(_) = link {
        let answered = asked.as_mut().now_or_never();
        sent();
        return match answered {
            Some(answer) => answer,
            None => asked.await,
        };
    }
    let answer = asked.await;
    sent();
    answer
}

/// A moment before the deadline, so that the caller still hears why nothing was done.
pub(crate) fn early(cx: &CallContext) -> Instant {
    let margin = (cx.remaining() / 10).min(Duration::from_millis(20));
    cx.deadline - margin
}

fn closed(why: &'static str) -> RedisError {
    std::io::Error::new(std::io::ErrorKind::ConnectionAborted, why).into()
}
