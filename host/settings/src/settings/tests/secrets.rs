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
        (
            "{ secret = \"vault:redis\" }",
            "4:1: `state.a.password` names the secret store `vault`, which is not configured: there is none: add `[secret.vault]`",
        ),
        ("{ secret = \"vault\" }", "is `vault`: write a secret store and a name in it, like"),
        ("{ secret = \"vault:\" }", "is `vault:`: write a secret store and a name in it, like"),
        ("{ secret = \"Vault:a\" }", "is `Vault:a`: write a secret store and a name in it, like"),
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

const VAULT: &str = "[secret.vault]\ndriver = \"memory\"\n";

#[test]
fn a_secret_of_a_secret_store_is_left_for_whoever_opens_the_store() {
    let text = format!(
        "{VAULT}[state.a]\ndriver = \"redis\"\nurl = [\"redis://h\", {{ secret = \"vault:url\" }}]\n\
         password = {{ secret = \"vault:${{DB}}/password\" }}\n"
    );
    let env = Env::of([("DB", "db")]);
    let settings = Settings::parse(Path::new("ottavo.toml"), &text, &env, &Known).expect("valid");
    let table = &settings.stores["state"]["a"];
    let found = |reference: &crate::Reference| {
        let crate::Reference { pointer, store, name, path, place } = reference;
        format!("{place}{path} {pointer} {store} {name}")
    };
    assert_eq!(
        table.references.iter().map(found).collect::<Vec<_>>(),
        [
            "ottavo.toml:6:1: state.a.password /password vault db/password",
            "ottavo.toml:5:21: state.a.url[1] /url/1 vault url",
        ]
    );
    assert_eq!(table.options.expose()["url"], json!(["redis://h", ""]));
    let shown = settings.effective(&Known);
    let password = shown.iter().find(|one| one.path == "state.a.password").expect("listed");
    assert_eq!(password.value, "***");
    assert_eq!(password.origin.to_string(), "ottavo.toml:6:1, from secret vault:db/password");
}

#[test]
fn a_secret_store_takes_no_secret_of_a_secret_store() {
    let text = format!("{VAULT}values = {{ a = {{ secret = \"vault:b\" }}, b = \"hunter2\" }}\n");
    let problems = parse(&text).expect_err("it would wait for itself").to_string();
    let said = "ottavo.toml:3:18: `secret.vault.values.a.secret` cannot be asked for here: write \
                `{ env = \"NAME\" }` or `{ file = \"PATH\" }`";
    assert_eq!(problems, said);
    let text = format!("{VAULT}[state.a]\ndriver = \"redis\"\nurl = {{ secret = \"valt:b\" }}\n");
    let problems = parse(&text).expect_err("misspelt").to_string();
    let said =
        "`state.a.url` names the secret store `valt`, which is not configured: use one of `vault`";
    assert!(problems.ends_with(said), "{problems}");
}
