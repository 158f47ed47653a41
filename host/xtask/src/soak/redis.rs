//! The redis of the soak: what it has acknowledged is on disk, so that it may be restarted.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::process;
use crate::setup::Ready;

const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

pub(super) struct Redis {
    program: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    child: Child,
}

impl Redis {
    pub(super) fn start(place: &Place, ready: &Ready) -> Result<Redis> {
        let folder = std::env::temp_dir().join(format!("ottavo-soak-{}-store", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("make {folder:?}"))?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let program = ready.program("redis-server");
        let child = spawn(place, &program, &folder, address)?;
        let redis = Redis { program, folder, address, child };
        redis.wait()?;
        Ok(redis)
    }

    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Stops it in order, and starts it again with what it has on disk.
    pub(super) fn restart(&mut self, place: &Place) -> Result<()> {
        self.end()?;
        self.child = spawn(place, &self.program, &self.folder, self.address)?;
        self.wait()
    }

    pub(super) fn stop(mut self) -> Result<()> {
        self.end()?;
        Ok(fs::remove_dir_all(&self.folder)?)
    }

    fn end(&mut self) -> Result<()> {
        let mut kill = std::process::Command::new("sh");
        kill.args(["-c", "kill -TERM \"$1\"", "sh", &self.child.id().to_string()]);
        process::quietly(&mut kill)?;
        self.child.wait()?;
        Ok(())
    }

    fn wait(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let asks = || {
            let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(b"PING\r\n")?;
            let mut answer = [0; 5];
            stream.read_exact(&mut answer)?;
            Ok::<_, std::io::Error>(&answer == b"+PONG")
        };
        while !asks().unwrap_or(false) {
            if Instant::now() > deadline {
                bail!("redis does not answer at {}", self.address);
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(place: &Place, program: &PathBuf, folder: &PathBuf, address: SocketAddr) -> Result<Child> {
    let mut command = place.command(program);
    command.args(["--bind", "127.0.0.1", "--port", &address.port().to_string()]);
    command.args(["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir"]);
    command.arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().context("start redis-server")
}
