// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Result, Tuple2, Unit } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/config@0.1.0", "get")
declare function _get(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize, a8: usize, a9: usize, a10: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/config@0.1.0", "save")
declare function _save(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/config@0.1.0", "delete")
declare function _delete_(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize, a8: usize, a9: usize, a10: usize): void;

export class Item {
  constructor(
    public key: string,
    public value: string,
    /** Changes with each change of the item; only compared. Ignored by `save`. */
    public version: string,
    /** Empty in `save`: `default`. */
    public group: string,
    /** Empty in `save`: `default`. */
    public label: string,
    /** For people and programs that choose among items. */
    public tags: Array<Tuple2<string, string>>,
    /** Whatever travels with the item. */
    public metadata: Array<Tuple2<string, string>>,
  ) {}
}

/** Where to look. Empty strings are `default`. */
export class Scope {
  constructor(
    public appId: string,
    public group: string,
    public label: string,
  ) {}
}

/**
 * The items of the keys that exist, in the order asked. Without keys, every item of the scope that the caller may see, in the
 * order of their keys.
 */
export function get(store_: string, scope: Scope, keys: Array<string>): Result<Array<Item>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const appIdPointer = abi.lowerString(scope.appId);
  const appIdLength = abi.lowered.length;
  const groupPointer = abi.lowerString(scope.group);
  const groupLength = abi.lowered.length;
  const labelPointer = abi.lowerString(scope.label);
  const labelLength = abi.lowered.length;
  const keysPointer = abi.allocate(keys.length * 8, 4);
  for (let i = 0; i < keys.length; i++) {
    const element = keys[i];
    const base = keysPointer + i * 8;
    const elementPointer = abi.lowerString(element);
    const elementLength = abi.lowered.length;
    store<usize>(base, elementLength, 4);
    store<usize>(base, elementPointer, 0);
  }
  const area = abi.allocate(28, 4);
  _get(storePointer, storeLength, appIdPointer, appIdLength, groupPointer, groupLength, labelPointer, labelLength, keysPointer, keys.length, area);
  let outcome: Result<Array<Item>, types.Error> = abi.zero<Result<Array<Item>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer3 = load<usize>(area, 4);
    const count3 = load<usize>(area, 8);
    const list3 = new Array<Item>(<i32>count3);
    for (let i4: usize = 0; i4 < count3; i4++) {
      const base2 = pointer3 + i4 * 56;
      const pointer = load<usize>(base2, 40);
      const count = load<usize>(base2, 44);
      const list = new Array<Tuple2<string, string>>(<i32>count);
      for (let i2: usize = 0; i2 < count; i2++) {
        const base3 = pointer + i2 * 16;
        list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
      }
      abi.release(pointer, count * 16);
      const pointer2 = load<usize>(base2, 48);
      const count2 = load<usize>(base2, 52);
      const list2 = new Array<Tuple2<string, string>>(<i32>count2);
      for (let i3: usize = 0; i3 < count2; i3++) {
        const base4 = pointer2 + i3 * 16;
        list2[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
      }
      abi.release(pointer2, count2 * 16);
      list3[<i32>i4] = new Item(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)), abi.liftString(load<usize>(base2, 16), load<usize>(base2, 20)), abi.liftString(load<usize>(base2, 24), load<usize>(base2, 28)), abi.liftString(load<usize>(base2, 32), load<usize>(base2, 36)), list, list2);
    }
    abi.release(pointer3, count3 * 56);
    outcome = abi.ok<Array<Item>, types.Error>(list3);
  } else {
    const pointer4 = load<usize>(area, 20);
    const count4 = load<usize>(area, 24);
    const list4 = new Array<Tuple2<string, string>>(<i32>count4);
    for (let i5: usize = 0; i5 < count4; i5++) {
      const base5 = pointer4 + i5 * 16;
      list4[<i32>i5] = new Tuple2<string, string>(abi.liftString(load<usize>(base5, 0), load<usize>(base5, 4)), abi.liftString(load<usize>(base5, 8), load<usize>(base5, 12)));
    }
    abi.release(pointer4, count4 * 16);
    outcome = abi.err<Array<Item>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list4));
  }
  abi.reset(mark);
  return outcome;
}

/** Writes the items, new or not. Those of one group and label are written together or not at all. */
export function save(store_: string, appId: string, items: Array<Item>): Result<Unit, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const appIdPointer = abi.lowerString(appId);
  const appIdLength = abi.lowered.length;
  const itemsPointer = abi.allocate(items.length * 56, 4);
  for (let i3 = 0; i3 < items.length; i3++) {
    const element = items[i3];
    const base = itemsPointer + i3 * 56;
    const keyPointer = abi.lowerString(element.key);
    const keyLength = abi.lowered.length;
    store<usize>(base, keyLength, 4);
    store<usize>(base, keyPointer, 0);
    const valuePointer = abi.lowerString(element.value);
    const valueLength = abi.lowered.length;
    store<usize>(base, valueLength, 12);
    store<usize>(base, valuePointer, 8);
    const versionPointer = abi.lowerString(element.version);
    const versionLength = abi.lowered.length;
    store<usize>(base, versionLength, 20);
    store<usize>(base, versionPointer, 16);
    const groupPointer = abi.lowerString(element.group);
    const groupLength = abi.lowered.length;
    store<usize>(base, groupLength, 28);
    store<usize>(base, groupPointer, 24);
    const labelPointer = abi.lowerString(element.label);
    const labelLength = abi.lowered.length;
    store<usize>(base, labelLength, 36);
    store<usize>(base, labelPointer, 32);
    const tags = element.tags;
    const tagsPointer = abi.allocate(tags.length * 16, 4);
    for (let i = 0; i < tags.length; i++) {
      const element2 = tags[i];
      const base2 = tagsPointer + i * 16;
      const fPointer = abi.lowerString(element2.f0);
      const fLength = abi.lowered.length;
      store<usize>(base2, fLength, 4);
      store<usize>(base2, fPointer, 0);
      const fPointer2 = abi.lowerString(element2.f1);
      const fLength2 = abi.lowered.length;
      store<usize>(base2, fLength2, 12);
      store<usize>(base2, fPointer2, 8);
    }
    store<usize>(base, tags.length, 44);
    store<usize>(base, tagsPointer, 40);
    const metadata = element.metadata;
    const metadataPointer = abi.allocate(metadata.length * 16, 4);
    for (let i2 = 0; i2 < metadata.length; i2++) {
      const element3 = metadata[i2];
      const base3 = metadataPointer + i2 * 16;
      const fPointer3 = abi.lowerString(element3.f0);
      const fLength3 = abi.lowered.length;
      store<usize>(base3, fLength3, 4);
      store<usize>(base3, fPointer3, 0);
      const fPointer4 = abi.lowerString(element3.f1);
      const fLength4 = abi.lowered.length;
      store<usize>(base3, fLength4, 12);
      store<usize>(base3, fPointer4, 8);
    }
    store<usize>(base, metadata.length, 52);
    store<usize>(base, metadataPointer, 48);
  }
  const area = abi.allocate(28, 4);
  _save(storePointer, storeLength, appIdPointer, appIdLength, itemsPointer, items.length, area);
  let outcome: Result<Unit, types.Error> = abi.zero<Result<Unit, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Unit, types.Error>(true);
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i4: usize = 0; i4 < count; i4++) {
      const base4 = pointer + i4 * 16;
      list[<i32>i4] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Unit, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** Deletes the keys, all or none; one that is missing is fine. At least one key. */
export function delete_(store_: string, scope: Scope, keys: Array<string>): Result<Unit, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const appIdPointer = abi.lowerString(scope.appId);
  const appIdLength = abi.lowered.length;
  const groupPointer = abi.lowerString(scope.group);
  const groupLength = abi.lowered.length;
  const labelPointer = abi.lowerString(scope.label);
  const labelLength = abi.lowered.length;
  const keysPointer = abi.allocate(keys.length * 8, 4);
  for (let i = 0; i < keys.length; i++) {
    const element = keys[i];
    const base = keysPointer + i * 8;
    const elementPointer = abi.lowerString(element);
    const elementLength = abi.lowered.length;
    store<usize>(base, elementLength, 4);
    store<usize>(base, elementPointer, 0);
  }
  const area = abi.allocate(28, 4);
  _delete_(storePointer, storeLength, appIdPointer, appIdLength, groupPointer, groupLength, labelPointer, labelLength, keysPointer, keys.length, area);
  let outcome: Result<Unit, types.Error> = abi.zero<Result<Unit, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    outcome = abi.ok<Unit, types.Error>(true);
  } else {
    const pointer = load<usize>(area, 20);
    const count = load<usize>(area, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i2: usize = 0; i2 < count; i2++) {
      const base2 = pointer + i2 * 16;
      list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<Unit, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}
