//! Random sequences of what a guest may do. What traps without headroom is left out with it: an access to
//! pages that nobody grew into is the one thing that differs.

use std::sync::LazyLock;

use proptest::prelude::*;

use crate::everything;
use crate::pair::{Pair, Running, Step};

const MEMORIES: [&str; 5] =
    ["(memory 1)", "(memory 0 20)", "(memory 3 7)", "(memory 5 64)", "(memory 63)"];

static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    MEMORIES
        .iter()
        .flat_map(|memory| [1, 4, 16].map(|pages| Pair::of(&everything(memory), pages)))
        .collect()
});

fn step() -> impl Strategy<Value = Step> {
    let address =
        || prop_oneof![0..90 << 16, (0..90).prop_map(|page| (page << 16) - 2), any::<i32>()];
    let length = prop_oneof![0..64, 0..3 << 16];
    prop_oneof![
        4 => prop_oneof![0..6, 0..40, any::<i32>()].prop_map(|by| Step("grow", vec![by])),
        1 => (0..9).prop_map(|by| Step("twice", vec![by])),
        2 => Just(Step("size", vec![])),
        3 => address().prop_map(|at| Step("load", vec![at])),
        3 => (address(), any::<i32>()).prop_map(|(at, value)| Step("store", vec![at, value])),
        1 => (address(), length.clone()).prop_map(|(at, length)| Step("fill", vec![at, 5, length])),
        1 => (address(), address(), length).prop_map(|(to, from, length)| Step("copy", vec![to, from, length])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_sequence_gives_the_same(
        pair in 0..MEMORIES.len() * 3,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let (plain, roomy) = PAIRS[pair].both();
        let (mut plain, mut roomy) = (Running::start(plain), Running::start(roomy));
        for step in &steps {
            let expected = plain.call(step);
            if expected.is_ok() {
                prop_assert_eq!(roomy.call(step), expected, "{:?} of {:?}", step, steps);
            }
        }
        prop_assert_eq!(roomy.pages(), plain.pages());
    }
}
