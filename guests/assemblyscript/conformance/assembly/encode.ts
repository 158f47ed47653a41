// Writes the outcome of a call.

import { Error, Pairs } from "@ottavo/sdk";
import { encode } from "@ottavo/sdk/assembly/text";

/** Bytes, more and more. */
export class Encoder {
  private written: u8[] = [];

  /** A result without a value, or with the value that the caller writes next; says which. */
  outcome(failed: Error | null): bool {
    this.bool(failed !== null);
    if (failed === null) return true;
    this.u8(<u8>failed.kind);
    this.string(failed.message);
    this.bool(failed.retryable);
    this.pairs(failed.details);
    return false;
  }

  u8(value: u8): void {
    this.written.push(value);
  }

  bool(value: bool): void {
    this.u8(value ? 1 : 0);
  }

  u16(value: u16): void {
    this.u8(<u8>value);
    this.u8(<u8>(value >> 8));
  }

  u32(value: u32): void {
    for (let i = 0; i < 4; i++) this.u8(<u8>(value >> (i * 8)));
  }

  u64(value: u64): void {
    for (let i = 0; i < 8; i++) this.u8(<u8>(value >> (i * 8)));
  }

  bytes(value: Uint8Array): void {
    this.u32(value.length);
    for (let i = 0; i < value.length; i++) this.u8(value[i]);
  }

  string(value: string): void {
    this.bytes(encode(value));
  }

  text(value: string | null): void {
    this.bool(value !== null);
    if (value !== null) this.string(value);
  }

  strings(values: string[]): void {
    this.u32(values.length);
    for (let i = 0; i < values.length; i++) this.string(values[i]);
  }

  pairs(values: Pairs): void {
    this.u32(values.length);
    for (let i = 0; i < values.length; i++) {
      this.string(values.name(i));
      this.string(values.value(i));
    }
  }

  /** Everything so far. */
  finish(): Uint8Array {
    const bytes = new Uint8Array(this.written.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.written[i];
    return bytes;
  }
}
