// Globals of every function, which `asc --use` puts in place of the language's own.
//
// Nothing here may import by a relative path: the compiler sees these files as its own library.

import { Level, emit } from "@ottavo/sdk/assembly/bindings/log";
import { requestId } from "@ottavo/sdk/assembly/bindings/context";
import { Date } from "date";

// @ts-ignore: decorator
@external("ottavo:runtime/log@0.1.0", "emit")
declare function report(level: i32, text: usize, length: usize, fields: usize, count: usize): void;

const MESSAGE: string = "the function aborted";
const PANIC: string = "panic";
const LOCATION: string = "location";
const UNSAID: string = "assertion failed";
const STACK: string = "stack overflow";

/** Fields, and the texts beside them: an abort may come from a full heap or stack. */
// @ts-ignore: decorator
@lazy const ROOM: usize = memory.data(4096, 8);
const END: usize = 4096;
/** Two pairs of two texts. */
const FIELDS: usize = 32;

// @ts-ignore: decorator
@lazy let aborted: bool = false;
// @ts-ignore: decorator
@lazy let used: usize = 0;

/** In place of `abort`: tells the host what failed and where, then ends the call. */
export function ottavo_abort(
  message: string | null = null,
  file: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  end(changetype<usize>(message), changetype<usize>(file), line, column);
}

/** Allocates nothing and holds nothing for the collector, hence addresses instead of strings. */
function end(message: usize, file: usize, line: u32, column: u32): void {
  if (!aborted) {
    aborted = true;
    used = FIELDS;
    if (message == 0) {
      message = changetype<usize>(UNSAID);
    } else if (size(message) == 0 && line == 1 && column == 1) {
      // the compiler adds the check of the stack too late for its texts to be in memory, unless a
      // program has the same, as this one now does
      message = changetype<usize>(STACK);
    }
    if (file != 0 && size(file) == 0) file = 0;
    const text = put(changetype<usize>(MESSAGE));
    const length = used - FIELDS;
    pair(0, changetype<usize>(PANIC), message);
    pair(16, changetype<usize>(LOCATION), file);
    if (file != 0) {
      number(line);
      number(column);
      store<usize>(ROOM, ROOM + used - load<usize>(ROOM, 24), 28);
    }
    report(Level.Error, text, length, ROOM, file == 0 ? 1 : 2);
  }
  unreachable();
}

/** Writes a field: the name and the value, one after the other. */
function pair(at: usize, name: usize, value: usize): void {
  const start = put(name);
  store<usize>(ROOM + at, start);
  store<usize>(ROOM + at, ROOM + used - start, 4);
  const text = value == 0 ? <usize>0 : put(value);
  store<usize>(ROOM + at, text, 8);
  store<usize>(ROOM + at, ROOM + used - text, 12);
}

/** What lies before an object: its size in bytes. */
function size(text: usize): u32 {
  return load<u32>(text - 4);
}

/** Copies a string as UTF-8, as far as there is room; where it begins. */
function put(text: usize): usize {
  const start = ROOM + used;
  const units = <usize>size(text) >> 1;
  // no unit needs more than 3 bytes; the rest is for what follows
  const room = (END - used - 256) / 3;
  const taken = units < room ? units : room;
  used += String.UTF8.encodeUnsafe(text, <i32>taken, start, false, String.UTF8.ErrorMode.REPLACE);
  return start;
}

/** Writes `:` and a number. */
function number(value: u32): void {
  store<u8>(ROOM + used, 0x3a);
  used += 1;
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits += 1;
  for (let at = digits - 1, rest = value; at >= 0; at--, rest /= 10) {
    store<u8>(ROOM + used + at, <u8>(0x30 + (rest % 10)));
  }
  used += digits;
}

/** In place of `console`: the function's log. */
export namespace ottavo_console {
  export function log(message: string = ""): void {
    emit(Level.Info, message, []);
  }
  export function debug(message: string = ""): void {
    emit(Level.Debug, message, []);
  }
  export function info(message: string = ""): void {
    emit(Level.Info, message, []);
  }
  export function warn(message: string = ""): void {
    emit(Level.Warn, message, []);
  }
  export function error(message: string = ""): void {
    emit(Level.Error, message, []);
  }
  export function assert<T>(condition: T, message: string = ""): void {
    if (!condition) emit(Level.Error, "assertion failed: " + message, []);
  }
}

/** In place of `trace`: a debug line with the numbers. */
export function ottavo_trace(
  message: string,
  n: i32 = 0,
  a0: f64 = 0,
  a1: f64 = 0,
  a2: f64 = 0,
  a3: f64 = 0,
  a4: f64 = 0,
): void {
  const numbers: f64[] = [a0, a1, a2, a3, a4];
  for (let i = 0; i < n && i < 5; i++) message += " " + numbers[i].toString();
  emit(Level.Debug, message, []);
}

/** What `Math.random` begins with: from the request's id. Random enough for chance, not for secrets. */
export function ottavo_seed(): f64 {
  const id = requestId();
  let hash: u64 = 0xcbf29ce484222325;
  for (let i = 0; i < id.length; i++) hash = (hash ^ <u64>id.charCodeAt(i)) * 0x100000001b3;
  return reinterpret<f64>(hash);
}

/** In place of `Date`: as it is, but there is no clock to ask. */
export class ottavo_Date extends Date {
  static now(): i64 {
    ERROR("functions in AssemblyScript have no clock: `Date.now` is not there");
    return 0;
  }
}

/** In place of `process`: a function has none. */
export namespace ottavo_process {
  export function exit(code: i32 = 0): void {
    abort("process.exit(" + code.toString() + ")");
  }
}
