//! Versions, routes, instances and dispatch of deployed functions.
