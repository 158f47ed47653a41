// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Result, Tuple2 } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/binding@0.1.0", "invoke")
declare function _invoke(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize, a8: usize): void;

export class Response {
  constructor(
    public data: Uint8Array,
    public metadata: Array<Tuple2<string, string>>,
  ) {}
}

/**
 * What `operation` and `metadata` may be is up to the driver, whose page says so; an operation that it does not know is
 * `unsupported`. An operation and the name of a pair have 1 to 4096 bytes, without NUL. Up to 4 MiB less 64 KiB both ways;
 * more is `too-large`.
 */
export function invoke_(binding_: string, operation: string, data: Uint8Array, metadata: Array<Tuple2<string, string>>): Result<Response, types.Error> {
  const mark = abi.mark();
  const bindingPointer = abi.lowerString(binding_);
  const bindingLength = abi.lowered.length;
  const operationPointer = abi.lowerString(operation);
  const operationLength = abi.lowered.length;
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
  _invoke(bindingPointer, bindingLength, operationPointer, operationLength, data.dataStart, data.length, metadataPointer, metadata.length, area);
  let outcome: Result<Response, types.Error> = abi.zero<Result<Response, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer = load<usize>(area, 12);
    const count = load<usize>(area, 16);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i2: usize = 0; i2 < count; i2++) {
      const base2 = pointer + i2 * 16;
      list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.ok<Response, types.Error>(new Response(abi.liftArray<Uint8Array>(load<usize>(area, 4), load<usize>(area, 8)), list));
  } else {
    const pointer2 = load<usize>(area, 20);
    const count2 = load<usize>(area, 24);
    const list2 = new Array<Tuple2<string, string>>(<i32>count2);
    for (let i3: usize = 0; i3 < count2; i3++) {
      const base3 = pointer2 + i3 * 16;
      list2[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
    }
    abi.release(pointer2, count2 * 16);
    outcome = abi.err<Response, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list2));
  }
  abi.reset(mark);
  return outcome;
}
