// Counts books: `GET /inventory?name=book1` tells how many there are, `PUT` sets it.

import { Error, Request, Response, Result, err, log, ok, state, status } from "@ottavo/sdk";
import { book, count } from "./input";

export function handle(request: Request): Result<Response> {
  const name = book(request);
  if (name.isErr) return err<Response>(name.error);
  return request.method == "PUT" ? put(name.value, request) : get(name.value);
}

function put(name: string, request: Request): Result<Response> {
  const number = count(request);
  if (number.isErr) return err<Response>(number.error);
  const written = new state.Store("default").set(name, number.value.toString());
  if (written.isErr) return err<Response>(written.error);
  log.field("book", name).field("count", number.value).info("inventory set");
  return ok(Response.status(status.NO_CONTENT));
}

function get(name: string): Result<Response> {
  const found = new state.Store("default").get(name);
  if (found.isErr) return err<Response>(found.error);
  const value = found.value;
  if (value === null) {
    const hint = "PUT its number to this address first";
    return err<Response>(Error.notFound(`no inventory of \`${name}\`: ${hint}`));
  }
  const number = value.text();
  if (number.isErr) return err<Response>(number.error);
  return ok(Response.text(`There are ${number.value} inventories for ${name}.`));
}
