//! The deploy API as JSON types, shared by the admin listener and the CLI.
