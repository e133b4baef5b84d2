// The Language Server Protocol over a process: requests, their answers, and what comes unasked.
// It knows nothing of an editor, so that it can be tried in Node alone.
"use strict";

const { spawn } = require("child_process");

class Client {
  /**
   * @param {string} program how the server is started
   * @param {string[]} words its arguments
   * @param {(method: string, params: any) => void} listener is told what comes unasked
   * @param {(reason: string) => void} ended is told when the server is gone
   */
  constructor(program, words, listener, ended) {
    this.waiting = new Map();
    this.number = 0;
    this.received = Buffer.alloc(0);
    this.listener = listener;
    this.isAlive = true;
    this.process = spawn(program, words, { stdio: ["pipe", "pipe", "ignore"] });
    const end = (reason) => {
      if (!this.isAlive) return;
      this.isAlive = false;
      for (const { reject } of this.waiting.values()) reject(new Error(reason));
      this.waiting.clear();
      ended(reason);
    };
    this.process.on("error", (error) => end(error.message));
    this.process.on("exit", (status) => end(`the server ended with ${status}`));
    this.process.stdin.on("error", () => {});
    this.process.stdout.on("data", (bytes) => this.receive(bytes));
  }

  receive(bytes) {
    this.received = Buffer.concat([this.received, bytes]);
    for (;;) {
      const end = this.received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /content-length: *(\d+)/i.exec(this.received.toString("ascii", 0, end));
      const start = end + 4;
      const size = length ? Number(length[1]) : 0;
      if (this.received.length < start + size) return;
      const text = this.received.toString("utf8", start, start + size);
      this.received = this.received.subarray(start + size);
      if (length) this.take(JSON.parse(text));
    }
  }

  take(message) {
    if (message.method !== undefined) {
      this.listener(message.method, message.params);
      return;
    }
    const request = this.waiting.get(message.id);
    if (!request) return;
    this.waiting.delete(message.id);
    if (message.error) request.reject(new Error(message.error.message));
    else request.resolve(message.result);
  }

  write(message) {
    if (!this.isAlive) return;
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  notify(method, params) {
    this.write({ method, params });
  }

  /** Resolves to the result; a token of the editor calls the request off. */
  ask(method, params, token) {
    if (!this.isAlive) return Promise.reject(new Error("the server is gone"));
    const id = ++this.number;
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    if (token) token.onCancellationRequested(() => this.notify("$/cancelRequest", { id }));
    this.write({ id, method, params });
    return answer;
  }

  async start() {
    const result = await this.ask("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        general: { positionEncodings: ["utf-16"] },
        textDocument: { hover: { contentFormat: ["markdown"] } },
      },
    });
    this.notify("initialized", {});
    return result.capabilities;
  }

  async stop() {
    if (!this.isAlive) return;
    await this.ask("shutdown", null).catch(() => {});
    this.notify("exit", null);
  }
}

module.exports = { Client };
