import { decode, decodeLossy, encode, lowerCase, malformedAt } from "@ottavo/sdk/assembly/text";

function bytes(list: u8[]): Uint8Array {
  const bytes = new Uint8Array(list.length);
  for (let i = 0; i < list.length; i++) bytes[i] = list[i];
  return bytes;
}

export function textGoesToUtf8AndBack(): void {
  const texts = ["", "a", "é", "\u07FF\u0800", "€\uFFFF", "💥\u{10FFFF}", "a\0b"];
  for (let i = 0; i < texts.length; i++) {
    const encoded = encode(texts[i]);
    assert(malformedAt(encoded) == -1, texts[i]);
    assert(decode(encoded) == texts[i], texts[i]);
    assert(decodeLossy(encoded) == texts[i], texts[i]);
  }
}

export function halfACharacterIsReplaced(): void {
  assert(decode(encode("a" + String.fromCharCode(0xd800) + "b")) == "a\uFFFDb");
}

export function whatIsNotUtf8IsFoundWhereItBegins(): void {
  const cases: u8[][] = [
    [0x61, 0xff], // no first byte
    [0x61, 0x80], // no second byte without a first
    [0x61, 0xc0, 0x80], // longer than needed
    [0x61, 0xc1, 0xbf],
    [0x61, 0xe0, 0x9f, 0xbf],
    [0x61, 0xed, 0xa0, 0x80], // half a character
    [0x61, 0xf0, 0x8f, 0xbf, 0xbf],
    [0x61, 0xf4, 0x90, 0x80, 0x80], // beyond the last character
    [0x61, 0xf5, 0x80, 0x80, 0x80],
    [0x61, 0xc3], // cut off
    [0x61, 0xe2, 0x82],
    [0x61, 0xf0, 0x9f, 0x92],
    [0x61, 0xe2, 0x28, 0xa1], // no second byte
  ];
  for (let i = 0; i < cases.length; i++) {
    assert(malformedAt(bytes(cases[i])) == 1, `case ${i}`);
  }
}

export function onlyAsciiGoesToLowerCase(): void {
  assert(lowerCase("Content-TYPE") == "content-type");
  assert(lowerCase("x-é") == "x-é" && lowerCase("X-É") == "x-É" && lowerCase("") == "");
}
