//! What must be true of ids whatever is asked for, and random steps to look for what is not.
//!
//! The steps are made from bytes, so that a property test can draw, shrink and print them.

use std::collections::HashMap;
use std::time::Duration;

use ottavo_core::{CallContext, Caller, Error};

use crate::Key;
use crate::sequencer::{Order, Sequencer, Size};
use crate::suite::{Verdict, ensure, equal};

/// What one step is made from.
pub type Seed = [u8; 3];

/// Few, so that steps meet.
const NAMES: [&str; 3] = ["a", "ab", "b/1"];

/// Takes ids of few keys, in both orders and in ranges of many sizes. Each is given once; those of one
/// host grow; a strong one is greater than all before it.
///
/// # Errors
/// The first step after which that is not so.
pub async fn check(store: &dyn Sequencer, seeds: &[Seed]) -> Result<(), String> {
    let prefix = format!("model/{:016x}/", fastrand::u64(..));
    let mut run = Run { store, prefix, given: HashMap::new() };
    for (index, seed) in seeds.iter().enumerate() {
        run.step(*seed).await.map_err(|failure| format!("step {index}, {seed:?}: {failure}"))?;
    }
    Ok(())
}

#[derive(Default)]
struct Given {
    ranges: Vec<(u64, u64)>,
    /// The last one of each order.
    weak: u64,
    strong: u64,
    /// Of either.
    greatest: u64,
}

struct Run<'s> {
    store: &'s dyn Sequencer,
    prefix: String,
    given: HashMap<&'static str, Given>,
}

impl Run<'_> {
    async fn step(&mut self, [order, name, size]: Seed) -> Verdict {
        let name = NAMES[usize::from(name) % NAMES.len()];
        let key = Key::parse(format!("{}{name}", self.prefix)).map_err(said)?;
        let cx = CallContext::new("model".into(), Caller::Anonymous, Duration::from_secs(60));
        let order = if order % 2 == 0 { Order::Weak } else { Order::Strong };
        let size = Size::parse(1 + u32::from(size) * u32::from(size)).map_err(said)?;
        let range = self.store.next_range(&cx, &key, order, size).await.map_err(said)?;
        let (first, last) = (range.first, range.last);
        equal!(last - first + 1, u64::from(size.get()), "the ids of a range");
        let given = self.given.entry(name).or_default();
        let twice = given.ranges.iter().find(|(from, to)| first <= *to && last >= *from);
        ensure!(twice.is_none(), "{first} to {last} of `{name}` were given already, in {twice:?}");
        let before = match order {
            Order::Weak => &mut given.weak,
            Order::Strong => {
                let greatest = given.greatest;
                ensure!(first > greatest, "{first} of `{name}` is strong and follows {greatest}");
                &mut given.strong
            }
        };
        ensure!(first > *before, "{first} of `{name}` follows {before}");
        *before = last;
        given.greatest = given.greatest.max(last);
        given.ranges.push((first, last));
        Ok(())
    }
}

fn said(error: Error) -> String {
    error.to_string()
}
