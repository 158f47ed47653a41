// What is half a character reaches the host as U+FFFD, and nothing else is touched.

import assert from "node:assert/strict";

import { call, imported, list, string, u32 } from "../canonical.mjs";

export const alone = true;
const WHOLE = ["\uFFFD", "a\uFFFDb", "\uFFFD💥", ""];

let heard;

export function imports(host) {
  const said = imported(() => host.cx, [string], u32, (text) => heard.push(text));
  return { "test:surrogates/host": { said } };
}

export function check(host, cx) {
  heard = [];
  assert.deepEqual(call(cx, "speak", [], list(string), []), WHOLE);
  assert.deepEqual(heard, WHOLE);
}
