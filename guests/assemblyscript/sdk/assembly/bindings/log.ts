// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Tuple2 } from "./abi";

// @ts-ignore: decorator
@external("ottavo:runtime/log@0.1.0", "emit")
declare function _emit(a0: i32, a1: usize, a2: usize, a3: usize, a4: usize): void;

export enum Level {
  Trace,
  Debug,
  Info,
  Warn,
  Error,
}

export function emit(level: Level, message: string, fields: Array<Tuple2<string, string>>): void {
  const mark = abi.mark();
  const messagePointer = abi.lowerString(message);
  const messageLength = abi.lowered.length;
  const fieldsPointer = abi.allocate(fields.length * 16, 4);
  for (let i = 0; i < fields.length; i++) {
    const element = fields[i];
    const base = fieldsPointer + i * 16;
    const fPointer = abi.lowerString(element.f0);
    const fLength = abi.lowered.length;
    store<usize>(base, fLength, 4);
    store<usize>(base, fPointer, 0);
    const fPointer2 = abi.lowerString(element.f1);
    const fLength2 = abi.lowered.length;
    store<usize>(base, fLength2, 12);
    store<usize>(base, fPointer2, 8);
  }
  _emit(level, messagePointer, messageLength, fieldsPointer, fields.length);
  abi.reset(mark);
}
