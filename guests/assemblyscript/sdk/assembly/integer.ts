// Numbers in text, strictly: the language's own `parseInt` takes what it can and is silent about it.

import { Error } from "./error";
import { Result, err, ok } from "./result";

/** A whole number in decimal that fits the type; else `invalid-argument`. */
export function parseInteger<T>(text: string): Result<T> {
  if (!isInteger<T>()) ERROR("`parseInteger` is for types of whole numbers");
  let at = 0;
  let negative = false;
  if (text.startsWith("+") || (isSigned<T>() && text.startsWith("-"))) {
    negative = text.charCodeAt(0) == 0x2d;
    at = 1;
  }
  if (at == text.length) return refused<T>(text);
  // below zero from the start: the lowest number has no positive counterpart
  let value: T = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return refused<T>(text);
    const step = <T>digit;
    if (negative) {
      if (value < (<T>minimum<T>() + step) / 10) return refused<T>(text);
      value = <T>(value * 10 - step);
    } else {
      if (value > (<T>maximum<T>() - step) / 10) return refused<T>(text);
      value = <T>(value * 10 + step);
    }
  }
  return ok<T>(value);
}

function maximum<T>(): T {
  if (isSigned<T>()) return <T>((<u64>1 << (sizeof<T>() * 8 - 1)) - 1);
  return <T>~(<T>0);
}

function minimum<T>(): T {
  return isSigned<T>() ? <T>(<u64>1 << (sizeof<T>() * 8 - 1)) : <T>0;
}

function refused<T>(text: string): Result<T> {
  return err<T>(Error.invalidArgument(`\`${text}\` is no whole number of this range`));
}
