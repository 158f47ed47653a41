// Text and bytes: UTF-8 everywhere outside, UTF-16 inside.

/** The UTF-8 of a text; what is half a character becomes U+FFFD. */
export function encode(text: string): Uint8Array {
  const bytes = new Uint8Array(String.UTF8.byteLength(text));
  const units = changetype<usize>(text);
  String.UTF8.encodeUnsafe(units, text.length, bytes.dataStart, false, String.UTF8.ErrorMode.REPLACE);
  return bytes;
}

/** The text of UTF-8 that is known to be well-formed. */
export function decode(bytes: Uint8Array): string {
  return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
}

/** Where bytes stop being UTF-8; -1 when all of them are. */
export function malformedAt(bytes: Uint8Array): i32 {
  const length = bytes.length;
  let at = 0;
  while (at < length) {
    const first = unchecked(bytes[at]);
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const size = sequence(bytes, at, first);
    if (size == 0) return at;
    at += size;
  }
  return -1;
}

/** The bytes of the character at `at`, which is none of ASCII; 0 when there is none. */
function sequence(bytes: Uint8Array, at: i32, first: u8): i32 {
  let size = 0;
  let low: u8 = 0x80; // of the second byte: overlong forms and surrogates are none
  let high: u8 = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    size = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    size = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    size = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  }
  if (size == 0 || at + size > bytes.length) return 0;
  const second = unchecked(bytes[at + 1]);
  if (second < low || second > high) return 0;
  for (let i = 2; i < size; i++) {
    if ((unchecked(bytes[at + i]) & 0xc0) != 0x80) return 0;
  }
  return size;
}

/** The text of any bytes: what is not UTF-8 becomes U+FFFD. */
export function decodeLossy(bytes: Uint8Array): string {
  const at = malformedAt(bytes);
  if (at < 0) return decode(bytes);
  const rest = bytes.subarray(at + 1);
  return decode(bytes.subarray(0, at)) + "\uFFFD" + decodeLossy(rest);
}
