//! Real hosts, real guests and clients for the tests.
