//! Structured logs; the names of fields are constants.
