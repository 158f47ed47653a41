//! A file and the environment become typed settings.
//!
//! # Behavior
//! - The file is the one asked for, else `OTTAVO_CONFIG`, else `ottavo.toml` in the current folder,
//!   else there is none and every setting has its default.
//! - The environment wins over the file (`OTTAVO_DATA_DIR`), [`Overrides`] win over both.
//! - `${NAME}` and `${NAME:-default}` in any text of the file are replaced from the environment. A
//!   secret may stand elsewhere: `{ env = "NAME" }`, `{ file = "PATH" }`, or in a secret store, for who
//!   opens the stores to ask: `{ secret = "STORE:NAME" }`. No secret is ever shown.
//! - All problems are reported at once, each with its place, its path and what is accepted.
//!
//! The structs in `settings/` are the one source of keys, texts, defaults and bounds. Their JSON
//! schema is what a file is read against ([`Settings::schema`]), what the reference is written from,
//! and what editors use; only a file that fits it is deserialised.
//!
//! This is the only room that reads the host's configuration and environment. It knows no driver:
//! [`Drivers`] gives the schema of a store's own options, which are handed on as JSON.

mod drivers;
mod effective;
mod env;
mod format;
mod origin;
mod overrides;
mod reference;
mod rules;
mod schema;
mod secret;
mod settings;

pub use ottavo_document::{Place, Problem, Problems};

pub use drivers::{Drivers, Finding};
pub use effective::Effective;
pub use env::Env;
pub use origin::Origin;
pub use overrides::Overrides;
pub use reference::Reference;
pub use settings::actuator::Actuator;
pub use settings::app::{App, Apps};
pub use settings::audit::Audit;
pub use settings::deploy::Deploy;
pub use settings::egress::Egress;
pub use settings::engine::{Compiler, Engine};
pub use settings::grpc::{Grpc, Listen};
pub use settings::http::{Errors, Http};
pub use settings::log::{Log, LogFormat};
pub use settings::policy::{FunctionPolicy, Policy};
pub use settings::shutdown::Shutdown;
pub use settings::stores::{BLOCKS, Block, StoreTable, Stores};
pub use settings::tls::TlsFiles;
pub use settings::{FILE, Settings};
