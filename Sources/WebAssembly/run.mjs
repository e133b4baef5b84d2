// Runs a script in the engine: node run.mjs engine.wasm FILE
import { readFileSync, writeSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { open } from "./engine.mjs";

globalThis.crypto ??= webcrypto;
const [module, file] = process.argv.slice(2);
const engine = await open(readFileSync(module), {
  write: (text) => writeSync(1, text),
  report: (text) => writeSync(2, text),
});
process.exitCode = engine.run(readFileSync(file, "utf8"), file);
