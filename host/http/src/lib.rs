//! The HTTP trigger: listener, connections, responses.
