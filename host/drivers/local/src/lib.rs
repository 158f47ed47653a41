//! Embedded durable storage in the data directory.
