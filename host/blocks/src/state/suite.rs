//! The behaviour suite of state.
