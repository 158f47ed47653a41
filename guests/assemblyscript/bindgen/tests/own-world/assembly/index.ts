import { Request, log } from "@ottavo/sdk";
import { Result, err, ok } from "./bindings/abi";
import { Error, ErrorKind } from "./bindings/types";

export function handle(request: Request): string {
  return "stock of " + request.path;
}

export class Shelf {
  private things: Array<string> = [];

  constructor(private name: string) {}

  put(things: Array<string>): u32 {
    this.things = this.things.concat(things);
    return this.things.length;
  }

  label(): string {
    return this.name + ": " + this.things.length.toString();
  }

  /** When the host lets go of it. */
  drop(): void {
    log.info("cleared " + this.name);
  }
}

export function fullest(shelves: Array<Shelf>): Result<string, Error> {
  if (shelves.length == 0) return err<string, Error>(new Error(ErrorKind.NotFound, "no shelves", false, []));
  let best = shelves[0];
  for (let i = 1; i < shelves.length; i++) {
    if (shelves[i].put([]) > best.put([])) best = shelves[i];
  }
  return ok<string, Error>(best.label());
}
