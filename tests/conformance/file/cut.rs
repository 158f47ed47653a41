//! A transfer that is cut off leaves nothing behind: neither a file nor what was written of it.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use ottavo_core::Kind;
use ottavo_wire::from_status;
use ottavo_wire::v1::file_client::FileClient;
use ottavo_wire::v1::file_create_request::Step;
use ottavo_wire::v1::*;
use tokio::time::Instant;

use crate::host::Host;
use crate::servers::Servers;

fn begin(name: &str) -> FileCreateRequest {
    let (store, name) = ("local".to_owned(), name.to_owned());
    step(Step::Begin(FileBegin { store, name, ..FileBegin::default() }))
}

fn step(step: Step) -> FileCreateRequest {
    FileCreateRequest { step: Some(step) }
}

/// Waits until so many files are being written.
async fn expect(writing: &Path, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let found = std::fs::read_dir(writing).unwrap().count();
        if found == count {
            return;
        }
        assert!(Instant::now() < deadline, "{found} files are being written, not {count}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_cut_off_leaves_nothing() {
    let servers = Servers::start().await;
    let host = Host::start(&servers).await;
    let writing = host.data_dir().join("stores/file/local/files/.writing||");
    let mut client = FileClient::new(host.channel().await);
    let chunk = || step(Step::Chunk(Bytes::from_static(b"data")));

    // the app goes away in the middle
    let sent = stream::iter([begin("gone"), chunk()]).chain(stream::pending());
    let mut other = client.clone();
    tokio::select! {
        answer = other.create(sent) => panic!("{answer:?}"),
        () = expect(&writing, 1) => {}
    }
    expect(&writing, 0).await;

    // its stream ends, or says something else, without `finish`
    let broken: [Vec<FileCreateRequest>; 5] = [
        vec![begin("ended"), chunk()],
        vec![begin("twice"), chunk(), begin("twice")],
        vec![begin("unset"), chunk(), FileCreateRequest { step: None }],
        vec![begin("false"), chunk(), step(Step::Finish(false))],
        vec![chunk()],
    ];
    for steps in broken {
        let shown = format!("{steps:?}");
        let status = client.create(stream::iter(steps)).await.unwrap_err();
        assert_eq!(from_status(&status).kind(), Kind::InvalidArgument, "{shown}: {status:?}");
        expect(&writing, 0).await;
    }
    let large = step(Step::Chunk(Bytes::from(vec![0; (1 << 20) + 1])));
    let status = client.create(stream::iter([begin("large"), large])).await.unwrap_err();
    assert_eq!(from_status(&status).kind(), Kind::TooLarge);
    expect(&writing, 0).await;

    // nothing of all that is there
    let request = FileListRequest { store: "local".to_owned(), limit: 10, ..Default::default() };
    assert_eq!(client.list(request).await.unwrap().into_inner().files, []);
}
