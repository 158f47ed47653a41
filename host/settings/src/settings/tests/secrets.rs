//! Secrets stand elsewhere, and show nowhere.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn store(secret: &str, env: &Env) -> Result<Settings, Problems> {
    let text = format!("[state.a]\ndriver = \"redis\"\nurl = \"redis://h\"\npassword = {secret}\n");
    Settings::parse(Path::new("ottavo.toml"), &text, env, &Known)
}

fn password(settings: &Settings) -> &Value {
    &settings.stores["state"]["a"].options.expose()["password"]
}

#[test]
fn a_secret_is_read_from_the_environment_or_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("password");
    fs::write(&file, "hunter2\n").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("set");
    let env = Env::of([("P", "hunter2"), ("D", folder.path().to_str().expect("UTF-8"))]);
    for secret in ["\"${P}\"", "{ env = \"P\" }", "{ file = \"${D}/password\" }"] {
        let settings = store(secret, &env).expect(secret);
        assert_eq!(password(&settings), "hunter2", "{secret}");
        assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
        let debug = format!("{settings:?}");
        assert!(!debug.contains("hunter2"), "{debug}");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
    let settings = store("{ file = \"${D}/password\" }", &env).expect("a warning only");
    assert_eq!(password(&settings), "hunter2");
    let warning = settings.warnings[0].to_string();
    assert!(warning.starts_with("ottavo.toml:4:1: `state.a.password` is read from"), "{warning}");
    assert!(warning.contains("chmod 600"), "{warning}");
}

#[test]
fn a_secret_that_is_nowhere_is_a_problem_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty"), "\n").expect("written");
    fs::write(folder.path().join("long"), vec![b'x'; (64 << 10) + 1]).expect("written");
    fs::write(folder.path().join("bytes"), [0xff]).expect("written");
    let env = Env::of([("D", folder.path().to_str().expect("UTF-8"))]);
    for (secret, expected) in [
        ("{ env = \"P\" }", "4:1: `state.a.password` needs the environment variable `P`"),
        ("\"${P}\"", "4:1: `state.a.password` needs the environment variable `P`"),
        ("{ file = \"${D}/none\" }", "none`: No such file"),
        ("{ file = \"${D}/empty\" }", "it is empty"),
        ("{ file = \"${D}/long\" }", "more than 65536 bytes"),
        ("{ file = \"${D}/bytes\" }", "not UTF-8"),
        ("{ file = \"${D}\" }", "it is not a file"),
        ("{ secret = \"vault:redis\" }", "4:14: `state.a.password.secret` names a secret store"),
        ("{ env = \"P\", file = \"x\" }", "does not say where one secret is"),
        ("{}", "does not say where one secret is"),
        ("{ env = 1 }", "`state.a.password.env` is not text"),
        ("{ vault = \"x\" }", "`state.a.password.vault` is no place of a secret"),
        ("42", "is a number: write text, `{ env = \"NAME\" }` or `{ file = \"PATH\" }`"),
    ] {
        let problems = store(secret, &env).expect_err(secret).to_string();
        assert!(problems.contains(expected), "{secret}: {problems}");
        assert_eq!(problems.lines().count(), 1, "{problems}");
    }
}

#[test]
fn a_reference_is_for_secrets_only() {
    let text = "data_dir = { env = \"HOME\" }";
    let problems = parse(text).expect_err("not a secret").to_string();
    assert_eq!(problems, "ottavo.toml:1:1: `data_dir` is a table: write text like `.ottavo`");
}

#[test]
fn what_is_wrong_about_a_secret_does_not_show_it() {
    for secret in [
        "\"${A B:-hunter2}\"",
        "\"hunter2${\"",
        "[\"hunter2\"]",
        "{ env = \"A\", b = \"hunter2\" }",
    ] {
        let problems = store(secret, &Env::default()).expect_err(secret);
        assert!(!format!("{problems} {problems:?}").contains("hunter2"), "{problems}");
    }
}
