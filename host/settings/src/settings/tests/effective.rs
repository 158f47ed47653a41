//! What is in force, where it comes from, and the schema it is read against.

use super::*;

#[test]
fn every_setting_is_shown_with_its_origin_and_no_secret() {
    let text = r#"
data_dir = "/srv"
[http]
listen = "127.0.0.1:${PORT}"
errors = "${ERRORS:-opaque}"
[state.a]
driver = "redis"
url = ["redis://u:hunter2@h:1", "redis://h:2"]
password = { env = "PORT" }
pool = { size = 3 }
"#;
    let mut settings = parse(text).expect("valid");
    let flags = Overrides { actuator: Some("127.0.0.1:0".into()), ..Overrides::default() };
    flags.apply(&mut settings).expect("valid");
    let all = settings.effective(&Known);
    let shown = |path: &str| {
        let one = all.iter().find(|one| one.path == path).unwrap_or_else(|| panic!("no `{path}`"));
        format!("{} ({})", one.value, one.origin)
    };
    for (path, expected) in [
        ("data_dir", "\"/srv\" (ottavo.toml:2:1)"),
        ("app_id", "null (default)"),
        ("http.listen", "\"127.0.0.1:4000\" (ottavo.toml:4:1, from the environment)"),
        ("http.errors", "\"opaque\" (ottavo.toml:5:1)"),
        ("limits.cpu", "\"1s\" (default)"),
        ("actuator.listen", "\"127.0.0.1:0\" (--actuator)"),
        ("state.a.driver", "\"redis\" (ottavo.toml:7:1)"),
        ("state.a.key_prefix", "\"none\" (default)"),
        ("state.a.url", "[\"redis://***@h:1\",\"redis://h:2\"] (ottavo.toml:8:1)"),
        ("state.a.password", "\"***\" (ottavo.toml:9:1, from environment variable PORT)"),
        ("state.a.connect_timeout", "\"2s\" (default)"),
    ] {
        assert_eq!(shown(path), expected, "{path}");
    }
    assert!(!format!("{all:?}").contains("hunter2"));
    assert!(!all.iter().any(|one| one.path.contains("runtime") || one.path.contains("warnings")));
}

#[test]
fn the_schema_has_every_key_with_a_text_and_its_default() {
    let schema = Settings::schema(&Known);
    let mut seen = 0;
    for (name, table) in schema["properties"].as_object().expect("properties") {
        for (key, setting) in table["properties"].as_object().into_iter().flatten() {
            let text = setting["description"].as_str();
            let text = text.unwrap_or_else(|| panic!("`{name}.{key}` has no doc comment"));
            let default = &setting["default"];
            let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            if default != "null" {
                // what people read and what is in force are the same
                let said = format!("Default `{default}`.");
                let text = text.replace('\n', " ");
                assert!(text.contains(&said), "`{name}.{key}`: no `{said}` in: {text}");
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
    let stores = &schema["properties"]["state"]["additionalProperties"]["oneOf"];
    assert_eq!(stores.as_array().map(Vec::len), Some(3));
    assert_eq!(stores[2]["properties"]["driver"]["const"], "redis");
    assert_eq!(stores[2]["required"], json!(["driver", "url"]));
    let password = &stores[2]["properties"]["password"]["anyOf"][0]["anyOf"];
    assert_eq!(password[1]["required"], json!(["env"]), "{stores}");
}
