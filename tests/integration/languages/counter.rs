//! Many clients count at once: every 200 is in the number.

use futures_util::future::join_all;
use ottavo_test_support::{Client, TestHost, TestRedis};

use super::{Language, with_examples};

const CLIENTS: usize = 100;
const CALLS: usize = 5;

/// The statuses of all calls of `path`, made by all clients at the same time.
async fn count(host: &TestHost, path: &str) -> Vec<u16> {
    let clients = join_all((0..CLIENTS).map(|_| Client::open(host.http()))).await;
    let calls = clients.into_iter().map(|client| async move {
        let mut client = client.unwrap();
        let mut statuses = Vec::new();
        for _ in 0..CALLS {
            statuses.push(client.send("POST", path, "").await.unwrap().status);
        }
        statuses
    });
    join_all(calls).await.concat()
}

async fn counted(host: &TestHost, language: &Language) {
    let Language { name, prefix, .. } = language;
    for how in ["", "?how=etag"] {
        let counter = format!("{prefix}/counter/{name}{}", how.len());
        let statuses = count(host, &format!("{counter}{how}")).await;
        let good = statuses.iter().filter(|status| **status == 200).count();
        let conflicts = statuses.iter().filter(|status| **status == 409).count();
        assert_eq!(good + conflicts, CLIENTS * CALLS, "{name}{how}: {statuses:?}");
        // adding in the store never conflicts; with etags somebody wins each round
        assert!(if how.is_empty() { conflicts == 0 } else { good > 0 }, "{name}{how}");
        let number = host.get(&counter).await.unwrap();
        assert_eq!(number.text(), good.to_string(), "{name}{how}");
    }
}

async fn counted_on(config: String) {
    let host = TestHost::builder().config(config).start().await.unwrap();
    for language in with_examples() {
        language.deploy_example(&host, "counter").await;
        counted(&host, language).await;
    }
}

#[tokio::test]
async fn every_200_is_in_the_number_on_memory() {
    counted_on("[state.default]\ndriver = \"memory\"\n".to_owned()).await;
}

#[tokio::test]
async fn every_200_is_in_the_number_on_local() {
    counted_on("[state.default]\ndriver = \"local\"\n".to_owned()).await;
}

#[tokio::test]
async fn every_200_is_in_the_number_on_redis() {
    let redis = TestRedis::start().await.unwrap();
    counted_on(format!("[state.default]\ndriver = \"redis\"\nurl = \"{}\"\n", redis.url())).await;
}
