//! What of it cannot be is found before a host runs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ottavo_test_support::{binary, secret_file};
use tokio::process::Command;

use super::token;

/// What `ottavo config check` says of a file, and its exit code.
pub(super) async fn check(folder: &Path, text: &str) -> (i32, String) {
    let file = folder.join("ottavo.toml");
    fs::write(&file, text).unwrap();
    let mut command = Command::new(binary());
    let output = command.args(["config", "check"]).arg(&file).output().await.unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn each_mistake_in_an_app_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    secret_file(&at.join("good"), &token('g'));
    secret_file(&at.join("short"), "hunter2");
    let shown = at.display();
    let text = format!(
        "[app.shop]\ntoken_file = \"{shown}/good\"\nstate = [\"default:a*b\", \"other\"]\negress = [\"ftp://x\"]\n\
         [app.Desk]\ntoken_file = \"{shown}/none\"\n\
         [app.spot]\ntoken_file = \"{shown}/short\"\neverything = true\nlock = [\"default\"]\n\
         [app.twin]\ntoken_file = \"{shown}/good\"\nrole = \"x\"\n[app.bare]\nstate = [\"default\"]\n"
    );
    let (code, said) = check(at, &text).await;
    assert_eq!(code, 78, "{said}");
    for part in ["`app.twin.role` is unknown", "`app.bare` has no `token_file`"] {
        assert!(said.contains(part), "no `{part}` in:\n{said}");
    }

    // the rest is looked at once the tables are of the right shape
    let text =
        text.replace("role = \"x\"\n", "").replace("[app.bare]\nstate = [\"default\"]\n", "");
    let (_, said) = check(at, &text).await;
    for part in [
        "`app.shop.state[0]` is wrong: `default:a*b` is not a state grant",
        "`app.shop.state[1]` names the state store `other`, which is not configured: use one of `default`",
        "`app.shop.egress[0]` is wrong",
        "`app.Desk` is wrong: `Desk` is not an app name",
        "`app.Desk.token_file` cannot read",
        "line 1: has a token of 7 characters",
        "`app.spot.everything` is set beside single grants",
        "has a token of `shop`: give `twin` one of its own",
    ] {
        assert!(said.contains(part), "no `{part}` in:\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn a_file_of_tokens_that_others_may_open_is_used_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    secret_file(&file, &token('g'));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let text = format!("[app.shop]\ntoken_file = {file:?}\neverything = true\n");
    let (code, said) = check(folder.path(), &text).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("warning:") && said.contains("chmod 600"), "{said}");
}
