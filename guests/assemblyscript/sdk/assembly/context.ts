// What surrounds this call.

import * as host from "./bindings/context";

/** The request's id, the same in the host's log and in the error answers. */
export function requestId(): string {
  return host.requestId();
}

/** The milliseconds left until the deadline. */
export function remaining(): u64 {
  return host.remaining();
}

/** Who calls by name, when known: a function's name or an app id. Null for a request over HTTP. */
export function caller(): string | null {
  return host.caller();
}

/** The address of the HTTP client; null for a call by name. */
export function remote(): string | null {
  return host.remote();
}

/**
 * A fact by name: `function`, `version`, `route`, `scheme` (of the HTTP trigger), `depth` (how many calls by
 * name this one is within), `traceparent`, `tracestate`, `baggage`.
 */
export function get(name: string): string | null {
  return host.get(name);
}

/** A setting of the function: `[env]` of its manifest, as overridden at deploy. */
export function setting(name: string): string | null {
  return host.setting(name);
}
