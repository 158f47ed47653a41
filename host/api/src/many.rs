//! Several HTTP exchanges in one call: how many there may be, how many at the same time, and how much
//! they may answer together.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use ottavo_blocks::exchange::Response;
use ottavo_blocks::invoke::MAX_CALLS;
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind, Result};

/// How many run at the same time.
const AT_ONCE: usize = 16;

/// How many of the largest answers there may be together.
const LARGEST: u64 = 4;

/// Runs `each` on every item; the answers in the order of the items.
///
/// # Behavior
/// - More than [`MAX_CALLS`] items are all `too-large`, and none is run.
/// - An answer that comes when the bodies before it have used up four times `most` is `too-large`.
pub(crate) async fn answers<'a, I>(
    items: impl ExactSizeIterator<Item = I>,
    each: impl Fn(I) -> BoxFuture<'a, Result<Response>>,
    most: ByteCount,
) -> Vec<Result<Response>> {
    let count = items.len();
    if count > MAX_CALLS {
        let message = format!("{count} requests at once: use up to {MAX_CALLS}");
        return items.map(|_| Err(Error::new(Kind::TooLarge, message.clone()))).collect();
    }
    let together = most.0.saturating_mul(LARGEST);
    let taken = AtomicU64::new(0);
    let running: Vec<_> = items.map(each).collect();
    let outcomes = stream::iter(running).buffered(AT_ONCE);
    let counted = outcomes.map(|outcome| {
        let answer = outcome?;
        let size = answer.body().len() as u64;
        if taken.fetch_add(size, Ordering::Relaxed).saturating_add(size) > together {
            let message = format!(
                "the answers to one call are over {} together: ask for less at a time",
                ByteCount(together)
            );
            let error = Error::new(Kind::TooLarge, message);
            return Err(error.with_detail("limit", together.to_string()));
        }
        Ok(answer)
    });
    counted.collect().await
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::FutureExt as _;

    use super::*;

    fn sizes(sizes: Vec<usize>, most: u64) -> Vec<Result<usize>> {
        let each = |size: usize| -> BoxFuture<'static, Result<Response>> {
            Box::pin(async move { Ok(Response::new(Bytes::from(vec![0; size]))) })
        };
        let all = answers(sizes.into_iter(), each, ByteCount(most)).now_or_never();
        let all = all.expect("it never waits").into_iter();
        all.map(|answer| answer.map(|answer| answer.body().len())).collect()
    }

    #[test]
    fn answers_stand_in_order_up_to_what_they_may_be_together() {
        let found = sizes(vec![10, 9, 10, 8, 4, 3], 10);
        let fine: Vec<_> = found.iter().map(|answer| answer.as_ref().ok().copied()).collect();
        assert_eq!(fine, [Some(10), Some(9), Some(10), Some(8), None, None]);
        let error = found[4].as_ref().expect_err("too large together");
        assert_eq!((error.kind(), error.detail("limit")), (Kind::TooLarge, Some("40")));
    }

    #[test]
    fn one_too_many_is_none() {
        assert!(sizes(vec![0; MAX_CALLS], 1).iter().all(Result::is_ok));
        let refused = sizes(vec![0; MAX_CALLS + 1], 1);
        assert_eq!(refused.len(), MAX_CALLS + 1);
        assert!(refused.iter().all(|answer| answer.is_err()));
    }
}
