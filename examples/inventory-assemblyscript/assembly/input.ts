// What a request says: the part that can be tested without a host.

import { Error, Request, Result, err, ok, parseInteger } from "@ottavo/sdk";

/** The book that the query names. */
export function book(request: Request): Result<string> {
  const name = request.query("name");
  if (name === null || name.length == 0) {
    return err<string>(Error.invalidArgument("the query names no book: add `?name=book1`"));
  }
  return ok<string>(name);
}

/** The number in the body. */
export function count(request: Request): Result<u64> {
  const body = request.text();
  if (body.isErr) return err<u64>(body.error);
  const text = body.value.trim();
  const number = parseInteger<u64>(text);
  if (number.isOk) return number;
  const what = "send a whole number, 0 or more";
  return err<u64>(Error.invalidArgument(`\`${text}\` is no inventory: ${what}`));
}
