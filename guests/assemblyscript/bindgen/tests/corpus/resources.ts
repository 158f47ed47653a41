// Objects that the host holds, and resources of the host's that are the guest's for one call.

import { Option, Result, err, ok } from "./bindings/abi";
import { Holder } from "./bindings/pools";
import { Book } from "./bindings/shelf";

let gone: Array<string> = [];

export class Pool {
  constructor(private text: string) {}

  name(): string {
    return this.text;
  }

  rename(name: string): void {
    this.text = name;
  }

  merge(other: Pool): string {
    return this.text + "+" + other.text;
  }

  absorb(other: Pool): string {
    this.text += "<" + other.text;
    return this.text;
  }

  split(n: u32): Array<Pool> {
    const parts = new Array<Pool>();
    for (let i: u32 = 0; i < n; i++) parts.push(new Pool(this.text + i.toString()));
    return parts;
  }

  /** Of the WIT; `drop` is when the host lets go. */
  drop_(): u8 {
    return 7;
  }

  drop(): void {
    gone.push(this.text);
  }

  static open(name: string): Result<Pool, string> {
    return name.length == 0 ? err<Pool, string>("no name") : ok<Pool, string>(new Pool(name));
  }
}

/** Nothing happens when the host lets go of one. */
export class Even {
  private constructor(private value: u32) {}

  static create(n: u32): Result<Even, string> {
    return n % 2 == 0 ? ok<Even, string>(new Even(n)) : err<Even, string>("odd");
  }

  n(): u32 {
    return this.value;
  }
}

export function hold(pool: Pool, tag: string): Holder {
  return new Holder(pool, tag);
}

export function unhold(holder: Holder): Pool {
  holder.pool.rename(holder.pool.name() + holder.tag);
  return holder.pool;
}

export function look(pools: Array<Pool>): string {
  return pools.map<string>((pool: Pool) => pool.name()).join();
}

export function maybe(pool: Pool | null): Pool | null {
  return pool;
}

export function read(book: Book, others: Array<Book>): string {
  return book.title() + ":" + others.map<string>((other: Book) => other.title()).join();
}

export function swap(book: Book): Result<Book, string> {
  const title = book.title();
  book.drop();
  return title == "" ? err<Book, string>("blank") : ok<Book, string>(Book.create(title + "2"));
}

export function dropped(): Array<string> {
  const all = gone;
  gone = [];
  return all;
}

export function nameOf(pool: Pool): string {
  return pool.name();
}

export function pass(pool: Pool): Pool {
  return pool;
}
