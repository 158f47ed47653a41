// @ts-nocheck: a type parameter for numbers is no number to TypeScript
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
  const least = minimum<T>();
  const most = maximum<T>();
  let value: T = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return refused<T>(text);
    const step = digit as T;
    if (negative) {
      if (value < (least + step) / 10) return refused<T>(text);
      value = (value * 10 - step) as T;
    } else {
      if (value > (most - step) / 10) return refused<T>(text);
      value = (value * 10 + step) as T;
    }
  }
  return ok<T>(value);
}

function maximum<T>(): T {
  if (isSigned<T>()) return (top<T>() - 1) as T;
  return ~(0 as T) as T;
}

function minimum<T>(): T {
  return isSigned<T>() ? (top<T>() as T) : (0 as T);
}

/** The highest bit. */
function top<T>(): u64 {
  const one: u64 = 1;
  const bits: u64 = sizeof<T>() * 8;
  return one << (bits - 1);
}

function refused<T>(text: string): Result<T> {
  return err<T>(Error.invalidArgument(`\`${text}\` is no whole number of this range`));
}
