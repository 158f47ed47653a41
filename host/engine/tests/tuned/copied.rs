//! Data that is copied is what it was.

use wasmtime::{Instance, Module};

use super::pair::{Pair, Running, Step, store};

/// The whole memory of a fresh instance, and what `sum` says of it.
fn fresh(module: &Module) -> (Vec<u8>, Vec<i32>) {
    let mut running = Running::start(module);
    let sum = running.call(&Step("sum", vec![])).expect("it does not trap");
    let memory = running.instance.get_memory(&mut running.store, "memory").expect("an export");
    (memory.data(&running.store).to_vec(), sum)
}

fn module(data: &str) -> String {
    format!(
        r#"(module
            (memory (export "memory") 1)
            (start $start)
            {data}
            (func $start (i32.store8 (i32.const 50) (i32.load8_u (i32.const 40))))
            (func (export "sum") (result i32)
                (i32.add (i32.load (i32.const 40)) (i32.load (i32.const 48)))))"#
    )
}

#[test]
fn a_fresh_memory_holds_the_same() {
    for data in [
        r#"(data (i32.const 40) "forty")"#,
        // the later one is on top; what lies between stays zero
        r#"(data (i32.const 47) "under") (data (i32.const 38) "over and over") (data (i32.const 200) "\ff")"#,
        r#"(data (i32.const 40) "") (data (i32.const 41) "a\00b\00\00")"#,
        r#"(data (i32.const 65535) "z")"#,
        r#"(data (offset (i32.const 0)) "\01") (func (data.drop 0)) (data (i32.const 16383) "\02")"#,
    ] {
        let pair = Pair::of(&module(data), 0);
        assert!(pair.differ(), "there is nothing to compare: {data}");
        let (plain, copied) = pair.both();
        let (memory, sum) = fresh(plain);
        assert_eq!(memory.len(), 1 << 16);
        assert!(fresh(copied) == (memory, sum), "{data}");
        // the second instance of a module too
        assert!(fresh(copied) == fresh(plain), "{data}");
    }
}

#[test]
fn data_beyond_the_memory_fails_as_it_did() {
    let pair = Pair::of(&module(r#"(data (i32.const 3) "a") (data (i32.const 65532) "12345")"#), 0);
    // the span is too large
    assert!(!pair.differ());
    let pair =
        Pair::of(&module(r#"(data (i32.const 65530) "a") (data (i32.const 65532) "12345")"#), 0);
    assert!(pair.differ());
    let (plain, copied) = pair.both();
    let why = |module| {
        let failed = Instance::new(store(), module, &[]).expect_err("it has no room");
        failed.root_cause().to_string()
    };
    assert_eq!(why(copied), why(plain));
}
