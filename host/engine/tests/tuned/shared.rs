//! A memory that another module grows too, as adapters of WASI do: nobody gets a page that is somebody else's.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use wasmtime::{Instance, Module};

use crate::pair::{Pair, call, store};

const OWNER: &str = r#"(module
    (memory (export "memory") 2 60)
    (func (export "size") (result i32) (memory.size))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#;

const OTHER: &str = r#"(module
    (import "owner" "memory" (memory 0))
    (func (export "size") (result i32) (memory.size))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#;

static PAIR: LazyLock<Pair> = LazyLock::new(|| Pair::of(OWNER, 16));
static IMPORTS: LazyLock<Pair> = LazyLock::new(|| Pair::of(OTHER, 16));

/// Both in one store, growing in turns; says what went wrong.
fn grow_in_turns(owner: &Module, turns: &[(bool, i32)]) -> Result<(), TestCaseError> {
    let mut store = store();
    let owner = Instance::new(&mut store, owner, &[]).expect("it starts");
    let memory = owner.get_export(&mut store, "memory").expect("its memory");
    let other = Instance::new(&mut store, IMPORTS.both().0, &[memory]).expect("it fits");
    let mut pages: BTreeMap<i32, bool> = (0..2).map(|page| (page, true)).collect();
    let mut told = 2;
    for (is_owner, by) in turns {
        let who = if *is_owner { owner } else { other };
        let mut ask = |name: &str, arguments: &[i32]| {
            call(&mut store, who, name, arguments).expect("it does not trap")
        };
        let first = ask("grow", &[*by])[0];
        let size = ask("size", &[])[0];
        if first == -1 {
            continue;
        }
        prop_assert_eq!(size, first + by);
        for page in first..first + by {
            prop_assert_eq!(pages.insert(page, *is_owner), None, "page {} is somebody's", page);
            ask("store", &[page << 16, page * 2 + i32::from(*is_owner)]);
        }
        if *is_owner {
            prop_assert!(told <= first, "it shrank");
            told = size;
        }
    }
    let told = call(&mut store, owner, "size", &[]).expect("it does not trap")[0];
    for (page, is_owner) in pages.into_iter().skip(2) {
        prop_assert!(page < told, "there are {} pages, and page {} is somebody's", told, page);
        let who = if is_owner { owner } else { other };
        let there = call(&mut store, who, "load", &[page << 16]).expect("it does not trap");
        prop_assert_eq!(there, [page * 2 + i32::from(is_owner)]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_page_has_two_owners(
        turns in prop::collection::vec((any::<bool>(), prop_oneof![0..4, 0..30]), 1..20),
    ) {
        let (plain, roomy) = PAIR.both();
        grow_in_turns(plain, &turns)?;
        grow_in_turns(roomy, &turns)?;
    }
}

#[test]
fn only_the_module_that_has_the_memory_changes() {
    assert!(PAIR.differ());
    assert!(!IMPORTS.differ());
}

#[test]
fn growth_of_another_module_is_seen_and_its_pages_are_left_alone() {
    let mut store = store();
    let owner = Instance::new(&mut store, PAIR.both().1, &[]).expect("it starts");
    let memory = owner.get_export(&mut store, "memory").expect("its memory");
    let other = Instance::new(&mut store, IMPORTS.both().0, &[memory]).expect("it fits");
    let mut ask = |who, name, by: &[i32]| call(&mut store, who, name, by).expect("no trap")[0];
    assert_eq!(ask(owner, "grow", &[3]), 2);
    // 2 and 16 of headroom, of which it has had three
    assert_eq!(ask(other, "grow", &[1]), 18);
    assert_eq!(ask(owner, "size", &[]), 19);
    assert_eq!(ask(owner, "grow", &[2]), 19);
    assert_eq!(ask(other, "size", &[]), 21);
    assert_eq!(ask(other, "grow", &[39]), 21);
    assert_eq!(ask(owner, "grow", &[1]), -1);
    assert_eq!(ask(owner, "size", &[]), 60);
}
