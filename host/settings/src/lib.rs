//! A file and the environment become typed settings.
//!
//! # Behavior
//! - The file is the one asked for, else `OTTAVO_CONFIG`, else `ottavo.toml` in the current folder,
//!   else there is none and every setting has its default.
//! - The environment wins over the file (`OTTAVO_DATA_DIR`), [`Overrides`] win over both.
//! - `${NAME}` and `${NAME:-default}` in any text of the file are replaced from the environment.
//! - All problems are reported at once, each with its line, its path and what is accepted.
//!
//! This is the only room that reads the host's configuration and environment. It knows no driver:
//! what a store's table holds beside `driver` is handed on as JSON, and whether a driver exists is
//! asked through [`Settings::check_drivers`].

mod document;
mod env;
mod overrides;
mod problem;
mod section;
mod settings;

pub use env::Env;
pub use overrides::Overrides;
pub use problem::{Place, Problem, Problems};
pub use settings::actuator::Actuator;
pub use settings::engine::Engine;
pub use settings::grpc::{Grpc, Listen};
pub use settings::http::{Errors, Http};
pub use settings::log::{Log, LogFormat};
pub use settings::shutdown::Shutdown;
pub use settings::stores::{BLOCKS, Block, StoreTable, Stores};
pub use settings::{FILE, Settings};
