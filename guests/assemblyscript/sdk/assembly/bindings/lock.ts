// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Result, Tuple2 } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/lock@0.1.0", "try-lock")
declare function _tryLock(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: i64, a8: i64, a9: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/lock@0.1.0", "renew")
declare function _renew(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: i64, a7: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/lock@0.1.0", "unlock")
declare function _unlock(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize): void;

export class Lease {
  constructor(
    public owner: string,
    /** Only grows for a resource. Hand it to what the lock protects, which must refuse a smaller one. */
    public fencingToken: u64,
    /** Until it expires unless renewed. */
    public remaining: u64,
  ) {}
}

export enum Release {
  Released,
  /** Nobody held it: it had expired, or was never taken. */
  NotHeld,
  /** Another owner holds it; nothing was done. */
  HeldByOther,
}

/**
 * Takes the lock, waiting up to `wait` and never beyond the deadline of the call; none when any owner, this one included,
 * still holds it. Without `owner` the host makes one up, unique for ever.
 */
export function tryLock(store_: string, resource: string, owner: string | null, ttl: u64, wait: u64): Result<Lease | null, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const resourcePointer = abi.lowerString(resource);
  const resourceLength = abi.lowered.length;
  let ownerCase: i32 = 0;
  let owner1: usize = 0;
  let owner2: usize = 0;
  if (owner !== null) {
    const payload2 = owner;
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    ownerCase = 1;
    owner1 = payloadPointer;
    owner2 = payloadLength;
  }
  const area = abi.allocate(40, 8);
  _tryLock(storePointer, storeLength, resourcePointer, resourceLength, ownerCase, owner1, owner2, ttl, wait, area);
  let outcome: Result<Lease | null, types.Error> = abi.zero<Result<Lease | null, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    let option: Lease | null = null;
    if (load<u8>(area, 8) != 0) {
      option = new Lease(abi.liftString(load<usize>(area, 16), load<usize>(area, 20)), load<u64>(area, 24), load<u64>(area, 32));
    }
    outcome = abi.ok<Lease | null, types.Error>(option);
  } else {
    const pointer = load<usize>(area, 24);
    const count = load<usize>(area, 28);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Lease | null, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** Sets a new `ttl` while the owner still holds it, with the same token; `conflict` when it does not. */
export function renew(store_: string, resource: string, owner: string, ttl: u64): Result<Lease, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const resourcePointer = abi.lowerString(resource);
  const resourceLength = abi.lowered.length;
  const ownerPointer = abi.lowerString(owner);
  const ownerLength = abi.lowered.length;
  const area = abi.allocate(32, 8);
  _renew(storePointer, storeLength, resourcePointer, resourceLength, ownerPointer, ownerLength, ttl, area);
  let outcome: Result<Lease, types.Error> = abi.zero<Result<Lease, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Lease, types.Error>(new Lease(abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), load<u64>(area, 16), load<u64>(area, 24)));
  } else {
    const pointer = load<usize>(area, 24);
    const count = load<usize>(area, 28);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Lease, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** Gives the lock back, if this owner holds it. */
export function unlock(store_: string, resource: string, owner: string): Result<Release, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const resourcePointer = abi.lowerString(resource);
  const resourceLength = abi.lowered.length;
  const ownerPointer = abi.lowerString(owner);
  const ownerLength = abi.lowered.length;
  const area = abi.allocate(28, 4);
  _unlock(storePointer, storeLength, resourcePointer, resourceLength, ownerPointer, ownerLength, area);
  let outcome: Result<Release, types.Error> = abi.zero<Result<Release, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Release, types.Error>(load<u8>(area, 4));
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Release, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}
