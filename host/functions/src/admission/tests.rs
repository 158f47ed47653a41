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
    admission.line(&"f".into(), limits, Metrics::new().function("f"))
}

thread_local! {
    static REQUEST: Arc<str> = "r".into();
}

/// A call of this line, for a request of this thread.
async fn call(line: &Arc<Line>, outermost: bool, until: Option<Instant>) -> Result<Place, Full> {
    line.enter(&REQUEST.with(Arc::clone), outermost, until).await
}

/// A call that has come, and waits if it has to.
async fn come<'a>(line: &'a Arc<Line>, outermost: bool) -> Entering<'a> {
    let mut entering: Entering<'a> = Box::pin(call(line, outermost, None));
    assert!(poll!(&mut entering).is_pending(), "it has to wait");
    entering
}

async fn enter(line: &Arc<Line>) -> Place {
    call(line, true, None).await.expect("there is a place")
}

#[tokio::test]
async fn calls_beyond_the_queue_are_refused_at_once_and_the_others_in_their_order() {
    let line = line(&Admission::new(10), 2, 2);
    let (first, second) = (enter(&line).await, enter(&line).await);
    let (third, mut fourth) = (come(&line, true).await, come(&line, true).await);
    assert!(line.has_room().is_err());
    let refused = call(&line, true, None).await.err().expect("the line is full");
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
    let short = Admission::new(1).line(&"f".into(), limits, Metrics::new().function("f"));
    let held = enter(&short).await;
    let full = Full { of: Room::Version, waited: true };
    assert_eq!(call(&short, true, None).await.err(), Some(full));
    let long = line(&Admission::new(1), 1, 9);
    let place = enter(&long).await;
    assert_eq!(call(&long, false, Some(Instant::now())).await.err(), Some(full));
    drop((held, place));
    assert!(call(&short, true, None).await.is_ok() && call(&long, true, None).await.is_ok());
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
                let mut entering: Entering<'_> = Box::pin(call(line, random.bool(), None));
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
    is_as_at_first(&admission, &lines);
}

/// Nobody runs, nobody waits, and all places are free.
fn is_as_at_first(admission: &Admission, lines: &[Arc<Line>]) {
    let state = admission.state.lock();
    assert!(state.lines.is_empty() && state.turns.is_empty());
    assert_eq!(admission.free.load(SeqCst), admission.places);
    assert_eq!(admission.waiting.load(SeqCst), 0);
    for line in lines {
        assert_eq!(line.free.load(SeqCst), line.limits.concurrency);
    }
    drop(state);
    assert_eq!(admission.running(), []);
}

/// Who waits for a place that nobody gives is refused, after a minute.
#[test]
fn nobody_waits_for_ever_where_many_threads_come_and_go() {
    for (places, concurrency) in [(3, 2), (2, 9), (1, 1), (100, 1)] {
        let admission = Admission::new(places);
        let lines: Vec<_> = (0..3).map(|_| line(&admission, concurrency, 1000)).collect();
        let (running, most) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|threads| {
            for seed in 0..4 {
                let coming = come_and_go(seed, &lines, &running, &most);
                threads.spawn(|| {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_time().build();
                    runtime.expect("a runtime").block_on(coming);
                });
            }
        });
        let allowed = places.min(concurrency * 3);
        assert!((1..=allowed).contains(&most.load(SeqCst)), "{most:?} of {allowed}");
        is_as_at_first(&admission, &lines);
    }
}

async fn come_and_go(seed: u64, lines: &[Arc<Line>], running: &AtomicU32, most: &AtomicU32) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut seated = VecDeque::new();
    for _ in 0..30_000 {
        // what it holds when it waits, others wait for
        while seated.len() > random.usize(0..3) {
            running.fetch_sub(1, SeqCst);
            seated.pop_front();
        }
        let line = &lines[random.usize(0..lines.len())];
        let mut entering = Box::pin(call(line, random.bool(), None));
        let place = match poll!(&mut entering) {
            std::task::Poll::Ready(place) => place,
            // gone again, maybe as it is called
            std::task::Poll::Pending if random.u8(0..4) == 0 => continue,
            std::task::Poll::Pending => {
                running.fetch_sub(seated.len() as u32, SeqCst);
                seated.clear();
                entering.await
            }
        };
        seated.push_back(place.expect("there is room in the queue, and time"));
        most.fetch_max(running.fetch_add(1, SeqCst) + 1, SeqCst);
    }
    running.fetch_sub(seated.len() as u32, SeqCst);
}
