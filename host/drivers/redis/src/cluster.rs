//! A cluster: which node has a key, and a connection to each node that was asked.
//!
//! Only what redis did not do is done again, and that by `conn`: this room sends once, to the node
//! that it believes to be the right one, and learns from the answer.

mod slots;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use redis::{Client, Cmd, ConnectionAddr, ConnectionInfo, RedisError, RedisResult, Value};
use tokio::time::Instant;

use slots::{Address, Slots};
pub(crate) use slots::{slot, tag};

use crate::reach::{Node, node};

/// Makes the client of one node.
pub(crate) type Dial = Box<dyn Fn(ConnectionInfo) -> RedisResult<Client> + Send + Sync>;

/// How often the cluster is asked who has what, at most.
const PAUSE: Duration = Duration::from_millis(100);

/// What is known of a cluster.
pub(crate) struct Cluster {
    seeds: Vec<ConnectionInfo>,
    dial: Dial,
    timeout: Duration,
    slots: RwLock<Slots>,
    nodes: Mutex<HashMap<Address, Slot>>,
    /// When the cluster was asked last; held while it is asked.
    asked: tokio::sync::Mutex<Option<Instant>>,
}

/// The connection to one node, made by whoever comes first.
type Slot = Arc<tokio::sync::Mutex<Option<Node>>>;

/// What came of sending a command.
pub(crate) enum Sent {
    /// Nothing was sent.
    Not(RedisError),
    Answer(RedisResult<Value>),
}

impl Cluster {
    pub(crate) fn new(seeds: Vec<ConnectionInfo>, dial: Dial, timeout: Duration) -> Cluster {
        let (slots, nodes, asked) = Default::default();
        Cluster { seeds, dial, timeout, slots, nodes, asked }
    }

    /// Asks the cluster who has what, unless that was just done.
    pub(crate) async fn refresh(&self) -> RedisResult<()> {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < PAUSE) {
            return Ok(());
        }
        let known = self.slots.read().addresses();
        let seeds = self.seeds.iter().filter_map(|seed| address(seed.addr()));
        let mut command = redis::cmd("CLUSTER");
        command.arg("SLOTS");
        let mut last = None;
        for address in known.into_iter().chain(seeds) {
            match self.ask(&address, &command, false).await {
                Sent::Answer(Ok(answer)) => {
                    if let Some(slots) = Slots::read(&answer, &address) {
                        *self.slots.write() = slots;
                        *asked = Some(Instant::now());
                        return Ok(());
                    }
                }
                Sent::Answer(Err(error)) | Sent::Not(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(nobody))
    }

    /// The client of a node that answers now.
    pub(crate) async fn any(&self) -> RedisResult<Client> {
        self.refresh().await?;
        let address = self.slots.read().addresses().into_iter().next().ok_or_else(nobody)?;
        let like = self.seeds.first().cloned().ok_or_else(nobody)?;
        (self.dial)(at(like, &address))
    }

    /// Sends a command to the node that has the slot, or, when that node said so, to another one
    /// that is about to have it.
    pub(crate) async fn send(&self, command: &Cmd, slot: u16, other: Option<Address>) -> Sent {
        let owner = self.slots.read().owner(slot);
        match (other, owner) {
            (Some(other), _) => self.ask(&other, command, true).await,
            (None, Some(owner)) => self.ask(&owner, command, false).await,
            (None, None) => Sent::Not(nobody()),
        }
    }

    /// Remembers that a node has a slot.
    pub(crate) fn moved(&self, slot: u16, to: Address) {
        self.slots.write().moved(slot, to);
    }

    /// The first slots of all masters, in order.
    pub(crate) fn firsts(&self) -> Vec<u16> {
        self.slots.read().firsts()
    }

    async fn ask(&self, address: &Address, command: &Cmd, asking: bool) -> Sent {
        let mut connection = match self.connection(address).await {
            Ok(node) => node.connection,
            Err(error) => return Sent::Not(error),
        };
        if !asking {
            return Sent::Answer(connection.send_packed_command(command).await);
        }
        let mut both = redis::pipe();
        both.cmd("ASKING").add_command(command.clone());
        let answers = connection.send_packed_commands(&both, 1, 1).await;
        Sent::Answer(answers.and_then(|mut answers| answers.pop().ok_or_else(nobody)))
    }

    async fn connection(&self, address: &Address) -> RedisResult<Node> {
        let place = Arc::clone(self.nodes.lock().entry(address.clone()).or_default());
        let mut place = place.lock().await;
        if let Some(node) = place.as_ref().filter(|node| node.lives()) {
            return Ok(node.clone());
        }
        let like = self.seeds.first().cloned().ok_or_else(nobody)?;
        let client = (self.dial)(at(like, address))?;
        let made = tokio::time::timeout(self.timeout, node(&client, self.timeout)).await;
        let late = |_| RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
        Ok(place.insert(made.map_err(late)??).clone())
    }
}

/// The same connection to another address.
fn at(like: ConnectionInfo, (host, port): &Address) -> ConnectionInfo {
    let (host, port) = (host.clone(), *port);
    let address = match like.addr() {
        ConnectionAddr::TcpTls { insecure, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure: *insecure, tls_params: None }
        }
        _ => ConnectionAddr::Tcp(host, port),
    };
    like.set_addr(address)
}

fn address(address: &ConnectionAddr) -> Option<Address> {
    match address {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            Some((host.clone(), *port))
        }
        _ => None,
    }
}

fn nobody() -> RedisError {
    std::io::Error::new(std::io::ErrorKind::NotConnected, "no node of the cluster answers").into()
}
