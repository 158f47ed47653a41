//! What a file means, and what is said of its mistakes.

use std::net::SocketAddr;
use std::time::Duration;

use ottavo_core::units::{ByteCount, Span};
use serde_json::json;

use super::*;
use crate::{Errors, Listen, LogFormat, Overrides, StoreTable};

mod effective;
mod known;
mod secrets;

use known::Known;

fn parse(text: &str) -> Result<Settings, Problems> {
    Settings::parse(Path::new("ottavo.toml"), text, &Env::of([("PORT", "4000")]), &Known)
}

fn load(file: Option<&Path>, env: &Env) -> Result<Settings, Problems> {
    Settings::load(file, env, &Known)
}

fn configs() -> PathBuf {
    Path::new("../../configs").to_owned()
}

#[test]
fn the_default_file_says_what_no_file_means() {
    let file = configs().join("default.toml");
    let mut settings = load(Some(&file), &Env::default()).expect("valid");
    settings.origins.clear();
    for table in settings.stores.values_mut().flat_map(|block| block.values_mut()) {
        table.place = Place::default();
    }
    assert_eq!(settings, Settings::default());
    let text = std::fs::read_to_string(file).expect("it is there");
    for (block, stores) in Settings::default().stores {
        for store in stores.keys() {
            assert!(text.contains(&format!("\n[{block}.{store}]\n")), "no `[{block}.{store}]`");
        }
    }
}

#[test]
fn an_empty_file_means_the_defaults() {
    let settings = parse("").expect("valid");
    assert_eq!(settings, Settings::default());
    let default: ottavo_core::StoreName = "default".parse().expect("valid");
    assert_eq!(settings.stores["state"][&default], StoreTable::of("local"));
}

#[test]
fn a_whole_file_is_read() {
    let text = r#"
        data_dir = "/var/lib/ottavo"
        [http]
        listen = "127.0.0.1:${PORT}"
        errors = "opaque"
        header_timeout = "2s"
        [grpc]
        listen = "unix:/run/ottavo.sock"
        max_message = "1MiB"
        [limits]
        memory = "64MiB"
        [engine]
        max_instances = 0x10
        [shutdown]
        grace = "0s"
        [log]
        filter = "warn,function=debug"
        format = "json"
        [state.orders]
        driver = "redis"
        url = "redis://${HOST:-localhost}:6379"
        pool = { size = 4, ratio = 0.5, hosts = ["${PORT}", true] }
    "#;
    let settings = parse(text).expect("valid");
    assert_eq!(settings.data_dir, Path::new("/var/lib/ottavo"));
    assert_eq!(settings.http.listen, SocketAddr::from(([127, 0, 0, 1], 4000)));
    assert_eq!(settings.http.errors, Errors::Opaque);
    assert_eq!(settings.http.header_timeout, Span::secs(2));
    assert_eq!(settings.grpc.listen, Listen::Unix("/run/ottavo.sock".into()));
    assert_eq!(settings.limits.memory, ByteCount::mib(64));
    assert_eq!(settings.engine.max_instances, 16);
    assert!(settings.shutdown.grace.0.is_zero());
    assert_eq!(settings.log.format, LogFormat::Json);
    let orders: ottavo_core::StoreName = "orders".parse().expect("valid");
    let table = &settings.stores["state"][&orders];
    assert_eq!(table.driver, "redis");
    assert_eq!(
        *table.options.expose(),
        json!({
            "url": "redis://localhost:6379",
            "pool": { "size": 4, "ratio": 0.5, "hosts": ["4000", true] },
        })
    );
    assert_eq!(settings.stores["state"].len(), 1, "`default` is there only when nothing else is");
}

#[test]
fn a_prefix_of_keys_is_an_option_of_every_store_and_not_of_its_driver() {
    let text = r#"
app_id = "app1"
[state.a]
driver = "memory"
key_prefix = "appid"
[state.b]
driver = "memory"
key_prefix = "NAME"
[state.c]
driver = "memory"
"#;
    let settings = parse(text).expect("valid");
    assert_eq!(settings.app_id.as_deref(), Some("app1"));
    for (store, prefix) in [("a", "app1||"), ("b", "b||"), ("c", "")] {
        let table = &settings.stores["state"][store];
        assert_eq!(
            (table.key_prefix.as_str(), table.options.expose()),
            (prefix, &json!({})),
            "{store}"
        );
    }
    let text = "[state.a]\ndriver = \"memory\"\nkey_prefix = \"a||b\"\n[state.b]\n\
                driver = \"memory\"\nkey_prefix = \"appid\"\n[state.c]\ndriver = \"memory\"\nkey_prefix = 1\n";
    let problems = parse(text).expect_err("three are wrong").to_string();
    let expected = [
        "ottavo.toml:3:1: `state.a.key_prefix` is `a||b`, which cannot be: the prefix of keys `a||b` \
         has `||`, or `|` at an end, which separate it from the key",
        "ottavo.toml:6:1: `state.b.key_prefix` is `appid`, which cannot be: there is no `app_id`: set \
         it, or use another prefix",
        "ottavo.toml:9:1: `state.c.key_prefix` is a number: write text like `none`, `appid` \
         or `name`",
    ];
    assert_eq!(problems.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn probes_leave_the_stores_time_for_their_work() {
    let text = "[actuator]\nprobe_interval = \"250ms\"\n";
    let settings = parse(text).expect("fine");
    assert_eq!(settings.actuator.probe_interval, Span(Duration::from_millis(250)));
    let problems = parse("[actuator]\nprobe_interval = \"99ms\"\n").expect_err("too often");
    let expected = "`actuator.probe_interval` is 99ms: use 100ms or more";
    assert!(problems.to_string().trim_end().ends_with(expected), "{problems}");
}

#[test]
fn all_problems_are_reported_at_once_with_line_path_and_what_is_accepted() {
    let text = r#"
datadir = "x"
[http]
listen = "0.0.0.0:80"
errors = "some"
max_connections = 0
idle_timeout = 5
header_timeout = "0s"
body_timeout = "soon"
max_header_bytes = "1KiB"
[grpc]
listen = "unix:"
[limits]
memory = "1GiB"
cpus = "1s"
[engine]
max_memory = "8GiB"
max_instances = "many"
[log]
filter = "loud"
[state]
lone = 1
[state.Orders]
driver = "memory"
[state.a]
url = "${NOWHERE}"
[state.b]
driver = 3
[queues.events]
driver = "redis"
"#;
    let problems = parse(text).expect_err("much is wrong").to_string();
    let schema = Settings::schema(&Known);
    let known = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| &**key);
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let known = known.join(", ");
    let expected = [
        &*format!("ottavo.toml:2:1: `datadir` is unknown: use one of {known}"),
        "ottavo.toml:4:1: `http.listen` is `0.0.0.0:80`, which other machines reach: set \
         `http.tls = { cert = \"FILE\", key = \"FILE\" }`, or `http.plaintext = true` where a proxy in \
         front speaks TLS, or use a loopback address such as `127.0.0.1:80`",
        "ottavo.toml:5:1: `http.errors` is `some`: use `full` or `opaque`",
        "ottavo.toml:6:1: `http.max_connections` is 0: write a whole number from 1 to 1000000",
        "ottavo.toml:7:1: `http.idle_timeout` is a number: write text like `10s`",
        "ottavo.toml:8:1: `http.header_timeout` is zero: nothing could be done in no time",
        "ottavo.toml:9:1: `http.body_timeout` is wrong: `soon` is not a length of time: write it \
         like `10s` or `250ms`",
        "ottavo.toml:10:1: `http.max_header_bytes` is 1KiB: write a size from 8KiB to 16MiB",
        "ottavo.toml:12:1: `grpc.listen` is `unix:`: write the path of a socket after `unix:`",
        "ottavo.toml:14:1: `limits.memory` is 1GiB, over `engine.max_memory`, which is 256MiB: \
         change either",
        "ottavo.toml:15:1: `limits.cpus` is unknown: use one of body, concurrency, cpu, handles, log, \
         memory, outbound_bytes, outbound_calls, queue, queue_timeout, timeout",
        "ottavo.toml:17:1: `engine.max_memory` is 8GiB: write a size from 64KiB to 4GiB",
        "ottavo.toml:18:1: `engine.max_instances` is text: write a whole number from 1 to 100000",
        "ottavo.toml:20:1: `log.filter` has `loud`: write a level, or `target=level`, with a level \
         of off, error, warn, info, debug, trace",
        "ottavo.toml:22:1: `state.lone` is a number: write a table `[state.lone]`",
        "ottavo.toml:23:8: `state.Orders` is wrong: `Orders` is not a store name: use 1 to 63 of \
         a-z, 0-9, `-` and `_`, beginning with a letter or digit",
        "ottavo.toml:25:8: `state.a` has no `driver`: use one of `local`, `memory` or `redis`",
        "ottavo.toml:26:1: `state.a.url` needs the environment variable `NOWHERE`: set it, or write \
         `${NOWHERE:-default}`",
        "ottavo.toml:28:1: `state.b.driver` is a number: write text like `local`",
        &*format!("ottavo.toml:29:2: `queues` is unknown: use one of {known}"),
    ];
    assert_eq!(problems.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_store_without_a_driver_is_a_problem() {
    let problems = parse("[state.a]\nurl = \"x\"").expect_err("no driver").to_string();
    assert_eq!(
        problems,
        "ottavo.toml:1:8: `state.a` has no `driver`: use one of `local`, `memory` or `redis`"
    );
}

#[test]
fn values_that_fit_no_setting_are_told_by_what_they_are() {
    let text = "data_dir = 2026-01-01\n[http]\nmax_headers = 99999999999999999999\n\
                max_connections = 1.5\n[log]\nformat = true\nfilter = []\n";
    let problems = parse(text).expect_err("five are wrong").to_string();
    let expected = [
        "ottavo.toml:1:1: `data_dir` is a date: write text like `.ottavo`",
        "ottavo.toml:3:1: `http.max_headers` is 99999999999999999999: too large a number",
        "ottavo.toml:4:1: `http.max_connections` is a number: write a whole number from 1 to 1000000",
        "ottavo.toml:6:1: `log.format` is true or false: write text like `text` or `json`",
        "ottavo.toml:7:1: `log.filter` is a list: write text like `info` or `info,function=debug`",
    ];
    assert_eq!(problems.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn text_that_is_not_toml_is_reported_with_its_line() {
    let problems = parse("a = 1\nb = = 2").expect_err("not TOML").to_string();
    assert!(problems.starts_with("ottavo.toml:2:5: not TOML: "), "{problems}");
}

#[test]
fn mistakes_in_the_options_of_a_driver_are_reported_with_the_others() {
    let text = r#"
[state.a]
driver = "postgres"
[state.b]
driver = "redis"
urls = "x"
[state.c]
driver = "redis"
url = 3
mode = "master"
connect_timeout = "soon"
pool = { size = "many", hosts = [1] }
[state.d]
driver = "redis"
url = "localhost"
[state.e]
driver = "memory"
cache = "1MiB"
"#;
    let problems = parse(text).expect_err("all are wrong").to_string();
    let expected = [
        "ottavo.toml:3:1: `state.a.driver` is `postgres`: use one of local, memory, redis",
        "ottavo.toml:4:8: `state.b` has no `url`: write text, `{ env = \"NAME\" }` or `{ file = \"PATH\" }`, \
         or a list of text, `{ env = \"NAME\" }` or `{ file = \"PATH\" }`",
        "ottavo.toml:6:1: `state.b.urls` is unknown: use one of connect_timeout, driver, key_prefix, mode, \
         password, pool, required, url",
        "ottavo.toml:9:1: `state.c.url` is a number: write text, `{ env = \"NAME\" }` or `{ file = \"PATH\" }`, \
         or a list of text, `{ env = \"NAME\" }` or `{ file = \"PATH\" }`",
        "ottavo.toml:10:1: `state.c.mode` is `master`: use `single` or `cluster`",
        "ottavo.toml:11:1: `state.c.connect_timeout` is wrong: `soon` is not a length of time: write it \
         like `10s` or `250ms`",
        "ottavo.toml:12:10: `state.c.pool.size` is text: write a whole number",
        "ottavo.toml:15:1: `state.d` cannot be: `url` has no scheme",
        "ottavo.toml:18:1: `state.e.cache` is unknown: use one of driver, key_prefix, required",
    ];
    assert_eq!(problems.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn the_environment_wins_over_the_file_and_flags_over_both() {
    let file = configs().join("memory.toml");
    let env = Env::of([
        ("OTTAVO_CONFIG", file.to_str().expect("UTF-8")),
        ("OTTAVO_DATA_DIR", "/from/env"),
    ]);
    let mut settings = load(None, &env).expect("valid");
    assert_eq!(settings.data_dir, Path::new("/from/env"));
    let default: ottavo_core::StoreName = "default".parse().expect("valid");
    assert_eq!(settings.stores["state"][&default].driver, "memory");

    let flags = Overrides {
        data_dir: Some("/from/flag".into()),
        http: Some("[::1]:0".into()),
        grpc: Some("unix:/tmp/g.sock".into()),
        actuator: None,
        require_signed: false,
    };
    flags.apply(&mut settings).expect("valid");
    assert_eq!(settings.data_dir, Path::new("/from/flag"));
    assert_eq!(settings.http.listen.to_string(), "[::1]:0");
    assert_eq!(settings.grpc.listen.to_string(), "unix:/tmp/g.sock");

    let flags = Overrides { http: Some("2045".into()), ..Overrides::default() };
    let problems = flags.apply(&mut settings).expect_err("no address").to_string();
    assert!(problems.starts_with("`--http` is `2045`: write an address"), "{problems}");

    let flags = Overrides { http: Some("0.0.0.0:2045".into()), ..Overrides::default() };
    let problems = flags.apply(&mut settings.clone()).expect_err("beyond").to_string();
    assert!(problems.starts_with("`--http` is `0.0.0.0:2045`, which other"), "{problems}");
    settings.http.plaintext = true;
    flags.apply(&mut settings).expect("allowed");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let file = Path::new("/nowhere/ottavo.toml");
    let problems = load(Some(file), &Env::default()).expect_err("absent").to_string();
    assert!(problems.starts_with("/nowhere/ottavo.toml: cannot read"), "{problems}");
}
