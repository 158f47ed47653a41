//! The texts of `[needs]`: stores with key prefixes, functions and apps, ways out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ottavo_api::Grants;

const BLOCKS: &[&str] = &[
    "state",
    "pubsub",
    "invoke",
    "config",
    "lock",
    "sequencer",
    "file",
    "binding",
    "secret",
    "egress",
];

fuzz_target!(|text: &str| {
    let (mut grants, mut some) = (Grants::default(), Grants::default());
    for line in text.lines() {
        let block = BLOCKS[line.len() % BLOCKS.len()];
        let allowed = grants.allow(block, line).is_ok();
        if line.len() % 3 == 0 {
            assert_eq!(some.allow(block, line).is_ok(), allowed);
        }
    }
    assert!(grants.beyond(&grants).is_nothing(), "{:?} is not beyond itself", grants.texts());
    assert!(
        some.beyond(&grants).is_nothing(),
        "{:?} is part of {:?}",
        some.texts(),
        grants.texts()
    );
    assert_eq!(grants.is_nothing(), grants.texts().is_empty());
});
