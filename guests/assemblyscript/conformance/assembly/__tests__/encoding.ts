import { Error, Kind } from "@ottavo/sdk";
import { Decoder } from "../decode";
import { Encoder } from "../encode";

function bytes(list: u8[]): Uint8Array {
  const bytes = new Uint8Array(list.length);
  for (let i = 0; i < list.length; i++) bytes[i] = list[i];
  return bytes;
}

export function valuesAreReadInOrder(): void {
  const from = new Decoder(
    bytes([1, 2, 0, 0, 0, 0x68, 0x69, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  );
  assert(from.u8() == 1);
  assert(from.string() == "hi");
  assert(from.option());
  assert(<i64>from.u64() == -1);
  assert(from.end() === null);
}

export function aCountBeyondTheEndIsRefusedAtOnce(): void {
  const from = new Decoder(bytes([0xff, 0xff, 0xff, 0xff]));
  assert(from.count() == 0 && from.failure!.kind == Kind.InvalidArgument);
  assert(new Decoder(bytes([0xff, 0xff, 0xff, 0xff, 1])).bytes().length == 0);
}

export function whatIsNoValueOrFollowsTheLastIsRefused(): void {
  const option = new Decoder(bytes([2]));
  option.option();
  assert(option.failure !== null);
  const text = new Decoder(bytes([1, 0, 0, 0, 0xff]));
  text.string();
  assert(text.failure !== null);
  assert(new Decoder(bytes([0])).end() !== null);
}

export function anErrorIsWrittenInFull(): void {
  const to = new Encoder();
  to.outcome(Error.notFound("no").withDetail("a", "b"));
  const expected: u8[] = [
    1, 3, 2, 0, 0, 0, 0x6e, 0x6f, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0x61, 1, 0, 0, 0, 0x62,
  ];
  assert(to.finish().join() == bytes(expected).join());
}
