// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";

// @ts-ignore: decorator
@external("ottavo:runtime/context@0.1.0", "request-id")
declare function _requestId(a0: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/context@0.1.0", "remaining")
declare function _remaining(): i64;

// @ts-ignore: decorator
@external("ottavo:runtime/context@0.1.0", "caller")
declare function _caller(a0: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/context@0.1.0", "remote")
declare function _remote(a0: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/context@0.1.0", "get")
declare function _get(a0: usize, a1: usize, a2: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/context@0.1.0", "setting")
declare function _setting(a0: usize, a1: usize, a2: usize): void;

export function requestId(): string {
  const mark = abi.mark();
  const area = abi.allocate(8, 4);
  _requestId(area);
  const result = abi.liftString(load<usize>(area, 0), load<usize>(area, 4));
  abi.reset(mark);
  return result;
}

/** Until the deadline. */
export function remaining(): u64 {
  return <u64>_remaining();
}

/** Who calls by name, when known: a function's name or an app id. None for a request of the HTTP trigger. */
export function caller(): string | null {
  const mark = abi.mark();
  const area = abi.allocate(12, 4);
  _caller(area);
  let option: string | null = null;
  if (load<u8>(area, 0) != 0) {
    option = abi.liftString(load<usize>(area, 4), load<usize>(area, 8));
  }
  abi.reset(mark);
  return option;
}

/** The address of the HTTP client; none for a call by name. */
export function remote(): string | null {
  const mark = abi.mark();
  const area = abi.allocate(12, 4);
  _remote(area);
  let option: string | null = null;
  if (load<u8>(area, 0) != 0) {
    option = abi.liftString(load<usize>(area, 4), load<usize>(area, 8));
  }
  abi.reset(mark);
  return option;
}

/**
 * `function`, `version`, `route`, `scheme` (of the HTTP trigger), `depth` (how many calls by name this one is within),
 * `traceparent`, `tracestate`, `baggage`; none for what is not known.
 */
export function get(name: string): string | null {
  const mark = abi.mark();
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  const area = abi.allocate(12, 4);
  _get(namePointer, nameLength, area);
  let option: string | null = null;
  if (load<u8>(area, 0) != 0) {
    option = abi.liftString(load<usize>(area, 4), load<usize>(area, 8));
  }
  abi.reset(mark);
  return option;
}

/** A plain setting of the function: its manifest's `[env]`, as overridden at deploy. */
export function setting(name: string): string | null {
  const mark = abi.mark();
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  const area = abi.allocate(12, 4);
  _setting(namePointer, nameLength, area);
  let option: string | null = null;
  if (load<u8>(area, 0) != 0) {
    option = abi.liftString(load<usize>(area, 4), load<usize>(area, 8));
  }
  abi.reset(mark);
  return option;
}
