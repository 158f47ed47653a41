// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Option, Result, Tuple2, Unit } from "./abi";
import * as types from "./types";
import * as state from "./state";

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "[method]reader.info")
declare function _methodReaderInfo(a0: i32, a1: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "[method]reader.read")
declare function _methodReaderRead(a0: i32, a1: i32, a2: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "[method]writer.write")
declare function _methodWriterWrite(a0: i32, a1: usize, a2: usize, a3: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "[method]writer.finish")
declare function _methodWriterFinish(a0: i32, a1: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "open")
declare function _open(a0: usize, a1: usize, a2: usize, a3: usize, a4: i64, a5: i32, a6: i64, a7: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "create")
declare function _create(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: i32, a8: usize, a9: usize, a10: usize, a11: usize, a12: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "stat")
declare function _stat(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "delete")
declare function _delete_(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "list")
declare function _list(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: i32, a8: usize): void;

export class Info {
  constructor(
    public name: string,
    public size: u64,
    public contentType: string | null,
    /** RFC 3339. */
    public lastModified: string | null,
    /** Changes with every write, and is only compared. */
    public etag: string | null,
    /** As it was given: names of `a-z`, `0-9`, `-` and `_`; values of visible ASCII and spaces; together at most 2048 bytes. */
    public metadata: Array<Tuple2<string, string>>,
  ) {}
}

/** One page of files, in the order of their names' bytes. A page may be empty and still have a next one. */
export class Page {
  constructor(
    public files: Array<Info>,
    public next: string | null,
  ) {}
}

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "[resource-drop]reader")
declare function _dropReader(a0: i32): void;

/** One version of a file: never a mixture of two. */
export class Reader extends abi.Handle {
  /** Gives the resource back to the host; once is enough. */
  drop(): void {
    if (this.handle != 0) _dropReader(this.take());
  }

  /** Of the whole file. */
  info(): Info {
    const mark = abi.mark();
    const area = abi.allocate(64, 8);
    _methodReaderInfo(this.handle, area);
    let option: string | null = null;
    if (load<u8>(area, 16) != 0) {
      option = abi.liftString(load<usize>(area, 20), load<usize>(area, 24));
    }
    let option2: string | null = null;
    if (load<u8>(area, 28) != 0) {
      option2 = abi.liftString(load<usize>(area, 32), load<usize>(area, 36));
    }
    let option3: string | null = null;
    if (load<u8>(area, 40) != 0) {
      option3 = abi.liftString(load<usize>(area, 44), load<usize>(area, 48));
    }
    const pointer = load<usize>(area, 52);
    const count = load<usize>(area, 56);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    const result = new Info(abi.liftString(load<usize>(area, 0), load<usize>(area, 4)), load<u64>(area, 8), option, option2, option3, list);
    abi.reset(mark);
    return result;
  }

  /** At least one byte and at most `max`, which is not 0; an empty list at the end. */
  read(max_: u32): Result<Uint8Array, types.Error> {
    const mark = abi.mark();
    const area = abi.allocate(28, 4);
    _methodReaderRead(this.handle, max_, area);
    let outcome: Result<Uint8Array, types.Error> = abi.zero<Result<Uint8Array, types.Error>>();
    if (load<u8>(area, 0) == 0) {
      outcome = abi.ok<Uint8Array, types.Error>(abi.liftArray<Uint8Array>(load<usize>(area, 4), load<usize>(area, 8)));
    } else {
      const pointer = load<usize>(area, 20);
      const count = load<usize>(area, 24);
      const list = new Array<Tuple2<string, string>>(<i32>count);
      for (let i: usize = 0; i < count; i++) {
        const base = pointer + i * 16;
        list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
      }
      abi.release(pointer, count * 16);
      outcome = abi.err<Uint8Array, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
    }
    abi.reset(mark);
    return outcome;
  }

}

// @ts-ignore: decorator
@external("ottavo:runtime/file@0.1.0", "[resource-drop]writer")
declare function _dropWriter(a0: i32): void;

/** Writes a whole file. Dropped without `finish`, nothing is left behind; so after an error, too. */
export class Writer extends abi.Handle {
  /** Gives the resource back to the host; once is enough. */
  drop(): void {
    if (this.handle != 0) _dropWriter(this.take());
  }

  write(data: Uint8Array): Result<Unit, types.Error> {
    const mark = abi.mark();
    const area = abi.allocate(28, 4);
    _methodWriterWrite(this.handle, data.dataStart, data.length, area);
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

  /** Makes the file visible, in place of one of that name. Once; a later call is `failed-precondition`. */
  finish(): Result<Info, types.Error> {
    const mark = abi.mark();
    const area = abi.allocate(72, 8);
    _methodWriterFinish(this.handle, area);
    let outcome: Result<Info, types.Error> = abi.zero<Result<Info, types.Error>>();
    if (load<u8>(area, 0) == 0) {
      let option: string | null = null;
      if (load<u8>(area, 24) != 0) {
        option = abi.liftString(load<usize>(area, 28), load<usize>(area, 32));
      }
      let option2: string | null = null;
      if (load<u8>(area, 36) != 0) {
        option2 = abi.liftString(load<usize>(area, 40), load<usize>(area, 44));
      }
      let option3: string | null = null;
      if (load<u8>(area, 48) != 0) {
        option3 = abi.liftString(load<usize>(area, 52), load<usize>(area, 56));
      }
      const pointer = load<usize>(area, 60);
      const count = load<usize>(area, 64);
      const list = new Array<Tuple2<string, string>>(<i32>count);
      for (let i: usize = 0; i < count; i++) {
        const base = pointer + i * 16;
        list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
      }
      abi.release(pointer, count * 16);
      outcome = abi.ok<Info, types.Error>(new Info(abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), load<u64>(area, 16), option, option2, option3, list));
    } else {
      const pointer2 = load<usize>(area, 24);
      const count2 = load<usize>(area, 28);
      const list2 = new Array<Tuple2<string, string>>(<i32>count2);
      for (let i2: usize = 0; i2 < count2; i2++) {
        const base2 = pointer2 + i2 * 16;
        list2[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
      }
      abi.release(pointer2, count2 * 16);
      outcome = abi.err<Info, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list2));
    }
    abi.reset(mark);
    return outcome;
  }

}

/** None when it is missing. Reads only the range; without `length`, to the end. Beyond the end there is nothing to read. */
export function open(store_: string, name: string, offset: u64, length: Option<u64>): Result<Reader | null, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  let lengthCase: i32 = 0;
  let length1: i64 = 0;
  if (length.isSome) {
    const payload2 = length.value;
    lengthCase = 1;
    length1 = payload2;
  }
  const area = abi.allocate(28, 4);
  _open(storePointer, storeLength, namePointer, nameLength, offset, lengthCase, length1, area);
  let outcome: Result<Reader | null, types.Error> = abi.zero<Result<Reader | null, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    let option: Reader | null = null;
    if (load<u8>(area, 4) != 0) {
      option = new Reader(load<i32>(area, 8));
    }
    outcome = abi.ok<Reader | null, types.Error>(option);
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i: usize = 0; i < count; i++) {
      const base = pointer + i * 16;
      list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Reader | null, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** The precondition is of what is there when the writer finishes; `conflict` may come before that. */
export function create(store_: string, name: string, contentType: string | null, precondition: state.Precondition, metadata: Array<Tuple2<string, string>>): Result<Writer, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  let contentTypeCase: i32 = 0;
  let contentType1: usize = 0;
  let contentType2: usize = 0;
  if (contentType !== null) {
    const payload2 = contentType;
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    contentTypeCase = 1;
    contentType1 = payloadPointer;
    contentType2 = payloadLength;
  }
  let preconditionCase: i32 = 0;
  let precondition1: usize = 0;
  let precondition2: usize = 0;
  if (precondition.tag == 1 /* absent */) {
    preconditionCase = 1;
  } else if (precondition.tag == 2 /* match */) {
    const payload5 = precondition.asMatch;
    const payloadPointer2 = abi.lowerString(payload5);
    const payloadLength2 = abi.lowered.length;
    preconditionCase = 2;
    precondition1 = payloadPointer2;
    precondition2 = payloadLength2;
  }
  const metadataPointer = abi.allocate(metadata.length * 16, 4);
  for (let i = 0; i < metadata.length; i++) {
    const element = metadata[i];
    const base = metadataPointer + i * 16;
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
  _create(storePointer, storeLength, namePointer, nameLength, contentTypeCase, contentType1, contentType2, preconditionCase, precondition1, precondition2, metadataPointer, metadata.length, area);
  let outcome: Result<Writer, types.Error> = abi.zero<Result<Writer, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Writer, types.Error>(new Writer(load<i32>(area, 4)));
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i2: usize = 0; i2 < count; i2++) {
      const base2 = pointer + i2 * 16;
      list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Writer, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

export function stat(store_: string, name: string): Result<Info | null, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  const area = abi.allocate(80, 8);
  _stat(storePointer, storeLength, namePointer, nameLength, area);
  let outcome: Result<Info | null, types.Error> = abi.zero<Result<Info | null, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    let option4: Info | null = null;
    if (load<u8>(area, 8) != 0) {
      let option: string | null = null;
      if (load<u8>(area, 32) != 0) {
        option = abi.liftString(load<usize>(area, 36), load<usize>(area, 40));
      }
      let option2: string | null = null;
      if (load<u8>(area, 44) != 0) {
        option2 = abi.liftString(load<usize>(area, 48), load<usize>(area, 52));
      }
      let option3: string | null = null;
      if (load<u8>(area, 56) != 0) {
        option3 = abi.liftString(load<usize>(area, 60), load<usize>(area, 64));
      }
      const pointer = load<usize>(area, 68);
      const count = load<usize>(area, 72);
      const list = new Array<Tuple2<string, string>>(<i32>count);
      for (let i: usize = 0; i < count; i++) {
        const base = pointer + i * 16;
        list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
      }
      abi.release(pointer, count * 16);
      option4 = new Info(abi.liftString(load<usize>(area, 16), load<usize>(area, 20)), load<u64>(area, 24), option, option2, option3, list);
    }
    outcome = abi.ok<Info | null, types.Error>(option4);
  } else {
    const pointer2 = load<usize>(area, 24);
    const count2 = load<usize>(area, 28);
    const list2 = new Array<Tuple2<string, string>>(<i32>count2);
    for (let i2: usize = 0; i2 < count2; i2++) {
      const base2 = pointer2 + i2 * 16;
      list2[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer2, count2 * 16);
    outcome = abi.err<Info | null, types.Error>(new types.Error(load<u8>(area, 8), abi.liftString(load<usize>(area, 12), load<usize>(area, 16)), (load<u8>(area, 20) != 0), list2));
  }
  abi.reset(mark);
  return outcome;
}

/** A missing file is fine. */
export function delete_(store_: string, name: string): Result<Unit, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  const area = abi.allocate(28, 4);
  _delete_(storePointer, storeLength, namePointer, nameLength, area);
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

/** Files whose names begin with `prefix`, at most `limit` (1 to 1000) a page. Content types and metadata may be left out. */
export function list(store_: string, prefix: string, cursor: string | null, limit: u32): Result<Page, types.Error> {
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
  _list(storePointer, storeLength, prefixPointer, prefixLength, cursorCase, cursor1, cursor2, limit, area);
  let outcome: Result<Page, types.Error> = abi.zero<Result<Page, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer2 = load<usize>(area, 4);
    const count2 = load<usize>(area, 8);
    const list2 = new Array<Info>(<i32>count2);
    for (let i2: usize = 0; i2 < count2; i2++) {
      const base = pointer2 + i2 * 64;
      let option: string | null = null;
      if (load<u8>(base, 16) != 0) {
        option = abi.liftString(load<usize>(base, 20), load<usize>(base, 24));
      }
      let option2: string | null = null;
      if (load<u8>(base, 28) != 0) {
        option2 = abi.liftString(load<usize>(base, 32), load<usize>(base, 36));
      }
      let option3: string | null = null;
      if (load<u8>(base, 40) != 0) {
        option3 = abi.liftString(load<usize>(base, 44), load<usize>(base, 48));
      }
      const pointer = load<usize>(base, 52);
      const count = load<usize>(base, 56);
      const list = new Array<Tuple2<string, string>>(<i32>count);
      for (let i: usize = 0; i < count; i++) {
        const base2 = pointer + i * 16;
        list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
      }
      abi.release(pointer, count * 16);
      list2[<i32>i2] = new Info(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), load<u64>(base, 8), option, option2, option3, list);
    }
    abi.release(pointer2, count2 * 64);
    let option4: string | null = null;
    if (load<u8>(area, 12) != 0) {
      option4 = abi.liftString(load<usize>(area, 16), load<usize>(area, 20));
    }
    outcome = abi.ok<Page, types.Error>(new Page(list2, option4));
  } else {
    const pointer3 = load<usize>(area, 20);
    const count3 = load<usize>(area, 24);
    const list3 = new Array<Tuple2<string, string>>(<i32>count3);
    for (let i3: usize = 0; i3 < count3; i3++) {
      const base3 = pointer3 + i3 * 16;
      list3[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
    }
    abi.release(pointer3, count3 * 16);
    outcome = abi.err<Page, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list3));
  }
  abi.reset(mark);
  return outcome;
}
