// A value, or why there is none: AssemblyScript has no exceptions that could be caught.

import { zero } from "./bindings/abi";
import { Error } from "./error";

/** What every fallible operation returns: look at `isErr` first. */
export class Result<T> {
  /** Use `ok` and `err`. */
  constructor(private good: T, private bad: Error | null) {}

  get isOk(): bool {
    return this.bad === null;
  }

  get isErr(): bool {
    return this.bad !== null;
  }

  /** The value; ends the call if there is none. */
  get value(): T {
    const bad = this.bad;
    if (bad !== null) throw new Error("a result without a value was used: " + bad.toString());
    return this.good;
  }

  /** Why there is no value; ends the call if there is one. */
  get error(): Error {
    const bad = this.bad;
    if (bad === null) throw new Error("the error of a result that has a value was used");
    return bad;
  }

  /** The value, or another one in its place. */
  valueOr(other: T): T {
    return this.bad === null ? this.good : other;
  }
}

/** A result with a value. */
export function ok<T>(value: T): Result<T> {
  return new Result<T>(value, null);
}

/** A result without: `return err<Response>(Error.notFound("..."))`. */
export function err<T>(error: Error): Result<T> {
  return new Result<T>(zero<T>(), error);
}

/** The result of what gives no value; it is always true where it is no error. */
export function done(): Result<bool> {
  return ok(true);
}
