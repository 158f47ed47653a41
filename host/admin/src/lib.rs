//! The deploy API on a unix socket, and the read-only actuator.
