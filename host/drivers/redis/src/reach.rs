//! From options to clients: one server, the master that sentinels name, or a cluster.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ottavo_core::{Error, Result, Secret};
use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::io::tcp::socket2::TcpKeepalive;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, ClientTlsConfig, ConnectionAddr, ConnectionInfo,
    IntoConnectionInfo, ProtocolVersion, PushKind, RedisConnectionInfo, RedisResult,
    TlsCertificates, TlsMode,
};

use crate::cluster::Cluster;
use crate::options::{Mode, RedisOptions};
use crate::places::PLACES;

/// How redis is reached.
pub(crate) enum Reach {
    Single(Box<Client>),
    /// The client remembers its connections to the sentinels.
    Sentinel(Box<tokio::sync::Mutex<SentinelClient>>),
    Cluster(Arc<Cluster>),
}

/// What calls are made over. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Link {
    Node(Node),
    Cluster(Arc<Cluster>),
}

/// A connection to one server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) connection: MultiplexedConnection,
    lost: Arc<AtomicBool>,
}

impl Node {
    /// Whether anything can still be sent over it.
    pub(crate) fn lives(&self) -> bool {
        !self.lost.load(Ordering::Acquire)
    }
}

impl Reach {
    /// Checks the options, without reaching for redis.
    ///
    /// # Errors
    /// `invalid-argument` with the option that is wrong; never with an address's password.
    pub(crate) fn new(options: &RedisOptions) -> Result<Reach> {
        check(options)?;
        let infos = options.url.iter().map(|url| address(url, options));
        let infos = infos.collect::<Result<Vec<_>>>()?;
        let first = infos.first().ok_or_else(|| Error::invalid("`url` is an empty list"))?;
        let tls = matches!(first.addr(), ConnectionAddr::TcpTls { .. });
        if infos.iter().any(|info| matches!(info.addr(), ConnectionAddr::TcpTls { .. }) != tls) {
            return Err(Error::invalid("`url` mixes `redis://` and `rediss://`: use one of them"));
        }
        let certificates = certificates(options, tls)?;
        let refused = |error: redis::RedisError| {
            Error::invalid("`url` cannot be used as it is").with_source(error)
        };
        match options.mode {
            Mode::Single => single(first.clone(), certificates),
            Mode::Sentinel => sentinel(options, &infos, certificates),
            Mode::Cluster => cluster(infos, certificates, options.connect_timeout.0),
        }
        .map_err(refused)
    }

    pub(crate) fn is_cluster(&self) -> bool {
        matches!(self, Reach::Cluster(_))
    }

    /// Connects and signs in.
    pub(crate) async fn connect(&self, timeout: Duration) -> RedisResult<Link> {
        match self {
            Reach::Single(client) => Ok(Link::Node(node(client, timeout).await?)),
            Reach::Sentinel(sentinels) => {
                let master = sentinels.lock().await.async_get_client().await?;
                Ok(Link::Node(node(&master, timeout).await?))
            }
            Reach::Cluster(cluster) => {
                cluster.refresh().await?;
                Ok(Link::Cluster(Arc::clone(cluster)))
            }
        }
    }

    /// Connects to one server, in a cluster to any, on a connection that hears what is published on
    /// the channels of a pattern. `heard` is called for each message, and when the connection ends.
    pub(crate) async fn listen(
        &self,
        timeout: Duration,
        pattern: &str,
        heard: impl Fn() + Send + Sync + 'static,
    ) -> RedisResult<Node> {
        let mut node = match self {
            Reach::Single(client) => hearing(client, timeout, heard).await?,
            Reach::Sentinel(sentinels) => {
                let master = sentinels.lock().await.async_get_client().await?;
                hearing(&master, timeout, heard).await?
            }
            // a cluster passes on to all of its nodes what is published on one
            Reach::Cluster(cluster) => hearing(&cluster.any().await?, timeout, heard).await?,
        };
        node.connection.psubscribe(pattern).await?;
        Ok(node)
    }
}

/// Connects to one server and signs in.
pub(crate) async fn node(client: &Client, timeout: Duration) -> RedisResult<Node> {
    hearing(client, timeout, || {}).await
}

/// The same; `heard` is called for each message that is published, and when the connection ends.
async fn hearing(
    client: &Client,
    timeout: Duration,
    heard: impl Fn() + Send + Sync + 'static,
) -> RedisResult<Node> {
    let lost = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&lost);
    // deadlines are those of the calls, and differ from one to the next
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(None)
        // who has a place never waits for one in the queue
        .set_pipeline_buffer_size(PLACES as usize)
        .set_push_sender(move |push: redis::PushInfo| {
            if push.kind == PushKind::Disconnection {
                flag.store(true, Ordering::Release);
            }
            if matches!(push.kind, PushKind::Disconnection | PushKind::PMessage) {
                heard();
            }
            Ok::<(), redis::aio::SendError>(())
        });
    let connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    Ok(Node { connection, lost })
}

/// What only makes sense together.
fn check(options: &RedisOptions) -> Result<()> {
    let wrong = |message: &str| Err(Error::invalid(message));
    let sentinel = options.mode == Mode::Sentinel;
    if options.connect_timeout.0.is_zero() {
        return wrong("`connect_timeout` is zero: nothing could be done in no time");
    }
    match (options.mode, &options.master) {
        (Mode::Sentinel, None) => {
            return wrong("`mode` is `sentinel` without `master`: name the master to ask for");
        }
        (Mode::Single | Mode::Cluster, Some(_)) => {
            return wrong("`master` goes with `mode = \"sentinel\"` only");
        }
        _ => {}
    }
    if !sentinel && (options.sentinel_username.is_some() || options.sentinel_password.is_some()) {
        return wrong(
            "`sentinel_username` and `sentinel_password` go with `mode = \"sentinel\"` only",
        );
    }
    if options.mode == Mode::Single && options.url.len() > 1 {
        return wrong(
            "`url` has several addresses: set `mode` to `sentinel` or `cluster`, or name one",
        );
    }
    if options.cert.is_some() != options.key.is_some() {
        return wrong("`cert` and `key` go together: set both or none");
    }
    Ok(())
}

/// One address with what all connections have in common.
fn address(url: &Secret<String>, options: &RedisOptions) -> Result<ConnectionInfo> {
    // the library's reasons are fixed texts, without the address
    let info = url.expose().as_str().into_connection_info().map_err(|error| {
        let reason = error.to_string().to_lowercase();
        let reason = reason.split(" - ").next().unwrap_or_default().to_owned();
        Error::invalid(format!(
            "`url` is no address of redis ({reason}): write it like `redis://127.0.0.1:6379`, \
             `rediss://user:password@host:6379/0` or `unix:///run/redis.sock`"
        ))
    })?;
    match info.addr() {
        ConnectionAddr::TcpTls { insecure: true, .. } => {
            return Err(Error::invalid(
                "`url` ends with `#insecure`, which is not supported: name the certificate's \
                 signer with `ca`",
            ));
        }
        ConnectionAddr::Unix(_) if options.mode != Mode::Single => {
            return Err(Error::invalid("a unix socket goes with `mode = \"single\"` only"));
        }
        _ => {}
    }
    let settings = info.redis_settings();
    if options.mode == Mode::Cluster && settings.db() != 0 {
        let db = settings.db();
        return Err(Error::invalid(format!("`url` names database {db}: a cluster has only 0")));
    }
    let username = options.username.as_deref().or(settings.username());
    let password = options.password.as_ref().map(|text| text.expose().as_str());
    let mut own = RedisConnectionInfo::default()
        .set_db(settings.db())
        .set_protocol(ProtocolVersion::RESP3)
        .set_lib_name("ottavo", env!("CARGO_PKG_VERSION"));
    if let Some(username) = username {
        own = own.set_username(username);
    }
    if let Some(password) = password.or(settings.password()) {
        own = own.set_password(password);
    }
    Ok(info.set_tcp_settings(tcp()).set_redis_settings(own))
}

/// A peer that vanished without a word is noticed within about 15 seconds. One that is only slow
/// acknowledges what it is sent, and stays.
fn tcp() -> TcpSettings {
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_secs(5))
        .with_interval(Duration::from_secs(5))
        .with_retries(2);
    let settings = TcpSettings::default().set_nodelay(true).set_keepalive(keepalive);
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(Duration::from_secs(15));
    settings
}

fn certificates(options: &RedisOptions, tls: bool) -> Result<Option<TlsCertificates>> {
    if options.ca.is_none() && options.cert.is_none() {
        return Ok(None);
    }
    if !tls {
        return Err(Error::invalid("`ca`, `cert` and `key` go with `rediss://` addresses only"));
    }
    let client_tls = match (&options.cert, &options.key) {
        (Some(cert), Some(key)) => Some(ClientTlsConfig {
            client_cert: read("cert", cert)?,
            client_key: read("key", key)?,
        }),
        _ => None,
    };
    let root_cert = options.ca.as_deref().map(|path| read("ca", path)).transpose()?;
    Ok(Some(TlsCertificates { client_tls, root_cert }))
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let (path, kind) = (path.display(), error.kind());
        Error::invalid(format!("`{option}` is `{path}`, which cannot be read: {kind}"))
    })
}

fn single(info: ConnectionInfo, certificates: Option<TlsCertificates>) -> RedisResult<Reach> {
    Ok(Reach::Single(Box::new(client(info, certificates)?)))
}

fn client(info: ConnectionInfo, certificates: Option<TlsCertificates>) -> RedisResult<Client> {
    match certificates {
        Some(certificates) => Client::build_with_tls(info, certificates),
        None => Client::open(info),
    }
}

fn sentinel(
    options: &RedisOptions,
    infos: &[ConnectionInfo],
    certificates: Option<TlsCertificates>,
) -> RedisResult<Reach> {
    let addresses = infos.iter().map(|info| info.addr().clone());
    let master = options.master.as_deref().unwrap_or_default();
    let settings = infos.first().map(|info| info.redis_settings().clone()).unwrap_or_default();
    let mut builder = SentinelClientBuilder::new(addresses, master, SentinelServerType::Master)?
        .set_client_to_redis_db(settings.db())
        .set_client_to_redis_protocol(ProtocolVersion::RESP3)
        .set_client_to_redis_tcp_settings(tcp())
        .set_client_to_sentinel_tcp_settings(tcp());
    if let Some(username) = settings.username() {
        builder = builder.set_client_to_redis_username(username);
    }
    if let Some(password) = settings.password() {
        builder = builder.set_client_to_redis_password(password);
    }
    if let Some(username) = &options.sentinel_username {
        builder = builder.set_client_to_sentinel_username(username);
    }
    if let Some(password) = &options.sentinel_password {
        builder = builder.set_client_to_sentinel_password(password.expose());
    }
    if matches!(infos.first().map(ConnectionInfo::addr), Some(ConnectionAddr::TcpTls { .. })) {
        builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
    }
    if let Some(certificates) = certificates {
        builder = builder
            .set_client_to_redis_certificates(certificates.clone())
            .set_client_to_sentinel_certificates(certificates);
    }
    Ok(Reach::Sentinel(Box::new(tokio::sync::Mutex::new(builder.build()?))))
}

fn cluster(
    infos: Vec<ConnectionInfo>,
    certificates: Option<TlsCertificates>,
    connect_timeout: Duration,
) -> RedisResult<Reach> {
    // wrong certificates are found now
    if let Some(first) = infos.first() {
        client(first.clone(), certificates.clone())?;
    }
    let dial = Box::new(move |info| client(info, certificates.clone()));
    Ok(Reach::Cluster(Arc::new(Cluster::new(infos, dial, connect_timeout))))
}
