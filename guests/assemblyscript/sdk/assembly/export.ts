// Between the host's call and the user's `handle` or `receive`.

import { Result as RawResult, err, ok } from "./bindings/abi";
import { Event as RawEvent, Outcome as RawOutcome } from "./bindings/event-handler";
import { Request as RawRequest, Response as RawResponse } from "./bindings/http";
import { Error as RawError } from "./bindings/types";
import { Event } from "./event";
import { Outcome } from "./outcome";
import { Request } from "./request";
import { Response } from "./response";
import { Result } from "./result";

/** What goes to the host. */
export type Answer = RawResult<RawResponse, RawError>;

let handler: ((request: Request) => Answer) | null = null;

/** Gives the user's function, once, before the first request. */
export function serve(given: (request: Request) => Answer): void {
  handler = given;
}

/** What the generated entry calls. */
export function handle(request: RawRequest): Answer {
  return handler!(Request.of(request));
}

/** What goes to the host after an event. */
export type End = RawResult<RawOutcome, RawError>;

let receiver: ((event: Event) => End) | null = null;

/** Gives the user's function, once, before the first event. */
export function listen(given: (event: Event) => End): void {
  receiver = given;
}

/** What the generated entry calls. */
export function receive(event: RawEvent): End {
  return receiver!(Event.of(event));
}

/** Whatever `receive` may return, as the host wants it. */
export function end<T>(given: T): End {
  if (isReference<T>()) {
    if (idof<T>() == idof<Outcome>()) return ok<RawOutcome, RawError>(changetype<Outcome>(given).raw());
    if (idof<T>() == idof<Result<Outcome>>()) {
      const result = changetype<Result<Outcome>>(given);
      return result.isErr
        ? err<RawOutcome, RawError>(result.error.raw())
        : ok<RawOutcome, RawError>(result.value.raw());
    }
  }
  ERROR("`receive` returns an Outcome or a Result<Outcome>");
  return ok<RawOutcome, RawError>(Outcome.retry().raw());
}

/** Whatever `handle` may return, as the host wants it. */
export function answer<T>(given: T): Answer {
  if (isString<T>()) return respond(Response.text(changetype<string>(given)));
  if (isReference<T>()) {
    if (idof<T>() == idof<Response>()) return respond(changetype<Response>(given));
    if (idof<T>() == idof<Result<Response>>()) {
      const result = changetype<Result<Response>>(given);
      return result.isErr ? fail(result.error.raw()) : respond(result.value);
    }
    if (idof<T>() == idof<Result<string>>()) {
      const result = changetype<Result<string>>(given);
      return result.isErr ? fail(result.error.raw()) : respond(Response.text(result.value));
    }
  }
  ERROR("`handle` returns a Response, a string, or a Result of one of them");
  return respond(Response.status(500));
}

function respond(response: Response): Answer {
  return ok<RawResponse, RawError>(response.raw());
}

function fail(error: RawError): Answer {
  return err<RawResponse, RawError>(error);
}
