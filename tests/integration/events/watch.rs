//! `[[watch]]`

use std::collections::BTreeMap;
use std::fs;

use ottavo_test_support::{TestHost, TestRedis};

use super::function::{count, deliveries, deploy, deploy_as, keys, languages, metric, told, until};

const LOCAL: &str = "[config.settings]\ndriver = \"local\"\n";

fn table(app: &str, rest: &str) -> String {
    format!(
        "[[watch]]\nconfig = \"settings\"\napp_id = \"{app}\"\nbackoff = {{ first = \"20ms\" }}\n{rest}\n"
    )
}

/// The file of a scope, as people edit it.
fn edit(host: &TestHost, app: &str, text: &str) {
    let folder = host.data_dir().join(format!("stores/config/settings/{app}/default"));
    fs::create_dir_all(&folder).unwrap();
    // at once: half a file would be one that makes no sense
    let fresh = folder.join("fresh");
    fs::write(&fresh, text).unwrap();
    fs::rename(&fresh, folder.join("default.toml")).unwrap();
}

/// What a function was told of a key, with this data.
async fn heard(host: &TestHost, key: &str, data: &str) -> Vec<BTreeMap<String, String>> {
    let mut heard = Vec::new();
    for id in keys(host, "event/").await {
        let told = told(host, id.strip_prefix("event/").unwrap()).await;
        if told["subject"] == key && told["data"] == data {
            heard.push(told);
        }
    }
    heard
}

async fn hears(host: &TestHost, key: &str, data: &str) -> BTreeMap<String, String> {
    let what = format!("`{key}` = `{data}`");
    until(&what, async || !heard(host, key, data).await.is_empty()).await;
    heard(host, key, data).await.remove(0)
}

#[tokio::test]
async fn a_function_in_each_language_hears_of_what_there_is_and_of_each_change() {
    let host = TestHost::builder().config(LOCAL).start().await.unwrap();
    for build in languages() {
        let key = |name: &str| format!("{build}-{name}");
        let (rate, dark) = (key("rate"), key("dark"));
        edit(&host, build, &format!("{rate} = \"5\"\n"));
        deploy(&host, build, &table(build, "")).await;
        let told = hears(&host, &rate, "5").await;
        let expected = [
            ("source", format!("/config/settings/{build}/default/default")),
            ("type", "dev.ottavo.config.changed".to_owned()),
            ("content-type", "text/plain; charset=utf-8".to_owned()),
            ("trigger", "watch".to_owned()),
            ("origin", "settings".to_owned()),
            ("topic", String::new()),
            ("attempt", "1".to_owned()),
            ("attribute.appid", build.to_owned()),
            ("attribute.group", "default".to_owned()),
            ("attribute.label", "default".to_owned()),
            ("scheme", "-".to_owned()),
        ];
        for (name, value) in expected {
            assert_eq!(told[name], value, "{build}: {name}");
        }
        assert!(told["time"].ends_with('Z'), "{told:?}");
        let version = told["attribute.version"].clone();

        edit(&host, build, &format!("{rate} = \"6\"\n{dark} = {{ value = \"on\" }}\n"));
        assert_ne!(hears(&host, &rate, "6").await["attribute.version"], version);
        hears(&host, &dark, "on").await;
        edit(&host, build, &format!("{dark} = \"on\"\n"));
        let told = hears(&host, &rate, "").await;
        assert_eq!(told["type"], "dev.ottavo.config.deleted");
        assert!(!told.contains_key("attribute.version"), "{told:?}");
        // what stayed as it was came once
        assert_eq!(heard(&host, &dark, "on").await.len(), 1);
        // counted when the function has returned, after what it wrote
        let counted = deliveries(build, "watch", "success");
        until("the fourth is counted", async || metric(&host, &counted).await == 4).await;
    }
}

#[tokio::test]
async fn what_fails_comes_again_and_what_is_newer_takes_its_place() {
    let host = TestHost::builder().config(LOCAL).start().await.unwrap();
    deploy_as(&host, "events", "f", &table("a", "max_deliveries = 4")).await.unwrap();
    edit(&host, "a", "x = \"retry 2\"\ny = \"ok\"\nz = \"trap\"\n");
    let told = async |data: &str| heard(&host, "x", data).await;
    until("the third", async || {
        told("retry 2").await.first().is_some_and(|told| told["attempt"] == "3")
    })
    .await;
    let id = told("retry 2").await.remove(0)["id"].clone();
    until("done", async || count(&host, &format!("done/{id}")).await == 1).await;
    assert_eq!(count(&host, &format!("tries/{id}")).await, 3);
    hears(&host, "y", "ok").await;
    until("given up", async || metric(&host, &deliveries("f", "watch", "lost")).await == 1).await;

    // one that waits for an hour is not told any more once there is a newer one
    edit(&host, "a", "x = \"retry 1 3600000\"\n");
    hears(&host, "x", "retry 1 3600000").await;
    edit(&host, "a", "x = \"calm\"\n");
    assert_eq!(hears(&host, "x", "calm").await["attempt"], "1");
}

#[tokio::test]
async fn keys_may_be_named_and_nothing_else_is_told() {
    let host = TestHost::builder().config(LOCAL).start().await.unwrap();
    let named = table("a", "keys = [\"one\", \"some/*\"]");
    deploy_as(&host, "events", "f", &named).await.unwrap();
    deploy_as(&host, "events", "g", &table("a", "keys = [\"last\"]")).await.unwrap();
    let text = "one = \"1\"\ntwo = \"2\"\n\"some/thing\" = \"3\"\n";
    edit(&host, "a", text);
    hears(&host, "one", "1").await;
    hears(&host, "some/thing", "3").await;
    edit(&host, "a", &format!("{text}last = \"4\"\n\"some/z\" = \"5\"\n"));
    hears(&host, "last", "4").await;
    hears(&host, "some/z", "5").await;
    assert_eq!(keys(&host, "event/").await.len(), 4);
    let (_, out, _) = host.cli(&["describe", "f"]).await.unwrap();
    assert!(out.contains("settings:one, some/*  in a/default/default"), "{out}");
    assert!(out.contains("watch settings:some/* of app a"), "{out}");
}

#[tokio::test]
async fn a_new_version_takes_over_and_a_restart_tells_what_there_is() {
    let host = TestHost::builder().config(LOCAL).start().await.unwrap();
    edit(&host, "a", "n = \"0\"\n");
    deploy_as(&host, "events", "f", &table("a", "")).await.unwrap();
    hears(&host, "n", "0").await;
    for number in 1..=4 {
        edit(&host, "a", &format!("n = \"0\"\nn{number} = \"{number}\"\n"));
        let rest = format!("max_deliveries = {number}");
        let text = format!("description = \"{number}\"\n{}", table("a", &rest));
        deploy_as(&host, "events", "f", &text).await.unwrap();
        hears(&host, &format!("n{number}"), &number.to_string()).await;
    }
    // the same scope: nothing that a version before was told comes again
    assert_eq!(heard(&host, "n", "0").await.len(), 1);
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(LOCAL).start().await.unwrap();
    until("again", async || heard(&host, "n", "0").await.len() == 2).await;
    // other keys: they begin with what there is
    deploy_as(&host, "events", "f", &table("a", "keys = [\"n\"]")).await.unwrap();
    until("anew", async || heard(&host, "n", "0").await.len() == 3).await;
    assert_eq!(heard(&host, "n1", "1").await.len(), 1);
}

#[tokio::test]
async fn what_was_set_in_redis_is_heard_also_after_redis_was_gone() {
    let mut redis = TestRedis::start().await.unwrap();
    let config = format!("[config.settings]\ndriver = \"redis\"\nurl = \"{}\"\n", redis.url());
    let host = TestHost::builder().config(config).start().await.unwrap();
    deploy_as(&host, "events", "f", &table("shop", "")).await.unwrap();
    let hash = "ottavo||config||shop||default||default";
    // as its layout is documented
    let set = async |redis: &TestRedis, revision: &str, pairs: &[(&str, &str)]| {
        let body = |value: &str| format!("{revision} {{\"value\":\"{value}\"}}");
        let bodies: Vec<_> = pairs.iter().map(|(key, value)| (*key, body(value))).collect();
        let mut arguments = vec!["hset", hash, "", revision];
        bodies.iter().for_each(|(key, body)| arguments.extend([*key, body.as_str()]));
        redis.cli(&arguments).await.unwrap();
        redis.cli(&["publish", hash, revision]).await.unwrap();
    };
    set(&redis, "1", &[("limit", "5"), ("same", "x")]).await;
    hears(&host, "limit", "5").await;
    hears(&host, "same", "x").await;
    redis.kill().await.unwrap();
    until("it is missed", async || host.log().contains("a trigger gets no events")).await;
    redis.start_again().await.unwrap();
    set(&redis, "1", &[("limit", "6"), ("same", "x"), ("fresh", "1")]).await;
    hears(&host, "limit", "6").await;
    hears(&host, "fresh", "1").await;
    redis.cli(&["hdel", hash, "fresh"]).await.unwrap();
    set(&redis, "2", &[("limit", "7")]).await;
    hears(&host, "limit", "7").await;
    assert_eq!(hears(&host, "fresh", "").await["type"], "dev.ottavo.config.deleted");
    assert!(heard(&host, "limit", "5").await.len() == 1, "it was told once");
}

#[tokio::test]
async fn what_is_watched_is_a_grant_and_its_store_must_be_there() {
    let host = TestHost::builder().config(LOCAL).start().await.unwrap();
    let nowhere = table("a", "").replace("\"settings\"", "\"nowhere\"");
    let error = deploy_as(&host, "events", "f", &nowhere).await.unwrap_err().to_string();
    assert!(error.contains("no config store `nowhere`: configured are settings"), "{error}");
    let error = deploy_as(&host, "hello-rust", "f", &table("a", "")).await.unwrap_err();
    let said =
        "`[[watch]]`, and the component does not export `ottavo:runtime/event-handler@0.1.0`";
    assert!(error.to_string().contains(said), "{error}");
    deploy_as(&host, "events", "f", &table("a", "keys = [\"x\"]")).await.unwrap();
    let error = deploy_as(&host, "events", "f", &table("a", "")).await.unwrap_err().to_string();
    assert!(error.contains("watch settings of app a"), "{error}");
}
