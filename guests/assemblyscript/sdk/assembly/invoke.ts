// Calls to other functions and to outside apps, by name, within the manifest's `[needs] invoke`.

import { Tuple2 } from "./bindings/abi";
import { Outgoing as RawOutgoing } from "./bindings/http-client";
import * as host from "./bindings/invoke";
import { Outgoing, allAnswered, answered } from "./outgoing";
import { Response } from "./response";
import { Result } from "./result";

export { Outgoing } from "./outgoing";

/** One call of `callMany`. */
export class Planned {
  constructor(public readonly target: string, public readonly request: Outgoing) {}
}

/**
 * Calls a function or an app; the request's URL is a path with its query. A target is a name, or `fn:name`
 * for a function, or `app:id` for an app; without, a function comes first. Any status is an answer.
 * `denied` without a grant; `not-found`; `failed-precondition` with the detail `depth` when too many calls
 * are within each other; what a function returned as an error, with the detail `function`.
 */
export function call(target: string, request: Outgoing): Result<Response> {
  return answered(host.call_(target, request.raw()));
}

/** Makes up to 100 calls, some of them at the same time; the answers in the order asked. */
export function callMany(calls: Planned[]): Array<Result<Response>> {
  const raw = new Array<Tuple2<string, RawOutgoing>>(calls.length);
  for (let i = 0; i < raw.length; i++) {
    raw[i] = new Tuple2<string, RawOutgoing>(calls[i].target, calls[i].request.raw());
  }
  return allAnswered(host.callMany(raw));
}
