//! `[[schedule]]`

use ottavo_test_support::TestHost;

use super::function::{count, deliveries, deploy, deploy_as, keys, languages, metric, told, until};

const EACH_SECOND: &str = "[[schedule]]\nname = \"tick\"\ncron = \"* * * * * *\"\n";

#[tokio::test]
async fn a_function_in_each_language_is_called_when_it_is_due() {
    let host = TestHost::start().await.unwrap();
    for build in languages() {
        // the functions share a store: each gets its own name into the origin
        let name = format!("tick-{build}");
        deploy(&host, build, &EACH_SECOND.replace("tick", &name)).await;
        until(build, async || metric(&host, &deliveries(build, "schedule", "success")).await >= 2)
            .await;
        let (status, _, err) = host.cli(&["delete", build]).await.unwrap();
        assert!(status.success(), "{err}");
        let mut ids = keys(&host, "event/").await;
        assert!(ids.len() >= 2, "{ids:?}");
        ids.sort();
        let id = ids[0].strip_prefix("event/").unwrap();
        let told = told(&host, id).await;
        assert_eq!(told["time"], id, "{told:?}");
        assert!(id.ends_with(".000Z"), "{id}: due on the second");
        let expected = [
            ("source", format!("/functions/{build}/schedules/{name}")),
            ("type", "dev.ottavo.schedule.due".to_owned()),
            ("subject", "-".to_owned()),
            ("trigger", "schedule".to_owned()),
            ("origin", name),
            ("topic", String::new()),
            ("attempt", "1".to_owned()),
            ("data", String::new()),
            ("scheme", "-".to_owned()),
            ("version", "1".to_owned()),
        ];
        for (key, value) in expected {
            assert_eq!(told[key], value, "{build}: {key}");
        }
        for id in &ids {
            let id = id.strip_prefix("event/").unwrap();
            assert_eq!(count(&host, &format!("tries/{id}")).await, 1, "{id}");
            for key in ["event", "tries", "done"] {
                host.cli(&["state", "delete", "default", &format!("{key}/{id}")]).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_deploy_changes_the_version_and_a_delete_ends_the_calls() {
    let host = TestHost::start().await.unwrap();
    let success = deliveries("f", "schedule", "success");
    deploy_as(&host, "events", "f", EACH_SECOND).await.unwrap();
    until("the first version", async || metric(&host, &success).await >= 1).await;
    // the same schedule: its task goes on, and calls what answers now
    let more = format!("description = \"second\"\n{EACH_SECOND}");
    deploy_as(&host, "events", "f", &more).await.unwrap();
    let before = metric(&host, &success).await;
    until("the second version", async || metric(&host, &success).await > before + 1).await;
    let mut ids = keys(&host, "event/").await;
    ids.sort();
    let last = told(&host, ids.last().unwrap().strip_prefix("event/").unwrap()).await;
    assert_eq!(last["version"], "2");

    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    until("after a restart", async || metric(&host, &success).await >= 1).await;
    let (status, _, err) = host.cli(&["delete", "f"]).await.unwrap();
    assert!(status.success(), "{err}");
    let by_f = async || {
        let mut count = 0;
        for key in keys(&host, "event/").await {
            let told = told(&host, key.strip_prefix("event/").unwrap()).await;
            count += usize::from(told["origin"] == "tick");
        }
        count
    };
    let left = by_f().await;
    // another one of the same times is the witness that there were some
    deploy_as(&host, "events", "g", &EACH_SECOND.replace("tick", "tock")).await.unwrap();
    let success = deliveries("g", "schedule", "success");
    until("the witness", async || metric(&host, &success).await >= 3).await;
    // one call may have been under way
    assert!(by_f().await <= left + 1);
}

#[tokio::test]
async fn what_is_no_schedule_and_what_has_no_handler_is_refused_at_deploy() {
    let host = TestHost::start().await.unwrap();
    for (cron, zone, said) in [
        ("* * *", "UTC", "is not a cron expression"),
        ("0 3 30 2 *", "UTC", "never comes"),
        ("0 3 * * *", "Europe/Atlantis", "`Europe/Atlantis` is not a time zone"),
    ] {
        let table =
            format!("[[schedule]]\nname = \"s\"\ncron = \"{cron}\"\ntimezone = \"{zone}\"\n");
        let error = deploy_as(&host, "events", "f", &table).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let error = deploy_as(&host, "hello-rust", "f", EACH_SECOND).await.unwrap_err().to_string();
    assert!(error.contains("does not export `ottavo:runtime/event-handler@0.1.0`"), "{error}");
}
