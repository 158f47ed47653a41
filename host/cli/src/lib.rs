//! The command line: one file per verb, output and exit codes.
