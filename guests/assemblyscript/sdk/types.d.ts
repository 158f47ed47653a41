// What the compiler's own definitions for editors leave out.

interface Number {
  toString(radix?: i32): string;
}
