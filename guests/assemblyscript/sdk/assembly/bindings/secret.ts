// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Result, Tuple2 } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/secret@0.1.0", "get")
declare function _get(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/secret@0.1.0", "get-bulk")
declare function _getBulk(a0: usize, a1: usize, a2: usize): void;

/** What stands under one name. */
export class Bundle {
  constructor(
    /** None where the store keeps one version of everything. */
    public version: string | null,
    /**
     * A secret that is one value has it under its own name. A name under which others stand, as `db` where there is
     * `db/user` and `db/password`, has the values of all of them, as `user` and `password`.
     */
    public values: Array<Tuple2<string, Uint8Array>>,
  ) {}
}

/** None when it is missing. Without `version`, the newest; a store without versions refuses one as `unsupported`. */
export function get(store_: string, name: string, version: string | null): Result<Bundle | null, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  let versionCase: i32 = 0;
  let version1: usize = 0;
  let version2: usize = 0;
  if (version !== null) {
    const payload2 = version;
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    versionCase = 1;
    version1 = payloadPointer;
    version2 = payloadLength;
  }
  const area = abi.allocate(28, 4);
  _get(storePointer, storeLength, namePointer, nameLength, versionCase, version1, version2, area);
  let outcome: Result<Bundle | null, types.Error> = abi.zero<Result<Bundle | null, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    let option2: Bundle | null = null;
    if (load<u8>(area, 4) != 0) {
      let option: string | null = null;
      if (load<u8>(area, 8) != 0) {
        option = abi.liftString(load<usize>(area, 12), load<usize>(area, 16));
      }
      const pointer = load<usize>(area, 20);
      const count = load<usize>(area, 24);
      const list = new Array<Tuple2<string, Uint8Array>>(<i32>count);
      for (let i: usize = 0; i < count; i++) {
        const base = pointer + i * 16;
        list[<i32>i] = new Tuple2<string, Uint8Array>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftArray<Uint8Array>(load<usize>(base, 8), load<usize>(base, 12)));
      }
      abi.release(pointer, count * 16);
      option2 = new Bundle(option, list);
    }
    outcome = abi.ok<Bundle | null, types.Error>(option2);
  } else {
    const pointer2 = load<usize>(area, 20);
    const count2 = load<usize>(area, 24);
    const list2 = new Array<Tuple2<string, string>>(<i32>count2);
    for (let i2: usize = 0; i2 < count2; i2++) {
      const base2 = pointer2 + i2 * 16;
      list2[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer2, count2 * 16);
    outcome = abi.err<Bundle | null, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list2));
  }
  abi.reset(mark);
  return outcome;
}

/** Every secret of the store that the caller may see, each with its one value. More than 4 MiB less 64 KiB is `too-large`. */
export function getBulk(store_: string): Result<Array<Tuple2<string, Bundle>>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const area = abi.allocate(28, 4);
  _getBulk(storePointer, storeLength, area);
  let outcome: Result<Array<Tuple2<string, Bundle>>, types.Error> = abi.zero<Result<Array<Tuple2<string, Bundle>>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer2 = load<usize>(area, 4);
    const count2 = load<usize>(area, 8);
    const list2 = new Array<Tuple2<string, Bundle>>(<i32>count2);
    for (let i2: usize = 0; i2 < count2; i2++) {
      const base = pointer2 + i2 * 28;
      let option: string | null = null;
      if (load<u8>(base, 8) != 0) {
        option = abi.liftString(load<usize>(base, 12), load<usize>(base, 16));
      }
      const pointer = load<usize>(base, 20);
      const count = load<usize>(base, 24);
      const list = new Array<Tuple2<string, Uint8Array>>(<i32>count);
      for (let i: usize = 0; i < count; i++) {
        const base2 = pointer + i * 16;
        list[<i32>i] = new Tuple2<string, Uint8Array>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftArray<Uint8Array>(load<usize>(base2, 8), load<usize>(base2, 12)));
      }
      abi.release(pointer, count * 16);
      list2[<i32>i2] = new Tuple2<string, Bundle>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), new Bundle(option, list));
    }
    abi.release(pointer2, count2 * 28);
    outcome = abi.ok<Array<Tuple2<string, Bundle>>, types.Error>(list2);
  } else {
    const pointer3 = load<usize>(area, 20);
    const count3 = load<usize>(area, 24);
    const list3 = new Array<Tuple2<string, string>>(<i32>count3);
    for (let i3: usize = 0; i3 < count3; i3++) {
      const base3 = pointer3 + i3 * 16;
      list3[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
    }
    abi.release(pointer3, count3 * 16);
    outcome = abi.err<Array<Tuple2<string, Bundle>>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list3));
  }
  abi.reset(mark);
  return outcome;
}
