// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Result, Tuple2 } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/sequencer@0.1.0", "next")
declare function _next(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/sequencer@0.1.0", "next-range")
declare function _nextRange(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: i32, a6: usize): void;

export enum Order {
  /** Grows in general, may skip: a host may take blocks ahead. Fast. */
  Weak,
  /** Each id is greater than any id of the key handed out before, by any host. */
  Strong,
}

/** A block of ids: `first ..= last`. */
export class Range {
  constructor(
    public first: u64,
    public last: u64,
  ) {}
}

/** The next id of a key. */
export function next(store_: string, key: string, order: Order): Result<u64, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keyPointer = abi.lowerString(key);
  const keyLength = abi.lowered.length;
  const area = abi.allocate(32, 8);
  _next(storePointer, storeLength, keyPointer, keyLength, order, area);
  let outcome: Result<u64, types.Error> = abi.zero<Result<u64, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<u64, types.Error>(load<u64>(area, 8));
  } else {
    const pointer = load<usize>(area, 24);
    const count = load<usize>(area, 28);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<u64, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** The next `size` ids of a key, one after the other; `size` is from 1 to 1,000,000. */
export function nextRange(store_: string, key: string, order: Order, size: u32): Result<Range, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keyPointer = abi.lowerString(key);
  const keyLength = abi.lowered.length;
  const area = abi.allocate(32, 8);
  _nextRange(storePointer, storeLength, keyPointer, keyLength, order, size, area);
  let outcome: Result<Range, types.Error> = abi.zero<Result<Range, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Range, types.Error>(new Range(load<u64>(area, 8), load<u64>(area, 16)));
  } else {
    const pointer = load<usize>(area, 24);
    const count = load<usize>(area, 28);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Range, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}
