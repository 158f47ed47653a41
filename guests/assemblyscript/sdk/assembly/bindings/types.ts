// Generated from WIT by `cargo xtask gen`; not for editing.

import { Tuple2 } from "./abi";

/** What went wrong, as a caller can act on it. One table gives the gRPC code and the HTTP status of each. */
export enum ErrorKind {
  /** The caller's input is wrong; repeating it cannot help. */
  InvalidArgument,
  Unauthenticated,
  /** The function holds no grant for this. */
  Denied,
  /** The named store, function or thing does not exist. A missing *value* is not an error. */
  NotFound,
  AlreadyExists,
  /** A stale etag, or a concurrent write. */
  Conflict,
  /** Not in this state or configuration. */
  FailedPrecondition,
  TooLarge,
  /** A limit or quota is used up; later may help. */
  Exhausted,
  /** This store's driver cannot do this. */
  Unsupported,
  /** The deadline passed; whether it took effect is unknown. */
  Timeout,
  Cancelled,
  /** The backend is down. */
  Unavailable,
  DataLoss,
  /** A fault of the host; `details` holds the request id. */
  Internal,
  /** From a newer host: treat as `internal`. */
  Other,
}

/** The one error of every runtime API. */
export class Error {
  constructor(
    public kind: ErrorKind,
    /** For people: what was attempted, on what, and the next step. Never a vendor's internals. */
    public message: string,
    /** True when repeating the same call later may succeed and does no harm. */
    public retryable: bool,
    /** For programs: `etag`, `index`, `limit`, `retry-after-ms`, `request-id`, ... */
    public details: Array<Tuple2<string, string>>,
  ) {}
}
