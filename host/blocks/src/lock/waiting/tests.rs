//! The lines of those who wait, with a lock that a test frees.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use futures_util::future::join;
use futures_util::poll;
use ottavo_core::Caller;

use super::*;
use crate::lock::Owner;

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(60))
}

fn resource() -> Key {
    Key::parse("a").expect("valid")
}

/// A lock that is free or not, and how often it was asked for.
#[derive(Clone, Default)]
struct Store(Rc<RefCell<(bool, usize)>>);

impl Store {
    async fn attempt(&self) -> Result<Attempt<()>> {
        let mut store = self.0.borrow_mut();
        store.1 += 1;
        if !store.0 {
            return Ok(Attempt::Held(()));
        }
        store.0 = false;
        let owner = Owner::unique();
        Ok(Attempt::Taken(Lease { owner, fencing_token: 1, remaining: Duration::ZERO }))
    }

    fn free(&self, waiting: &Waiting) {
        self.0.borrow_mut().0 = true;
        waiting.freed(&resource());
    }

    fn asked(&self) -> usize {
        self.0.borrow().1
    }

    async fn wait(&self, waiting: &Waiting, wait: Duration) -> Option<Lease> {
        let (cx, resource) = (cx(), resource());
        let taken =
            waiting.until_taken(&cx, &resource, wait, || self.attempt(), |()| pending::<()>());
        taken.await.expect("no attempt fails")
    }
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn who_waits_is_woken_and_asks_no_more_often_than_that() {
    let (waiting, store) = (Waiting::default(), Store::default());
    let mut first = std::pin::pin!(store.wait(&waiting, LONG));
    let mut second = std::pin::pin!(store.wait(&waiting, LONG));
    assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
    tokio::time::advance(LONG / 2).await;
    assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
    assert_eq!(store.asked(), 3, "once each, and the first once more in the line");
    store.free(&waiting);
    assert!(first.await.is_some());
    assert!(poll!(&mut second).is_pending());
    store.free(&waiting);
    assert!(second.await.is_some());
    assert!(waiting.lines().is_empty(), "a line without anybody");
}

#[tokio::test(start_paused = true)]
async fn the_wait_ends_for_the_first_and_for_those_behind_it() {
    let (waiting, store) = (Waiting::default(), Store::default());
    let (begun, wait) = (Instant::now(), Duration::from_secs(3));
    let (first, second) = join(store.wait(&waiting, wait), store.wait(&waiting, wait)).await;
    assert_eq!((first, second), (None, None));
    assert!((wait..wait + Duration::from_millis(10)).contains(&begun.elapsed()));
    assert_eq!(store.wait(&waiting, Duration::ZERO).await, None);
    // the second may become the first at the very end
    assert!((4..=5).contains(&store.asked()), "{}", store.asked());
    assert!(waiting.lines().is_empty(), "a line without anybody");
}

#[tokio::test(start_paused = true)]
async fn who_leaves_makes_way_for_the_next() {
    let (waiting, store) = (Waiting::default(), Store::default());
    let mut first = Box::pin(store.wait(&waiting, LONG));
    let mut second = Box::pin(store.wait(&waiting, LONG));
    assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
    store.free(&waiting);
    // woken, and gone before it asked
    drop(first);
    assert!(second.await.is_some());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_beyond_the_deadline() {
    let (waiting, store) = (Waiting::default(), Store::default());
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(2));
    let resource = resource();
    let taken =
        waiting.until_taken(&cx, &resource, LONG, || store.attempt(), |()| pending::<()>()).await;
    assert_eq!(taken.expect("no attempt fails"), None);
    assert!(cx.remaining() > Duration::ZERO);
}
