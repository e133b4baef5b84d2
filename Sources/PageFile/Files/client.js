// Requests to the engine, one after the other.

/** @typedef {{ error?: string, [field: string]: any }} Answer */

class Client {
  constructor() {
    /** @type {Worker | undefined} */
    this.worker = undefined;
    this.waiting = new Map();
    this.next = 0;
    this.module = undefined;
    /** Milliseconds of work of the last request. */
    this.milliseconds = 0;
    this.onBusy = (/** @type {boolean} */ _) => {};
    this.timer = 0;
  }

  /** Unpacks the engine and starts it. */
  async start() {
    const element = /** @type {HTMLElement} */ (document.getElementById("engine"));
    const letters = atob(element.textContent.trim());
    const bytes = new Uint8Array(letters.length);
    for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);
    /** @type {BodyInit} */
    let body = bytes;
    if (element.dataset.compression === "gzip") {
      body = await new Response(
        new Blob([bytes]).stream().pipeThrough(new globalThis["DecompressionStream"]("gzip"))).arrayBuffer();
    }
    this.module = await WebAssembly.compile(await new Response(body).arrayBuffer());
    element.textContent = "";
    await this.open();
  }

  async open() {
    const source = document.getElementById("worker").textContent.replace(/^export /gm, "");
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(url);
    this.worker = worker;
    await new Promise((done, failed) => {
      worker.onmessage = ({ data }) => (data.isReady ? done(0) : failed(new Error(data.failure)));
      worker.onerror = (event) => failed(new Error(event.message));
      worker.postMessage({ module: this.module });
    });
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data }) => this.take(data);
  }

  take({ id, answers, milliseconds }) {
    this.milliseconds = milliseconds;
    const done = this.waiting.get(id);
    this.waiting.delete(id);
    this.watch();
    if (done) done(answers);
  }

  /** Says when the engine has been busy for long, and when it is not any more. */
  watch() {
    clearTimeout(this.timer);
    this.onBusy(false);
    if (this.waiting.size > 0) this.timer = setTimeout(() => this.onBusy(true), 1500);
  }

  /**
   * Asks several things in one go.
   * @param {object[]} requests
   * @param {boolean} resets whether the session begins anew before
   * @returns {Promise<Answer[] | null>} null where it was stopped
   */
  askAll(requests, resets = false) {
    return this.send({ requests, resets });
  }

  /** Asks several things of a session that nothing else knows of. */
  askAside(requests) {
    return this.send({ requests, isAside: true });
  }

  /** @returns {Promise<Answer[] | null>} */
  send(message) {
    const id = this.next++;
    return new Promise((done) => {
      this.waiting.set(id, done);
      if (this.waiting.size === 1) this.watch();
      this.worker.postMessage({ id, ...message });
    });
  }

  /** @returns {Promise<Answer>} */
  async ask(request) {
    const answers = await this.askAll([request]);
    return answers ? answers[0] : { error: words.stopped };
  }

  /** Ends whatever runs; the session is empty then. */
  async restart() {
    this.worker.terminate();
    const open = [...this.waiting.values()];
    this.waiting.clear();
    this.watch();
    for (const done of open) done(null);
    await this.open();
  }
}
