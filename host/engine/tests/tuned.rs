//! Modules that are tuned and those that are not do the same: everything that a guest can see of its
//! memory, run in both forms. `componentize` tunes them; what runs is here.

#[path = "tuned/copied.rs"]
mod copied;
#[path = "tuned/pair.rs"]
mod pair;
#[path = "tuned/random.rs"]
mod random;
#[path = "tuned/shared.rs"]
mod shared;

use pair::{Pair, Step, run};

/// A module with everything that touches memory, whose memory is this. It has enough functions that
/// those which are added take two bytes to call.
fn everything(memory: &str) -> String {
    let filler: String =
        (0..150).map(|at| format!("(func (result i32) (i32.const {at}))")).collect();
    // it would not fit into a memory that has nothing at first
    let active = match memory.starts_with("(memory 0") {
        true => "",
        false => "(data (i32.const 100) \"active\")",
    };
    format!(
        r#"(module
            (type $pages (func (param i32) (result i32)))
            (table 2 funcref) (elem (i32.const 1) $grow)
            {memory}
            (global $calls (mut i32) (i32.const 0))
            {active}
            (data $passive "passive")
            {filler}
            (func $size (export "size") (result i32) memory.size)
            (func $grow (export "grow") (param i32) (result i32)
                (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                (memory.grow (local.get 0)))
            (func (export "calls") (result i32) (global.get $calls))
            (func (export "indirect") (param i32) (result i32)
                (call_indirect (type $pages) (local.get 0) (i32.const 1)))
            (func (export "twice") (param i32) (result i32 i32 i32)
                (block (result i32) (memory.grow (local.get 0)))
                (loop (result i32) (memory.grow (local.get 0)))
                (if (result i32) (i32.const 1) (then memory.size) (else (i32.const 0))))
            (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
            (func (export "fill") (param i32 i32 i32)
                (memory.fill (local.get 0) (local.get 1) (local.get 2)))
            (func (export "copy") (param i32 i32 i32)
                (memory.copy (local.get 0) (local.get 1) (local.get 2)))
            (func (export "init") (param i32 i32 i32)
                (memory.init $passive (local.get 0) (local.get 1) (local.get 2)))
            (func (export "table") (result i32) (table.size)))"#
    )
}

fn same(text: &str, steps: &[Step]) {
    let pair = Pair::of(text, 16);
    assert!(pair.differ(), "there is nothing to compare");
    let (plain, roomy) = pair.both();
    assert_eq!(run(plain, steps), run(roomy, steps));
}

fn grow(by: i32) -> Step {
    Step("grow", vec![by])
}

fn size() -> Step {
    Step("size", vec![])
}

#[test]
fn growing_ends_where_it_ended() {
    let alternating: Vec<_> = (0..50).flat_map(|_| [grow(1), size()]).collect();
    let leaps: Vec<_> = (0..8).flat_map(|by| [size(), grow(by * 7)]).collect();
    let wild = [0, -1, i32::MIN, 65_536, 65_535, 65_534, 1 << 20, 3, 0, 40, 1, 0, -2];
    let wild: Vec<_> = wild.into_iter().flat_map(|by| [grow(by), size()]).collect();
    for memory in [
        "(memory 2 40)",
        "(memory 0 9)",
        "(memory 2 3)",
        "(memory 1)",
        "(memory 2 18)",
        "(memory 2 65536)",
    ] {
        for steps in [&alternating, &leaps, &wild] {
            same(&everything(memory), steps);
        }
    }
}

#[test]
fn what_the_host_refuses_stays_refused() {
    // the host gives 80 pages: see `pair`
    let steps: Vec<_> = (0..20).flat_map(|_| [grow(5), grow(50), size()]).collect();
    same(&everything("(memory 3)"), &steps);
}

#[test]
fn every_way_to_grow_is_found() {
    let steps = [
        Step("indirect", vec![3]),
        Step("twice", vec![2]),
        size(),
        Step("twice", vec![20]),
        Step("calls", vec![]),
        Step("table", vec![]),
        Step("indirect", vec![1000]),
    ];
    same(&everything("(memory 1 60)"), &steps);
}

#[test]
fn grown_pages_are_zero_and_keep_what_is_written() {
    const PAGE: i32 = 1 << 16;
    let steps = [
        Step("load", vec![100]),
        Step("load", vec![PAGE - 4]),
        grow(3),
        Step("load", vec![4 * PAGE - 4]),
        Step("store", vec![4 * PAGE - 4, 77]),
        Step("fill", vec![PAGE, 9, 2 * PAGE]),
        Step("init", vec![3 * PAGE - 3, 0, 7]),
        Step("copy", vec![2 * PAGE, 100, 6]),
        grow(30),
        Step("load", vec![4 * PAGE - 4]),
        Step("load", vec![4 * PAGE]),
        Step("load", vec![34 * PAGE - 4]),
        Step("copy", vec![20 * PAGE, 0, 4 * PAGE]),
        Step("load", vec![34 * PAGE]),
        Step("store", vec![-4, 1]),
        Step("fill", vec![34 * PAGE - 1, 1, 2]),
        Step("init", vec![0, 0, 8]),
        size(),
    ];
    same(&everything("(memory 1)"), &steps);
}

#[test]
fn a_start_function_may_grow() {
    let text = r#"(module
        (memory (export "memory") 1 30)
        (global $first (mut i32) (i32.const -7))
        (func $start
            (global.set $first (memory.grow (i32.const 20)))
            (i32.store (i32.const 1376252) (i32.const 5)))
        (start $start)
        (func (export "first") (result i32) (global.get $first))
        (func (export "size") (result i32) (memory.size))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#;
    let load = Step("load", vec![1_376_252]);
    same(text, &[Step("first", vec![]), size(), load, grow(9), grow(1), grow(0)]);
}

#[test]
fn functions_keep_their_names_in_backtraces() {
    let text = r#"(module
        (memory 1)
        (func $grow (param i32) (result i32) (memory.grow (local.get 0)))
        (func $inner (param i32) (if (i32.eqz (local.get 0)) (then unreachable)))
        (func $outer (export "outer") (param i32)
            (drop (call $grow (i32.const 1)))
            (drop (memory.size))
            (call $inner (local.get 0))
            (drop (call $grow (i32.const 1)))))"#;
    let pair = Pair::of(text, 16);
    assert!(pair.differ());
    let (plain, roomy) = pair.both();
    let (plain, roomy) = (pair::backtrace(plain, "outer"), pair::backtrace(roomy, "outer"));
    assert_eq!(plain, ["inner", "outer"]);
    assert_eq!(plain, roomy);
}
