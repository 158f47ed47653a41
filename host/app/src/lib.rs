//! Assembly only: builds everything from the settings, in order, and stops it in reverse.
//!
//! The order matters. Every address is taken before anything is opened, so that a second host on
//! the same ports changes nothing. Health answers first and says `starting`. The doors open when
//! all that is behind them stands; they close before it goes.

mod apps;
mod assembly;
mod compile;
mod deployer;
mod doors;
mod drivers;
mod examine;
mod failure;
mod files;
mod handover;
mod machine;
mod notify;
mod operator;
mod redrive;
mod run;
mod signals;
mod stop;
mod translate;

pub use compile::compile;
pub use deployer::Deployer;
pub use drivers::drivers;
pub use examine::{Examination, examine};
pub use failure::ServeError;
pub use run::{Start, serve, serve_within};
