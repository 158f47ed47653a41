// Generated from WIT by `cargo xtask gen`; not for editing.

import { handle, receive } from "../export";
import * as abi from "./abi";
import { Result, Tuple2 } from "./abi";
import * as http from "./http";
import * as types from "./types";
import * as eventHandler from "./event-handler";

/** What the host reads lies in this value: it lives until post-return. */
let _eventHandler_receiveResult: Result<eventHandler.Outcome, types.Error> = abi.zero<Result<eventHandler.Outcome, types.Error>>();
const _eventHandler_receiveArea: usize = memory.data(32, 8);

/** `ottavo:runtime/event-handler@0.1.0#receive` */
export function eventHandler_receive(a0: usize): usize {
  let option: string | null = null;
  if (load<u8>(a0, 24) != 0) {
    option = abi.liftString(load<usize>(a0, 28), load<usize>(a0, 32));
  }
  let option2: string | null = null;
  if (load<u8>(a0, 36) != 0) {
    option2 = abi.liftString(load<usize>(a0, 40), load<usize>(a0, 44));
  }
  const pointer = load<usize>(a0, 92);
  const count = load<usize>(a0, 96);
  const list = new Array<Tuple2<string, string>>(<i32>count);
  for (let i: usize = 0; i < count; i++) {
    const base = pointer + i * 16;
    list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
  }
  abi.release(pointer, count * 16);
  const result = receive(new eventHandler.Event(abi.liftString(load<usize>(a0, 0), load<usize>(a0, 4)), abi.liftString(load<usize>(a0, 8), load<usize>(a0, 12)), abi.liftString(load<usize>(a0, 16), load<usize>(a0, 20)), option, option2, abi.liftString(load<usize>(a0, 48), load<usize>(a0, 52)), abi.liftString(load<usize>(a0, 56), load<usize>(a0, 60)), abi.liftString(load<usize>(a0, 64), load<usize>(a0, 68)), abi.liftString(load<usize>(a0, 72), load<usize>(a0, 76)), abi.liftArray<Uint8Array>(load<usize>(a0, 80), load<usize>(a0, 84)), load<u32>(a0, 88), list));
  _eventHandler_receiveResult = result;
  heap.free(a0);
  if (result.isOk) {
    const payload = result.value;
    store<u8>(_eventHandler_receiveArea, 0, 0);
    if (payload.tag == 0 /* success */) {
      store<u8>(_eventHandler_receiveArea, 0, 8);
    } else if (payload.tag == 1 /* retry */) {
      const payload3 = payload.asRetry;
      store<u8>(_eventHandler_receiveArea, 1, 8);
      if (!payload3.isSome) {
        store<u8>(_eventHandler_receiveArea, 0, 16);
      } else {
        const payload5 = payload3.value;
        store<u8>(_eventHandler_receiveArea, 1, 16);
        store<i64>(_eventHandler_receiveArea, payload5, 24);
      }
    } else {
      const payload6 = payload.asDrop;
      store<u8>(_eventHandler_receiveArea, 2, 8);
      const payloadPointer = abi.lowerString(payload6);
      const payloadLength = abi.lowered.length;
      store<usize>(_eventHandler_receiveArea, payloadLength, 20);
      store<usize>(_eventHandler_receiveArea, payloadPointer, 16);
    }
  } else {
    const payload7 = result.error;
    store<u8>(_eventHandler_receiveArea, 1, 0);
    store<u8>(_eventHandler_receiveArea, <u8>payload7.kind, 8);
    const messagePointer = abi.lowerString(payload7.message);
    const messageLength = abi.lowered.length;
    store<usize>(_eventHandler_receiveArea, messageLength, 16);
    store<usize>(_eventHandler_receiveArea, messagePointer, 12);
    store<u8>(_eventHandler_receiveArea, <u8>payload7.retryable, 20);
    const details = payload7.details;
    const detailsPointer = abi.allocate(details.length * 16, 4);
    for (let i2 = 0; i2 < details.length; i2++) {
      const element = details[i2];
      const base2 = detailsPointer + i2 * 16;
      const fPointer = abi.lowerString(element.f0);
      const fLength = abi.lowered.length;
      store<usize>(base2, fLength, 4);
      store<usize>(base2, fPointer, 0);
      const fPointer2 = abi.lowerString(element.f1);
      const fLength2 = abi.lowered.length;
      store<usize>(base2, fLength2, 12);
      store<usize>(base2, fPointer2, 8);
    }
    store<usize>(_eventHandler_receiveArea, details.length, 28);
    store<usize>(_eventHandler_receiveArea, detailsPointer, 24);
  }
  return _eventHandler_receiveArea;
}

/** After the host has read the result of `receive`. */
export function eventHandler_receive_post(_: usize): void {
  abi.resetAll();
  _eventHandler_receiveResult = abi.zero<Result<eventHandler.Outcome, types.Error>>();
}

/** What the host reads lies in this value: it lives until post-return. */
let _httpHandler_handleResult: Result<http.Response, types.Error> = abi.zero<Result<http.Response, types.Error>>();
const _httpHandler_handleArea: usize = memory.data(28, 4);

/** `ottavo:runtime/http-handler@0.1.0#handle` */
export function httpHandler_handle(a0: usize, a1: usize, a2: usize, a3: usize, a4: i32, a5: usize, a6: usize, a7: usize, a8: usize, a9: usize, a10: usize, a11: usize, a12: usize): usize {
  let option: string | null = null;
  if (a4 != 0) {
    option = abi.liftString(a5, a6);
  }
  const list = new Array<Tuple2<string, string>>(<i32>a8);
  for (let i: usize = 0; i < a8; i++) {
    const base = a7 + i * 16;
    list[<i32>i] = new Tuple2<string, string>(abi.liftString(load<usize>(base, 0), load<usize>(base, 4)), abi.liftString(load<usize>(base, 8), load<usize>(base, 12)));
  }
  abi.release(a7, a8 * 16);
  const list2 = new Array<Tuple2<string, string>>(<i32>a10);
  for (let i2: usize = 0; i2 < a10; i2++) {
    const base2 = a9 + i2 * 16;
    list2[<i32>i2] = new Tuple2<string, string>(abi.liftString(load<usize>(base2, 0), load<usize>(base2, 4)), abi.liftString(load<usize>(base2, 8), load<usize>(base2, 12)));
  }
  abi.release(a9, a10 * 16);
  const result = handle(new http.Request(abi.liftString(a0, a1), abi.liftString(a2, a3), option, list, list2, abi.liftArray<Uint8Array>(a11, a12)));
  _httpHandler_handleResult = result;
  if (result.isOk) {
    const payload = result.value;
    store<u8>(_httpHandler_handleArea, 0, 0);
    store<u16>(_httpHandler_handleArea, <u16>payload.status, 4);
    const headers = payload.headers;
    const headersPointer = abi.allocate(headers.length * 16, 4);
    for (let i3 = 0; i3 < headers.length; i3++) {
      const element = headers[i3];
      const base3 = headersPointer + i3 * 16;
      const fPointer = abi.lowerString(element.f0);
      const fLength = abi.lowered.length;
      store<usize>(base3, fLength, 4);
      store<usize>(base3, fPointer, 0);
      const fPointer2 = abi.lowerString(element.f1);
      const fLength2 = abi.lowered.length;
      store<usize>(base3, fLength2, 12);
      store<usize>(base3, fPointer2, 8);
    }
    store<usize>(_httpHandler_handleArea, headers.length, 12);
    store<usize>(_httpHandler_handleArea, headersPointer, 8);
    const body = payload.body;
    store<usize>(_httpHandler_handleArea, body.length, 20);
    store<usize>(_httpHandler_handleArea, body.dataStart, 16);
  } else {
    const payload2 = result.error;
    store<u8>(_httpHandler_handleArea, 1, 0);
    store<u8>(_httpHandler_handleArea, <u8>payload2.kind, 4);
    const messagePointer = abi.lowerString(payload2.message);
    const messageLength = abi.lowered.length;
    store<usize>(_httpHandler_handleArea, messageLength, 12);
    store<usize>(_httpHandler_handleArea, messagePointer, 8);
    store<u8>(_httpHandler_handleArea, <u8>payload2.retryable, 16);
    const details = payload2.details;
    const detailsPointer = abi.allocate(details.length * 16, 4);
    for (let i4 = 0; i4 < details.length; i4++) {
      const element2 = details[i4];
      const base4 = detailsPointer + i4 * 16;
      const fPointer3 = abi.lowerString(element2.f0);
      const fLength3 = abi.lowered.length;
      store<usize>(base4, fLength3, 4);
      store<usize>(base4, fPointer3, 0);
      const fPointer4 = abi.lowerString(element2.f1);
      const fLength4 = abi.lowered.length;
      store<usize>(base4, fLength4, 12);
      store<usize>(base4, fPointer4, 8);
    }
    store<usize>(_httpHandler_handleArea, details.length, 24);
    store<usize>(_httpHandler_handleArea, detailsPointer, 20);
  }
  return _httpHandler_handleArea;
}

/** After the host has read the result of `handle`. */
export function httpHandler_handle_post(_: usize): void {
  abi.resetAll();
  _httpHandler_handleResult = abi.zero<Result<http.Response, types.Error>>();
}

export { cabi_realloc } from "./abi";
