// A function, and objects that whoever uses the component holds.

import { Request } from "@ottavo/sdk";
import { Result, err, ok } from "./bindings/abi";
import { Parcel } from "./bindings/stock";

let gone_: Array<string> = [];

export function handle(request: Request): string {
  const shelf = new Shelf(request.path);
  shelf.put(["a", "b"]);
  return shelf.label();
}

export class Shelf {
  things: Array<string> = [];

  constructor(private name: string) {}

  put(things: Array<string>): u32 {
    this.things = this.things.concat(things);
    return this.things.length;
  }

  label(): string {
    return this.name + ": " + this.things.join(" ");
  }

  merge(other: Shelf): void {
    this.put(other.things);
  }

  static open(name: string): Result<Shelf, string> {
    return name.length == 0 ? err<Shelf, string>("a shelf needs a name") : ok<Shelf, string>(new Shelf(name));
  }

  /** When the host lets go of it. */
  drop(): void {
    gone_.push(this.name);
  }
}

export function fullest(shelves: Array<Shelf>): string | null {
  if (shelves.length == 0) return null;
  let best = shelves[0];
  for (let i = 1; i < shelves.length; i++) {
    if (shelves[i].things.length > best.things.length) best = shelves[i];
  }
  return best.label();
}

export function pack(shelf: Shelf, address: string): Parcel {
  return new Parcel(shelf, address);
}

export function unpack(parcel: Parcel): Shelf {
  parcel.shelf.put([parcel.address]);
  return parcel.shelf;
}

export function gone(): Array<string> {
  const names = gone_;
  gone_ = [];
  return names;
}
