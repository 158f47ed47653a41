// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Option, Result, Tuple2 } from "./abi";
import * as http from "./http";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/http-client@0.1.0", "send")
declare function _send(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize, a8: i32, a9: i64, a10: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/http-client@0.1.0", "send-many")
declare function _sendMany(a0: usize, a1: usize, a2: usize): void;

export class Outgoing {
  constructor(
    public method: string,
    /** Absolute, `http` or `https`. For `invoke`: a path with its query. */
    public url: string,
    public headers: Array<Tuple2<string, string>>,
    public body: Uint8Array,
    /** Never beyond the caller's own deadline. */
    public timeout: Option<u64>,
  ) {}
}

export function send(request: Outgoing): Result<http.Response, types.Error> {
  const mark = abi.mark();
  const methodPointer = abi.lowerString(request.method);
  const methodLength = abi.lowered.length;
  const urlPointer = abi.lowerString(request.url);
  const urlLength = abi.lowered.length;
  const headers = request.headers;
  const headersPointer = abi.allocate(headers.length * 16, 4);
  for (let i = 0; i < headers.length; i++) {
    const element = headers[i];
    const base = headersPointer + i * 16;
    const fPointer = abi.lowerString(element.f0);
    const fLength = abi.lowered.length;
    store<usize>(base, fLength, 4);
    store<usize>(base, fPointer, 0);
    const fPointer2 = abi.lowerString(element.f1);
    const fLength2 = abi.lowered.length;
    store<usize>(base, fLength2, 12);
    store<usize>(base, fPointer2, 8);
  }
  const body = request.body;
  const timeout = request.timeout;
  let timeoutCase: i32 = 0;
  let timeout1: i64 = 0;
  if (timeout.isSome) {
    const payload2 = timeout.value;
    timeoutCase = 1;
    timeout1 = payload2;
  }
  const area = abi.allocate(28, 4);
  _send(methodPointer, methodLength, urlPointer, urlLength, headersPointer, headers.length, body.dataStart, body.length, timeoutCase, timeout1, area);
  let outcome: Result<http.Response, types.Error> = abi.zero<Result<http.Response, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer = load<usize>(area, 8);
    const count = load<usize>(area, 12);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i2: usize = 0; i2 < count; i2++) {
      const base2 = pointer + i2 * 16;
      list[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.ok<http.Response, types.Error>(new http.Response(load<u16>(area, 4), list, abi.liftArray<Uint8Array>(load<usize>(area, 16), load<usize>(area, 20))));
  } else {
    const pointer2 = load<usize>(area, 20);
    const count2 = load<usize>(area, 24);
    const list2 = new Array<Tuple2<string, string>>(<i32>count2);
    for (let i3: usize = 0; i3 < count2; i3++) {
      const base3 = pointer2 + i3 * 16;
      list2[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
    }
    abi.release(pointer2, count2 * 16);
    outcome = abi.err<http.Response, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list2));
  }
  abi.reset(mark);
  return outcome;
}

/** Up to 100, some of them at the same time; the answers in the order asked. */
export function sendMany(requests: Array<Outgoing>): Array<Result<http.Response, types.Error>> {
  const mark = abi.mark();
  const requestsPointer = abi.allocate(requests.length * 48, 8);
  for (let i2 = 0; i2 < requests.length; i2++) {
    const element = requests[i2];
    const base = requestsPointer + i2 * 48;
    const methodPointer = abi.lowerString(element.method);
    const methodLength = abi.lowered.length;
    store<usize>(base, methodLength, 4);
    store<usize>(base, methodPointer, 0);
    const urlPointer = abi.lowerString(element.url);
    const urlLength = abi.lowered.length;
    store<usize>(base, urlLength, 12);
    store<usize>(base, urlPointer, 8);
    const headers = element.headers;
    const headersPointer = abi.allocate(headers.length * 16, 4);
    for (let i = 0; i < headers.length; i++) {
      const element2 = headers[i];
      const base2 = headersPointer + i * 16;
      const fPointer = abi.lowerString(element2.f0);
      const fLength = abi.lowered.length;
      store<usize>(base2, fLength, 4);
      store<usize>(base2, fPointer, 0);
      const fPointer2 = abi.lowerString(element2.f1);
      const fLength2 = abi.lowered.length;
      store<usize>(base2, fLength2, 12);
      store<usize>(base2, fPointer2, 8);
    }
    store<usize>(base, headers.length, 20);
    store<usize>(base, headersPointer, 16);
    const body = element.body;
    store<usize>(base, body.length, 28);
    store<usize>(base, body.dataStart, 24);
    const timeout = element.timeout;
    if (!timeout.isSome) {
      store<u8>(base, 0, 32);
    } else {
      const payload2 = timeout.value;
      store<u8>(base, 1, 32);
      store<i64>(base, payload2, 40);
    }
  }
  const area = abi.allocate(8, 4);
  _sendMany(requestsPointer, requests.length, area);
  const pointer3 = load<usize>(area, 0);
  const count3 = load<usize>(area, 4);
  const list3 = new Array<Result<http.Response, types.Error>>(<i32>count3);
  for (let i5: usize = 0; i5 < count3; i5++) {
    const base3 = pointer3 + i5 * 28;
    let outcome: Result<http.Response, types.Error> = abi.zero<Result<http.Response, types.Error>>();
    if (load<u8>(base3, 0) == 0) {
      const pointer = load<usize>(base3, 8);
      const count = load<usize>(base3, 12);
      const list = new Array<Tuple2<string, string>>(<i32>count);
      for (let i3: usize = 0; i3 < count; i3++) {
        const base4 = pointer + i3 * 16;
        list[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base4, 0), load<usize>(base4, 4)), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)));
      }
      abi.release(pointer, count * 16);
      outcome = abi.ok<http.Response, types.Error>(new http.Response(load<u16>(base3, 4), list, abi.liftArray<Uint8Array>(load<usize>(base3, 16), load<usize>(base3, 20))));
    } else {
      const pointer2 = load<usize>(base3, 20);
      const count2 = load<usize>(base3, 24);
      const list2 = new Array<Tuple2<string, string>>(<i32>count2);
      for (let i4: usize = 0; i4 < count2; i4++) {
        const base5 = pointer2 + i4 * 16;
        list2[<i32>i4] = new Tuple2<string, string>(abi.liftString(load<usize>(base5, 0), load<usize>(base5, 4)), abi.liftString(load<usize>(base5, 8), load<usize>(base5, 12)));
      }
      abi.release(pointer2, count2 * 16);
      outcome = abi.err<http.Response, types.Error>(new types.Error(load<u8>(base3, 4), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)), (load<u8>(base3, 16) != 0), list2));
    }
    list3[<i32>i5] = outcome;
  }
  abi.release(pointer3, count3 * 28);
  abi.reset(mark);
  return list3;
}
