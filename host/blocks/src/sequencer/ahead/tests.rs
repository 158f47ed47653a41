//! Blocks of ids, taken from a counter that a test looks at.

use std::cell::RefCell;
use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::*;
use crate::sequencer::{MAX_ID, rules};

/// A store that counts up, and remembers how much was asked of it.
struct Counter {
    last: RefCell<u64>,
    asked: RefCell<Vec<u32>>,
}

impl Counter {
    fn at(last: u64) -> Counter {
        Counter { last: RefCell::new(last), asked: RefCell::default() }
    }

    async fn reserve(&self, size: Size) -> Result<Range> {
        self.asked.borrow_mut().push(size.get());
        let range = rules::after(&key(), *self.last.borrow(), size)?;
        *self.last.borrow_mut() = range.last;
        // others come in between
        tokio::task::yield_now().await;
        Ok(range)
    }
}

fn key() -> Key {
    Key::parse("a").expect("valid")
}

fn size(size: u32) -> Size {
    Size::parse(size).expect("valid")
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_asked_often_gets_larger_blocks_and_an_idle_one_smaller() {
    let (ahead, key, counter) = (Ahead::default(), key(), Counter::at(0));
    let take = || ahead.take(&key, Size::ONE, |size| counter.reserve(size));
    for id in 1..=112 {
        assert_eq!(take().await.expect("take").first, id);
    }
    assert_eq!(*counter.asked.borrow(), [16, 32, 64]);
    tokio::time::advance(ENOUGH * 20).await;
    take().await.expect("take");
    assert_eq!(*counter.asked.borrow(), [16, 32, 64, 32]);
}

#[tokio::test]
async fn callers_at_the_same_time_share_a_block_and_no_id() {
    let (ahead, key, counter) = (Ahead::default(), key(), Counter::at(0));
    let takes = (0..16).map(|_| ahead.take(&key, Size::ONE, |size| counter.reserve(size)));
    let ids: BTreeSet<u64> =
        join_all(takes).await.into_iter().map(|range| range.expect("take").first).collect();
    assert_eq!(ids, (1..=16).collect());
    assert_eq!(*counter.asked.borrow(), [16]);
}

#[tokio::test]
async fn a_range_is_never_put_together_from_two_blocks() {
    let (ahead, key, counter) = (Ahead::default(), key(), Counter::at(0));
    let take = |n| ahead.take(&key, size(n), |size| counter.reserve(size));
    assert_eq!(take(10).await.expect("take"), Range { first: 1, last: 10 });
    let second = take(10).await.expect("take");
    assert_eq!(second, Range { first: 17, last: 26 });
    assert_eq!(take(1000).await.expect("take"), Range { first: 49, last: 1048 });
    assert_eq!(take(1).await.expect("take").first, 1049);
}

#[tokio::test]
async fn the_last_ids_are_handed_out_though_they_are_no_block() {
    let (ahead, key, counter) = (Ahead::default(), key(), Counter::at(MAX_ID - 2));
    let take = |n| ahead.take(&key, size(n), |size| counter.reserve(size));
    assert_eq!(take(3).await.expect_err("too few").kind(), Kind::Exhausted);
    assert_eq!(take(1).await.expect("take").first, MAX_ID - 1);
    assert_eq!(take(1).await.expect("take").first, MAX_ID);
    assert_eq!(take(1).await.expect_err("none left").kind(), Kind::Exhausted);
}

#[tokio::test]
async fn only_so_many_keys_are_remembered() {
    let ahead = Ahead::default();
    for i in 0..KEYS + 10 {
        let key = Key::parse(format!("key{i}")).expect("valid");
        let reserve = async |size| rules::after(&key, 0, size);
        ahead.take(&key, Size::ONE, reserve).await.expect("take");
    }
    assert_eq!(held(&ahead.lines).len(), KEYS);
}
