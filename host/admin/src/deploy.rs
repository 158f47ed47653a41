//! The deploy API: [`ottavo_control`] over HTTP/1.1 on a unix socket, and on TCP for who shows a token.

mod api;
mod body;
mod delete;
mod describe;
mod guard;
mod invoke;
mod lock;
mod logs;
mod socket;
mod state;
mod tcp;
mod traffic;

pub use api::deploy;
pub use socket::{Bound, Bounds, Config};
pub use state::Stores;
pub use tcp::Tcp;
