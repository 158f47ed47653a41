//! From nothing to an answer in every language: `new`, `build`, `deploy` and a request, in an empty
//! folder outside the repository, with a cache that has no SDK yet and without a network.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ottavo_test_support::{TestHost, binary, not_built};
use tempfile::TempDir;
use tokio::process::Command;

/// A compiler that starts with nothing cached may take a while.
const PATIENCE: Duration = Duration::from_secs(300);

/// A user's folder, named as real ones are, in the middle of another project.
struct Desk {
    folder: TempDir,
    host: TestHost,
}

impl Desk {
    async fn new() -> Desk {
        let folder = tempfile::Builder::new().prefix("Müller's files ").tempdir().unwrap();
        // a workspace above would adopt what does not say that it is its own
        let above = "[workspace]\nresolver = \"3\"\nmembers = []\n";
        std::fs::write(folder.path().join("Cargo.toml"), above).unwrap();
        std::fs::write(folder.path().join("go.work"), "go 1.23\n").unwrap();
        Desk { folder, host: TestHost::start().await.unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A folder that is kept from one run to the next.
    fn kept(&self, name: &str) -> PathBuf {
        let cache = std::env::var_os("OTTAVO_TEST_CACHE");
        cache.map_or_else(|| self.folder.path().to_owned(), PathBuf::from).join(name)
    }

    /// Runs `ottavo` in a folder and gives its standard output.
    async fn ottavo(&self, dir: &Path, args: &[&str]) -> String {
        let mut command = Command::new(binary());
        command.args(args).current_dir(dir).kill_on_drop(true).stdin(std::process::Stdio::null());
        command.env("OTTAVO_HOST", self.host.data_dir());
        command.env("XDG_CACHE_HOME", self.path("cache"));
        // what compilers keep for themselves, such as their standard libraries
        command.env("OTTAVO_BUILD_DIR", self.kept("new")).env("GOCACHE", self.kept("go-build"));
        // nothing comes from the network, nor from what earlier builds fetched; npm's cache alone
        // stays, as the compiler itself comes from there
        command.env("CARGO_HOME", self.path("cargo")).env("CARGO_NET_OFFLINE", "true");
        command.env("GOMODCACHE", self.path("modules")).env("GOPROXY", "off");
        command.env("npm_config_offline", "true");
        // what a shell may have set for other projects
        command.env("GOFLAGS", "-mod=mod").env("CARGO_BUILD_TARGET", "no-such-target");
        let output = tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert!(output.status.success(), "ottavo {args:?}: {out}{err}");
        out
    }

    /// Makes a function, builds and deploys it.
    async fn deployed(&self, language: &str, more: &[&str]) {
        let new = [&["new", "first", "--lang", language], more].concat();
        let next = self.ottavo(self.folder.path(), &new).await;
        assert!(next.starts_with("cd first\n") && next.contains("\nottavo deploy\n"), "{next}");
        let dir = self.path("first");
        let built = self.ottavo(&dir, &["build"]).await;
        assert!(dir.join(built.trim()).is_file(), "{built}");
        self.ottavo(&dir, &["deploy"]).await;
    }

    /// The same for one that receives events, and what it says of one.
    async fn received(&self, language: &str) -> String {
        self.deployed(language, &["--kind", "event"]).await;
        let dir = self.path("first");
        self.ottavo(&dir, &["events", "publish", "default", "first", "a word"]).await;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let said = self.ottavo(&dir, &["logs", "first"]).await;
            if said.contains("received") {
                return said;
            }
            assert!(tokio::time::Instant::now() < deadline, "nothing was received");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Makes a function and asks it.
    async fn answer(&self, language: &str) -> String {
        self.deployed(language, &[]).await;
        let answer = self.host.get("/first").await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text().to_owned()
    }
}

/// The way of a language, unless its compiler is missing: this program of it is not built then.
async fn from_nothing_to_an_answer(language: &str, program: &str) {
    if not_built(program).unwrap().is_none() {
        assert_eq!(Desk::new().await.answer(language).await, "Hello, world!\n");
    }
}

/// The same for one that receives events.
async fn from_nothing_to_an_event(language: &str, program: &str) {
    if not_built(program).unwrap().is_none() {
        let said = Desk::new().await.received(language).await;
        assert!(said.contains("received `a word`"), "{said}");
    }
}

#[tokio::test]
async fn a_new_function_in_rust_receives_events() {
    from_nothing_to_an_event("rust", "hello-rust").await;
}

#[tokio::test]
async fn a_new_function_in_go_receives_events() {
    from_nothing_to_an_event("go", "hello-go").await;
}

#[tokio::test]
async fn a_new_function_in_tinygo_receives_events() {
    from_nothing_to_an_event("tinygo", "stress-go-tinygo").await;
}

#[tokio::test]
async fn a_new_function_in_assemblyscript_receives_events() {
    from_nothing_to_an_event("assemblyscript", "hello-assemblyscript").await;
}

#[tokio::test]
async fn a_new_function_in_rust_answers() {
    from_nothing_to_an_answer("rust", "hello-rust").await;
}

#[tokio::test]
async fn a_new_function_in_go_answers() {
    from_nothing_to_an_answer("go", "hello-go").await;
}

#[tokio::test]
async fn a_new_function_in_tinygo_answers() {
    from_nothing_to_an_answer("tinygo", "stress-go-tinygo").await;
}

#[tokio::test]
async fn a_new_function_in_assemblyscript_answers() {
    from_nothing_to_an_answer("assemblyscript", "hello-assemblyscript").await;
}

#[tokio::test]
async fn a_function_builds_where_only_its_own_files_arrive() {
    let desk = Desk::new().await;
    let new = ["new", "first", "--lang", "go", "--output", "json"];
    let made: serde_json::Value =
        serde_json::from_str(&desk.ottavo(desk.folder.path(), &new).await).unwrap();
    assert_eq!((&made["name"], &made["language"]), (&"first".into(), &"go".into()));
    // as another machine gets it from a repository: without what is ignored, without our cache
    let there = desk.path("checked out");
    std::fs::rename(desk.path("first"), &there).unwrap();
    std::fs::remove_dir_all(there.join(".ottavo")).unwrap();
    std::fs::remove_dir_all(made["sdk"].as_str().unwrap()).unwrap();
    desk.ottavo(&there, &["build"]).await;
    assert!(there.join(".ottavo/first.wasm").is_file());
}
