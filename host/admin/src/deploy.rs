//! The deploy API: [`ottavo_control`] over HTTP/1.1 on a unix socket.

mod api;
mod body;
mod delete;
mod describe;
mod invoke;
mod lock;
mod logs;
mod socket;
mod state;
mod traffic;

pub use api::deploy;
pub use socket::{Bound, Config};
pub use state::Stores;
