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
  let at = 0;
  while (at < bytes.length) {
    if (unchecked(bytes[at]) < 0x80) {
      at += 1;
      continue;
    }
    const size = sequence(bytes, at);
    if (size < 0) return at;
    at += size;
  }
  return -1;
}

/** The text of any bytes: what is not UTF-8 becomes U+FFFD, as in a browser. */
export function decodeLossy(bytes: Uint8Array): string {
  if (malformedAt(bytes) < 0) return decode(bytes);
  // the replacement has 3 bytes
  const clean = new Uint8Array(bytes.length * 3);
  let written = 0;
  for (let at = 0; at < bytes.length; ) {
    const size = bytes[at] < 0x80 ? 1 : sequence(bytes, at);
    if (size > 0) {
      for (let i = 0; i < size; i++) clean[written++] = bytes[at + i];
      at += size;
    } else {
      clean[written++] = 0xef;
      clean[written++] = 0xbf;
      clean[written++] = 0xbd;
      at -= size;
    }
  }
  return decode(clean.subarray(0, written));
}

/**
 * The bytes of the character at `at`, which is none of ASCII. Below zero when there is none: as many
 * bytes as one could begin with.
 */
function sequence(bytes: Uint8Array, at: i32): i32 {
  const first = unchecked(bytes[at]);
  let size = 0;
  let low: u8 = 0x80; // of the second byte: longer forms than needed and surrogates are none
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
  for (let i = 1; i < size; i++) {
    if (at + i == bytes.length) return -i;
    const next = unchecked(bytes[at + i]);
    if (next < low || next > high) return -i;
    low = 0x80;
    high = 0xbf;
  }
  return size == 0 ? -1 : size;
}

/** A header's name in lower case. ASCII only: the tables for all of Unicode would be a third of a function. */
export function lowerCase(name: string): string {
  let at = 0;
  while (at < name.length && !isUpper(name.charCodeAt(at))) at++;
  if (at == name.length) return name;
  const bytes = encode(name);
  for (let i = 0; i < bytes.length; i++) {
    if (isUpper(bytes[i])) bytes[i] |= 0x20;
  }
  return decode(bytes);
}

function isUpper(unit: i32): bool {
  return unit >= 0x41 && unit <= 0x5a;
}
