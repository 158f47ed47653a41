//! Uploads go to disk as they arrive: large ones, broken ones, slow ones, many at once.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper_util::rt::TokioIo;
use ottavo_core::Digest;
use ottavo_core::digest::Hasher;
use ottavo_test_support::{Answer, TestHost};
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

const PIECE: usize = 64 << 10;

type Piece = Result<Frame<Bytes>, std::io::Error>;

/// An upload under way: what is sent goes out, and the answer comes when there is one.
struct Upload {
    pieces: mpsc::Sender<Piece>,
    answer: tokio::task::JoinHandle<Answer>,
}

impl Upload {
    async fn begin(host: &TestHost, digest: Digest) -> Upload {
        let stream = UnixStream::connect(host.data_dir().join("deploy.sock")).await.unwrap();
        let (pieces, body) = mpsc::channel(1);
        let answer = tokio::task::spawn(async move {
            let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
            let (mut sender, connection) = handshake.await.unwrap();
            let request = http::Request::put(format!("/v1/artifacts/{digest}"));
            let request = request.header("host", "ottavo");
            let request = request.body(StreamBody::new(ReceiverStream::new(body))).unwrap();
            let answer = async {
                let (head, body) = sender.send_request(request).await.unwrap().into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                Answer { status: head.status.as_u16(), headers: head.headers, body }
            };
            tokio::select! {
                answer = answer => answer,
                ended = async { drop(connection.await); std::future::pending::<()>().await } => {
                    unreachable!("{ended:?}")
                }
            }
        });
        Upload { pieces, answer }
    }

    async fn send(&self, piece: &Bytes) {
        // nobody takes more of what was refused
        drop(self.pieces.send(Ok(Frame::data(piece.clone()))).await);
    }

    async fn answer(self) -> Answer {
        drop(self.pieces);
        tokio::time::timeout(PATIENCE, self.answer).await.expect("an answer").unwrap()
    }
}

/// What lies in the folder of artifacts, whole or not.
fn files(host: &TestHost) -> Vec<PathBuf> {
    let folder = fs::read_dir(host.data_dir().join("functions/artifacts")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

async fn until_files(host: &TestHost, many: usize) {
    let wait = async {
        while files(host).len() != many {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the files of uploads");
}

/// The most memory that its process ever held.
fn peak(host: &TestHost) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", host.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn a_large_upload_takes_disk_and_no_memory() {
    let config = "[deploy]\nmax_upload = \"256MiB\"\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    let piece = Bytes::from(vec![7; PIECE]);
    let many = (220 << 20) / PIECE;
    let mut hasher = Hasher::default();
    (0..many).for_each(|_| hasher.update(&piece));
    let before = host.resident_bytes().unwrap();
    let upload = Upload::begin(&host, hasher.finish()).await;
    for _ in 0..many {
        upload.send(&piece).await;
    }
    let answer = upload.answer().await;
    assert_eq!((answer.status, &answer.json()["size"]), (200, &(220 << 20).into()));
    let grown = peak(&host).saturating_sub(before) >> 20;
    println!("220 MiB were uploaded, the host grew by {grown} MiB");
    assert!(grown < 32, "it grew by {grown} MiB");
}

#[tokio::test]
async fn nothing_stays_of_what_breaks_off_or_is_refused() {
    let config = "[deploy]\nmax_upload = \"1MiB\"\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    let piece = Bytes::from(vec![7; PIECE]);
    let of_one = Digest::of(&piece);

    let upload = Upload::begin(&host, of_one).await;
    upload.send(&piece).await;
    until_files(&host, 1).await;
    upload.answer.abort();
    until_files(&host, 0).await;

    let upload = Upload::begin(&host, Digest::of(b"other")).await;
    upload.send(&piece).await;
    let refused = upload.answer().await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert!(refused.text().contains("the artifact has the digest"), "{}", refused.text());

    let upload = Upload::begin(&host, of_one).await;
    for _ in 0..17 {
        upload.send(&piece).await;
    }
    let refused = upload.answer().await;
    assert_eq!(refused.status, 413, "{}", refused.text());
    assert!(refused.text().contains("over the limit of 1MiB"), "{}", refused.text());
    assert_eq!(files(&host), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn one_that_stops_sending_is_given_up() {
    let config = "[deploy]\nupload_timeout = \"300ms\"\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    let piece = Bytes::from(vec![7; PIECE]);
    let upload = Upload::begin(&host, Digest::of(&piece)).await;
    upload.send(&piece).await;
    let Upload { pieces, answer } = upload;
    let refused = tokio::time::timeout(PATIENCE, answer).await.expect("an answer").unwrap();
    assert_eq!(refused.status, 408, "{}", refused.text());
    assert!(refused.text().contains("64KiB or its end in 300ms"), "{}", refused.text());
    until_files(&host, 0).await;
    drop(pieces);
}

#[tokio::test]
async fn only_so_many_arrive_at_once() {
    let host = TestHost::start().await.unwrap();
    let piece = Bytes::from(vec![7; PIECE]);
    let mut under_way = Vec::new();
    for n in 1..=8 {
        let upload = Upload::begin(&host, Digest::of(&piece)).await;
        upload.send(&piece).await;
        until_files(&host, n).await;
        under_way.push(upload);
    }
    let refused = Upload::begin(&host, Digest::of(&piece)).await.answer().await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.text().contains("8 uploads are under way"), "{}", refused.text());
    for upload in under_way {
        assert_eq!(upload.answer().await.status, 200);
    }
    assert_eq!(files(&host).len(), 1, "all of them were the same");
}

#[tokio::test]
async fn one_for_which_the_disk_has_no_room_is_told_so_and_leaves_nothing() {
    // what a file may have: the signal that goes with it is ignored, so that a write fails
    let within = "trap '' XFSZ; ulimit -f 6000";
    let host = TestHost::builder().within(within).start().await.unwrap();
    let piece = Bytes::from(vec![7; PIECE]);
    let upload = Upload::begin(&host, Digest::of(b"four MiB")).await;
    for _ in 0..(4 << 20) / PIECE {
        upload.send(&piece).await;
    }
    let refused = upload.answer().await;
    assert_eq!(refused.status, 507, "{}", refused.text());
    assert!(refused.text().contains("there is no room on the disk"), "{}", refused.text());
    until_files(&host, 0).await;
    let upload = Upload::begin(&host, Digest::of(&piece)).await;
    upload.send(&piece).await;
    assert_eq!(upload.answer().await.status, 200);
}
