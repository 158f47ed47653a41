//! The vendor's own client, without anything of ours: the floor.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use ottavo_test_support::Client;
use redis::aio::MultiplexedConnection;
use tokio::sync::Mutex;

use crate::measure::{Calls, calls};

/// Redis commands, one after the other, each a round trip.
pub(crate) fn redis(connection: &MultiplexedConnection, commands: &[&[&[u8]]]) -> Calls {
    let command = |words: &&[&[u8]]| {
        let mut command = redis::Cmd::new();
        for word in *words {
            command.arg(*word);
        }
        command
    };
    let commands: Arc<Vec<redis::Cmd>> = Arc::new(commands.iter().map(command).collect());
    let connection = connection.clone();
    calls(move || {
        let (mut connection, commands) = (connection.clone(), Arc::clone(&commands));
        async move {
            for command in commands.iter() {
                let _: redis::Value = command.query_async(&mut connection).await.unwrap();
            }
        }
    })
}

/// A file read whole.
pub(crate) fn read(path: PathBuf) -> Calls {
    calls(move || {
        let path = path.clone();
        async move {
            tokio::task::spawn_blocking(move || std::fs::read(path).unwrap()).await.unwrap();
        }
    })
}

/// A file written beside, synced and renamed.
pub(crate) fn write(path: PathBuf, data: Bytes) -> Calls {
    calls(move || {
        let (path, data) = (path.clone(), data.clone());
        async move {
            let written = tokio::task::spawn_blocking(move || {
                let part = path.with_extension("part");
                let mut file = std::fs::File::create(&part)?;
                file.write_all(&data)?;
                file.sync_all()?;
                std::fs::rename(part, path)
            });
            written.await.unwrap().unwrap();
        }
    })
}

/// A POST on one connection of hyper's client.
pub(crate) fn post(client: &Arc<Mutex<Client>>, path: &'static str, data: Bytes) -> Calls {
    let client = Arc::clone(client);
    calls(move || {
        let (client, data) = (Arc::clone(&client), data.clone());
        async move {
            let answer = client.lock().await.send("POST", path, data).await.unwrap();
            assert_eq!(answer.status, 200);
        }
    })
}
