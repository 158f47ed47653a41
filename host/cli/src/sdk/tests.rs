//! Unpacking SDKs, at the same time and after damage.

use std::sync::Barrier;

use tempfile::TempDir;

use super::*;

const FILES: [File; 3] = [("a.txt", "one"), ("deep/er/b.txt", "two"), ("deep/c.txt", "")];
const SDK: Sdk<'_> = Sdk { language: "cobol", files: &FILES };

/// A home with a folder for a function.
fn home() -> (TempDir, PathBuf, Env) {
    let home = tempfile::tempdir().expect("a folder");
    let function = home.path().join("function");
    fs::create_dir(&function).expect("a folder");
    let env = Env::of([("HOME", home.path().to_str().expect("UTF-8"))]);
    (home, function, env)
}

fn assert_whole(folder: &Path) {
    for (path, text) in FILES {
        assert_eq!(fs::read_to_string(folder.join(path)).expect("a file"), text, "{path}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[test]
fn a_function_reaches_it_through_a_link() {
    let (_home, function, env) = home();
    SDK.provide(&function, &env).expect("it is provided");
    assert_whole(&function.join(LINK));
    // and nothing else is left in the function's folder or beside the SDK
    assert_eq!(names(&function.join(".ottavo")), ["sdk"]);
    let folder = fs::read_link(function.join(LINK)).expect("a link");
    assert_eq!(names(folder.parent().expect("a version")), ["cobol"]);
}

#[test]
fn what_is_missing_or_changed_in_the_cache_is_restored() {
    let (_home, function, env) = home();
    let folder = SDK.provide(&function, &env).expect("it is provided");
    fs::write(folder.join("a.txt"), "something else").expect("a change");
    fs::remove_file(folder.join("deep/c.txt")).expect("a loss");
    SDK.provide(&function, &env).expect("it is repaired");
    assert_whole(&folder);
    fs::remove_dir_all(&folder).expect("a greater loss");
    SDK.provide(&function, &env).expect("it is unpacked again");
    assert_whole(&folder);
}

#[test]
fn an_old_link_is_turned_and_a_folder_in_its_place_stays() {
    let (_home, function, env) = home();
    fs::create_dir(function.join(".ottavo")).expect("a folder");
    symlink("/no/such/sdk", function.join(LINK)).expect("a link");
    SDK.provide(&function, &env).expect("it is provided");
    assert_whole(&function.join(LINK));

    let newer = Sdk { files: &[("a.txt", "three")], ..SDK };
    newer.provide(&function, &env).expect("a newer one");
    assert_eq!(fs::read_to_string(function.join(LINK).join("a.txt")).expect("a file"), "three");

    fs::remove_file(function.join(LINK)).expect("it is a link");
    fs::create_dir(function.join(LINK)).expect("a folder");
    assert_eq!(SDK.provide(&function, &env), Ok(function.join(LINK)));
    assert_eq!(names(&function.join(LINK)), <[String; 0]>::default());
}

#[test]
fn many_at_once_find_it_whole() {
    let (_home, function, env) = home();
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                assert_whole(&SDK.provide(&function, &env).expect("it is provided"));
                assert_whole(&function.join(LINK));
            });
        }
    });
    assert_eq!(names(&function.join(".ottavo")), ["sdk"]);
}

#[test]
fn without_a_place_for_it_the_next_step_is_told() {
    let (home, function, _) = home();
    let failure = SDK.provide(&function, &Env::default()).expect_err("no home");
    assert!(failure.hint.is_some_and(|hint| hint.contains("XDG_CACHE_HOME")));
    let file = home.path().join("file");
    fs::write(&file, "").expect("a file");
    let env = Env::of([("XDG_CACHE_HOME", file.to_str().expect("UTF-8"))]);
    let failure = SDK.provide(&function, &env).expect_err("a file is no folder");
    assert!(failure.messages[0].contains("unpack the SDK into"), "{failure:?}");
}
