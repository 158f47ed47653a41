// Query strings: pairs, percent-encoded, `+` for a space.

import { Pairs } from "./pairs";
import { decodeLossy, encode } from "./text";

/** The pairs of a query string, decoded, in the order received. */
export function parse(query: string): Pairs {
  const pairs = Pairs.empty();
  const parts = query.split("&");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part.length == 0) continue;
    const middle = part.indexOf("=");
    if (middle < 0) {
      pairs.append(unescaped(part), "");
    } else {
      pairs.append(unescaped(part.slice(0, middle)), unescaped(part.slice(middle + 1)));
    }
  }
  return pairs;
}

/** A `%` that no two hexadecimal digits follow stays; bytes that are not UTF-8 become U+FFFD. */
function unescaped(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  const bytes = encode(text);
  const length = bytes.length;
  let written = 0;
  for (let at = 0; at < length; at++) {
    let byte = bytes[at];
    if (byte == 0x2b /* + */) {
      byte = 0x20;
    } else if (byte == 0x25 /* % */ && at + 2 < length) {
      const high = digit(bytes[at + 1]);
      const low = digit(bytes[at + 2]);
      if (high >= 0 && low >= 0) {
        byte = <u8>((high << 4) | low);
        at += 2;
      }
    }
    bytes[written++] = byte;
  }
  return decodeLossy(bytes.subarray(0, written));
}

/** The value of a hexadecimal digit; -1 for what is none. */
function digit(byte: u8): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
