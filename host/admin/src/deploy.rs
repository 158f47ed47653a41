//! The deploy API: [`ottavo_control`] over HTTP/1.1 on a unix socket.

mod api;
mod body;
mod invoke;
mod lock;
mod socket;

pub use socket::{Bound, Config};
