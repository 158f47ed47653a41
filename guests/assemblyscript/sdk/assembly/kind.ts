// The kinds of error.

import { ErrorKind } from "./bindings/types";

/** What went wrong, as a caller can act on it. Each kind has one HTTP status. */
export { ErrorKind as Kind } from "./bindings/types";

/** The name in WIT and in JSON answers: `invalid-argument`. */
export function kindName(kind: ErrorKind): string {
  switch (kind) {
    case ErrorKind.InvalidArgument: return "invalid-argument";
    case ErrorKind.Unauthenticated: return "unauthenticated";
    case ErrorKind.Denied: return "denied";
    case ErrorKind.NotFound: return "not-found";
    case ErrorKind.AlreadyExists: return "already-exists";
    case ErrorKind.Conflict: return "conflict";
    case ErrorKind.FailedPrecondition: return "failed-precondition";
    case ErrorKind.TooLarge: return "too-large";
    case ErrorKind.Exhausted: return "exhausted";
    case ErrorKind.Unsupported: return "unsupported";
    case ErrorKind.Timeout: return "timeout";
    case ErrorKind.Cancelled: return "cancelled";
    case ErrorKind.Unavailable: return "unavailable";
    case ErrorKind.DataLoss: return "data-loss";
    case ErrorKind.Internal: return "internal";
    default: return "other";
  }
}

/** Whether repeating the call later may succeed, unless an error says otherwise. */
export function isRetryable(kind: ErrorKind): bool {
  return kind == ErrorKind.Exhausted || kind == ErrorKind.Unavailable;
}
