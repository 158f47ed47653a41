//! The headroom of memories: guests have what they would have without, and end where they would.

use super::limits::deploy;
use ottavo_test_support::{Answer, TestHost};

async fn host(engine: &str) -> TestHost {
    TestHost::builder().engine(format!("max_instances = 200\n{engine}")).start().await.unwrap()
}

async fn get(host: &TestHost, path: &str) -> Answer {
    host.get(&format!("/faults/{path}")).await.unwrap()
}

/// What the answer says, without what is of one request alone.
fn said(answer: &Answer) -> String {
    if answer.status == 200 {
        return answer.text().to_owned();
    }
    let mut error = answer.json()["error"].clone();
    error["request_id"].take();
    error.to_string()
}

#[tokio::test]
async fn a_guest_sees_the_same_memory_with_headroom_and_without() {
    let roomy = host("memory_headroom = \"2MiB\"").await;
    let plain = host("memory_headroom = \"0B\"").await;
    // the second has no room for headroom, and runs without
    for memory in ["8MiB", "2MiB"] {
        let limits = format!("memory = \"{memory}\"\ncpu = \"5s\"");
        deploy(&roomy, "faults", &limits).await;
        deploy(&plain, "faults", &limits).await;
        for path in ["pages", "big?bytes=20000", "alloc-check?rounds=50&seed=1", "hoard", "ok"] {
            let (roomy, plain) = (get(&roomy, path).await, get(&plain, path).await);
            assert_eq!(roomy.status, plain.status, "{memory} {path}: {}", roomy.text());
            assert_eq!(said(&roomy), said(&plain), "{memory} {path}");
        }
        let hoard = get(&roomy, "hoard").await;
        assert!(hoard.text().contains(memory), "{}", hoard.text());
    }
}
