//! Clients that crawl, flood, vanish, or are many.

use std::time::Duration;

use futures_util::future::join_all;
use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::{StateEntry, StateGetManyRequest, StateGetRequest, StateSetRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::Code;
use tonic::transport::Channel;

use crate::scene::Scene;
use crate::table::Table;

/// For a connection that the host is to close.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn all(scene: &Scene, table: &mut Table) {
    scene
        .fault(table, "slowloris, 200 at a time", async |row| {
            for ended in join_all((0..200).map(|_| crawl(scene))).await {
                row.tried(ended);
            }
        })
        .await;
    scene
        .fault(table, "2,000 connections, of which 400 are allowed", async |row| {
            let mut open = Vec::new();
            for n in 0..2000 {
                let connected = TcpStream::connect(scene.host.http()).await;
                row.tried(connected.is_ok());
                open.extend(connected);
                // the system has room for so many that were not accepted yet
                if n % 100 == 0 {
                    drop(scene.ask("/hello/ann").await);
                }
            }
        })
        .await;
    scene
        .fault(table, "header bomb", async |row| {
            let many: String = (0..5000).map(|n| format!("x-{n}: 1\r\n")).collect();
            let long = format!("x-long: {}\r\n", "x".repeat(200_000));
            for bomb in [many, long].iter().cycle().take(20) {
                let request = format!("GET /hello/ann HTTP/1.1\r\nhost: a\r\n{bomb}\r\n");
                let said = say(scene, &request).await;
                row.saw(said.starts_with("HTTP/1.1 431"), &said);
            }
        })
        .await;
    scene
        .fault(table, "body over the limit", async |row| {
            for _ in 0..20 {
                let head =
                    "POST /faults/ok HTTP/1.1\r\nhost: a\r\ncontent-length: 900000000\r\n\r\n";
                let said = say(scene, head).await;
                row.saw(said.starts_with("HTTP/1.1 413"), &said);
            }
        })
        .await;
    scene
        .fault(table, "a request that is given up, at every moment of it", async |row| {
            // moments spread over the start, the host calls and the end of a request
            for moment in 0..100 {
                let asked = scene.ask("/faults/wait?millis=30");
                drop(timeout(Duration::from_micros(500 * moment), asked).await);
                row.tried(true);
            }
            let still = async {
                while running(scene).await > 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            // whoever runs on after its client has gone was not stopped
            if timeout(PATIENCE, still).await.is_err() {
                row.survived -= running(scene).await;
            }
        })
        .await;
    scene
        .fault(table, "trap in the middle of a stream", async |row| {
            for _ in 0..20 {
                let broke = breaks_off(scene).await;
                row.saw(broke == Some(true), broke);
            }
        })
        .await;
    scene
        .fault(table, "huge strings and lists over gRPC", async |row| huge(scene, row).await)
        .await;
}

/// Sends a head byte by byte; whether the host ends it.
async fn crawl(scene: &Scene) -> bool {
    let Ok(mut stream) = TcpStream::connect(scene.host.http()).await else { return false };
    let crawls = async {
        let mut pace = tokio::time::interval(Duration::from_millis(50));
        loop {
            pace.tick().await;
            if stream.write_all(b"x").await.is_err() {
                return;
            }
        }
    };
    timeout(PATIENCE, crawls).await.is_ok()
}

/// What the host says to these bytes until it closes, and how that fails.
async fn say(scene: &Scene, bytes: &str) -> String {
    let mut stream = match TcpStream::connect(scene.host.http()).await {
        Ok(stream) => stream,
        Err(error) => return format!("no connection: {error}"),
    };
    // it may close before it has read all of them
    drop(stream.write_all(bytes.as_bytes()).await);
    let mut said = Vec::new();
    let end = match timeout(PATIENCE, stream.read_to_end(&mut said)).await {
        Ok(Ok(_)) => String::new(),
        Ok(Err(error)) => format!("; then: {error}"),
        Err(_) => "; then no end".to_owned(),
    };
    String::from_utf8_lossy(&said).into_owned() + &end
}

/// How many calls of the function that misbehaves run now.
async fn running(scene: &Scene) -> u64 {
    let answer = scene.host.health("/actuator/metrics").await.unwrap();
    let series = "ottavo_instances_running{function=\"faults\"} ";
    let found = answer.text().lines().find_map(|line| line.strip_prefix(series));
    found.unwrap().parse().unwrap()
}

/// A guest traps after its head and a piece of its body; whether its answer has no end.
async fn breaks_off(scene: &Scene) -> Option<bool> {
    let mut stream = TcpStream::connect(scene.host.http()).await.ok()?;
    let head = "POST /w/steps HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(format!("{head}6\r\nhello\n\r\n").as_bytes()).await.ok()?;
    let mut said = Vec::new();
    while !said.windows(6).any(|part| part == b"hello\n") {
        let mut more = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut more)).await.ok()?.ok()?;
        if read == 0 {
            return Some(false);
        }
        said.extend(&more[..read]);
    }
    stream.write_all(b"5\r\ntrap\n\r\n").await.ok()?;
    drop(timeout(PATIENCE, stream.read_to_end(&mut said)).await.ok()?);
    Some(!said.ends_with(b"0\r\n\r\n"))
}

async fn huge(scene: &Scene, row: &mut crate::table::Row) {
    let endpoint = Channel::from_shared(format!("http://{}", scene.host.grpc())).unwrap();
    let mut client = StateClient::new(endpoint.connect().await.unwrap());
    let refused = |code| matches!(code, Code::InvalidArgument | Code::ResourceExhausted);
    let key = "k".repeat(1 << 20);
    let get = StateGetRequest { store: "default".into(), key: key.clone(), options: vec![] };
    let answer = client.get(get).await;
    row.saw(answer.as_ref().is_err_and(|status| refused(status.code())), &answer);
    let store = "s".repeat(1 << 20);
    let get = StateGetRequest { store, key: "a".into(), options: vec![] };
    let code = client.get(get).await.err().map(|status| status.code());
    row.saw(matches!(code, Some(Code::NotFound | Code::InvalidArgument)), code);
    let keys = (0..300_000).map(|n| n.to_string()).collect();
    let many = StateGetManyRequest { store: "default".into(), keys, ..Default::default() };
    let answer = client.get_many(many).await;
    row.saw(answer.as_ref().is_err_and(|status| refused(status.code())), &answer);
    let data = vec![0; 64 << 20].into();
    let entry = Some(StateEntry { key: "a".into(), data, ..StateEntry::default() });
    let set = StateSetRequest { store: "default".into(), entry };
    let answer = client.set(set).await;
    row.saw(answer.as_ref().is_err_and(|status| refused(status.code())), &answer);
    let get = StateGetRequest { store: "default".into(), key: "a".into(), options: vec![] };
    let answer = client.get(get).await;
    row.saw(answer.is_ok(), &answer);
}
