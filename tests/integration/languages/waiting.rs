//! Goroutines, sleeps and timeouts: what waits does so without CPU time, and ends with its call.

use std::time::Duration;

use ottavo_test_support::{Answer, Client, TestHost};
use tokio::time::Instant;

use super::{Language, with_stress};

fn in_go() -> Vec<&'static Language> {
    with_stress().into_iter().filter(|language| language.name.starts_with("go")).collect()
}

async fn send(host: &TestHost, method: &str, language: &Language, what: &str) -> Answer {
    let path = format!("/stress/{}/{what}", language.name);
    host.send(method, &path, "body").await.unwrap()
}

#[tokio::test]
async fn a_sleep_takes_its_time_and_no_longer_than_the_call() {
    let host = TestHost::start().await.unwrap();
    for language in in_go() {
        language.deploy_stress(&host, "cpu = \"1s\"\ntimeout = \"3s\"").await;
        let name = language.name;
        let begun = Instant::now();
        // longer than the CPU limit
        let answer = send(&host, "GET", language, "sleep?millis=1200").await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        assert!(begun.elapsed() >= Duration::from_millis(1200), "{name}");
        let slept: u64 = answer.text().strip_prefix("slept ").unwrap().parse().unwrap();
        assert!((1200..3000).contains(&slept), "{name}: {slept}");
        let answer = send(&host, "GET", language, "sleep?millis=600000").await;
        assert_eq!(answer.status, 504, "{name}: {}", answer.text());
        assert!(answer.text().contains("timeout of 3s"), "{name}: {}", answer.text());
    }
}

#[tokio::test]
async fn goroutines_wait_together_call_after_call() {
    let host = TestHost::start().await.unwrap();
    for language in in_go().into_iter().filter(|language| language.name != "go-tinygo") {
        language.deploy_stress(&host, "reuse = { calls = 1000000, idle = \"1h\" }").await;
        let name = language.name;
        let mut client = Client::open(host.http()).await.unwrap();
        for call in 0..300 {
            let path = format!("/stress/{name}/together");
            let answer = client.send("POST", &path, "mine").await.unwrap();
            assert_eq!((answer.status, answer.text()), (200, "4 goroutines"), "call {call}");
        }
        for _ in 0..3 {
            let path = format!("/stress/{name}/timeouts");
            let answer = client.send("GET", &path, "").await.unwrap();
            // those that wait for 1 to 39 ms, under a deadline of a second
            assert_eq!((answer.status, answer.text()), (200, "20 done"), "{name}");
        }
        let left = send(&host, "POST", language, "leave").await;
        assert_eq!((left.status, left.text()), (200, "1 left, some ticks: true"), "{name}");
        // waiting for nobody is an error of the runtime library, which ends the program
        let answer = send(&host, "GET", language, "nowhere").await;
        assert!(matches!(answer.status, 500 | 504), "{name}: {}", answer.text());
        assert_eq!(send(&host, "GET", language, "memory").await.status, 200, "{name}");
    }
}
