//! `ottavo dev`: what is saved answers, and what does not build breaks nothing.

mod compilers;
mod ends;
mod host;
mod leaks;

use ottavo_test_support::program;

use host::{POLL, Place};

/// Builds by copying a component, unless the file `wrong` says that it is.
const COPY: &str = "if grep -q wrong wrong.txt; then\n\
     echo 'compiling' >&2; echo 'error: wrong.txt:1: it is \u{fc}bel' >&2; exit 7\n\
     fi\ncp f.wasm out.wasm\n";

/// Says why no version is newer.
const HEADER: &str = "x-ottavo-build-error";

/// The counter, different for each `stamp`: a section that nobody reads is added.
fn counter(stamp: u16) -> Vec<u8> {
    let mut bytes = std::fs::read(program("counter-rust").unwrap()).unwrap();
    bytes.extend([0, 8, 5, b's', b't', b'a', b'm', b'p']);
    bytes.extend(stamp.to_le_bytes());
    bytes
}

/// A folder whose function counts with each `POST`.
fn counting(place: &Place, name: &str) {
    place.function(name, COPY);
    place.write(&format!("{name}/wrong.txt"), "right");
    place.write(&format!("{name}/f.wasm"), counter(0));
}

async fn saves_are_answered(arguments: &[&str]) {
    let place = Place::new();
    counting(&place, "one");
    counting(&place, "two");
    let mut dev = place.dev(&[&["one", "two"], arguments].concat()).await;
    let mut first = [dev.event().await, dev.event().await, dev.event().await, dev.event().await];
    first.sort_by_key(|event| (event["function"].to_string(), event["event"].to_string()));
    let names = first.each_ref().map(|event| event["event"].as_str().unwrap());
    assert_eq!(names, ["building", "deployed", "building", "deployed"]);
    assert_eq!(dev.send("POST", "/one").await.text(), "1");

    place.write("one/f.wasm", counter(1));
    let events = [dev.event().await, dev.event().await];
    assert_eq!(events.each_ref().map(|event| event["function"].as_str()), [Some("one"); 2]);
    assert_eq!(events[1]["version"], 2, "{:#}", events[1]);
    assert_eq!(dev.send("POST", "/one").await.text(), "2", "state is kept");

    // as some editors save: first it is empty, then it is there
    let two = place.path().join("two");
    std::fs::write(two.join("f.wasm"), counter(2)).unwrap();
    while dev.built("two").await["version"] != 2 {}

    // a checkout of another branch: the whole folder is another one
    counting(&place, "next");
    place.write("next/f.wasm", counter(3));
    let manifest = std::fs::read_to_string(two.join("function.toml")).unwrap();
    place.write("next/function.toml", manifest);
    std::fs::rename(&two, place.path().join("before")).unwrap();
    std::fs::rename(place.path().join("next"), &two).unwrap();
    while dev.built("two").await["version"] != 3 {}
    place.write("two/f.wasm", counter(4));
    assert_eq!(dev.deployed("two").await, 4);
    assert!(dev.stop("-TERM").await.success());
}

#[tokio::test]
async fn a_save_is_answered_by_the_next_version_of_that_function_with_its_state() {
    saves_are_answered(&[]).await;
}

#[tokio::test]
async fn a_save_is_seen_by_polling_too() {
    saves_are_answered(&["--poll"]).await;
}

#[tokio::test]
async fn an_error_is_shown_and_the_version_before_keeps_answering() {
    let place = Place::new();
    counting(&place, "f");
    place.write("f/wrong.txt", "wrong");
    let mut dev = place.dev(&["f"]).await;
    let failed = dev.built("f").await;
    assert_eq!((&failed["event"], failed.get("version")), (&"failed".into(), None), "{failed:#}");
    assert!(failed["text"].as_str().unwrap().contains("it is \u{fc}bel"), "{failed:#}");
    assert!(failed["errors"][0].as_str().unwrap().contains("exit status: 7"), "{failed:#}");

    // nothing was ever built: the compiler's text is the page
    let page = dev.get("/f").await;
    assert_eq!(
        (page.status, &page.headers["content-type"]),
        (503, &"text/plain; charset=utf-8".parse().unwrap())
    );
    assert!(
        page.text().contains("it is \u{fc}bel") && page.text().contains("exit status: 7"),
        "{}",
        page.text()
    );
    assert_eq!(page.headers[HEADER], "error: wrong.txt:1: it is ?bel");
    assert_eq!(dev.get("/other").await.status, 404);

    place.write("f/wrong.txt", "right");
    assert_eq!(dev.deployed("f").await, 1);
    let good = dev.get("/f").await;
    assert_eq!((good.status, good.text(), good.headers.get(HEADER)), (200, "0", None));

    place.write("f/wrong.txt", "wrong");
    let failed = dev.built("f").await;
    assert_eq!((&failed["event"], &failed["version"]), (&"failed".into(), &1.into()), "{failed:#}");
    let old = dev.get("/f").await;
    assert_eq!((old.status, old.text()), (200, "0"));
    assert_eq!(old.headers[HEADER], "error: wrong.txt:1: it is ?bel");

    // saved again as it is: once more, for what was wrong may have been elsewhere
    place.write("f/wrong.txt", "wrong");
    assert_eq!(dev.built("f").await["event"], "failed");
    place.write("f/wrong.txt", "right again");
    assert_eq!(dev.deployed("f").await, 1, "the same component is the same version");
    assert_eq!(dev.get("/f").await.headers.get(HEADER), None);

    // what the host does not take is an error of the same kind
    place.write("f/f.wasm", b"not wasm");
    assert_eq!(dev.built("f").await["event"], "failed");
    place.write("f/f.wasm", counter(1));
    assert_eq!(dev.deployed("f").await, 2);
    let manifest = std::fs::read_to_string(place.path().join("f/function.toml")).unwrap();
    place.write("f/function.toml", "manifest = 1\nname = ");
    let failed = dev.built("f").await;
    assert!(failed["errors"][0].as_str().unwrap().contains("function.toml"), "{failed:#}");
    place.write("f/function.toml", manifest + "[limits]\ntimeout = \"3s\"\n");
    assert_eq!(dev.deployed("f").await, 3);
}

#[tokio::test]
async fn any_number_of_saves_during_a_build_are_one_more_build() {
    let place = Place::new();
    counting(&place, "f");
    // a build that waits for the gate, and leaves behind what is no source
    let script = "touch ../begun; while [ ! -e ../gate ]; do sleep 0.02; done\n\
                  mkdir -p target; date +%N > target/x; date +%N > .hidden; cp f.wasm out.wasm\n";
    place.write("f/build.sh", script);
    let mut dev = place.dev(&["f"]).await;
    assert_eq!(dev.event().await["event"], "building");
    // what is saved before the compiler runs is built with it
    place.until("begun").await;
    for stamp in 1..=5 {
        place.write("f/f.wasm", counter(stamp));
    }
    place.write("gate", "open");
    let events = [dev.event().await, dev.event().await, dev.event().await];
    let names = events.each_ref().map(|event| event["event"].as_str().unwrap());
    assert_eq!(names, ["deployed", "building", "deployed"], "{events:#?}");
    // no other build until the next save: two more events are its
    place.write("f/f.wasm", counter(6));
    let next = [dev.event().await, dev.event().await];
    assert_eq!(
        (&next[0]["event"], &next[1]["version"]),
        (&"building".into(), &2.into()),
        "{next:#?}"
    );
}

#[tokio::test]
async fn a_build_that_writes_its_own_sources_comes_to_an_end() {
    let place = Place::new();
    counting(&place, "f");
    place.write("f/build.sh", "date +%s%N > generated.txt\ncp f.wasm out.wasm\n");
    let mut dev = place.dev(&["f"]).await;
    let mut builds = 0;
    let note = loop {
        let event = dev.event().await;
        builds += usize::from(event["event"] == "building");
        if event["event"] == "note" {
            break event;
        }
    };
    assert!(note["message"].as_str().unwrap().contains("`generated.txt`"), "{note:#}");
    assert_eq!(builds, 6);
    place.write("f/f.wasm", counter(1));
    while dev.built("f").await["version"] != 2 {}
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let place = Place::new();
    counting(&place, "one");
    counting(&place, "two");
    let (code, text) = place.refused(&["one", "nowhere"]).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("`nowhere"), "{text}");
    std::fs::create_dir(place.path().join("empty")).unwrap();
    let (code, text) = place.refused(&["empty"]).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("`empty/function.toml`") && text.contains("hint: "), "{text}");

    let manifest = std::fs::read_to_string(place.path().join("one/function.toml")).unwrap();
    place.write("two/function.toml", manifest);
    let (code, text) = place.refused(&["one", "two"]).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("function `one`") && text.contains("/one`") && text.contains("/two`"),
        "{text}"
    );

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, text) = place.refused(&["one", "--http", &address]).await;
    assert_eq!(code, Some(78), "{text}");
    assert!(text.contains(&address) && text.contains("http.listen"), "{text}");
}

#[tokio::test]
async fn a_name_that_changes_is_another_function_unless_it_is_taken() {
    let place = Place::new();
    counting(&place, "one");
    counting(&place, "two");
    let mut dev = place.dev(&["one", "two"]).await;
    dev.deployed("one").await;
    while dev.get("/two").await.status != 200 {
        tokio::time::sleep(POLL).await;
    }
    let manifest = std::fs::read_to_string(place.path().join("one/function.toml")).unwrap();
    place.write("one/function.toml", manifest.replace("name = \"one\"", "name = \"two\""));
    let failed = loop {
        let event = dev.event().await;
        if event["event"] == "failed" {
            break event;
        }
    };
    assert!(failed["errors"][0].as_str().unwrap().contains("two folders"), "{failed:#}");
    let renamed = manifest.replace("\"one\"", "\"three\"").replace("/one", "/three");
    place.write("one/function.toml", renamed);
    assert_eq!(dev.deployed("three").await, 1);
    assert_eq!(dev.get("/three").await.status, 200);
}
