//! Files in a bucket and in a shared folder, by the configuration that is shipped, and a service that
//! goes away in the middle.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use ottavo_core::Kind;
use ottavo_test_support::{TestHost, TestObjects, root};
use ottavo_wire::from_status;
use ottavo_wire::v1::file_client::FileClient;
use ottavo_wire::v1::file_create_request::Step;
use ottavo_wire::v1::file_open_response::Part;
use ottavo_wire::v1::*;
use tempfile::TempDir;
use tokio::time::Instant;
use tonic::transport::Channel;

const PATIENCE: Duration = Duration::from_secs(60);

/// A host with the configuration that is shipped, on this server.
async fn host(server: &TestObjects, shared: &TempDir) -> TestHost {
    let text = std::fs::read_to_string(root().join("configs/s3.toml")).unwrap();
    let probes = "\n[actuator]\nprobe_interval = \"100ms\"\n";
    let host = TestHost::builder().config(text + probes);
    let host = host.env("S3_ENDPOINT", server.url()).env("S3_BUCKET", TestObjects::BUCKET);
    let host = host.env("S3_ACCESS_KEY_ID", TestObjects::ACCESS_KEY);
    let host = host.env("S3_SECRET_ACCESS_KEY", TestObjects::SECRET_KEY);
    host.env("SHARED_FILES", shared.path().to_str().unwrap()).start().await.unwrap()
}

async fn client(host: &TestHost) -> FileClient<Channel> {
    let endpoint = format!("http://{}", host.grpc());
    FileClient::new(Channel::from_shared(endpoint).unwrap().connect().await.unwrap())
}

fn begin(store: &str, name: &str) -> FileCreateRequest {
    let (store, name) = (store.to_owned(), name.to_owned());
    step(Step::Begin(FileBegin { store, name, ..FileBegin::default() }))
}

fn step(step: Step) -> FileCreateRequest {
    FileCreateRequest { step: Some(step) }
}

fn chunk(data: impl Into<Bytes>) -> FileCreateRequest {
    step(Step::Chunk(data.into()))
}

async fn put(
    client: &mut FileClient<Channel>,
    store: &str,
    data: &'static str,
) -> ottavo_core::Result<()> {
    let steps = [begin(store, "a/b"), chunk(data), step(Step::Finish(true))];
    let created = client.create(stream::iter(steps)).await;
    created.map(drop).map_err(|status| from_status(&status))
}

async fn get(
    client: &mut FileClient<Channel>,
    store: &str,
) -> ottavo_core::Result<Option<Vec<u8>>> {
    let (store, name) = (store.to_owned(), "a/b".to_owned());
    let request = FileOpenRequest { store, name, ..FileOpenRequest::default() };
    let failed = |status: tonic::Status| from_status(&status);
    let mut parts = client.open(request).await.map_err(failed)?.into_inner();
    let mut data = None;
    while let Some(answer) = parts.message().await.map_err(failed)? {
        // what is there begins with what is known of it
        let data = data.get_or_insert_with(Vec::new);
        if let Some(Part::Chunk(chunk)) = answer.part {
            data.extend_from_slice(&chunk);
        }
    }
    Ok(data)
}

/// Asks until the health of the store is `status`.
async fn turned(host: &TestHost, status: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let health = host.health("/actuator/health").await.unwrap().json();
        let store = &health["components"]["file.default"];
        if store["status"] == status {
            return store.to_string();
        }
        assert!(Instant::now() < deadline, "still {store}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_service_that_dies_is_unavailable_until_it_is_back_and_its_key_never_shows() {
    let (mut server, shared) = (TestObjects::start().await.unwrap(), tempfile::tempdir().unwrap());
    let host = host(&server, &shared).await;
    let mut files = client(&host).await;
    for store in ["default", "shared"] {
        put(&mut files, store, store).await.unwrap();
        assert_eq!(get(&mut files, store).await.unwrap().as_deref(), Some(store.as_bytes()));
    }
    assert_eq!(std::fs::read(server.bucket().join("a/b")).unwrap(), b"default");
    assert_eq!(std::fs::read(shared.path().join("a/b")).unwrap(), b"shared");

    turned(&host, "UP").await;
    server.kill().await.unwrap();
    let mut shown = turned(&host, "DOWN").await;
    let error = put(&mut files, "default", "x").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert_eq!(get(&mut files, "default").await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(get(&mut files, "shared").await.unwrap().as_deref(), Some(&b"shared"[..]));
    server.start_again().await.unwrap();
    turned(&host, "UP").await;
    assert_eq!(get(&mut files, "default").await.unwrap().as_deref(), Some(&b"default"[..]));

    let config = host.folder().join("ottavo.toml");
    let (_, out, err) = host.cli(&["config", "show", config.to_str().unwrap()]).await.unwrap();
    shown += &format!("{out}{err}{error:?}{}", host.log());
    for secret in [TestObjects::ACCESS_KEY, TestObjects::SECRET_KEY] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// How many files there are below a folder.
fn parts(folder: &Path) -> usize {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let below = |entry: std::fs::DirEntry| match entry.path().is_dir() {
        true => parts(&entry.path()),
        false => 1,
    };
    entries.map(below).sum()
}

#[tokio::test]
async fn an_app_that_goes_away_in_an_upload_leaves_no_part_of_it() {
    let (server, shared) = (TestObjects::start().await.unwrap(), tempfile::tempdir().unwrap());
    let host = host(&server, &shared).await;
    let mut files = client(&host).await;
    let uploads = server.bucket().join(".sgwtmp/multipart");
    let chunks = std::iter::repeat_with(|| chunk(vec![7; 1 << 20])).take(20);
    let sent = [begin("default", "a/b")].into_iter().chain(chunks);
    let sent = stream::iter(sent).chain(stream::pending());
    let mut other = files.clone();
    let deadline = Instant::now() + PATIENCE;
    let wait = async |until: fn(usize) -> bool| {
        while !until(parts(&uploads)) {
            assert!(Instant::now() < deadline, "{} parts", parts(&uploads));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        answer = other.create(sent) => panic!("{answer:?}"),
        () = wait(|parts| parts > 0) => {}
    }
    wait(|parts| parts == 0).await;
    assert_eq!(get(&mut files, "default").await.unwrap(), None);
}
