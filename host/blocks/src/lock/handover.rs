//! An attempt whose caller may go away before its answer comes.
//!
//! A lock that nobody knows of would stay locked until it expires. So an attempt that has begun is
//! brought to its end even when its caller has gone, and what it took is given back.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use ottavo_core::{Result, Shutdown};

use super::Lease;
use super::waiting::Attempt;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type GiveBack = Box<dyn FnOnce(Lease) -> Boxed<()> + Send>;

/// The answer of an attempt, handed to who waits for it, or given back.
pub struct Handover<H: Send + 'static> {
    attempt: Option<Boxed<Result<Attempt<H>>>>,
    give_back: Option<GiveBack>,
    begun: bool,
    shutdown: Shutdown,
}

impl<H: Send + 'static> Handover<H> {
    /// `attempt` ends by itself in bounded time, whatever its caller's deadline is, and so does
    /// `give_back`.
    pub fn new<G>(
        shutdown: &Shutdown,
        attempt: impl Future<Output = Result<Attempt<H>>> + Send + 'static,
        give_back: impl FnOnce(Lease) -> G + Send + 'static,
    ) -> Handover<H>
    where
        G: Future<Output = ()> + Send + 'static,
    {
        let give_back: GiveBack = Box::new(move |lease| Box::pin(give_back(lease)));
        Handover {
            attempt: Some(Box::pin(attempt)),
            give_back: Some(give_back),
            begun: false,
            shutdown: shutdown.clone(),
        }
    }
}

impl<H: Send + 'static> Future for Handover<H> {
    type Output = Result<Attempt<H>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.begun = true;
        let attempt = self.attempt.as_mut().expect("a future is not polled after its end");
        let answer = std::task::ready!(attempt.as_mut().poll(cx));
        self.attempt = None;
        Poll::Ready(answer)
    }
}

impl<H: Send + 'static> Drop for Handover<H> {
    fn drop(&mut self) {
        let (Some(attempt), Some(give_back)) = (self.attempt.take(), self.give_back.take()) else {
            return;
        };
        // without a runtime the process ends, and the lock expires
        if !self.begun || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        self.shutdown.spawn("lock-give-back", async move {
            if let Ok(Attempt::Taken(lease)) = attempt.await {
                give_back(lease).await;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use futures_util::poll;
    use tokio::sync::{Notify, mpsc};

    use super::*;
    use crate::lock::Owner;

    fn lease() -> Lease {
        let (owner, remaining) = (Owner::parse("a").expect("valid"), Duration::from_secs(1));
        Lease { owner, fencing_token: 7, remaining }
    }

    #[tokio::test]
    async fn what_was_taken_for_a_caller_that_has_gone_is_given_back() {
        let (shutdown, go) = (Shutdown::new(), Arc::new(Notify::new()));
        let (given, mut back) = mpsc::channel(1);
        let went = Arc::clone(&go);
        let attempt = async move {
            went.notified().await;
            Ok(Attempt::<()>::Taken(lease()))
        };
        let give_back = move |lease: Lease| async move {
            given.send(lease.fencing_token).await.expect("the test waits");
        };
        let mut handover = Handover::new(&shutdown, attempt, give_back);
        assert!(poll!(&mut handover).is_pending());
        drop(handover);
        go.notify_one();
        assert_eq!(back.recv().await, Some(7));
    }

    #[tokio::test]
    async fn what_arrived_is_kept_and_what_never_began_does_nothing() {
        let shutdown = Shutdown::new();
        let (given, mut back) = mpsc::channel::<u64>(1);
        let handover = || {
            let given = given.clone();
            let attempt = async { Ok(Attempt::<()>::Taken(lease())) };
            Handover::new(&shutdown, attempt, move |lease| async move {
                given.send(lease.fencing_token).await.expect("the test waits");
            })
        };
        assert_eq!(handover().await.expect("taken"), Attempt::Taken(lease()));
        drop(handover());
        drop(given);
        assert_eq!(back.recv().await, None);
    }
}
