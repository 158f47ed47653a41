//! The rule book: every block call of every door passes through it.
