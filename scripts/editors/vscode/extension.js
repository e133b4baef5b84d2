// Scripts of bp in VS Code, without packages: what the language server says becomes what the editor
// shows. The protocol is in client.js.
"use strict";

const vscode = require("vscode");
const { Client } = require("./client.js");

const language = "bplang";
let client;

function activate(context) {
  const problems = vscode.languages.createDiagnosticCollection(language);
  const program = vscode.workspace.getConfiguration("bp").get("path", "bp");
  client = new Client(
    program,
    ["lsp"],
    (method, params) => {
      if (method !== "textDocument/publishDiagnostics") return;
      problems.set(vscode.Uri.parse(params.uri), params.diagnostics.map(diagnostic));
    },
    (reason) => {
      problems.clear();
      vscode.window.showWarningMessage(`bp: ${reason}. The setting bp.path says where bp is.`);
    });
  const ready = client.start().then((capabilities) => {
    for (const document of vscode.workspace.textDocuments) open(document);
    const legend = capabilities.semanticTokensProvider.legend;
    context.subscriptions.push(
      vscode.languages.registerDocumentSemanticTokensProvider(
        language,
        {
          provideDocumentSemanticTokens: async (document, token) => {
            const result = await ask("semanticTokens/full", document, {}, token);
            return new vscode.SemanticTokens(new Uint32Array(result.data));
          },
        },
        new vscode.SemanticTokensLegend(legend.tokenTypes, legend.tokenModifiers)));
  });
  ready.catch(() => {});
  context.subscriptions.push(problems, ...documents(), ...providers());
}

function deactivate() {
  return client ? client.stop() : undefined;
}

// MARK: Documents

const isScript = (document) => document.languageId === language;
const name = (document) => ({ uri: document.uri.toString() });

function open(document) {
  if (!isScript(document)) return;
  client.notify("textDocument/didOpen", {
    textDocument: {
      ...name(document), languageId: language, version: document.version,
      text: document.getText(),
    },
  });
}

function documents() {
  return [
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (!isScript(event.document) || event.contentChanges.length === 0) return;
      client.notify("textDocument/didChange", {
        textDocument: { ...name(event.document), version: event.document.version },
        contentChanges: event.contentChanges.map((change) => ({
          range: plainRange(change.range), text: change.text,
        })),
      });
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (isScript(document)) {
        client.notify("textDocument/didClose", { textDocument: name(document) });
      }
    }),
  ];
}

// MARK: Requests

function ask(request, document, more, token) {
  return client.ask(`textDocument/${request}`, { textDocument: name(document), ...more }, token);
}

const range = (r) =>
  new vscode.Range(r.start.line, r.start.character, r.end.line, r.end.character);
const place = (p) => ({ line: p.line, character: p.character });
// A range of the editor writes itself otherwise.
const plainRange = (r) => ({ start: place(r.start), end: place(r.end) });
const location = (l) => new vscode.Location(vscode.Uri.parse(l.uri), range(l.range));
const edits = (list) => list.map((e) => new vscode.TextEdit(range(e.range), e.newText));

function workspaceEdit(edit) {
  const result = new vscode.WorkspaceEdit();
  for (const [uri, list] of Object.entries(edit.changes)) {
    result.set(vscode.Uri.parse(uri), edits(list));
  }
  return result;
}

function markdown(content) {
  return content ? new vscode.MarkdownString(content.value) : undefined;
}

function diagnostic(d) {
  const result = new vscode.Diagnostic(range(d.range), d.message, vscode.DiagnosticSeverity.Error);
  result.source = d.source;
  result.relatedInformation = (d.relatedInformation || []).map(
    (r) => new vscode.DiagnosticRelatedInformation(location(r.location), r.message));
  return result;
}

function symbol(s) {
  // The protocol counts kinds from 1, the editor from 0.
  const result = new vscode.DocumentSymbol(
    s.name, s.detail, s.kind - 1, range(s.range), range(s.selectionRange));
  result.children = s.children.map(symbol);
  return result;
}

function completionItem(i) {
  const item = new vscode.CompletionItem(i.label, i.kind - 1);
  item.detail = i.detail;
  item.sortText = i.sortText;
  item.filterText = i.filterText;
  item.insertText = i.textEdit.newText;
  item.range = range(i.textEdit.range);
  item.source = i;
  return item;
}

function providers() {
  const at = (position) => ({ position: place(position) });
  return [
    vscode.languages.registerHoverProvider(language, {
      provideHover: async (document, position, token) => {
        const result = await ask("hover", document, at(position), token);
        return result && new vscode.Hover(markdown(result.contents), range(result.range));
      },
    }),
    vscode.languages.registerCompletionItemProvider(
      language,
      {
        provideCompletionItems: async (document, position, token) => {
          const result = await ask("completion", document, at(position), token);
          return result ? result.items.map(completionItem) : [];
        },
        resolveCompletionItem: async (item, token) => {
          const result = await client.ask("completionItem/resolve", item.source, token);
          item.documentation = markdown(result.documentation);
          return item;
        },
      },
      ".", "=", "\"", "\\", "/"),
    vscode.languages.registerSignatureHelpProvider(
      language,
      {
        provideSignatureHelp: async (document, position, token) => {
          const result = await ask("signatureHelp", document, at(position), token);
          if (!result) return null;
          const help = new vscode.SignatureHelp();
          help.signatures = result.signatures.map((s) => {
            const signature = new vscode.SignatureInformation(s.label, s.documentation);
            signature.parameters = s.parameters.map(
              (p) => new vscode.ParameterInformation(p.label, p.documentation));
            return signature;
          });
          help.activeSignature = result.activeSignature;
          help.activeParameter = result.activeParameter;
          return help;
        },
      },
      "(", ",", " "),
    vscode.languages.registerDefinitionProvider(language, {
      provideDefinition: async (document, position, token) =>
        ((await ask("definition", document, at(position), token)) || []).map(location),
    }),
    vscode.languages.registerReferenceProvider(language, {
      provideReferences: async (document, position, context, token) => {
        const more = {
          ...at(position), context: { includeDeclaration: context.includeDeclaration },
        };
        return (await ask("references", document, more, token)).map(location);
      },
    }),
    vscode.languages.registerRenameProvider(language, {
      prepareRename: async (document, position, token) => {
        const result = await ask("prepareRename", document, at(position), token);
        return { range: range(result.range), placeholder: result.placeholder };
      },
      provideRenameEdits: async (document, position, newName, token) =>
        workspaceEdit(await ask("rename", document, { ...at(position), newName }, token)),
    }),
    vscode.languages.registerDocumentFormattingEditProvider(language, {
      provideDocumentFormattingEdits: async (document, options, token) =>
        edits((await ask("formatting", document, { options }, token)) || []),
    }),
    vscode.languages.registerDocumentSymbolProvider(language, {
      provideDocumentSymbols: async (document, token) =>
        (await ask("documentSymbol", document, {}, token)).map(symbol),
    }),
    vscode.languages.registerFoldingRangeProvider(language, {
      provideFoldingRanges: async (document, context, token) =>
        (await ask("foldingRange", document, {}, token)).map(
          (f) =>
            new vscode.FoldingRange(
              f.startLine, f.endLine,
              f.kind === "comment" ? vscode.FoldingRangeKind.Comment : undefined)),
    }),
    vscode.languages.registerInlayHintsProvider(language, {
      provideInlayHints: async (document, visible, token) =>
        (await ask("inlayHint", document, { range: plainRange(visible) }, token)).map((h) => {
          const position = new vscode.Position(h.position.line, h.position.character);
          const hint = new vscode.InlayHint(position, h.label, h.kind);
          hint.tooltip = h.tooltip;
          return hint;
        }),
    }),
    vscode.languages.registerCodeActionsProvider(language, {
      provideCodeActions: async (document, selected, context, token) =>
        (await ask("codeAction", document, { range: plainRange(selected) }, token)).map((a) => {
          const action = new vscode.CodeAction(a.title, vscode.CodeActionKind.QuickFix);
          action.edit = workspaceEdit(a.edit);
          action.isPreferred = a.isPreferred;
          return action;
        }),
    }),
  ];
}

module.exports = { activate, deactivate };
