//! A new process takes the place of a host that runs, and its clients see nothing of it.

use std::sync::Arc;

use ottavo_test_support::{TestHost, root};

use crate::shutdown::load::{Count, Kind, grpc, load};

/// Two drivers with files that only one process can have open, and an embedded log of events.
const STORES: &str = "[state.default]\ndriver = \"local\"\n[pubsub.default]\ndriver = \"local\"\n";

async fn host() -> TestHost {
    let host = TestHost::builder().config(STORES).start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    host
}

type Counts = Vec<(String, Arc<Count>)>;

/// New connections, kept ones, HTTP/2 and gRPC, until they are aborted.
fn clients(host: &TestHost) -> (Vec<tokio::task::JoinHandle<()>>, Counts) {
    let (mut clients, mut counts) = (Vec::new(), Vec::new());
    let mut start = |name: String, load: &dyn Fn(Arc<Count>) -> tokio::task::JoinHandle<()>| {
        let count = Arc::<Count>::default();
        clients.push(load(Arc::clone(&count)));
        counts.push((name, count));
    };
    for (kind, path) in [
        (Kind::Kept, "/hello/ann"),
        (Kind::Kept, "/faults/wait?millis=50"),
        (Kind::Fresh, "/hello/cat"),
        (Kind::Fresh, "/faults/wait?millis=20"),
        (Kind::H2, "/hello/dan"),
    ] {
        let address = host.http();
        start(format!("{kind:?} {path}"), &move |count| {
            tokio::task::spawn(load(address, kind, path, count))
        });
    }
    let address = host.grpc();
    start("gRPC".to_owned(), &move |count| tokio::task::spawn(grpc(address, count)));
    (clients, counts)
}

/// Waits until each client had as many answers again.
async fn more(counts: &Counts, answers: u64) {
    let before: Vec<_> = counts.iter().map(|(_, count)| count.answered()).collect();
    let waits = async {
        while counts.iter().zip(&before).any(|((_, now), before)| now.answered() < before + answers)
        {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(60), waits).await;
    assert!(in_time.is_ok(), "a client gets no answers any more: {:?}", said(counts));
}

fn said(counts: &Counts) -> Vec<String> {
    let line = |(name, count): &(String, Arc<Count>)| {
        format!("{name}: {} answered, {:?} lost", count.answered(), count.lost())
    };
    counts.iter().map(line).collect()
}

/// All clients are still at it, and none lost anything or was refused, which would have ended it.
fn unharmed(clients: &[tokio::task::JoinHandle<()>], counts: &Counts) {
    assert!(clients.iter().all(|client| !client.is_finished()), "refused: {:?}", said(counts));
    assert!(counts.iter().all(|(_, count)| count.lost().is_empty()), "{:?}", said(counts));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_client_notices_that_a_new_process_takes_over() {
    let mut host = host().await;
    let (clients, counts) = clients(&host);
    more(&counts, 20).await;
    for _ in 0..3 {
        let (old, pid) = (host.http(), host.pid());
        host = host.take_over(STORES).await.unwrap();
        assert_eq!(host.http(), old, "the same address");
        assert_ne!(host.pid(), pid);
        more(&counts, 20).await;
        unharmed(&clients, &counts);
    }
    for line in said(&counts) {
        println!("{line}");
    }
    let (status, out, err) = host.cli(&["list"]).await.unwrap();
    assert!(status.success() && out.contains("hello"), "{out}{err}");
    assert_eq!(host.health("/actuator/health/readiness").await.unwrap().status, 200);
    clients.iter().for_each(tokio::task::JoinHandle::abort);
    host.signal("-TERM").await.unwrap();
    assert!(host.wait().await.unwrap().0.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_process_that_fails_leaves_the_old_one_serving() {
    let host = host().await;
    let (clients, counts) = clients(&host);
    more(&counts, 5).await;
    // before it asks: its configuration is wrong
    let said_by = host.no_take_over("[state.default]\ndriver = \"nosuch\"\n").await.unwrap();
    assert!(said_by.contains("nosuch"), "{said_by}");
    more(&counts, 5).await;
    assert_eq!(host.log().matches("serving").count(), 0, "{}", host.log());
    // after the data directory is its own: it needs a store that cannot be reached
    let required = format!(
        "{STORES}[lock.default]\ndriver = \"redis\"\nurl = \"redis://127.0.0.1:1\"\nrequired = true\n"
    );
    let said_by = host.no_take_over(&required).await.unwrap();
    assert!(said_by.contains("`lock.default` is `required`"), "{said_by}");
    more(&counts, 5).await;
    assert!(host.log().contains("the new host gave up: serving again"), "{}", host.log());
    unharmed(&clients, &counts);
    // and it can still hand over
    let host = host.take_over(STORES).await.unwrap();
    more(&counts, 5).await;
    unharmed(&clients, &counts);
    clients.iter().for_each(tokio::task::JoinHandle::abort);
    drop(host);
}

#[tokio::test]
async fn there_must_be_a_host_to_take_over() {
    let (status, said) = TestHost::builder().arg("--take-over").refused().await.unwrap();
    assert_eq!(status.code(), Some(78), "{said}");
    assert!(said.contains("no host can be taken over"), "{said}");
}
