// Runs every world of `corpus/`: values go from here through each export into the guest, through the
// import of the same name back, and another value takes the same way in the other direction.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { call } from "./canonical.mjs";
import { Host, STRESS, calls, compiled, exportName, isPlain, worlds } from "./corpus.mjs";

const folder = mkdtempSync(join(tmpdir(), "ottavo-corpus-"));
after(() => rmSync(folder, { recursive: true }));
const all = await worlds(folder);

/** Sends values both ways through one function. */
function exchange(host, world, called, [values, answer]) {
  const { name, parameters, result } = called;
  host.answer = answer;
  const types = parameters.map(({ type }) => type);
  const back = call(host.worlds[world.name], exportName(called), types, result?.type ?? null, values);
  assert.deepEqual(host.seen.pop(), [name, values]);
  assert.deepEqual(back, result === null ? undefined : answer);
}

const echoed = all
  .filter(({ host }) => !host.alone)
  .flatMap((world) => world.exports.filter(isPlain).map((called) => ({ world, called, tried: calls(called) })));

const builds = [
  ["as it is", ["--optimizeLevel", "0"], 10000],
  ["optimised", ["-O3"], 10000],
  ["optimised, with a collection on every allocation", ["-O3", ...STRESS.flatMap((use) => ["--use", use])], 1000],
];

for (const [how, flags, many] of builds) {
  describe(how, () => {
    const module = compiled(folder, how.replaceAll(/\W/g, "-"), flags);
    const host = new Host(module, all);

    for (const world of all) {
      test(world.name, () => {
        for (const { called, tried } of echoed.filter((one) => one.world === world)) {
          for (const each of tried) exchange(host, world, called, each);
        }
        world.host.check?.(host, host.worlds[world.name]);
        assert.equal(host.seen.length, 0);
        assert.equal(host.liveBlocks(), 0, "blocks that nobody freed");
      });
    }

    test("a block counts until it is freed", () => {
      const block = host.cx.allocate(8, 4);
      assert.equal(host.liveBlocks(), 1);
      const more = host.cx.exports.cabi_realloc(block, 8, 4, 100);
      assert.equal(host.liveBlocks(), 1);
      host.cx.exports.cabi_realloc(more, 100, 4, 0);
      assert.equal(host.liveBlocks(), 0);
    });

    test(`${many} calls take no more memory than a few`, () => {
      // large values are for the tests above
      const small = ({ called: { parameters } }) => parameters.length < 30;
      const light = echoed.filter(small).map((one) => ({ ...one, tried: one.tried.slice(0, 4) }));
      const round = (count) => {
        for (let done = 0; done < count; ) {
          for (const { world, called, tried } of light) {
            for (const each of tried) exchange(host, world, called, each);
            done += tried.length;
          }
          for (const world of all) world.host.again?.(host, host.worlds[world.name]);
        }
      };
      round(many / 10);
      const before = host.cx.exports.memory.buffer.byteLength;
      round(many);
      assert.equal(host.cx.exports.memory.buffer.byteLength, before);
      assert.equal(host.liveBlocks(), 0);
    });
  });
}

test("no generated code reads without a sign what it read with one: binaryen forgets it", () => {
  for (const { name } of all) {
    const bindings = join(folder, name, "bindings");
    for (const file of readdirSync(bindings)) {
      assert.doesNotMatch(readFileSync(join(bindings, file), "utf8"), /<u64>\s*\(?<u32>\s*\(?load<i32>/, `${name}/${file}`);
    }
  }
});
