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

/** Who calls, when authenticated: an app id or a function's name. */
export function caller(): string | null {
  return host.caller();
}

/** The client's address, after trusted proxies. */
export function remote(): string | null {
  return host.remote();
}

/** A fact by name: `function`, `version`, `route`, `scheme`, `traceparent`, ... */
export function get(name: string): string | null {
  return host.get(name);
}

/** A setting of the function: `[env]` of its manifest, as overridden at deploy. */
export function setting(name: string): string | null {
  return host.setting(name);
}
