// Requests to the outside, to hosts that the manifest's `[needs] egress` names.

import * as host from "./bindings/http-client";
import { Outgoing, allAnswered, answered } from "./outgoing";
import { Response } from "./response";
import { Result } from "./result";

export { Outgoing } from "./outgoing";

/**
 * Sends a request and waits for the whole answer. Any status is an answer; redirects are not followed.
 * `denied` without a grant for the host, or when its name leads to an address that the grant does not
 * cover; `unavailable`, `timeout`, `too-large`.
 */
export function send(request: Outgoing): Result<Response> {
  return answered(host.send(request.raw()));
}

/** Sends up to 100 requests, some of them at the same time; the answers in the order asked. */
export function sendMany(requests: Outgoing[]): Array<Result<Response>> {
  const raw = new Array<host.Outgoing>(requests.length);
  for (let i = 0; i < raw.length; i++) raw[i] = requests[i].raw();
  return allAnswered(host.sendMany(raw));
}
