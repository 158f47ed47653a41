// What `asc` is told about functions: the program around the user's `handle` and `receive`, and the names that the
// host looks for, which AssemblyScript itself cannot write.
//
// It needs nothing but node, so that it also works where the package is a link.

import { existsSync, readFileSync } from "node:fs";
import { posix, resolve } from "node:path";

/** The functions around the user's: our name of each, and the host's. */
const SDK = {
  entry: "~lib/@ottavo/sdk/assembly/bindings/entry",
  exports: JSON.parse(readFileSync(new URL("./assembly/bindings/exports.json", import.meta.url), "utf8")),
};

/** Kinds of sources, as the compiler numbers them. */
const USER = 0;
const USER_ENTRY = 1;

/** The file that becomes the program's entry, beside the user's. */
const ENTRY = "__ottavo";

/** What the host may call: the interface, the user's export for it, and what puts one behind the other. */
const HANDLERS = [
  {
    interface: "ottavo:runtime/http-handler@",
    name: "handle",
    // an export of that name, whatever comes before and after
    exported: /\bexport\b[^;]*?\bhandle\b/,
    glue: (user) => `
import { handle } from "${user}";
import { Request } from "@ottavo/sdk/assembly/request";
import { Answer, answer, serve } from "@ottavo/sdk/assembly/export";

serve((request: Request): Answer => answer(handle(request)));
`,
  },
  {
    interface: "ottavo:runtime/event-handler@",
    name: "receive",
    exported: /\bexport\b[^;]*?\breceive\b/,
    glue: (user) => `
import { receive } from "${user}";
import { Event } from "@ottavo/sdk/assembly/event";
import { End, end, listen } from "@ottavo/sdk/assembly/export";

listen((event: Event): End => end(receive(event)));
`,
  },
];

/** The file of tests that is compiled in place of the function: `test.mjs` says so. */
const TEST = process.env.OTTAVO_TEST;

export default class Function {
  /** Makes the user's entry an ordinary file, and ours the entry. */
  afterParse(parser) {
    const entries = parser.sources.filter(
      (source) => source.sourceKind === USER_ENTRY && !source.internalPath.startsWith("~lib/"),
    );
    if (TEST !== undefined) {
      const others = entries.filter((source) => source.internalPath !== TEST);
      others.forEach((source) => (source.sourceKind = USER));
      return;
    }
    if (entries.length !== 1) {
      throw refusal(`a function has one entry file, and ${entries.length} were given`);
    }
    const [user] = entries;
    const own = bindings(this.baseDir);
    this.world = own?.world;
    const served = handlers(user, own);
    const sdk = { entry: SDK.entry, exports: exportsOf(served) };
    user.sourceKind = USER;
    const path = user.internalPath;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    this.parts = [served.length > 0 ? sdk : null, own].filter((part) => part !== null);
    const glue = served.map((handler) => handler.glue("./" + path.slice(folder.length)));
    const text = program(this.parts, folder) + glue.join("");
    parser.parseFile(text, `${folder}${ENTRY}.ts`, true);
  }

  /** Gives every export the host's name, and tells which language this was. */
  afterCompile(module) {
    if (TEST !== undefined) return;
    for (const { entry, exports } of this.parts) {
      for (const [ours, host] of Object.entries(exports)) {
        module.removeExport(ours);
        module.addFunctionExport(`${entry}/${ours}`, host);
      }
    }
    if (this.world !== undefined) module.addCustomSection("component-type:own", this.world);
    module.addCustomSection("producers", producers());
  }
}

/** What the user's file exports for the host; a world of the user's says what it must. */
function handlers(user, own) {
  const found = HANDLERS.filter((handler) => handler.exported.test(user.text));
  if (own === null && found.length === 0) {
    throw refusal(
      `\`${user.normalizedPath}\` exports neither \`handle\` nor \`receive\`: ` +
        "what answers requests is called `handle`, and what receives events `receive`",
    );
  }
  if (own === null) return found;
  const wanted = HANDLERS.filter((handler) => own.sdk.some((name) => name.startsWith(handler.interface)));
  const missing = wanted.find((handler) => !found.includes(handler));
  if (missing !== undefined) {
    throw refusal(`\`${user.normalizedPath}\` exports no \`${missing.name}\`, which its world asks for`);
  }
  return wanted;
}

/** The SDK's functions around those handlers: our name of each, and the host's. */
function exportsOf(served) {
  const around = ([, host]) => served.some((handler) => host.includes(handler.interface));
  return Object.fromEntries(Object.entries(SDK.exports).filter(around));
}

/** An error without the stack that the compiler would print. */
function refusal(text) {
  return Object.assign(new Error(text), { stack: text });
}

/**
 * The bindings of a world of the user's: `"ottavo": { "bindings": "assembly/bindings" }` in
 * `asconfig.json` names the folder that the generator wrote. Null when there are none.
 */
function bindings(base) {
  const at = process.argv.indexOf("--config");
  const config = resolve(base, at === -1 ? "asconfig.json" : process.argv[at + 1]);
  if (!existsSync(config)) return null;
  const folder = JSON.parse(readFileSync(config, "utf8")).ottavo?.bindings;
  if (folder === undefined) return null;
  const read = (file) => {
    const path = resolve(base, folder, file);
    if (existsSync(path)) return readFileSync(path);
    throw refusal(
      `\`${config}\` names \`${folder}\` for bindings, which has no \`${file}\`: ` +
        "run `ottavo-bindgen-assemblyscript` with `--out` and `--component-type`",
    );
  };
  const { "@ottavo/sdk": sdk, ...exports } = JSON.parse(read("exports.json"));
  const entry = posix.join(posix.normalize(folder), "entry");
  return { entry, exports, sdk: sdk?.split(" ") ?? [], world: new Uint8Array(read("component-type.bin")) };
}

/** The generated exports of all parts, for one in the folder; any of them allocates for all. */
function program(parts, folder) {
  const lines = parts.map(({ entry, exports }, place) => {
    const names = Object.keys(exports).concat(place === 0 ? ["cabi_realloc"] : []);
    const path = entry.startsWith("~lib/") ? entry.slice(5) : "./" + posix.relative(folder || ".", entry);
    return names.length === 0 ? "" : `export { ${names.join(", ")} } from "${path}";\n`;
  });
  return lines.join("");
}

/** The section by which tools tell languages: one field, `language`, with one value. */
function producers() {
  const name = (text) => [text.length, ...new TextEncoder().encode(text)];
  return Uint8Array.from([1, ...name("language"), 1, ...name("AssemblyScript"), ...name("")]);
}
