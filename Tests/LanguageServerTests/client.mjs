// The VS Code extension in Node: its protocol with the real server, and its providers with a stand-in
// for the editor.  usage: node client.mjs BP EXTENSION_FOLDER
import assert from "node:assert";
import Module, { createRequire } from "node:module";

const [bp, folder] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { Client } = require(`${folder}/client.js`);

// MARK: The protocol alone

{
  const told = [];
  let tell;
  const client = new Client(bp, ["lsp"], (method, params) => {
    told.push(params);
    if (tell) tell();
  }, () => {});
  const capabilities = await client.start();
  assert.equal(capabilities.positionEncoding, "utf-16");
  const uri = "file:///a.bp";
  const came = new Promise((resolve) => (tell = resolve));
  client.notify("textDocument/didOpen", {
    textDocument: { uri, languageId: "bplang", version: 1, text: "s = \"😀\"; trian 1\n" },
  });
  await came;
  assert.match(told[0].diagnostics[0].message, /there is no function trian/);
  assert.equal(told[0].diagnostics[0].range.start.character, 10);
  const hover = await client.ask("textDocument/hover", {
    textDocument: { uri }, position: { line: 0, character: 0 },
  });
  assert.match(hover.contents.value, /a string/);
  await assert.rejects(client.ask("textDocument/unheardOf", {}), /there is no request/);
  // An answer in pieces, cut anywhere.
  const body = Buffer.from('{"jsonrpc":"2.0","id":99,"result":"η≈"}');
  const pieces = Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
  const answer = new Promise((resolve, reject) => client.waiting.set(99, { resolve, reject }));
  for (const byte of pieces) client.receive(Buffer.from([byte]));
  assert.equal(await answer, "η≈");
  await client.stop();
  const missing = new Promise((resolve) => new Client("/nowhere/bp", ["lsp"], () => {}, resolve));
  assert.match(await missing, /ENOENT/);
}

// MARK: The extension

class Position {
  constructor(line, character) { Object.assign(this, { line, character }); }
}
class Range {
  constructor(a, b, c, d) { this.start = new Position(a, b); this.end = new Position(c, d); }
  toJSON() { return [this.start, this.end]; }
}
const record = (...names) =>
  class { constructor(...values) { names.forEach((n, k) => (this[n] = values[k])); } };
const providers = {};
const events = {};
const shown = new Map();
let changed;
const disposable = { dispose() {} };
const vscode = {
  Position, Range,
  Uri: { parse: (text) => ({ toString: () => text }) },
  Diagnostic: record("range", "message", "severity"),
  DiagnosticRelatedInformation: record("location", "message"),
  DiagnosticSeverity: { Error: 0 },
  Location: record("uri", "range"), TextEdit: record("range", "newText"),
  MarkdownString: record("value"), Hover: record("contents", "range"),
  CompletionItem: record("label", "kind"), DocumentSymbol: record("name", "detail", "kind"),
  SignatureHelp: record(), SignatureInformation: record("label", "documentation"),
  ParameterInformation: record("label", "documentation"), FoldingRange: record("start", "end"),
  FoldingRangeKind: { Comment: 1 }, InlayHint: record("position", "label", "kind"),
  CodeAction: record("title", "kind"), CodeActionKind: { QuickFix: "quickfix" },
  SemanticTokens: record("data"), SemanticTokensLegend: record("types", "modifiers"),
  WorkspaceEdit: class {
    changes = new Map();
    set(uri, edits) { this.changes.set(uri.toString(), edits); }
  },
  window: { showWarningMessage() {} },
  workspace: {
    textDocuments: [], getConfiguration: () => ({ get: () => bp }),
    onDidOpenTextDocument: (f) => ((events.open = f), disposable),
    onDidChangeTextDocument: (f) => ((events.change = f), disposable),
    onDidCloseTextDocument: (f) => ((events.close = f), disposable),
  },
  languages: {
    createDiagnosticCollection: () => ({
      set(uri, list) {
        shown.set(uri.toString(), list);
        if (changed) changed();
      },
      clear: () => shown.clear(), dispose() {},
    }),
  },
};
for (const kind of [
  "Hover", "CompletionItem", "SignatureHelp", "Definition", "Reference", "Rename",
  "DocumentFormattingEdit", "DocumentSymbol", "FoldingRange", "InlayHints", "CodeActions",
  "DocumentSemanticTokens",
]) {
  vscode.languages[`register${kind}Provider`] = (language, provider) => {
    assert.equal(language, "bplang");
    providers[kind] = provider;
    return disposable;
  };
}
const load = Module._load;
Module._load = (name, ...more) => (name === "vscode" ? vscode : load(name, ...more));
const extension = require(`${folder}/extension.js`);

let text = "double(x) = x^2\na   = double 3\nb = duble 4\n";
const document = {
  languageId: "bplang", version: 1, uri: vscode.Uri.parse("file:///lesson.bp"),
  getText: () => text,
};
vscode.workspace.textDocuments.push(document);
const first = new Promise((resolve) => (changed = resolve));
extension.activate({ subscriptions: [] });
await first;
const told = () => shown.get("file:///lesson.bp").map((d) => d.message.split("\n")[0]);
assert.deepEqual(told(), ["there is no function duble: unknown name"]);

const at = (line, character) => new Position(line, character);
const all = new Range(0, 0, 9, 0);
assert.match((await providers.Hover.provideHover(document, at(1, 6))).contents.value, /double\(x\)/);
assert.equal(await providers.Hover.provideHover(document, at(1, 3)), null);
const items = await providers.CompletionItem.provideCompletionItems(document, at(2, 5));
assert(items.some((i) => i.insertText === "double"));
const item = items.find((i) => i.insertText === "diagnose");
assert.match((await providers.CompletionItem.resolveCompletionItem(item)).documentation.value, /slip|misconception/);
const signature = await providers.SignatureHelp.provideSignatureHelp(document, at(1, 13));
assert.equal(signature.signatures[0].label, "double(x)");
const [definition] = await providers.Definition.provideDefinition(document, at(1, 6));
assert.equal(definition.range.start.line, 0);
const references = await providers.Reference.provideReferences(
  document, at(0, 0), { includeDeclaration: true });
assert.equal(references.length, 2);
const rename = await providers.Rename.provideRenameEdits(document, at(0, 0), "g");
assert.equal(rename.changes.get("file:///lesson.bp").length, 2);
await assert.rejects(providers.Rename.prepareRename(document, at(1, 3)), /only a variable/);
const [formatted] = await providers.DocumentFormattingEdit.provideDocumentFormattingEdits(
  document, {});
assert.equal(formatted.newText, "a = double 3\n");
const symbols = await providers.DocumentSymbol.provideDocumentSymbols(document);
assert.deepEqual(symbols.map((s) => s.name), ["double", "a", "b"]);
assert.deepEqual(await providers.FoldingRange.provideFoldingRanges(document), []);
assert.deepEqual(await providers.InlayHints.provideInlayHints(document, all), []);
const actions = await providers.CodeActions.provideCodeActions(document, all);
assert.deepEqual(actions.map((a) => a.edit.changes.get("file:///lesson.bp")[0].newText), ["double"]);
const tokens = await providers.DocumentSemanticTokens.provideDocumentSemanticTokens(document);
assert.equal(tokens.data.length % 5, 0);

const second = new Promise((resolve) => (changed = resolve));
events.change({
  document: { ...document, version: 2 },
  contentChanges: [{ range: new Range(2, 4, 2, 9), text: "double" }],
});
await second;
assert.deepEqual(told(), []);
const closed = new Promise((resolve) => (changed = resolve));
events.close(document);
await closed;
await extension.deactivate();
console.log("the VS Code extension: its protocol with the server, its providers with a stand-in");
