//! One `poll_oneoff`. The subscriptions are words, separated by commas:
//!
//! | word | waits |
//! |---|---|
//! | `rel<clock>:<millis>` | so long, on this clock |
//! | `abs<clock>:<millis>` | until this clock shows so much more than it does now |
//! | `never` | on the monotonic clock, for the longest time there is |
//! | `read:<fd>`, `write:<fd>` | for a stream |
//! | `tag:<number>` | on something that does not exist |

use std::fmt::Write as _;

use ottavo_sdk::{Error, Result};

use crate::abi::{self, at};

/// The error, the milliseconds waited, and each event: which, error, type, and the last words of it.
pub(crate) fn poll(words: &str) -> Result<String> {
    let words = words.split(',').filter(|word| !word.is_empty());
    let wrong = || Error::invalid_argument("no such subscription");
    let subs: Option<Vec<_>> =
        words.enumerate().map(|(at, word)| subscription(at as u64 + 100, word)).collect();
    let mut subs = subs.ok_or_else(wrong)?;
    let mut events = vec![[0_u64; 4]; subs.len() + 1];
    let mut ready = 77_usize;
    let begun = now(1);
    let errno = abi::poll_oneoff(
        subs.as_mut_ptr() as usize,
        events.as_mut_ptr() as usize,
        subs.len(),
        at(&mut ready),
    );
    let waited = (now(1) - begun) / 1_000_000;
    let mut answer = format!("{errno} {ready} after {waited}");
    for [which, kind, size, flags] in events.iter().take(ready.min(subs.len())) {
        let (error, kind) = (kind & 0xffff, kind >> 16);
        let _ = write!(answer, "; {which} {error} {kind} {size} {flags}");
    }
    Ok(answer)
}

/// Six words of eight bytes.
fn subscription(id: u64, word: &str) -> Option<[u64; 6]> {
    if word == "never" {
        return Some([id, 0, 1, u64::MAX, 0, 0]);
    }
    let (what, number) = word.split_once(':')?;
    let number: u64 = number.parse().ok()?;
    Some(match what {
        "read" => [id, 1, number, 0, 0, 0],
        "write" => [id, 2, number, 0, 0, 0],
        "tag" => [id, number, 0, 0, 0, 0],
        _ => {
            let clock: u64 = what.get(3..)?.parse().ok()?;
            let nanos = number * 1_000_000;
            match &what[..3] {
                "rel" => [id, 0, clock, nanos, 0, 0],
                "abs" => [id, 0, clock, now(clock) + nanos, 0, 1],
                _ => return None,
            }
        }
    })
}

fn now(clock: u64) -> u64 {
    let mut time = 0_u64;
    abi::clock_time_get(clock as i32, 0, at(&mut time));
    time
}
