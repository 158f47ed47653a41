// What `asc` is told about functions: the program around the user's `handle`, and the names that the
// host looks for, which AssemblyScript itself cannot write.
//
// It needs nothing but node, so that it also works where the package is a link.

import { readFileSync } from "node:fs";

/** Our name of each export, and the host's. */
const EXPORTS = JSON.parse(
  readFileSync(new URL("./assembly/bindings/exports.json", import.meta.url), "utf8"),
);

/** Kinds of sources, as the compiler numbers them. */
const USER = 0;
const USER_ENTRY = 1;

/** The file that becomes the program's entry, beside the user's. */
const ENTRY = "__ottavo";

/** An export of that name, whatever comes before and after. */
const HANDLE = /\bexport\b[^;]*?\bhandle\b/;

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
    if (!HANDLE.test(user.text)) {
      throw refusal(`\`${user.normalizedPath}\` exports no \`handle\`: what answers requests is called so`);
    }
    user.sourceKind = USER;
    const path = user.internalPath;
    this.folder = path.slice(0, path.lastIndexOf("/") + 1);
    parser.parseFile(entry("./" + path.slice(this.folder.length)), `${this.folder}${ENTRY}.ts`, true);
  }

  /** Gives every export the host's name, and tells which language this was. */
  afterCompile(module) {
    if (TEST !== undefined) return;
    for (const [ours, host] of Object.entries(EXPORTS)) {
      module.removeExport(ours);
      module.addFunctionExport(`~lib/@ottavo/sdk/assembly/bindings/entry/${ours}`, host);
    }
    module.addCustomSection("producers", producers());
  }
}

/** An error without the stack that the compiler would print. */
function refusal(text) {
  return Object.assign(new Error(text), { stack: text });
}

/** The program: the generated exports, and `handle` behind them. */
function entry(user) {
  return `
import { handle } from "${user}";
import { Request } from "@ottavo/sdk/assembly/request";
import { Answer, answer, serve } from "@ottavo/sdk/assembly/export";
export * from "@ottavo/sdk/assembly/bindings/entry";

serve((request: Request): Answer => answer(handle(request)));
`;
}

/** The section by which tools tell languages: one field, `language`, with one value. */
function producers() {
  const name = (text) => [text.length, ...new TextEncoder().encode(text)];
  return Uint8Array.from([1, ...name("language"), 1, ...name("AssemblyScript"), ...name("")]);
}
