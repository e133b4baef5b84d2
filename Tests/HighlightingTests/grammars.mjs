// The tokens of the CodeMirror mode on the scripts that are named, as JSON: a list of runs for each.
// usage: node grammars.mjs MODE SCRIPT...
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [mode, ...scripts] = process.argv.slice(2);
const { bplang } = await import(pathToFileURL(mode));

// CodeMirror's stream over one line.
class Stream {
  constructor(string) { this.string = string; this.pos = 0; }
  sol() { return this.pos === 0; }
  eol() { return this.pos >= this.string.length; }
  peek() { return this.string.charAt(this.pos) || undefined; }
  next() { return this.pos < this.string.length ? this.string.charAt(this.pos++) : undefined; }
  eatSpace() {
    const start = this.pos;
    while (/[\s\u00a0]/.test(this.string.charAt(this.pos))) this.pos++;
    return this.pos > start;
  }
  match(text) {
    if (!this.string.startsWith(text, this.pos)) return false;
    this.pos += text.length;
    return true;
  }
}

const runs = scripts.map((path) => {
  const state = bplang.startState();
  return readFileSync(path, "utf8").split("\n").flatMap((line) => {
    const stream = new Stream(line);
    const found = [];
    // A state is copied and goes on, as an editor does.
    let copy = bplang.copyState(state);
    Object.assign(state, copy);
    while (!stream.eol()) {
      const start = stream.pos;
      const style = bplang.token(stream, state);
      if (stream.pos === start) throw new Error(`${path}: no progress at ${line}`);
      found.push([style, stream.string.slice(start, stream.pos)]);
    }
    return [...found, [null, "\n"]];
  });
});
process.stdout.write(JSON.stringify(runs));
