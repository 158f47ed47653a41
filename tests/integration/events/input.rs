//! `[[binding]]`

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use ottavo_core::Kind;
use ottavo_test_support::TestHost;
use ottavo_wire::from_status;
use ottavo_wire::v1::binding_client::BindingClient;
use ottavo_wire::v1::{BindingInput, BindingInvokeRequest, BindingSubscribeRequest};
use tempfile::TempDir;
use tonic::Streaming;
use tonic::transport::Channel;

use super::function::{count, deliveries, deploy, deploy_as, keys, languages, metric, told, until};

const EACH_SECOND: &str = "[binding.tick]\ndriver = \"cron\"\nschedule = \"* * * * * *\"\n";

fn inbox(folder: &Path) -> String {
    let folder = folder.display();
    format!("[binding.inbox]\ndriver = \"file-watch\"\nfolder = \"{folder}\"\nsettle = \"50ms\"\n")
}

fn table(name: &str, rest: &str) -> String {
    format!("[[binding]]\nname = \"{name}\"\nbackoff = {{ first = \"20ms\" }}\n{rest}\n")
}

/// What the program was told of a path, by the last word of the type.
async fn heard(host: &TestHost, path: &str, what: &str) -> Vec<BTreeMap<String, String>> {
    let (mut heard, kind) = (Vec::new(), format!("dev.ottavo.file.{what}"));
    for id in keys(host, "event/").await {
        let told = told(host, id.strip_prefix("event/").unwrap()).await;
        if told["subject"] == path && told["type"] == kind {
            heard.push(told);
        }
    }
    heard
}

async fn hears(host: &TestHost, path: &str, what: &str) -> BTreeMap<String, String> {
    let said = format!("{what} `{path}`");
    until(&said, async || !heard(host, path, what).await.is_empty()).await;
    heard(host, path, what).await.remove(0)
}

#[tokio::test]
async fn a_calendar_calls_a_function_in_each_language() {
    let host = TestHost::builder().config(EACH_SECOND).start().await.unwrap();
    for build in languages() {
        deploy(&host, build, &table("tick", "")).await;
        let success = deliveries(build, "binding", "success");
        until(build, async || metric(&host, &success).await >= 2).await;
        let (status, _, err) = host.cli(&["delete", build]).await.unwrap();
        assert!(status.success(), "{err}");
        let ids = keys(&host, "event/").await;
        assert!(ids.len() >= 2, "{ids:?}");
        let id = ids[0].strip_prefix("event/").unwrap();
        let told = told(&host, id).await;
        let expected = [
            ("source", "/bindings/tick"),
            ("type", "dev.ottavo.cron.due"),
            ("subject", "-"),
            ("time", id),
            ("trigger", "binding"),
            ("origin", "tick"),
            ("topic", ""),
            ("attempt", "1"),
            ("data", ""),
        ];
        for (name, value) in expected {
            assert_eq!(told[name], value, "{build}: {name}");
        }
        for id in &ids {
            let id = id.strip_prefix("event/").unwrap();
            for key in ["event", "tries", "done"] {
                host.cli(&["state", "delete", "default", &format!("{key}/{id}")]).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn files_that_come_change_and_go_reach_a_function_in_each_language() {
    let folder = TempDir::new().unwrap();
    let host = TestHost::builder().config(inbox(folder.path())).start().await.unwrap();
    for build in languages() {
        fs::write(folder.path().join(build), "here already").unwrap();
        deploy(&host, build, &table("inbox", "")).await;
        let told = hears(&host, build, "created").await;
        let expected = [
            ("source", "/bindings/inbox".to_owned()),
            ("content-type", "application/json".to_owned()),
            ("trigger", "binding".to_owned()),
            ("origin", "inbox".to_owned()),
            ("data", format!("{{\"path\":\"{build}\",\"size\":12}}")),
        ];
        for (name, value) in expected {
            assert_eq!(told[name], value, "{build}: {name}");
        }
        let within = format!("{build}-in/é.txt");
        fs::create_dir(folder.path().join(format!("{build}-in"))).unwrap();
        fs::write(folder.path().join(&within), "").unwrap();
        hears(&host, &within, "created").await;
        fs::write(folder.path().join(build), "another").unwrap();
        hears(&host, build, "changed").await;
        fs::remove_file(folder.path().join(build)).unwrap();
        hears(&host, build, "deleted").await;
        let (status, _, err) = host.cli(&["delete", build]).await.unwrap();
        assert!(status.success(), "{err}");
        fs::remove_file(folder.path().join(&within)).unwrap();
    }
}

#[tokio::test]
async fn versions_take_over_a_restart_begins_anew_and_a_folder_may_go_and_come_back() {
    let place = TempDir::new().unwrap();
    let folder = place.path().join("inbox");
    fs::create_dir(&folder).unwrap();
    let config = inbox(&folder) + "poll = \"200ms\"\n";
    let host = TestHost::builder().config(&config).start().await.unwrap();
    for number in 1..=4 {
        fs::write(folder.join(format!("n{number}")), "").unwrap();
        let rest = format!("max_deliveries = {number}");
        let text = format!("description = \"{number}\"\n{}", table("inbox", &rest));
        deploy_as(&host, "events", "f", &text).await.unwrap();
    }
    for number in 1..=4 {
        let path = format!("n{number}");
        hears(&host, &path, "created").await;
        assert_eq!(heard(&host, &path, "created").await.len(), 1, "{path}");
    }
    let kept = host.kill().await.unwrap();
    let host = TestHost::builder().folder(kept).config(&config).start().await.unwrap();
    until("again", async || heard(&host, "n1", "created").await.len() == 2).await;

    fs::rename(&folder, place.path().join("elsewhere")).unwrap();
    until("it is missed", async || host.log().contains("a trigger gets no events")).await;
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("back"), "").unwrap();
    hears(&host, "back", "created").await;
}

/// What an app hears of a binding.
async fn listen(host: &TestHost, binding: &str) -> ottavo_core::Result<Streaming<BindingInput>> {
    let endpoint = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    let mut client = BindingClient::new(endpoint.connect().await.unwrap());
    let binding = binding.to_owned();
    let mut request = tonic::Request::new(BindingSubscribeRequest { binding });
    // for the stream to open; it goes on beyond that
    request.set_timeout(Duration::from_secs(5));
    let answer = client.subscribe(request).await;
    answer.map(tonic::Response::into_inner).map_err(|status| from_status(&status))
}

async fn next(inputs: &mut Streaming<BindingInput>) -> ottavo_core::Result<BindingInput> {
    let input = tokio::time::timeout(Duration::from_secs(30), inputs.message()).await;
    let input = input.expect("in time").map_err(|status| from_status(&status))?;
    Ok(input.expect("not over"))
}

#[tokio::test]
async fn apps_hear_of_what_comes_in_until_the_host_stops() {
    let folder = TempDir::new().unwrap();
    let config = inbox(folder.path()) + EACH_SECOND + "[binding.echo]\ndriver = \"memory\"\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    let mut files = listen(&host, "inbox").await.unwrap();
    let mut ticks = listen(&host, "tick").await.unwrap();
    let mut echoes = listen(&host, "echo").await.unwrap();
    fs::write(folder.path().join("a"), "1").unwrap();
    let input = next(&mut files).await.unwrap();
    assert_eq!((&*input.r#type, &*input.subject.unwrap()), ("dev.ottavo.file.created", "a"));
    assert_eq!(next(&mut ticks).await.unwrap().r#type, "dev.ottavo.cron.due");
    let endpoint = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    let request = BindingInvokeRequest {
        binding: "echo".into(),
        operation: "create".into(),
        data: "hello".into(),
        metadata: vec![],
    };
    BindingClient::new(endpoint.connect().await.unwrap()).invoke(request.clone()).await.unwrap();
    assert_eq!(next(&mut echoes).await.unwrap().data, "hello");
    let request = BindingInvokeRequest { binding: "inbox".into(), ..request };
    let refused = BindingClient::new(endpoint.connect().await.unwrap()).invoke(request).await;
    let error = from_status(&refused.unwrap_err());
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.message().contains("things only come in through it"), "{error}");
    assert_eq!(listen(&host, "nowhere").await.unwrap_err().kind(), Kind::NotFound);
    host.signal("-TERM").await.unwrap();
    assert_eq!(next(&mut files).await.unwrap_err().kind(), Kind::Unavailable);
    let (status, _) = host.wait().await.unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn what_fails_comes_again_and_holds_up_nothing_else() {
    let host = TestHost::builder().config("[binding.echo]\ndriver = \"memory\"\n");
    let host = host.start().await.unwrap();
    deploy_as(&host, "events", "f", &table("echo", "max_deliveries = 3")).await.unwrap();
    let endpoint = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    let mut client = BindingClient::new(endpoint.connect().await.unwrap());
    for text in ["retry 1 3600000", "retry 2", "trap", "drop no ink", "ok"] {
        let (binding, operation) = ("echo".to_owned(), "create".to_owned());
        let (data, metadata) = (text.into(), vec![]);
        let request = BindingInvokeRequest { binding, operation, data, metadata };
        client.invoke(request).await.unwrap();
    }
    let success = deliveries("f", "binding", "success");
    until("two are done", async || metric(&host, &success).await == 2).await;
    until("two are lost", async || metric(&host, &deliveries("f", "binding", "lost")).await == 2)
        .await;
    let mut tries = BTreeMap::new();
    for id in keys(&host, "event/").await {
        let id = id.strip_prefix("event/").unwrap().to_owned();
        let text = told(&host, &id).await["data"].clone();
        tries.insert(text, count(&host, &format!("tries/{id}")).await);
    }
    let expected =
        [("drop no ink", 1), ("ok", 1), ("retry 1 3600000", 1), ("retry 2", 3), ("trap", 3)];
    assert_eq!(tries, expected.map(|(text, tries)| (text.to_owned(), tries)).into());
}

#[tokio::test]
async fn a_binding_is_a_grant_must_be_there_and_must_have_a_way_in() {
    let folder = TempDir::new().unwrap();
    let config = inbox(folder.path())
        + EACH_SECOND
        + "[binding.hook]\ndriver = \"http\"\nurl = \"http://127.0.0.1:9\"\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    for (name, said) in [
        ("nowhere", "`binding.name`: no binding store `nowhere`: configured are hook, inbox, tick"),
        ("hook", "`binding` with the name `hook`"),
        ("hook", "nothing comes in through this binding"),
    ] {
        let error =
            deploy_as(&host, "events", "f", &table(name, "")).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let error = deploy_as(&host, "hello-rust", "f", &table("inbox", "")).await.unwrap_err();
    let said =
        "`[[binding]]`, and the component does not export `ottavo:runtime/event-handler@0.1.0`";
    assert!(error.to_string().contains(said), "{error}");
    deploy_as(&host, "events", "f", &table("inbox", "")).await.unwrap();
    let both = table("inbox", "") + &table("tick", "");
    let error = deploy_as(&host, "events", "f", &both).await.unwrap_err().to_string();
    assert!(error.contains("input tick"), "{error}");
    let (_, out, _) = host.cli(&["describe", "f"]).await.unwrap();
    let row = |line: &str| line.split_whitespace().eq(["binding", "inbox"]);
    assert!(out.lines().any(row), "{out}");
}
