// The one error of every runtime API and of a function's own answers.

import { Error as RawError, ErrorKind as Kind } from "./bindings/types";
import { isRetryable, kindName } from "./kind";
import { Pairs } from "./pairs";

/**
 * What went wrong. It is returned, never thrown: `throw` ends the call at once in AssemblyScript.
 * Returned from `handle` it becomes the HTTP status of its kind.
 */
export class Error {
  /** Whether repeating the same call later may succeed and does no harm. */
  retryable: bool;
  /** For programs: `etag`, `index`, `limit`, `retry-after-ms`, ... */
  details: Pairs = Pairs.empty();

  constructor(
    /** For people. */
    public message: string,
    /** What went wrong. */
    public kind: Kind = Kind.Internal,
  ) {
    this.retryable = isRetryable(kind);
  }

  /** Adds a pair for programs. */
  withDetail(name: string, value: string): this {
    this.details.append(name, value);
    return this;
  }

  /** Overrides whether repeating the call makes sense. */
  withRetryable(retryable: bool): this {
    this.retryable = retryable;
    return this;
  }

  /** Puts what was attempted in front of the message. */
  context(attempted: string): this {
    this.message = attempted + ": " + this.message;
    return this;
  }

  /** One detail. */
  detail(name: string): string | null {
    return this.details.get(name);
  }

  toString(): string {
    return kindName(this.kind) + ": " + this.message;
  }

  /** The caller's input is wrong: 400. */
  static invalidArgument(message: string): Error {
    return new Error(message, Kind.InvalidArgument);
  }

  /** The caller did not say who they are: 401. */
  static unauthenticated(message: string): Error {
    return new Error(message, Kind.Unauthenticated);
  }

  /** The caller may not do this: 403. */
  static denied(message: string): Error {
    return new Error(message, Kind.Denied);
  }

  /** What was asked for does not exist: 404. */
  static notFound(message: string): Error {
    return new Error(message, Kind.NotFound);
  }

  /** It exists and should not: 409. */
  static alreadyExists(message: string): Error {
    return new Error(message, Kind.AlreadyExists);
  }

  /** Somebody else wrote in between: 409. */
  static conflict(message: string): Error {
    return new Error(message, Kind.Conflict);
  }

  /** Not in this state or configuration: 412. */
  static failedPrecondition(message: string): Error {
    return new Error(message, Kind.FailedPrecondition);
  }

  /** Over a size limit: 413. */
  static tooLarge(message: string): Error {
    return new Error(message, Kind.TooLarge);
  }

  /** A limit or quota is used up: 429. */
  static exhausted(message: string): Error {
    return new Error(message, Kind.Exhausted);
  }

  /** Cannot be done here: 501. */
  static unsupported(message: string): Error {
    return new Error(message, Kind.Unsupported);
  }

  /** The deadline passed: 504. */
  static timeout(message: string): Error {
    return new Error(message, Kind.Timeout);
  }

  /** The caller went away: 499. */
  static cancelled(message: string): Error {
    return new Error(message, Kind.Cancelled);
  }

  /** Something needed is down: 503. */
  static unavailable(message: string): Error {
    return new Error(message, Kind.Unavailable);
  }

  /** Stored data cannot be read: 500. */
  static dataLoss(message: string): Error {
    return new Error(message, Kind.DataLoss);
  }

  /** A fault of the function or the host: 500. */
  static internal(message: string): Error {
    return new Error(message, Kind.Internal);
  }

  /** For the SDK: from the host. */
  static of(raw: RawError): Error {
    const error = new Error(raw.message, raw.kind);
    error.retryable = raw.retryable;
    error.details = Pairs.of(raw.details);
    return error;
  }

  /** For the SDK: to the host. */
  raw(): RawError {
    return new RawError(this.kind, this.message, this.retryable, this.details.raw());
  }
}
