//! Guests written by hand, one for each way to end.

use std::path::Path;
use std::time::Duration;

use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{Digest, Limits};
use tokio::time::Instant;
use wasmtime::StoreContextMut;
use wasmtime::component::{Component, Linker};

use crate::{Choice, Compiler, Config, Engine, Fault, Headroom, Metered, Meters, Target};

struct Data(Meters);

impl Metered for Data {
    fn meters(&self) -> &Meters {
        &self.0
    }

    fn meters_mut(&mut self) -> &mut Meters {
        &mut self.0
    }
}

const COMPILERS: [Compiler; 2] = [Compiler::Optimizing, Compiler::Baseline];

fn engine(folder: &Path) -> Engine {
    compiling(folder, Compiler::Optimizing)
}

fn compiling(folder: &Path, compiler: Compiler) -> Engine {
    let artifacts = folder.join("compiled");
    let (max_memory, total_memory) = (ByteCount::mib(64), ByteCount::mib(8));
    let headroom = Headroom::new(ByteCount::mib(1), 1);
    let config =
        Config { max_memory, total_memory, max_instances: 8, artifacts, compiler, headroom };
    Engine::new(&config).expect("the engine starts")
}

fn limits() -> Limits {
    let cpu = Span(Duration::from_millis(100));
    Limits {
        memory: ByteCount::mib(4),
        cpu,
        timeout: Span::secs(30),
        body: ByteCount::mib(1),
        ..Limits::default()
    }
}

fn compiled(engine: &Engine, bytes: &[u8]) -> Component {
    let target = engine.targets().next().expect("the best");
    let code = crate::compile(bytes, target).expect("it compiles");
    let draft = engine.draft().expect("a file");
    std::fs::write(draft.path(), code).expect("written");
    engine.keep(&Digest::of(bytes), target, draft).expect("it loads")
}

/// The code that a function with so much memory runs, or what is missing of it.
fn find(engine: &Engine, digest: &Digest, memory: ByteCount) -> Result<Component, Target> {
    let choice = engine.choose(memory, |target| Ok(engine.load(digest, target)), |code| code);
    match choice.expect("nothing fails") {
        Choice::Code(code) => Ok(code),
        Choice::Missing(target) => Err(target),
    }
}

/// A component that exports `run`, with this body, beside a memory of one page, a table, a resource of its
/// own and host functions: `wait`, that takes 300 ms, and `take`, that takes a text.
fn component(body: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
            (import "wait" (func $wait))
            (import "take" (func $take (param "text" string)))
            (type $thing (resource (rep i32)))
            (core func $thing' (canon resource.new $thing))
            (core func $wait' (canon lower (func $wait)))
            (core module $memory (memory (export "memory") 1))
            (core instance $memory (instantiate $memory))
            (core func $take' (canon lower (func $take) (memory $memory "memory")))
            (core module $m
                (import "" "wait" (func $wait))
                (import "" "take" (func $take (param i32 i32)))
                (import "" "thing" (func $thing (param i32) (result i32)))
                (import "memory" "memory" (memory 1))
                (table $table 1 funcref)
                (func $deeper (param i32) (result i32)
                    (i32.add (i32.const 1) (call $deeper (i32.add (local.get 0) (i32.const 1)))))
                (func $run (export "run") {body}))
            (core instance $i (instantiate $m
                (with "memory" (instance $memory))
                (with "" (instance
                    (export "wait" (func $wait'))
                    (export "take" (func $take'))
                    (export "thing" (func $thing'))))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    );
    wat::parse_str(text).expect("valid text")
}

async fn run(engine: &Engine, body: &str) -> Result<(), Fault> {
    let bytes = component(body);
    let component = compiled(engine, &bytes);
    run_compiled(engine, &component, &limits()).await
}

async fn run_compiled(
    engine: &Engine,
    component: &Component,
    limits: &Limits,
) -> Result<(), Fault> {
    let mut linker = Linker::<Data>::new(engine.wasmtime());
    let mut root = linker.root();
    let defined = root.func_wrap_async("wait", |store: StoreContextMut<'_, Data>, (): ()| {
        let clock = store.data().0.clock().clone();
        let until = Instant::now() + Duration::from_millis(300);
        Box::new(async move {
            clock.exempt(tokio::time::sleep_until(until)).await;
            Ok(())
        })
    });
    defined.expect("one function");
    let taken = root.func_wrap("take", |_, (_,): (String,)| Ok(()));
    taken.expect("another function");
    let ready = linker.instantiate_pre(component).expect("it links");
    let mut store = crate::store(engine.wasmtime(), Data(engine.meters(limits)), limits);
    let deadline = Instant::now() + limits.timeout.0;
    crate::call(&mut store, deadline, limits.timeout, async |store| {
        let instance = ready.instantiate_async(&mut *store).await?;
        let run = instance.get_typed_func::<(), ()>(&mut *store, "run")?;
        run.call_async(store, ()).await
    })
    .await
}

#[tokio::test]
async fn each_end_is_told_apart() {
    for compiler in COMPILERS {
        let folder = tempfile::tempdir().expect("a folder");
        ends_are_told_apart(&compiling(folder.path(), compiler)).await;
    }
}

async fn ends_are_told_apart(engine: &Engine) {
    run(engine, "").await.expect("nothing is wrong");

    let fault = run(engine, "(loop (br 0))").await.expect_err("it never ends");
    assert!(matches!(fault, Fault::Cpu { .. }), "{fault:?}");

    let grow = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
    let fault = run(engine, grow).await.expect_err("it grows without end");
    let Fault::Memory { limit, wanted, .. } = &fault else { panic!("{fault:?}") };
    assert!(*limit == ByteCount::mib(4) && wanted > limit, "{fault:?}");

    let grow = "(loop (br_if 0 (i32.ne (table.grow $table (ref.null func) (i32.const 1000))
        (i32.const -1)))) unreachable";
    let fault = run(engine, grow).await.expect_err("its table grows without end");
    assert!(matches!(fault, Fault::Memory { .. } | Fault::Trap { .. }), "{fault:?}");

    let hold = "(loop (drop (call $thing (i32.const 1))) (br 0))";
    let fault = run(engine, hold).await.expect_err("it holds more and more");
    assert!(matches!(fault, Fault::Handles { limit: 10_000 }), "{fault:?}");

    // limits.body is 1 MiB, and 4 MiB more
    let give = "(drop (memory.grow (i32.const 62))) (call $take (i32.const 0) (i32.const 4128768))";
    run(engine, give).await.expect("it is not too much");

    let fault = run(engine, "(drop (call $deeper (i32.const 0)))").await.expect_err("too deep");
    assert!(matches!(fault, Fault::Stack { .. }), "{fault:?}");
    assert!(fault.backtrace()[0].contains("deeper"), "{fault:?}");

    let fault = run(engine, "unreachable").await.expect_err("it traps");
    assert!(matches!(&fault, Fault::Trap { reason, .. } if reason.contains("unreachable")));
    assert!(fault.backtrace()[0].contains("run"), "{fault:?}");
}

#[tokio::test]
async fn what_one_call_of_the_host_takes_has_a_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = engine(folder.path());
    let give = "(drop (memory.grow (i32.const 90))) (call $take (i32.const 0) (i32.const 5963776))";
    let bytes = component(give);
    let component = compiled(&engine, &bytes);
    let limits = Limits { memory: ByteCount::mib(8), ..limits() };
    let fault = run_compiled(&engine, &component, &limits).await.expect_err("it is too much");
    let Fault::HostCall { limit } = fault else { panic!("{fault:?}") };
    assert_eq!(limit, ByteCount::mib(5));
}

#[tokio::test]
async fn all_instances_together_have_a_limit_that_is_the_host_s() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = engine(folder.path());
    // 4 MiB each, where all have 8
    let bytes = component("(drop (memory.grow (i32.const 50))) call $wait");
    let component = compiled(&engine, &bytes);
    let greedy = component_that_needs(&engine, 60);
    let limits = limits();
    let hold =
        futures_util::future::join_all((0..2).map(|_| run_compiled(&engine, &component, &limits)));
    let late = async {
        // the two have what they have when they wait
        tokio::task::yield_now().await;
        run_compiled(&engine, &greedy, &limits).await
    };
    let (held, late) = tokio::join!(hold, late);
    assert!(held.iter().all(Result::is_ok), "{held:?}");
    let fault = late.expect_err("there is no more");
    let Fault::TotalMemory { limit, .. } = &fault else { panic!("{fault:?}") };
    assert_eq!(*limit, ByteCount::mib(8));
    assert!(fault.to_string().contains("`engine.total_memory`"), "{fault}");
    run_compiled(&engine, &greedy, &limits).await.expect("it came back");
}

/// One that traps unless it gets so many pages more.
fn component_that_needs(engine: &Engine, pages: u32) -> Component {
    let body = format!(
        "(if (i32.eq (memory.grow (i32.const {pages})) (i32.const -1)) (then unreachable))"
    );
    let bytes = component(&body);
    compiled(engine, &bytes)
}

#[tokio::test]
async fn waiting_in_the_host_is_free_and_still_ends_at_the_timeout() {
    for compiler in COMPILERS {
        let folder = tempfile::tempdir().expect("a folder");
        waiting_is_bounded(&compiling(folder.path(), compiler)).await;
    }
}

async fn waiting_is_bounded(engine: &Engine) {
    // three times the CPU limit
    run(engine, "call $wait").await.expect("waiting costs no CPU");

    let bytes = component("(loop (call $wait) (br 0))");
    let compiled = compiled(engine, &bytes);
    let short = Limits { timeout: Span(Duration::from_millis(50)), ..limits() };
    let fault = run_compiled(engine, &compiled, &short).await.expect_err("it waits without end");
    assert!(matches!(fault, Fault::Timeout { .. }), "{fault:?}");
}

#[tokio::test]
async fn a_full_pool_is_no_fault_of_the_guest() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = engine(folder.path());
    let size = engine.pool_size().expect("a pool") as usize;
    let bytes = component("call $wait");
    let compiled = compiled(&engine, &bytes);
    let limits = limits();
    let calls = (0..=size).map(|_| run_compiled(&engine, &compiled, &limits));
    let outcomes = futures_util::future::join_all(calls).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), size);
    let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(matches!(refused[..], [Fault::NoRoom { .. }]), "{refused:?}");
}

#[tokio::test]
async fn what_was_compiled_is_loaded_again_and_damage_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = component("unreachable");
    let (digest, memory) = (Digest::of(&bytes), limits().memory);
    {
        let engine = engine(folder.path());
        assert!(find(&engine, &digest, memory).is_err());
        compiled(&engine, &bytes);
    }
    let engine = engine(folder.path());
    let loaded = find(&engine, &digest, memory).expect("it was kept");
    let fault = run_compiled(&engine, &loaded, &limits()).await.expect_err("as compiled");
    assert!(matches!(fault, Fault::Trap { .. }), "{fault:?}");

    let artifacts = std::fs::read_dir(folder.path().join("compiled")).expect("the folder");
    for artifact in artifacts {
        let path = artifact.expect("an entry").path();
        let whole = std::fs::read(&path).expect("an artifact");
        // as a new file: the one that is loaded stays mapped
        std::fs::remove_file(&path).expect("removed");
        std::fs::write(&path, &whole[..whole.len() / 2]).expect("written");
    }
    assert!(find(&engine, &digest, memory).is_err());
}

#[tokio::test]
async fn what_has_too_much_memory_with_headroom_is_wanted_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = engine(folder.path());
    let targets: Vec<_> = engine.targets().collect();
    let [best, plain] = targets[..] else { panic!("{targets:?}") };
    assert_eq!((best.headroom.pages, plain.headroom), (16, Headroom::new(ByteCount(0), 1)));

    // 1 page of `component` for it as it is; with headroom it would be 17, and one element of a table
    let component = |pages: u32| {
        let text = format!(
            "(component (core module $m (memory {pages}) (table 1 funcref))
            (core instance (instantiate $m)))"
        );
        wat::parse_str(text).expect("valid text")
    };
    let digest = Digest::of(b"the same upload");
    let keep = |target, pages| {
        let code = crate::compile(&component(pages), target).expect("it compiles");
        let draft = engine.draft().expect("a file");
        std::fs::write(draft.path(), code).expect("written");
        engine.keep(&digest, target, draft).expect("it loads");
    };
    let pages = |pages: u64| ByteCount(pages * 65_536);
    assert_eq!(find(&engine, &digest, pages(20)).expect_err("there is nothing"), best);
    keep(best, 17);
    assert!(find(&engine, &digest, pages(18)).is_ok());
    let tight = pages(17);
    assert_eq!(find(&engine, &digest, tight).expect_err("a table has no room"), plain);
    keep(plain, 1);
    let initial = |memory| {
        let code = find(&engine, &digest, memory).expect("it is there");
        code.resources_required().expect("known").max_initial_memory_size
    };
    assert_eq!((initial(tight), initial(pages(18))), (Some(1), Some(17)));
    engine.forget_one(&digest, plain);
    assert!(find(&engine, &digest, pages(18)).is_ok());
    engine.forget_one(&digest, best);
    assert_eq!(find(&engine, &digest, pages(18)).expect_err("it is gone"), best);
}
