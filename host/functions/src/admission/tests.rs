//! Places, taken and left in every order, without any guest.

use std::pin::Pin;
use std::time::Duration;

use futures_util::poll;
use ottavo_core::units::Span;
use ottavo_telemetry::Metrics;

use super::*;

type Entering<'a> = Pin<Box<dyn Future<Output = Result<Place, Full>> + 'a>>;

/// A line of so many calls at once, and so many that wait.
fn line(admission: &Arc<Admission>, concurrency: u32, queue: u32) -> Arc<Line> {
    let queue_timeout = Span(Duration::from_secs(60));
    let limits = Limits { concurrency, queue, queue_timeout, ..Limits::default() };
    admission.line(limits, Metrics::new().function("f"))
}

/// A call that has come, and waits if it has to.
async fn come<'a>(line: &'a Arc<Line>, outermost: bool) -> Entering<'a> {
    let mut entering: Entering<'a> = Box::pin(line.enter(outermost, None));
    assert!(poll!(&mut entering).is_pending(), "it has to wait");
    entering
}

async fn enter(line: &Arc<Line>) -> Place {
    line.enter(true, None).await.expect("there is a place")
}

#[tokio::test]
async fn calls_beyond_the_queue_are_refused_at_once_and_the_others_in_their_order() {
    let line = line(&Admission::new(10), 2, 2);
    let (first, second) = (enter(&line).await, enter(&line).await);
    let (third, mut fourth) = (come(&line, true).await, come(&line, true).await);
    assert!(line.has_room().is_err());
    let refused = line.enter(true, None).await.err().expect("the line is full");
    assert_eq!(refused, Full { of: Room::Version, waited: false });
    let error = line.error("f", refused);
    assert_eq!((error.kind(), error.detail("limit")), (Kind::Unavailable, Some("2")));
    assert!(error.message().contains("`limits.concurrency`"), "{error}");
    drop(first);
    let third = third.await.expect("it was called");
    assert!(poll!(&mut fourth).is_pending());
    drop((second, third));
    assert!(fourth.await.is_ok());
    assert!(line.has_room().is_ok());
}

#[tokio::test]
async fn who_waits_too_long_is_refused_and_so_is_who_has_no_time() {
    let limits = Limits { concurrency: 1, queue_timeout: Span::secs(0), ..Limits::default() };
    let short = Admission::new(1).line(limits, Metrics::new().function("f"));
    let held = enter(&short).await;
    let full = Full { of: Room::Version, waited: true };
    assert_eq!(short.enter(true, None).await.err(), Some(full));
    let long = line(&Admission::new(1), 1, 9);
    let place = enter(&long).await;
    assert_eq!(long.enter(false, Some(Instant::now())).await.err(), Some(full));
    drop((held, place));
    assert!(short.enter(true, None).await.is_ok() && long.enter(true, None).await.is_ok());
}

#[tokio::test]
async fn a_long_line_keeps_no_other_waiting() {
    let admission = Admission::new(2);
    let (crowd, single) = (line(&admission, 100, 100), line(&admission, 100, 100));
    let (one, two) = (enter(&crowd).await, enter(&crowd).await);
    let mut waiting = Vec::new();
    for _ in 0..50 {
        waiting.push(come(&crowd, true).await);
    }
    let mut alone = come(&single, true).await;
    let full = Full { of: Room::Host, waited: false };
    assert!(single.error("f", full).message().contains("`engine.max_instances`"));
    drop((one, two));
    // one of each
    let first = waiting.remove(0).await;
    let alone = poll!(&mut alone);
    assert!(first.is_ok() && alone.is_ready());
    assert!(poll!(&mut waiting[0]).is_pending());
}

#[tokio::test]
async fn calls_within_calls_come_first() {
    let line = line(&Admission::new(1), 1, 9);
    let place = enter(&line).await;
    let mut outer = come(&line, true).await;
    let inner = come(&line, false).await;
    drop(place);
    let inner = inner.await.expect("it was called");
    assert!(poll!(&mut outer).is_pending());
    drop(inner);
    assert!(outer.await.is_ok());
}

#[tokio::test]
async fn no_place_is_lost_whenever_calls_are_dropped() {
    let admission = Admission::new(3);
    let lines = [line(&admission, 2, 4), line(&admission, 2, 4), line(&admission, 9, 1)];
    let mut random = fastrand::Rng::with_seed(7);
    let (mut seated, mut waiting) = (Vec::new(), Vec::new());
    for _ in 0..20_000 {
        match random.u8(0..4) {
            0 | 1 => {
                let line = &lines[random.usize(0..lines.len())];
                let mut entering: Entering<'_> = Box::pin(line.enter(random.bool(), None));
                match poll!(&mut entering) {
                    std::task::Poll::Ready(outcome) => seated.extend(outcome.ok()),
                    std::task::Poll::Pending => waiting.push(entering),
                }
            }
            2 if !seated.is_empty() => drop(seated.swap_remove(random.usize(0..seated.len()))),
            3 if !waiting.is_empty() => {
                // maybe after it was called
                let mut gone = waiting.swap_remove(random.usize(0..waiting.len()));
                if random.bool()
                    && let std::task::Poll::Ready(outcome) = poll!(&mut gone)
                {
                    seated.extend(outcome.ok());
                }
            }
            _ => {}
        }
        assert!(seated.len() <= 3);
    }
    drop((seated, waiting));
    let state = admission.state.lock();
    assert_eq!(state.free, 3);
    assert!(state.lines.values().all(|line| line.running == 0 && line.calls.is_empty()));
}
