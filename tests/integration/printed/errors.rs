//! The mistakes of a first hour.

use expect_test::expect_file;

use super::{compare, run, told};

const THREE_MISTAKES: &str = "[http]\nlisten = \"nowhere\"\n\n[limits]\nmemory = \"much\"\n\n\
                              [state.default]\ndriver = \"reddis\"\n";

const MANIFEST: &str = r#"manifest = 1
name = "Typo"

[[http]]
route = "orders"
methods = ["GET", "put"]

[[schedule]]
name = "nightly"
cron = "never"

[[subscribe]]
pubsub = "events"
lease = "1ms"
concurrency = "many"

[need]
state = ["default"]
"#;

/// What only shows once everything fits.
const TWICE: &str = r#"manifest = 1
name = "twice"

[[binding]]
name = "inbox"

[[binding]]
name = "inbox"
backoff = { first = "1h" }
"#;

#[tokio::test]
async fn mistakes_are_told_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("wrong.toml"), THREE_MISTAKES).unwrap();
    std::fs::write(path.join("text.wasm"), "no module").unwrap();
    std::fs::create_dir_all(path.join("full")).unwrap();
    std::fs::write(path.join("full/file"), "").unwrap();
    std::fs::create_dir_all(path.join("typo")).unwrap();
    std::fs::write(path.join("typo/function.toml"), MANIFEST).unwrap();
    std::fs::create_dir_all(path.join("twice")).unwrap();
    std::fs::write(path.join("twice/function.toml"), TWICE).unwrap();

    let mut all = String::new();
    for arguments in [
        &["sevre"][..],
        &["deploy"],
        &["deploy", "nowhere"],
        &["deploy", "text.wasm"],
        &["build", "full"],
        &["build", "typo"],
        &["build", "twice"],
        &["new", "shop"],
        &["new", "shop", "--lang", "cobol"],
        &["new", "full", "--lang", "rust"],
        &["new", "A shop", "--lang", "rust"],
        &["list"],
        &["list", "--output", "json"],
        &["invoke", "shop"],
        &["state", "get", "default", "key", "--host", "nowhere"],
        &["describe", "text.wasm"],
        &["config", "check", "wrong.toml"],
        &["serve", "--config", "wrong.toml"],
        &["serve", "--config", "missing.toml"],
    ] {
        let output = run(path, arguments).await;
        assert!(!output.status.success(), "{arguments:?}");
        all += &told(arguments, &output);
        all += "\n";
    }
    compare(&expect_file!["errors.txt"], path, &all);
}
