//! A module in both forms, and how to run it.

use std::borrow::Cow;
use std::sync::LazyLock;

use wasmtime::{
    Config, Engine, Instance, Module, Store, StoreLimits, StoreLimitsBuilder, Val, WasmBacktrace,
};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    // small modules, compiled often
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    Engine::new(&config).expect("the engine starts")
});

/// What the host gives to one memory.
const MOST: usize = 80 << 16;

/// See the module.
pub(crate) struct Pair {
    plain: Module,
    roomy: Module,
    is_changed: bool,
}

/// A call of an export.
#[derive(Clone, Debug)]
pub(crate) struct Step(pub(crate) &'static str, pub(crate) Vec<i32>);

/// What a step gives: values, or the text of a trap.
pub(crate) type Outcome = Result<Vec<i32>, String>;

impl Pair {
    pub(crate) fn of(text: &str, headroom: u32) -> Pair {
        let plain = wat::parse_str(text).expect("valid text");
        let roomy = ottavo_componentize::tuned(&plain, headroom);
        let compiled = |bytes: &[u8]| Module::new(&ENGINE, bytes).expect("it compiles");
        Pair {
            plain: compiled(&plain),
            roomy: compiled(&roomy),
            is_changed: matches!(roomy, Cow::Owned(_)),
        }
    }

    pub(crate) fn differ(&self) -> bool {
        self.is_changed
    }

    pub(crate) fn both(&self) -> (&Module, &Module) {
        (&self.plain, &self.roomy)
    }
}

/// An instance with its store.
pub(crate) struct Running {
    pub(crate) store: Store<StoreLimits>,
    pub(crate) instance: Instance,
}

impl Running {
    pub(crate) fn start(module: &Module) -> Running {
        let mut store = store();
        let instance = Instance::new(&mut store, module, &[]).expect("it starts");
        Running { store, instance }
    }

    pub(crate) fn call(&mut self, Step(name, arguments): &Step) -> Outcome {
        call(&mut self.store, self.instance, name, arguments)
    }

    pub(crate) fn pages(&mut self) -> i32 {
        let size = self.call(&Step("size", vec![])).expect("it does not trap");
        size[0]
    }
}

pub(crate) fn store() -> Store<StoreLimits> {
    let limits = StoreLimitsBuilder::new().memory_size(MOST).build();
    let mut store = Store::new(&ENGINE, limits);
    store.limiter(|limits| limits);
    store
}

pub(crate) fn call(
    store: &mut Store<StoreLimits>,
    instance: Instance,
    name: &str,
    arguments: &[i32],
) -> Outcome {
    let function = instance.get_func(&mut *store, name).expect("an export");
    let arguments: Vec<_> = arguments.iter().copied().map(Val::I32).collect();
    let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
    match function.call(store, &arguments, &mut results) {
        Ok(()) => Ok(results.iter().map(|value| value.unwrap_i32()).collect()),
        Err(error) => Err(error.root_cause().to_string()),
    }
}

/// Calls one after the other in a fresh instance.
pub(crate) fn run(module: &Module, steps: &[Step]) -> Vec<Outcome> {
    let mut running = Running::start(module);
    steps.iter().map(|step| running.call(step)).collect()
}

/// The names of the functions on the stack where a call of this export with zero traps.
pub(crate) fn backtrace(module: &Module, export: &str) -> Vec<String> {
    let Running { mut store, instance } = Running::start(module);
    let function = instance.get_func(&mut store, export).expect("an export");
    let error = function.call(&mut store, &[Val::I32(0)], &mut []).expect_err("it traps");
    let backtrace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
    let name = |frame: &wasmtime::FrameInfo| frame.func_name().unwrap_or("?").to_owned();
    backtrace.frames().iter().map(name).collect()
}
