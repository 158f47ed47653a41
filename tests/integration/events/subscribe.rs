//! `[[subscribe]]`

use ottavo_test_support::TestHost;

use super::function::{
    count, deliveries, deploy, deploy_as, languages, metric, publish, received, told, until,
};

/// Stores that survive the process.
const LOCAL: &str = "[pubsub.events]\ndriver = \"local\"\n";

/// Makes the program do no more than write down what comes.
const CALM: &str = "[env]\nCALM = \"yes\"\n";

async fn host() -> TestHost {
    TestHost::builder().config(LOCAL).start().await.unwrap()
}

fn table(rest: &str) -> String {
    format!("[[subscribe]]\npubsub = \"events\"\nbackoff = {{ first = \"20ms\" }}\n{rest}\n")
}

async fn is_done(host: &TestHost, id: &str) -> bool {
    count(host, &format!("done/{id}")).await >= 1
}

#[tokio::test]
async fn a_function_in_each_language_receives_what_is_published() {
    let host = host().await;
    for build in languages() {
        deploy(&host, build, &table(&format!("topic = \"{build}\""))).await;
        let id = publish(&host, build, "Grüße = 1").await;
        until(build, async || is_done(&host, &id).await).await;
        let told = told(&host, &id).await;
        let expected = [
            ("id", id.as_str()),
            ("source", "runtime"),
            ("type", "com.runtime.event.sent"),
            ("subject", "-"),
            ("content-type", "text/plain"),
            ("trigger", "subscribe"),
            ("origin", "events"),
            ("topic", build),
            ("attempt", "1"),
            ("data", "Grüße = 1"),
            ("scheme", "-"),
            ("version", "1"),
        ];
        for (key, value) in expected {
            assert_eq!(told[key], value, "{build}: {key}");
        }
        assert!(told["time"].ends_with('Z'), "{told:?}");
        assert_eq!(count(&host, &format!("tries/{id}")).await, 1);

        // the program answers requests as well
        let (status, out, err) = host.cli(&["invoke", build, "--path", "/x"]).await.unwrap();
        assert!(status.success() && out.contains("GET /x"), "{out}{err}");
    }
}

#[tokio::test]
async fn what_fails_comes_again_until_it_is_done() {
    let host = host().await;
    for build in languages() {
        deploy(&host, build, &table(&format!("topic = \"{build}\""))).await;
        for (text, tries) in [("retry 2", 3), ("retry 1 5", 2), ("error 2", 3), ("trap 1", 2)] {
            let id = publish(&host, build, text).await;
            until(text, async || is_done(&host, &id).await).await;
            let counted = count(&host, &format!("tries/{id}")).await;
            assert_eq!(counted, tries, "{build}: {text}");
            assert_eq!(told(&host, &id).await["attempt"], tries.to_string());
        }
        let retries = metric(&host, &deliveries(build, "subscribe", "retry")).await;
        let successes = metric(&host, &deliveries(build, "subscribe", "success")).await;
        assert_eq!((retries, successes), (6, 4), "{build}");
        let (_, logs, _) = host.cli(&["logs", build]).await.unwrap();
        for said in ["told to fail", "told to trap", "on delivery 1 of 10; it comes again in"] {
            assert!(logs.contains(said), "{build}: {logs}");
        }
    }
}

#[tokio::test]
async fn what_is_given_up_goes_to_the_dead_letter_topic_and_comes_back() {
    let host = host().await;
    let all = "topic = \"orders\"\nmax_deliveries = 3\ndead_letter = \"dead\"";
    deploy_as(&host, "events", "f", &table(all)).await.unwrap();
    let dead_ones = table("topic = \"dead\"") + CALM;
    deploy_as(&host, "events", "undertaker", &dead_ones).await.unwrap();
    let mut dead = Vec::new();
    for (text, reason, attempts) in [
        ("drop no ink", "no ink", "1"),
        ("error", "told to fail", "3"),
        ("trap", "function `f` panicked", "3"),
    ] {
        let id = publish(&host, "orders", text).await;
        // the second function has the first one's dead letters: what it does to them is a success
        until(text, async || {
            received(&host, &id).await.is_some_and(|told| told["topic"] == "dead")
        })
        .await;
        let told = told(&host, &id).await;
        for (name, value) in [
            ("attribute.deadreason", reason),
            ("attribute.deadtopic", "orders"),
            ("attribute.deadgroup", "f"),
            ("attribute.deadattempts", attempts),
            ("data", text),
        ] {
            assert_eq!(told[name], value, "{text}: {name}");
        }
        dead.push(id);
    }
    let dead_lettered = metric(&host, &deliveries("f", "subscribe", "dead-lettered")).await;
    assert_eq!(dead_lettered, 3);

    // a version that is done with everything, and the events once more
    let (status, _, err) = host.cli(&["delete", "undertaker"]).await.unwrap();
    assert!(status.success(), "{err}");
    let calm = "topic = \"orders\"\nmax_deliveries = 1\ndead_letter = \"dead\"";
    deploy_as(&host, "events", "f", &(table(calm) + CALM)).await.unwrap();
    let (status, out, err) = host.cli(&["events", "redrive", "events", "dead"]).await.unwrap();
    assert!(status.success(), "{err}");
    assert_eq!(out, "sent 3 events back\n");
    for id in &dead {
        until("back", async || told(&host, id).await["version"] == "2").await;
        let told = told(&host, id).await;
        assert_eq!((told["topic"].as_str(), told["attempt"].as_str()), ("orders", "1"));
        assert!(!told.keys().any(|name| name.starts_with("attribute.dead")), "{told:?}");
    }
    let (_, out, _) = host.cli(&["events", "redrive", "events", "dead"]).await.unwrap();
    assert_eq!(out, "there was nothing to send back\n");
}

#[tokio::test]
async fn what_fails_again_while_it_is_sent_back_stays_given_up() {
    let host = host().await;
    let all = "topic = \"orders\"\nmax_deliveries = 1\ndead_letter = \"dead\"";
    deploy_as(&host, "events", "f", &table(all)).await.unwrap();
    let dead_lettered = deliveries("f", "subscribe", "dead-lettered");
    for _ in 0..3 {
        publish(&host, "orders", "error").await;
    }
    until("given up", async || metric(&host, &dead_lettered).await == 3).await;
    let (status, out, err) = host.cli(&["events", "redrive", "events", "dead"]).await.unwrap();
    assert!(status.success(), "{err}");
    assert_eq!(out, "sent 3 events back\n");
    until("given up again", async || metric(&host, &dead_lettered).await == 6).await;
    // elsewhere, and not all of them
    deploy_as(&host, "events", "g", &(table("topic = \"other\"") + CALM)).await.unwrap();
    let args = ["events", "redrive", "events", "dead", "--to", "other", "--limit", "2"];
    let (_, out, err) = host.cli(&args).await.unwrap();
    assert_eq!(out, "sent 2 events back\n", "{err}");
    let success = deliveries("g", "subscribe", "success");
    until("elsewhere", async || metric(&host, &success).await == 2).await;
    let (_, out, _) =
        host.cli(&["events", "redrive", "events", "dead", "--to", "other"]).await.unwrap();
    assert_eq!(out, "sent 1 event back\n");
}
