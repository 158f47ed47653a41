// Reads the parameters of a call.

import { Error } from "@ottavo/sdk";
import { decode, malformedAt } from "@ottavo/sdk/assembly/text";

/**
 * What is left of a body. After the first thing that is wrong every read gives an empty value, so
 * that one look at `failure` is enough: before the call is made.
 */
export class Decoder {
  /** What was wrong first. */
  failure: Error | null = null;
  private at: i32 = 0;

  constructor(private readonly body: Uint8Array) {}

  /** The parameters are read: nothing may follow. */
  end(): Error | null {
    const more = this.body.length - this.at;
    if (more != 0) this.fail(`${more} bytes follow the parameters`);
    return this.failure;
  }

  u8(): u8 {
    return <u8>this.number(1);
  }

  u32(): u32 {
    return <u32>this.number(4);
  }

  u64(): u64 {
    return this.number(8);
  }

  bytes(): Uint8Array {
    const start = this.skip(this.u32());
    return this.body.slice(start, this.at);
  }

  string(): string {
    const bytes = this.bytes();
    if (malformedAt(bytes) >= 0) {
      this.fail("text is not UTF-8");
      return "";
    }
    return decode(bytes);
  }

  /** How many items follow. Each takes a byte or more, so one count too large ends here. */
  count(): i32 {
    const count = this.u32();
    if (count <= <u32>(this.body.length - this.at)) return <i32>count;
    this.fail("it ends within a value");
    return 0;
  }

  /** Whether the value of an option follows. */
  option(): bool {
    const index = this.u8();
    if (index > 1) this.noCase("option", index);
    return index == 1;
  }

  /** An index that the type has no case for. */
  noCase(name: string, index: u8): void {
    this.fail(`\`${name}\` has no case ${index}`);
  }

  private number(size: i32): u64 {
    const start = this.skip(size);
    let value: u64 = 0;
    for (let i = this.at - 1; i >= start; i--) value = (value << 8) | this.body[i];
    return value;
  }

  /** Goes on by so many bytes, or to the end if there are fewer; where the bytes begin. */
  private skip(size: u32): i32 {
    const start = this.at;
    if (this.failure === null && size <= <u32>(this.body.length - start)) {
      this.at += <i32>size;
      return start;
    }
    this.fail("it ends within a value");
    return this.at;
  }

  private fail(what: string): void {
    if (this.failure !== null) return;
    this.failure = Error.invalidArgument("the body is no encoded call: " + what);
    // what is left is nothing
    this.at = this.body.length;
  }
}
