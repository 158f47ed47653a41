import { said } from "./bindings/host";

const HALVES = [
  String.fromCharCode(0xd800),
  "a" + String.fromCharCode(0xdfff) + "b",
  String.fromCharCode(0xd83d) + String.fromCharCode(0xd83d) + String.fromCharCode(0xdca5),
  "",
];

export function speak(): Array<string> {
  for (let i = 0; i < HALVES.length; i++) said(HALVES[i]);
  return HALVES;
}
