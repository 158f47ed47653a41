//! Objects of an AssemblyScript component that whoever uses it holds, under wasmtime itself: a host
//! calls no interface of a function's own, but what is composed with one does.

use ottavo_test_support::{TestHost, program, root};
use wasmtime::component::{Component, Func, Instance, Linker, ResourceAny, Val};
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder};

const PROGRAM: &str = "shelves-assemblyscript";
const STOCK: &str = "test:shelves/stock@0.1.0";

/// What an instance has, in bytes.
const MEMORY: usize = 8 << 20;

/// An instance, with nothing behind its imports.
struct Shelves {
    store: Store<StoreLimits>,
    instance: Instance,
}

impl Shelves {
    fn new() -> Shelves {
        let engine = Engine::default();
        let component = Component::from_file(&engine, program(PROGRAM).unwrap()).unwrap();
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component).unwrap();
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY).trap_on_grow_failure(true);
        let mut store = Store::new(&engine, limits.build());
        store.limiter(|limits| limits);
        let instance = linker.instantiate(&mut store, &component).unwrap();
        Shelves { store, instance }
    }

    fn function(&mut self, name: &str) -> Func {
        let stock = self.instance.get_export_index(&mut self.store, None, STOCK).unwrap();
        let function = self.instance.get_export_index(&mut self.store, Some(&stock), name);
        self.instance.get_func(&mut self.store, function.expect(name)).unwrap()
    }

    fn attempt(&mut self, name: &str, arguments: &[Val]) -> wasmtime::Result<Val> {
        let function = self.function(name);
        let mut results = vec![Val::Bool(false); function.ty(&self.store).results().len()];
        function.call(&mut self.store, arguments, &mut results)?;
        Ok(results.pop().unwrap_or(Val::Tuple(Vec::new())))
    }

    fn call(&mut self, name: &str, arguments: &[Val]) -> Val {
        self.attempt(name, arguments).unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    fn shelf(&mut self, name: &str) -> Val {
        self.call("[constructor]shelf", &[text(name)])
    }

    fn put(&mut self, shelf: &Val, things: &[&str]) -> Val {
        self.call("[method]shelf.put", &[shelf.clone(), texts(things)])
    }

    fn label(&mut self, shelf: &Val) -> Val {
        self.call("[method]shelf.label", std::slice::from_ref(shelf))
    }

    fn let_go(&mut self, shelf: &Val) {
        resource(shelf).resource_drop(&mut self.store).unwrap();
    }
}

fn text(text: &str) -> Val {
    Val::String(text.to_owned())
}

fn texts(texts: &[&str]) -> Val {
    Val::List(texts.iter().map(|one| text(one)).collect())
}

fn resource(value: &Val) -> ResourceAny {
    let Val::Resource(resource) = value else { panic!("no resource: {value:?}") };
    *resource
}

#[test]
fn objects_live_until_whoever_holds_them_lets_go() {
    let mut shelves = Shelves::new();
    let (a, b) = (shelves.shelf("a"), shelves.shelf("é💥"));
    assert_eq!(shelves.put(&a, &["x"]), Val::U32(1));
    assert_eq!(shelves.put(&b, &["x", "y"]), Val::U32(2));
    assert_eq!(shelves.put(&a, &["z", "w"]), Val::U32(3));
    assert_eq!(shelves.label(&b), text("é💥: x y"));

    // lent, many at once
    let lent = Val::List(vec![a.clone(), b.clone(), a.clone()]);
    assert_eq!(shelves.call("fullest", &[lent]), Val::Option(Some(Box::new(text("a: x z w")))));
    assert_eq!(shelves.call("fullest", &[Val::List(Vec::new())]), Val::Option(None));
    assert_eq!(shelves.call("gone", &[]), texts(&[]));

    shelves.let_go(&b);
    assert_eq!(shelves.call("gone", &[]), texts(&["é💥"]));
    let error = shelves.attempt("[method]shelf.label", &[b]).expect_err("it is gone");
    assert!(format!("{error:#}").contains("unknown handle index"), "{error:?}");
}

#[test]
fn what_is_given_away_belongs_to_the_guest_until_it_comes_back() {
    let mut shelves = Shelves::new();
    let (a, b) = (shelves.shelf("a"), shelves.shelf("b"));
    shelves.put(&b, &["x"]);
    shelves.call("[method]shelf.merge", &[a.clone(), b.clone()]);
    assert_eq!(shelves.label(&a), text("a: x"));

    let parcel = shelves.call("pack", &[a, text("home")]);
    let Val::Record(fields) = &parcel else { panic!("no record: {parcel:?}") };
    assert_eq!((fields[0].0.as_str(), &fields[1].1), ("shelf", &text("home")));
    let a = shelves.call("unpack", std::slice::from_ref(&parcel));
    assert_eq!(shelves.label(&a), text("a: x home"));
    shelves.let_go(&a);
    assert_eq!(shelves.call("gone", &[]), texts(&["a"]));

    // last: a call that cannot be made is the end of the instance
    shelves.attempt("[method]shelf.label", &[b]).expect_err("it was given away");
}

#[test]
fn static_functions_make_them_or_fail() {
    let mut shelves = Shelves::new();
    let Val::Result(Ok(Some(shelf))) = shelves.call("[static]shelf.open", &[text("new")]) else {
        panic!("no shelf")
    };
    assert_eq!(shelves.label(&shelf), text("new: "));
    let refused = shelves.call("[static]shelf.open", &[text("")]);
    assert_eq!(refused, Val::Result(Err(Some(Box::new(text("a shelf needs a name"))))));
}

#[test]
fn thousands_leave_nothing_behind() {
    let mut shelves = Shelves::new();
    // all of them together would need several times the room
    for round in 0..20_000 {
        let name = format!("shelf {round}");
        let shelf = shelves.shelf(&name);
        shelves.put(&shelf, &["a thing that takes some room"; 20]);
        shelves.let_go(&shelf);
        assert_eq!(shelves.call("gone", &[]), texts(&[&name]));
    }
}

#[tokio::test]
async fn such_a_component_is_a_function_like_any_other() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs").join(PROGRAM)).await.unwrap();
    let answer = host.get("/shelves-assemblyscript").await.unwrap();
    assert_eq!((answer.status, answer.text()), (200, "/shelves-assemblyscript: a b"));
}
