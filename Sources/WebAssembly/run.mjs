// Runs a script in the engine.
//
//   node run.mjs engine.wasm FILE
//   node run.mjs --time engine.wasm FILE    writes the milliseconds that it takes to the first output
import { readFileSync, writeSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { open } from "../PageFile/Files/engine.mjs";

globalThis.crypto ??= webcrypto;
const isTimed = process.argv[2] === "--time";
const [module, file] = process.argv.slice(isTimed ? 3 : 2);
const start = performance.now();
let first;
const engine = await open(readFileSync(module), {
  write: (text) => {
    first ??= performance.now() - start;
    if (!isTimed) writeSync(1, text);
  },
  report: (text) => writeSync(2, text),
});
process.exitCode = await engine.run(readFileSync(file, "utf8"), file);
engine.close();
if (isTimed) console.log(first.toFixed(1));
