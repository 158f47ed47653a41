import { Kind, parseInteger } from "@ottavo/sdk";

function refused<T>(text: string): void {
  const parsed = parseInteger<T>(text);
  assert(parsed.isErr && parsed.error.kind == Kind.InvalidArgument, text);
}

export function numbersOfTheRangeAreRead(): void {
  assert(parseInteger<u64>("18446744073709551615").value == u64.MAX_VALUE);
  assert(parseInteger<i64>("-9223372036854775808").value == i64.MIN_VALUE);
  assert(parseInteger<i64>("9223372036854775807").value == i64.MAX_VALUE);
  assert(parseInteger<u8>("+0255").value == 255);
  assert(parseInteger<i8>("-128").value == -128);
  assert(parseInteger<i32>("-0").value == 0);
  assert(parseInteger<u32>("4294967295").value == u32.MAX_VALUE);
}

export function whatIsNoNumberOfTheRangeIsRefused(): void {
  refused<u64>("18446744073709551616");
  refused<u64>("99999999999999999999");
  refused<u64>("-1");
  refused<i64>("9223372036854775808");
  refused<i64>("-9223372036854775809");
  refused<u8>("256");
  refused<i8>("128");
  refused<i8>("-129");
  refused<i32>("");
  refused<i32>("-");
  refused<i32>("+");
  refused<i32>("1.5");
  refused<i32>(" 1");
  refused<i32>("many");
  refused<i32>("0x10");
}
