// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Result, Tuple2, Unit } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "get")
declare function _get(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "get-many")
declare function _getMany(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "set")
declare function _set(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: i32, a7: usize, a8: usize, a9: i32, a10: i64, a11: usize, a12: usize, a13: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "set-many")
declare function _setMany(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "delete")
declare function _delete_(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "delete-many")
declare function _deleteMany(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "transact")
declare function _transact(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "increment")
declare function _increment(a0: usize, a1: usize, a2: usize, a3: usize, a4: i64, a5: i32, a6: i64, a7: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/state@0.1.0", "list-keys")
declare function _listKeys(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: i32, a8: usize): void;

/** A value as read. */
export class Value {
  constructor(
    public data: Uint8Array,
    public etag: string,
  ) {}
}

/** How a write treats what is there. */
export enum PreconditionTag {
  Any,
  Absent,
  Match,
}

export class Precondition {
  private constructor(public readonly tag: PreconditionTag) {}

  static any(): Precondition {
    return new Precondition(PreconditionTag.Any);
  }

  /** Only when the key is missing; else `conflict`. */
  static absent(): Precondition {
    return new Precondition(PreconditionTag.Absent);
  }

  private _match: string = abi.zero<string>();

  /** Only while the etag is this one; else `conflict`. */
  static match(payload: string): Precondition {
    const made = new Precondition(PreconditionTag.Match);
    made._match = payload;
    return made;
  }

  /** What `match` was given; only where `tag` says so. */
  get asMatch(): string {
    assert(this.tag == PreconditionTag.Match, "this `Precondition` is no `match`");
    return this._match;
  }
}

export enum ExpiryTag {
  Keep,
  Never,
  After,
}

export class Expiry {
  private constructor(public readonly tag: ExpiryTag) {}

  /** As it was; a new key never expires. */
  static keep(): Expiry {
    return new Expiry(ExpiryTag.Keep);
  }

  static never(): Expiry {
    return new Expiry(ExpiryTag.Never);
  }

  private _after: u64 = 0;

  static after(payload: u64): Expiry {
    const made = new Expiry(ExpiryTag.After);
    made._after = payload;
    return made;
  }

  /** What `after` was given; only where `tag` says so. */
  get asAfter(): u64 {
    assert(this.tag == ExpiryTag.After, "this `Expiry` is no `after`");
    return this._after;
  }
}

export class Entry {
  constructor(
    public key: string,
    public data: Uint8Array,
    public precondition: Precondition,
    public expiry: Expiry,
    public options: Array<Tuple2<string, string>>,
  ) {}
}

export class Removal {
  constructor(
    public key: string,
    public precondition: Precondition,
  ) {}
}

/** One step of a transaction. */
export enum OperationTag {
  Upsert,
  Remove,
  Check,
  Increment,
}

export class Operation {
  private constructor(public readonly tag: OperationTag) {}

  private _upsert: Entry = abi.zero<Entry>();

  static upsert(payload: Entry): Operation {
    const made = new Operation(OperationTag.Upsert);
    made._upsert = payload;
    return made;
  }

  /** What `upsert` was given; only where `tag` says so. */
  get asUpsert(): Entry {
    assert(this.tag == OperationTag.Upsert, "this `Operation` is no `upsert`");
    return this._upsert;
  }

  private _remove: Removal = abi.zero<Removal>();

  static remove(payload: Removal): Operation {
    const made = new Operation(OperationTag.Remove);
    made._remove = payload;
    return made;
  }

  /** What `remove` was given; only where `tag` says so. */
  get asRemove(): Removal {
    assert(this.tag == OperationTag.Remove, "this `Operation` is no `remove`");
    return this._remove;
  }

  private _check: Removal = abi.zero<Removal>();

  /** Fails the whole unless the precondition holds; writes nothing. */
  static check(payload: Removal): Operation {
    const made = new Operation(OperationTag.Check);
    made._check = payload;
    return made;
  }

  /** What `check` was given; only where `tag` says so. */
  get asCheck(): Removal {
    assert(this.tag == OperationTag.Check, "this `Operation` is no `check`");
    return this._check;
  }

  private _increment: Tuple2<string, i64> = abi.zero<Tuple2<string, i64>>();

  static increment(payload: Tuple2<string, i64>): Operation {
    const made = new Operation(OperationTag.Increment);
    made._increment = payload;
    return made;
  }

  /** What `increment` was given; only where `tag` says so. */
  get asIncrement(): Tuple2<string, i64> {
    assert(this.tag == OperationTag.Increment, "this `Operation` is no `increment`");
    return this._increment;
  }
}

/** One page of keys, in the driver's own order. A page may be empty and still have a next one. */
export class KeyPage {
  constructor(
    public keys: Array<string>,
    public next: string | null,
  ) {}
}

/** The value of a key, or none when it is missing or expired. */
export function get(store_: string, key: string, options: Array<Tuple2<string, string>>): Result<Value | null, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keyPointer = abi.lowerString(key);
  const keyLength = abi.lowered.length;
  const optionsPointer = abi.allocate(options.length * 16, 4);
  for (let i = 0; i < options.length; i++) {
    const element = options[i];
    const base = optionsPointer + i * 16;
    const fPointer = abi.lowerString(element.f0);
    const fLength = abi.lowered.length;
    store<usize>(base, fLength, 4);
    store<usize>(base, fPointer, 0);
    const fPointer2 = abi.lowerString(element.f1);
    const fLength2 = abi.lowered.length;
    store<usize>(base, fLength2, 12);
    store<usize>(base, fPointer2, 8);
  }
  const area = abi.allocate(28, 4);
  _get(storePointer, storeLength, keyPointer, keyLength, optionsPointer, options.length, area);
  let outcome: Result<Value | null, types.Error> = abi.zero<Result<Value | null, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    let option: Value | null = null;
    if (load<u8>(area, 4) != 0) {
      option = new Value(abi.liftArray<Uint8Array>(load<usize>(area, 8), load<usize>(area, 12)), abi.liftString(load<usize>(area, 16), load<usize>(area, 20)));
    }
    outcome = abi.ok<Value | null, types.Error>(option);
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i2: usize = 0; i2 < count; i2++) {
      const base2 = pointer + i2 * 16;
      list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Value | null, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** In the order asked, each with its own outcome. */
export function getMany(store_: string, keys: Array<string>, options: Array<Tuple2<string, string>>): Result<Array<Result<Value | null, types.Error>>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keysPointer = abi.allocate(keys.length * 8, 4);
  for (let i = 0; i < keys.length; i++) {
    const element = keys[i];
    const base = keysPointer + i * 8;
    const elementPointer = abi.lowerString(element);
    const elementLength = abi.lowered.length;
    store<usize>(base, elementLength, 4);
    store<usize>(base, elementPointer, 0);
  }
  const optionsPointer = abi.allocate(options.length * 16, 4);
  for (let i2 = 0; i2 < options.length; i2++) {
    const element2 = options[i2];
    const base2 = optionsPointer + i2 * 16;
    const fPointer = abi.lowerString(element2.f0);
    const fLength = abi.lowered.length;
    store<usize>(base2, fLength, 4);
    store<usize>(base2, fPointer, 0);
    const fPointer2 = abi.lowerString(element2.f1);
    const fLength2 = abi.lowered.length;
    store<usize>(base2, fLength2, 12);
    store<usize>(base2, fPointer2, 8);
  }
  const area = abi.allocate(28, 4);
  _getMany(storePointer, storeLength, keysPointer, keys.length, optionsPointer, options.length, area);
  let outcome2: Result<Array<Result<Value | null, types.Error>>, types.Error> = abi.zero<Result<Array<Result<Value | null, types.Error>>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer2 = load<usize>(area, 4);
    const count2 = load<usize>(area, 8);
    const list2 = new Array<Result<Value | null, types.Error>>(<i32>count2);
    for (let i4: usize = 0; i4 < count2; i4++) {
      const base3 = pointer2 + i4 * 28;
      let outcome: Result<Value | null, types.Error> = abi.zero<Result<Value | null, types.Error>>();
      if (load<u8>(base3, 0) == 0) {
        let option: Value | null = null;
        if (load<u8>(base3, 4) != 0) {
          option = new Value(abi.liftArray<Uint8Array>(load<usize>(base3, 8), load<usize>(base3, 12)), abi.liftString(load<usize>(base3, 16), load<usize>(base3, 20)));
        }
        outcome = abi.ok<Value | null, types.Error>(option);
      } else {
        const pointer = load<usize>(base3, 20);
        const count = load<usize>(base3, 24);
        const list = new Array<Tuple2<string, string>>(<i32>count);
        for (let i3: usize = 0; i3 < count; i3++) {
          const base4 = pointer + i3 * 16;
          list[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
        }
        abi.release(pointer, count * 16);
        outcome = abi.err<Value | null, types.Error>(new types.Error(load<u8>(base3, 4), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)), (load<u8>(base3, 16) != 0), list));
      }
      list2[<i32>i4] = outcome;
    }
    abi.release(pointer2, count2 * 28);
    outcome2 = abi.ok<Array<Result<Value | null, types.Error>>, types.Error>(list2);
  } else {
    const pointer3 = load<usize>(area, 20);
    const count3 = load<usize>(area, 24);
    const list3 = new Array<Tuple2<string, string>>(<i32>count3);
    for (let i5: usize = 0; i5 < count3; i5++) {
      const base5 = pointer3 + i5 * 16;
      list3[<i32>i5] = new Tuple2<string, string>(abi.liftString(load<usize>(base5, 0), load<usize>(base5, 4)), abi.liftString(load<usize>(base5, 8), load<usize>(base5, 12)));
    }
    abi.release(pointer3, count3 * 16);
    outcome2 = abi.err<Array<Result<Value | null, types.Error>>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list3));
  }
  abi.reset(mark);
  return outcome2;
}

/** Writes one key and returns its new etag. */
export function set(store_: string, entry: Entry): Result<string, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keyPointer = abi.lowerString(entry.key);
  const keyLength = abi.lowered.length;
  const data = entry.data;
  const precondition = entry.precondition;
  let preconditionCase: i32 = 0;
  let precondition1: usize = 0;
  let precondition2: usize = 0;
  if (precondition.tag == 1 /* absent */) {
    preconditionCase = 1;
  } else if (precondition.tag == 2 /* match */) {
    const payload3 = precondition.asMatch;
    const payloadPointer = abi.lowerString(payload3);
    const payloadLength = abi.lowered.length;
    preconditionCase = 2;
    precondition1 = payloadPointer;
    precondition2 = payloadLength;
  }
  const expiry = entry.expiry;
  let expiryCase: i32 = 0;
  let expiry1: i64 = 0;
  if (expiry.tag == 1 /* never */) {
    expiryCase = 1;
  } else if (expiry.tag == 2 /* after */) {
    const payload6 = expiry.asAfter;
    expiryCase = 2;
    expiry1 = payload6;
  }
  const options = entry.options;
  const optionsPointer = abi.allocate(options.length * 16, 4);
  for (let i = 0; i < options.length; i++) {
    const element = options[i];
    const base = optionsPointer + i * 16;
    const fPointer = abi.lowerString(element.f0);
    const fLength = abi.lowered.length;
    store<usize>(base, fLength, 4);
    store<usize>(base, fPointer, 0);
    const fPointer2 = abi.lowerString(element.f1);
    const fLength2 = abi.lowered.length;
    store<usize>(base, fLength2, 12);
    store<usize>(base, fPointer2, 8);
  }
  const area = abi.allocate(28, 4);
  _set(storePointer, storeLength, keyPointer, keyLength, data.dataStart, data.length, preconditionCase, precondition1, precondition2, expiryCase, expiry1, optionsPointer, options.length, area);
  let outcome: Result<string, types.Error> = abi.zero<Result<string, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<string, types.Error>(abi.liftString(load<usize>(area, 4), load<usize>(area, 8)));
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i2: usize = 0; i2 < count; i2++) {
      const base2 = pointer + i2 * 16;
      list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<string, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** Each entry on its own; not atomic as a whole. */
export function setMany(store_: string, entries: Array<Entry>): Result<Array<Result<string, types.Error>>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const entriesPointer = abi.allocate(entries.length * 56, 8);
  for (let i2 = 0; i2 < entries.length; i2++) {
    const element = entries[i2];
    const base = entriesPointer + i2 * 56;
    const keyPointer = abi.lowerString(element.key);
    const keyLength = abi.lowered.length;
    store<usize>(base, keyLength, 4);
    store<usize>(base, keyPointer, 0);
    const data = element.data;
    store<usize>(base, data.length, 12);
    store<usize>(base, data.dataStart, 8);
    const precondition = element.precondition;
    if (precondition.tag == 0 /* any */) {
      store<u8>(base, 0, 16);
    } else if (precondition.tag == 1 /* absent */) {
      store<u8>(base, 1, 16);
    } else {
      const payload3 = precondition.asMatch;
      store<u8>(base, 2, 16);
      const payloadPointer = abi.lowerString(payload3);
      const payloadLength = abi.lowered.length;
      store<usize>(base, payloadLength, 24);
      store<usize>(base, payloadPointer, 20);
    }
    const expiry = element.expiry;
    if (expiry.tag == 0 /* keep */) {
      store<u8>(base, 0, 32);
    } else if (expiry.tag == 1 /* never */) {
      store<u8>(base, 1, 32);
    } else {
      const payload6 = expiry.asAfter;
      store<u8>(base, 2, 32);
      store<i64>(base, payload6, 40);
    }
    const options = element.options;
    const optionsPointer = abi.allocate(options.length * 16, 4);
    for (let i = 0; i < options.length; i++) {
      const element2 = options[i];
      const base2 = optionsPointer + i * 16;
      const fPointer = abi.lowerString(element2.f0);
      const fLength = abi.lowered.length;
      store<usize>(base2, fLength, 4);
      store<usize>(base2, fPointer, 0);
      const fPointer2 = abi.lowerString(element2.f1);
      const fLength2 = abi.lowered.length;
      store<usize>(base2, fLength2, 12);
      store<usize>(base2, fPointer2, 8);
    }
    store<usize>(base, options.length, 52);
    store<usize>(base, optionsPointer, 48);
  }
  const area = abi.allocate(28, 4);
  _setMany(storePointer, storeLength, entriesPointer, entries.length, area);
  let outcome2: Result<Array<Result<string, types.Error>>, types.Error> = abi.zero<Result<Array<Result<string, types.Error>>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer2 = load<usize>(area, 4);
    const count2 = load<usize>(area, 8);
    const list2 = new Array<Result<string, types.Error>>(<i32>count2);
    for (let i4: usize = 0; i4 < count2; i4++) {
      const base3 = pointer2 + i4 * 28;
      let outcome: Result<string, types.Error> = abi.zero<Result<string, types.Error>>();
      if (load<u8>(base3, 0) == 0) {
        outcome = abi.ok<string, types.Error>(abi.liftString(load<usize>(base3, 4), load<usize>(base3, 8)));
      } else {
        const pointer = load<usize>(base3, 20);
        const count = load<usize>(base3, 24);
        const list = new Array<Tuple2<string, string>>(<i32>count);
        for (let i3: usize = 0; i3 < count; i3++) {
          const base4 = pointer + i3 * 16;
          list[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
        }
        abi.release(pointer, count * 16);
        outcome = abi.err<string, types.Error>(new types.Error(load<u8>(base3, 4), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)), (load<u8>(base3, 16) != 0), list));
      }
      list2[<i32>i4] = outcome;
    }
    abi.release(pointer2, count2 * 28);
    outcome2 = abi.ok<Array<Result<string, types.Error>>, types.Error>(list2);
  } else {
    const pointer3 = load<usize>(area, 20);
    const count3 = load<usize>(area, 24);
    const list3 = new Array<Tuple2<string, string>>(<i32>count3);
    for (let i5: usize = 0; i5 < count3; i5++) {
      const base5 = pointer3 + i5 * 16;
      list3[<i32>i5] = new Tuple2<string, string>(abi.liftString(load<usize>(base5, 0), load<usize>(base5, 4)), abi.liftString(load<usize>(base5, 8), load<usize>(base5, 12)));
    }
    abi.release(pointer3, count3 * 16);
    outcome2 = abi.err<Array<Result<string, types.Error>>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list3));
  }
  abi.reset(mark);
  return outcome2;
}

/** A missing key is fine, unless the precondition names an etag. */
export function delete_(store_: string, removal: Removal): Result<Unit, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keyPointer = abi.lowerString(removal.key);
  const keyLength = abi.lowered.length;
  const precondition = removal.precondition;
  let preconditionCase: i32 = 0;
  let precondition1: usize = 0;
  let precondition2: usize = 0;
  if (precondition.tag == 1 /* absent */) {
    preconditionCase = 1;
  } else if (precondition.tag == 2 /* match */) {
    const payload3 = precondition.asMatch;
    const payloadPointer = abi.lowerString(payload3);
    const payloadLength = abi.lowered.length;
    preconditionCase = 2;
    precondition1 = payloadPointer;
    precondition2 = payloadLength;
  }
  const area = abi.allocate(28, 4);
  _delete_(storePointer, storeLength, keyPointer, keyLength, preconditionCase, precondition1, precondition2, area);
  let outcome: Result<Unit, types.Error> = abi.zero<Result<Unit, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Unit, types.Error>(true);
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Unit, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

export function deleteMany(store_: string, removals: Array<Removal>): Result<Array<Result<Unit, types.Error>>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const removalsPointer = abi.allocate(removals.length * 20, 4);
  for (let i = 0; i < removals.length; i++) {
    const element = removals[i];
    const base = removalsPointer + i * 20;
    const keyPointer = abi.lowerString(element.key);
    const keyLength = abi.lowered.length;
    store<usize>(base, keyLength, 4);
    store<usize>(base, keyPointer, 0);
    const precondition = element.precondition;
    if (precondition.tag == 0 /* any */) {
      store<u8>(base, 0, 8);
    } else if (precondition.tag == 1 /* absent */) {
      store<u8>(base, 1, 8);
    } else {
      const payload3 = precondition.asMatch;
      store<u8>(base, 2, 8);
      const payloadPointer = abi.lowerString(payload3);
      const payloadLength = abi.lowered.length;
      store<usize>(base, payloadLength, 16);
      store<usize>(base, payloadPointer, 12);
    }
  }
  const area = abi.allocate(28, 4);
  _deleteMany(storePointer, storeLength, removalsPointer, removals.length, area);
  let outcome2: Result<Array<Result<Unit, types.Error>>, types.Error> = abi.zero<Result<Array<Result<Unit, types.Error>>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer2 = load<usize>(area, 4);
    const count2 = load<usize>(area, 8);
    const list2 = new Array<Result<Unit, types.Error>>(<i32>count2);
    for (let i3: usize = 0; i3 < count2; i3++) {
      const base2 = pointer2 + i3 * 28;
      let outcome: Result<Unit, types.Error> = abi.zero<Result<Unit, types.Error>>();
      if (load<u8>(base2, 0) == 0) {
        outcome = abi.ok<Unit, types.Error>(true);
      } else {
        const pointer = load<usize>(base2, 20);
        const count = load<usize>(base2, 24);
        const list = new Array<Tuple2<string, string>>(<i32>count);
        for (let i2: usize = 0; i2 < count; i2++) {
          const base3 = pointer + i2 * 16;
          list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
        }
        abi.release(pointer, count * 16);
        outcome = abi.err<Unit, types.Error>(new types.Error(load<u8>(base2, 4), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)), (load<u8>(base2, 16) != 0), list));
      }
      list2[<i32>i3] = outcome;
    }
    abi.release(pointer2, count2 * 28);
    outcome2 = abi.ok<Array<Result<Unit, types.Error>>, types.Error>(list2);
  } else {
    const pointer3 = load<usize>(area, 20);
    const count3 = load<usize>(area, 24);
    const list3 = new Array<Tuple2<string, string>>(<i32>count3);
    for (let i4: usize = 0; i4 < count3; i4++) {
      const base4 = pointer3 + i4 * 16;
      list3[<i32>i4] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
    }
    abi.release(pointer3, count3 * 16);
    outcome2 = abi.err<Array<Result<Unit, types.Error>>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list3));
  }
  abi.reset(mark);
  return outcome2;
}

/** All or nothing, in order. Returns the new etag of each upsert. */
export function transact(store_: string, operations: Array<Operation>): Result<Array<string | null>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const operationsPointer = abi.allocate(operations.length * 64, 8);
  for (let i2 = 0; i2 < operations.length; i2++) {
    const element = operations[i2];
    const base = operationsPointer + i2 * 64;
    if (element.tag == 0 /* upsert */) {
      const payload = element.asUpsert;
      store<u8>(base, 0, 0);
      const keyPointer = abi.lowerString(payload.key);
      const keyLength = abi.lowered.length;
      store<usize>(base, keyLength, 12);
      store<usize>(base, keyPointer, 8);
      const data = payload.data;
      store<usize>(base, data.length, 20);
      store<usize>(base, data.dataStart, 16);
      const precondition = payload.precondition;
      if (precondition.tag == 0 /* any */) {
        store<u8>(base, 0, 24);
      } else if (precondition.tag == 1 /* absent */) {
        store<u8>(base, 1, 24);
      } else {
        const payload4 = precondition.asMatch;
        store<u8>(base, 2, 24);
        const payloadPointer = abi.lowerString(payload4);
        const payloadLength = abi.lowered.length;
        store<usize>(base, payloadLength, 32);
        store<usize>(base, payloadPointer, 28);
      }
      const expiry = payload.expiry;
      if (expiry.tag == 0 /* keep */) {
        store<u8>(base, 0, 40);
      } else if (expiry.tag == 1 /* never */) {
        store<u8>(base, 1, 40);
      } else {
        const payload7 = expiry.asAfter;
        store<u8>(base, 2, 40);
        store<i64>(base, payload7, 48);
      }
      const options = payload.options;
      const optionsPointer = abi.allocate(options.length * 16, 4);
      for (let i = 0; i < options.length; i++) {
        const element2 = options[i];
        const base2 = optionsPointer + i * 16;
        const fPointer = abi.lowerString(element2.f0);
        const fLength = abi.lowered.length;
        store<usize>(base2, fLength, 4);
        store<usize>(base2, fPointer, 0);
        const fPointer2 = abi.lowerString(element2.f1);
        const fLength2 = abi.lowered.length;
        store<usize>(base2, fLength2, 12);
        store<usize>(base2, fPointer2, 8);
      }
      store<usize>(base, options.length, 60);
      store<usize>(base, optionsPointer, 56);
    } else if (element.tag == 1 /* remove */) {
      const payload8 = element.asRemove;
      store<u8>(base, 1, 0);
      const keyPointer2 = abi.lowerString(payload8.key);
      const keyLength2 = abi.lowered.length;
      store<usize>(base, keyLength2, 12);
      store<usize>(base, keyPointer2, 8);
      const precondition2 = payload8.precondition;
      if (precondition2.tag == 0 /* any */) {
        store<u8>(base, 0, 16);
      } else if (precondition2.tag == 1 /* absent */) {
        store<u8>(base, 1, 16);
      } else {
        const payload11 = precondition2.asMatch;
        store<u8>(base, 2, 16);
        const payloadPointer2 = abi.lowerString(payload11);
        const payloadLength2 = abi.lowered.length;
        store<usize>(base, payloadLength2, 24);
        store<usize>(base, payloadPointer2, 20);
      }
    } else if (element.tag == 2 /* check */) {
      const payload12 = element.asCheck;
      store<u8>(base, 2, 0);
      const keyPointer3 = abi.lowerString(payload12.key);
      const keyLength3 = abi.lowered.length;
      store<usize>(base, keyLength3, 12);
      store<usize>(base, keyPointer3, 8);
      const precondition3 = payload12.precondition;
      if (precondition3.tag == 0 /* any */) {
        store<u8>(base, 0, 16);
      } else if (precondition3.tag == 1 /* absent */) {
        store<u8>(base, 1, 16);
      } else {
        const payload15 = precondition3.asMatch;
        store<u8>(base, 2, 16);
        const payloadPointer3 = abi.lowerString(payload15);
        const payloadLength3 = abi.lowered.length;
        store<usize>(base, payloadLength3, 24);
        store<usize>(base, payloadPointer3, 20);
      }
    } else {
      const payload16 = element.asIncrement;
      store<u8>(base, 3, 0);
      const fPointer3 = abi.lowerString(payload16.f0);
      const fLength3 = abi.lowered.length;
      store<usize>(base, fLength3, 12);
      store<usize>(base, fPointer3, 8);
      store<i64>(base, payload16.f1, 16);
    }
  }
  const area = abi.allocate(28, 4);
  _transact(storePointer, storeLength, operationsPointer, operations.length, area);
  let outcome: Result<Array<string | null>, types.Error> = abi.zero<Result<Array<string | null>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer = load<usize>(area, 4);
    const count = load<usize>(area, 8);
    const list = new Array<string | null>(<i32>count);
    for (let i3: usize = 0; i3 < count; i3++) {
      const base3 = pointer + i3 * 12;
      let option: string | null = null;
      if (load<u8>(base3, 0) != 0) {
        option = abi.liftString(load<usize>(base3, 4), load<usize>(base3, 8));
      }
      list[<i32>i3] = option;
    }
    abi.release(pointer, count * 12);
    outcome = abi.ok<Array<string | null>, types.Error>(list);
  } else {
    const pointer2 = load<usize>(area, 20);
    const count2 = load<usize>(area, 24);
    const list2 = new Array<Tuple2<string, string>>(<i32>count2);
    for (let i4: usize = 0; i4 < count2; i4++) {
      const base4 = pointer2 + i4 * 16;
      list2[<i32>i4] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
    }
    abi.release(pointer2, count2 * 16);
    outcome = abi.err<Array<string | null>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list2));
  }
  abi.reset(mark);
  return outcome;
}

/** Adds `delta` atomically to a decimal integer, taken as 0 with `initial` expiry when missing, and returns the sum. */
export function increment(store_: string, key: string, delta: i64, initial: Expiry): Result<i64, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const keyPointer = abi.lowerString(key);
  const keyLength = abi.lowered.length;
  let initialCase: i32 = 0;
  let initial1: i64 = 0;
  if (initial.tag == 1 /* never */) {
    initialCase = 1;
  } else if (initial.tag == 2 /* after */) {
    const payload3 = initial.asAfter;
    initialCase = 2;
    initial1 = payload3;
  }
  const area = abi.allocate(32, 8);
  _increment(storePointer, storeLength, keyPointer, keyLength, delta, initialCase, initial1, area);
  let outcome: Result<i64, types.Error> = abi.zero<Result<i64, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<i64, types.Error>(load<i64>(area, 8));
  } else {
    const pointer = load<usize>(area, 24);
    const count = load<usize>(area, 28);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<i64, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** Keys that begin with `prefix`, at most `limit` (1 to 1000) a page. */
export function listKeys(store_: string, prefix: string, cursor: string | null, limit: u32): Result<KeyPage, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const prefixPointer = abi.lowerString(prefix);
  const prefixLength = abi.lowered.length;
  let cursorCase: i32 = 0;
  let cursor1: usize = 0;
  let cursor2: usize = 0;
  if (cursor !== null) {
    const payload2 = cursor;
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    cursorCase = 1;
    cursor1 = payloadPointer;
    cursor2 = payloadLength;
  }
  const area = abi.allocate(28, 4);
  _listKeys(storePointer, storeLength, prefixPointer, prefixLength, cursorCase, cursor1, cursor2, limit, area);
  let outcome: Result<KeyPage, types.Error> = abi.zero<Result<KeyPage, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer = load<usize>(area, 4);
    const count = load<usize>(area, 8);
    const list = new Array<string>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 8;
      list[<i32>i] = abi.liftString(load<usize>(base, 0), load<usize>(base, 4));
    }
    abi.release(pointer, count * 8);
    let option: string | null = null;
    if (load<u8>(area, 12) != 0) {
      option = abi.liftString(load<usize>(area, 16), load<usize>(area, 20));
    }
    outcome = abi.ok<KeyPage, types.Error>(new KeyPage(list, option));
  } else {
    const pointer2 = load<usize>(area, 20);
    const count2 = load<usize>(area, 24);
    const list2 = new Array<Tuple2<string, string>>(<i32>count2);
    for (let i2: usize = 0; i2 < count2; i2++) {
      const base2 = pointer2 + i2 * 16;
      list2[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer2, count2 * 16);
    outcome = abi.err<KeyPage, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list2));
  }
  abi.reset(mark);
  return outcome;
}
