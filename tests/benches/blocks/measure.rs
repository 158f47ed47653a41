//! How long one call takes: columns in alternation, the median of several rounds.

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;

/// How often each column of a row is measured.
const ROUNDS: usize = 5;
/// What one measurement should take, so that the clock does not matter.
const A_ROUND: Duration = Duration::from_millis(150);
const MOST: u64 = 50_000;

/// Makes a call so many times, one after the other.
pub(crate) type Calls = Box<dyn Fn(u64) -> BoxFuture<'static, ()>>;

/// What a closure does, as often as it is told.
pub(crate) fn calls<F, Fut>(call: F) -> Calls
where
    F: Fn() -> Fut + Send + Sync + Clone + 'static,
    Fut: Future<Output = ()> + Send,
{
    Box::new(move |times| {
        let call = call.clone();
        Box::pin(async move {
            for _ in 0..times {
                call().await;
            }
        })
    })
}

/// One way to make a call.
pub(crate) struct Column {
    pub(crate) title: &'static str,
    pub(crate) calls: Calls,
}

/// Microseconds a call, of each column: median, least and most.
pub(crate) async fn measure(columns: &[Column]) -> Vec<[f64; 3]> {
    let mut times = Vec::new();
    for column in columns {
        times.push(how_many(&column.calls).await);
    }
    let mut seen = vec![Vec::new(); columns.len()];
    for _ in 0..ROUNDS {
        for ((column, times), seen) in columns.iter().zip(&times).zip(&mut seen) {
            seen.push(each(&column.calls, *times).await);
        }
    }
    seen.into_iter().map(middle).collect()
}

/// So many that they fill a round; the first are not counted.
async fn how_many(calls: &Calls) -> u64 {
    calls(3).await;
    let micros = each(calls, 10).await.max(0.01);
    (A_ROUND.as_secs_f64() * 1e6 / micros).clamp(10.0, MOST as f64) as u64
}

async fn each(calls: &Calls, times: u64) -> f64 {
    let begun = Instant::now();
    calls(times).await;
    begun.elapsed().as_secs_f64() * 1e6 / times as f64
}

fn middle(mut seen: Vec<f64>) -> [f64; 3] {
    seen.sort_by(f64::total_cmp);
    [seen[seen.len() / 2], seen[0], seen[seen.len() - 1]]
}
