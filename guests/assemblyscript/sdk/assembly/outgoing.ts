// Requests that a function sends, and what comes back.

import { Option, Result as RawResult, none, some } from "./bindings/abi";
import { Response as RawResponse } from "./bindings/http";
import { Outgoing as RawOutgoing } from "./bindings/http-client";
import { Error as RawError } from "./bindings/types";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { Response } from "./response";
import { Result, err, ok } from "./result";
import { encode, lowerCase } from "./text";

/** A request to be sent. Its URL is absolute; for `invoke` it is a path with its query. */
export class Outgoing {
  private timeout: Option<u64> = none<u64>();
  /** The header lines, in order. */
  headers: Pairs = Pairs.empty();
  /** The body. */
  body: Uint8Array = new Uint8Array(0);

  constructor(public readonly method: string, public readonly url: string) {}

  /** A `GET`. */
  static get(url: string): Outgoing {
    return new Outgoing("GET", url);
  }

  /** A `POST` with text. */
  static post(url: string, text: string): Outgoing {
    return new Outgoing("POST", url).withBody(text);
  }

  /** A `PUT` with text. */
  static put(url: string, text: string): Outgoing {
    return new Outgoing("PUT", url).withBody(text);
  }

  /** A `DELETE`. */
  static delete(url: string): Outgoing {
    return new Outgoing("DELETE", url);
  }

  /** Adds a header line. */
  withHeader(name: string, value: string): this {
    this.headers.append(lowerCase(name), value);
    return this;
  }

  /** Sets the body to text. */
  withBody(text: string): this {
    return this.withBytes(encode(text));
  }

  /** Sets the body to bytes. */
  withBytes(bytes: Uint8Array): this {
    this.body = bytes;
    return this;
  }

  /** How many milliseconds to wait; never beyond the function's own deadline. */
  within(millis: u64): this {
    this.timeout = some<u64>(millis);
    return this;
  }

  /** For the SDK: what the bindings take. */
  raw(): RawOutgoing {
    return new RawOutgoing(this.method, this.url, this.headers.raw(), this.body, this.timeout);
  }
}

/** For the SDK: what came back. */
export function answered(outcome: RawResult<RawResponse, RawError>): Result<Response> {
  if (outcome.isErr) return err<Response>(Error.of(outcome.error));
  return ok(Response.of(outcome.value));
}

/** For the SDK: the same for several. */
export function allAnswered(
  outcomes: Array<RawResult<RawResponse, RawError>>,
): Array<Result<Response>> {
  const all = new Array<Result<Response>>(outcomes.length);
  for (let i = 0; i < all.length; i++) all[i] = answered(outcomes[i]);
  return all;
}
