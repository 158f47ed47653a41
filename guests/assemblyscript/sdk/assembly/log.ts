// Structured logs, kept per function and request.

import * as host from "./bindings/log";
import { Pairs } from "./pairs";

/** How much a line matters. */
export { Level } from "./bindings/log";

/** Sends one line; the other functions are the short form. */
export function emit(level: host.Level, message: string, fields: Pairs): void {
  host.emit(level, message, fields.raw());
}

/** Every step. */
export function trace(message: string): void {
  host.emit(host.Level.Trace, message, []);
}

/** For whoever looks for a fault. */
export function debug(message: string): void {
  host.emit(host.Level.Debug, message, []);
}

/** What happened. */
export function info(message: string): void {
  host.emit(host.Level.Info, message, []);
}

/** Odd, but handled. */
export function warn(message: string): void {
  host.emit(host.Level.Warn, message, []);
}

/** Somebody must look. */
export function error(message: string): void {
  host.emit(host.Level.Error, message, []);
}

/** A line with a field for programs: `log.field("book", name).field("count", 3).info("counted")`. */
export function field<T>(name: string, value: T): Line {
  return new Line().field(name, value);
}

/** A line with fields, sent by its last call. */
export class Line {
  private fields: Pairs = Pairs.empty();

  field<T>(name: string, value: T): this {
    this.fields.append(name, shown(value));
    return this;
  }

  trace(message: string): void {
    emit(host.Level.Trace, message, this.fields);
  }

  debug(message: string): void {
    emit(host.Level.Debug, message, this.fields);
  }

  info(message: string): void {
    emit(host.Level.Info, message, this.fields);
  }

  warn(message: string): void {
    emit(host.Level.Warn, message, this.fields);
  }

  error(message: string): void {
    emit(host.Level.Error, message, this.fields);
  }
}

function shown<T>(value: T): string {
  if (isString<T>()) {
    return changetype<string>(value);
  } else {
    // @ts-ignore: whatever has no toString is refused here, at compile time
    return value.toString();
  }
}
