//! Clients that begin to speak TLS, and say no more.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ottavo_test_support::{Authority, TestHost, root};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::table::{Row, Table};

const CLIENTS: usize = 1000;

/// For a connection that the host is to close, and for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The head of a client's first message, of which the rest never comes.
const HALF_A_HELLO: [u8; 6] = [0x16, 3, 1, 2, 0, 1];

pub(crate) async fn all(table: &mut Table) {
    let name = "TLS handshakes that never end, 1,000 at a time";
    if !table.wants(name) {
        return;
    }
    let (folder, own) = (tempfile::tempdir().unwrap(), Authority::new());
    own.write(folder.path());
    let at = folder.path().display();
    let config = format!(
        "[http]\nheader_timeout = \"5s\"\n\
         tls = {{ cert = \"{at}/cert.pem\", key = \"{at}/key.pem\" }}\n"
    );
    let host = TestHost::builder().config(config).start().await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    let mut row = Row::default();
    let mut stalled = Vec::new();
    for n in 0..CLIENTS {
        let mut stream = TcpStream::connect(host.http()).await.unwrap();
        if n % 2 == 0 {
            stream.write_all(&HALF_A_HELLO).await.unwrap();
        }
        stalled.push(stream);
        // the system has room for so many that were not accepted yet, and forgets one more that says nothing
        if n % 100 == 0 {
            row.lost += u64::from(!answers(&host, &own).await);
        }
    }
    // all of them are there, and then one after the other is closed
    row.lost += u64::from(!answers(&host, &own).await);
    let mut lost = 0;
    let others = async {
        loop {
            lost += u64::from(!answers(&host, &own).await);
        }
    };
    tokio::select! {
        closed = join_all(stalled.into_iter().map(is_closed)) => {
            closed.into_iter().for_each(|closed| row.saw(closed, "it stays open"));
        }
        () = others => {}
    }
    row.lost += lost;
    row.lost += u64::from(!answers(&host, &own).await);
    table.add(name, row);
}

/// Whether a client that speaks TLS has its answer, on a connection of its own.
async fn answers(host: &TestHost, own: &Authority) -> bool {
    let asked = async {
        let Some(mut stream) = own.connect(host.http(), None, &["http/1.1"]).await else {
            return Err("no connection".to_owned());
        };
        let request = "GET /hello/ann HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.map_err(|error| format!("not sent: {error}"))?;
        let mut said = Vec::new();
        // a server need not say goodbye
        let end = stream.read_to_end(&mut said).await;
        let said = String::from_utf8_lossy(&said);
        match said.starts_with("HTTP/1.1 200") {
            true => Ok(()),
            false => Err(format!("{said:?}, and then {end:?}")),
        }
    };
    let begun = Instant::now();
    let outcome = timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err("no end".to_owned()));
    if let Err(why) = &outcome {
        let after = begun.elapsed();
        println!("somebody who speaks TLS was not answered, after {after:?}: {why}");
    }
    outcome.is_ok()
}

async fn is_closed(mut stream: TcpStream) -> bool {
    timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await.is_ok()
}
