// A project with a world of its own, built as a function is: by `asc` with the SDK's configuration.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Context, call, handle, list, record, result, string, u32, u8, bool, tuple } from "./canonical.mjs";
import { generator, run } from "./corpus.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const modules = join(here, "..", "..", "node_modules");
const folder = mkdtempSync(join(tmpdir(), "ottavo-own-world-"));
after(() => rmSync(folder, { recursive: true }));

cpSync(join(here, "own-world"), folder, { recursive: true });
cpSync(join(here, "..", "..", "..", "..", "wit"), join(folder, "wit", "deps", "ottavo"), { recursive: true });
symlinkSync(modules, join(folder, "node_modules"));
const world = "assembly/bindings/component-type.bin";
run(generator(), ["wit", "--sdk", "--out", dirname(world), "--component-type", world], folder);

const build = () =>
  spawnSync(process.execPath, [compiler, "--config", "asconfig.json", "--outFile", "shop.wasm"], {
    cwd: folder,
    encoding: "utf8",
  });

const STOCK = "test:shop/stock@0.1.0";
const HANDLER = "ottavo:runtime/http-handler@0.1.0#handle";

test("the module exports both worlds' functions, and says which world it is of", () => {
  const built = build();
  assert.equal(built.status, 0, built.stderr);
  assert.doesNotMatch(built.stderr, /WARNING|INFO/);
  const module = new WebAssembly.Module(readFileSync(join(folder, "shop.wasm")));
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  for (const name of ["[constructor]shelf", "[method]shelf.put", "[dtor]shelf", "fullest"]) {
    assert.ok(names.includes(`${STOCK}#${name}`), name);
  }
  assert.ok(names.includes(HANDLER) && names.includes("cabi_realloc"));
  const [section] = WebAssembly.Module.customSections(module, "component-type:own");
  assert.deepEqual(Buffer.from(section), readFileSync(join(folder, world)));

  const places = new Map();
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = (place) => (places.set(places.size + 1, place), places.size);
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  exports._initialize();
  const cx = new Context(exports);
  const shelf = (name, things) => {
    const place = places.get(call(cx, `${STOCK}#[constructor]shelf`, [string], handle, [name]));
    call(cx, `${STOCK}#[method]shelf.put`, [handle, list(string)], u32, [place, things]);
    return place;
  };
  const error = record({ kind: u8, message: string, retryable: bool, details: list(tuple(string, string)) });
  const fullest = (shelves) => call(cx, `${STOCK}#fullest`, [list(handle)], result(string, error), [shelves]);
  const shelves = [shelf("a", ["x"]), shelf("b", ["x", "y"]), shelf("c", [])];
  assert.deepEqual(fullest(shelves), ["ok", "b: 2"]);
  assert.equal(fullest([])[1].message, "no shelves");
});

test("bindings that are not there are an error that says what to run", () => {
  rmSync(join(folder, world));
  const built = build();
  assert.notEqual(built.status, 0);
  assert.match(built.stderr, /component-type\.bin/);
  assert.match(built.stderr, /ottavo-bindgen-assemblyscript/);
});

test("a world without the SDK's handler needs no `handle`", () => {
  const wit = readFileSync(join(folder, "wit", "shop.wit"), "utf8");
  const own = wit.replace("include ottavo:runtime/http-function@0.1.0;", "import ottavo:runtime/log@0.1.0;");
  writeFileSync(join(folder, "wit", "shop.wit"), own);
  const index = join(folder, "assembly", "index.ts");
  writeFileSync(index, readFileSync(index, "utf8").replace(/export function handle[^]*?\n}\n/, "").replace("Request, ", ""));
  run(generator(), ["wit", "--sdk", "--out", dirname(world), "--component-type", world], folder);
  const built = build();
  assert.equal(built.status, 0, built.stderr);
  const module = new WebAssembly.Module(readFileSync(join(folder, "shop.wasm")));
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  assert.ok(names.includes(`${STOCK}#fullest`) && !names.includes(HANDLER));
  cpSync(join(folder, "shop.wasm"), process.env.OTTAVO_KEEP ?? join(folder, "kept.wasm"));
});
