//! The words every room shares: errors and their kinds, names, the context of a call, time,
//! limits and shutdown.
//!
//! Nothing in here does I/O, knows a vendor, or reads the environment. `tokio::spawn` is called
//! in `shutdown` and nowhere else.

pub mod clock;
pub mod context;
pub mod digest;
pub mod error;
pub mod kind;
pub mod limits;
pub mod name;
pub mod prefix;
pub mod schema;
pub mod secret;
pub mod shutdown;
pub mod surface;
pub mod trace;
pub mod units;

pub use clock::{Clock, SystemClock};
pub use context::{CallContext, Caller};
pub use digest::Digest;
pub use error::{Error, Result};
pub use kind::Kind;
pub use limits::{Limits, Reuse};
pub use name::{AppName, FunctionName, StoreName};
pub use prefix::KeyPrefix;
pub use secret::Secret;
pub use shutdown::Shutdown;
pub use surface::Surface;
pub use trace::Trace;
