//! From the table of a store to its bucket.

use std::sync::Arc;

use http::Uri;
use opendal::services::S3;
use opendal::{HttpTransporter, OperationContext, Operator};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Result, Shutdown};

use tokio::sync::RwLock;

use super::transport::Transport;
use crate::options::{Addressing, S3Options};

/// The sizes that a part may have: what services take, and what a host can hold.
const PARTS: (ByteCount, ByteCount) = (ByteCount::mib(5), ByteCount::mib(256));

/// Checks a table without asking the service.
///
/// # Errors
/// `invalid-argument` with the key that is wrong.
pub(crate) fn check(options: &S3Options) -> Result<()> {
    operator(options, &Shutdown::new(), Arc::default()).map(drop)
}

/// The bucket, whose connections end with `shutdown`, once `drafts` can be written. Connects to nothing yet.
///
/// # Errors
/// As [`check`].
pub(super) fn operator(
    options: &S3Options,
    shutdown: &Shutdown,
    drafts: Arc<RwLock<()>>,
) -> Result<Operator> {
    let S3Options { bucket, region, part_size, .. } = options;
    let root = options.root.as_deref().unwrap_or_default();
    let wrong = |what: String| Err(Error::invalid(what));
    if bucket.is_empty()
        || !bucket.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    {
        let bucket = bucket.escape_debug();
        return wrong(format!("`bucket` is `{bucket}`: use letters, digits, `-`, `.` and `_`"));
    }
    if *part_size < PARTS.0 || *part_size > PARTS.1 {
        let (least, most) = PARTS;
        return wrong(format!("`part_size` is `{part_size}`: use `{least}` to `{most}`"));
    }
    for (key, secret) in [
        ("access_key_id", &options.access_key_id),
        ("secret_access_key", &options.secret_access_key),
    ] {
        if secret.expose().is_empty() {
            return wrong(format!("`{key}` is empty"));
        }
    }
    if root.split('/').any(|segment| matches!(segment, "." | "..")) || root.contains('\0') {
        let root = root.escape_debug();
        return wrong(format!("`root` is `{root}`: use segments without `.` and `..`"));
    }
    let aws = || format!("https://s3.{region}.amazonaws.com");
    let endpoint = options.endpoint.clone().unwrap_or_else(aws);
    let uri = endpoint.parse::<Uri>().ok().filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.path() == "/"
            && uri.query().is_none()
    });
    let Some(uri) = uri.filter(|uri| uri.authority().is_some_and(|a| !a.as_str().contains('@')))
    else {
        // not shown: it may hold a password
        return wrong("`endpoint` is no address such as `https://s3.example.com`".to_owned());
    };
    let secure = uri.scheme_str() == Some("https");
    let transport = Transport::new(options, secure, shutdown, drafts)?;
    let mut service = S3::default()
        .bucket(bucket)
        .region(region)
        .endpoint(&endpoint)
        .root(root)
        .access_key_id(options.access_key_id.expose())
        .secret_access_key(options.secret_access_key.expose())
        // only `settings` reads the environment
        .disable_config_load()
        .disable_ec2_metadata();
    if let Some(token) = &options.session_token {
        service = service.session_token(token.expose());
    }
    if options.addressing == Addressing::Host {
        service = service.enable_virtual_host_style();
    }
    let operator = Operator::new(service).map_err(|error| {
        Error::invalid("the table does not describe a bucket").with_source(error)
    })?;
    let context = OperationContext::new().with_http_transport(HttpTransporter::new(transport));
    Ok(operator.with_context(context))
}
