//! With real compilers: an edit, a syntax error, and its end.

use std::fs;
use std::path::Path;

use ottavo_test_support::{not_built, root};

use super::HEADER;
use super::host::Place;

/// How an example is edited.
struct Language {
    example: &'static str,
    source: &'static str,
    route: &'static str,
    /// A file that names the SDK by a path relative to the example, and that path.
    refers: (&'static str, &'static str),
    /// What the compiler says of `%%%` at the end of the source.
    says: &'static str,
}

const RUST: Language = Language {
    example: "hello-rust",
    source: "src/lib.rs",
    route: "/hello/Ada",
    refers: ("Cargo.toml", "../../guests/rust/sdk"),
    says: "error: expected item",
};

const GO: Language = Language {
    example: "hello-go",
    source: "main.go",
    route: "/go/hello/Ada",
    refers: ("go.mod", "../../guests/tinygo"),
    says: "syntax error",
};

const ASSEMBLYSCRIPT: Language = Language {
    example: "hello-assemblyscript",
    source: "assembly/index.ts",
    route: "/assemblyscript/hello/Ada",
    refers: ("package.json", "../../guests/assemblyscript/sdk"),
    says: "ERROR TS1109",
};

/// Copies the sources of an example. Its lock file may name the SDK too, and is made anew.
fn copy(from: &Path, place: &Place, to: &str) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let to = format!("{to}/{name}");
        if ["target", "node_modules", ".ottavo", "package-lock.json"].contains(&name.as_str()) {
            continue;
        }
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), place, &to),
            false => place.write(&to, fs::read(entry.path()).unwrap()),
        }
    }
}

async fn is_edited(language: Language) {
    let Language { example, source, route, refers, says } = language;
    if not_built(example).unwrap().is_some() {
        // said by `cargo xtask test`: its compiler is not here
        return;
    }
    let place = Place::new();
    copy(&root().join("examples").join(example), &place, "f");
    let read = |file: &str| fs::read_to_string(place.path().join("f").join(file)).unwrap();
    let sdk = root().join("examples").join(example).join(refers.1).canonicalize().unwrap();
    place
        .write(&format!("f/{}", refers.0), read(refers.0).replace(refers.1, sdk.to_str().unwrap()));
    let source_file = format!("f/{source}");

    let mut dev = place.dev(&["f"]).await;
    let name = dev.event().await["function"].as_str().unwrap().to_owned();
    assert_eq!(dev.deployed(&name).await, 1);
    assert_eq!(dev.get(route).await.text(), "Hello, Ada!");

    let good = read(source).replace("Hello, ", "Good day, ");
    place.write(&source_file, &good);
    let event = dev.built(&name).await;
    assert_eq!(event["version"], 2, "{event:#}");
    assert_eq!(dev.get(route).await.text(), "Good day, Ada!");

    place.write(&source_file, format!("{good}\n%%%\n"));
    let failed = dev.built(&name).await;
    assert_eq!((&failed["event"], &failed["version"]), (&"failed".into(), &2.into()), "{failed:#}");
    let text = failed["text"].as_str().unwrap();
    assert!(text.contains(says) && !text.contains('\u{1b}'), "{failed:#}");
    let old = dev.get(route).await;
    assert_eq!((old.status, old.text()), (200, "Good day, Ada!"));
    assert!(old.headers.contains_key(HEADER));

    place.write(&source_file, good.replace("Good day, ", "Welcome, "));
    assert_eq!(dev.deployed(&name).await, 3);
    let new = dev.get(route).await;
    assert_eq!((new.text(), new.headers.get(HEADER)), ("Welcome, Ada!", None));
    assert!(dev.stop("-TERM").await.success());
}

#[tokio::test]
async fn a_function_in_rust_is_edited() {
    is_edited(RUST).await;
}

#[tokio::test]
async fn a_function_in_go_is_edited() {
    is_edited(GO).await;
}

#[tokio::test]
async fn a_function_in_assemblyscript_is_edited() {
    is_edited(ASSEMBLYSCRIPT).await;
}
