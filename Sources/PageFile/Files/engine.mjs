// The engine for JavaScript, in Node or in a page.
//
//   const engine = await open(bytes, { write: text => …, report: text => … })
//   const status = await engine.run("print 1+1", "cell 1")
//
//   const page = await openPage(bytes)
//   const answer = await page.ask({ ask: "run", code: "print 1+1" })

// WASI's number for a descriptor that is not open.
const BADF = 8;
// The exit status of bp where a limit of the run was reached.
const LIMIT = 4;

const TOO_DEEP = "the calls are too deep for the stack of this page; the session begins anew";

/**
 * An instance of the engine with what it asks of the world around.
 * @param {BufferSource | WebAssembly.Module} module
 * @param {(channel: number, bytes: Uint8Array) => void} onWrite
 * @param {() => number} clock seconds from some moment on
 */
async function instantiate(module, onWrite, clock) {
  const compiled =
    module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module);
  /** @type {any} */
  let exports;
  const view = (address, count) => new Uint8Array(exports.memory.buffer, address, count);
  const imports = {
    bp: {
      clock,
      write: (channel, address, count) => onWrite(channel, view(address, count)),
    },
    // What the C library asks of the system: there are neither files nor an environment.
    wasi_snapshot_preview1: {
      environ_get: () => 0,
      environ_sizes_get: (count, bytes) => {
        view(count, 4).fill(0);
        view(bytes, 4).fill(0);
        return 0;
      },
      fd_close: () => BADF,
      fd_fdstat_get: () => BADF,
      fd_seek: () => BADF,
      fd_write: () => BADF,
      proc_exit: (status) => {
        throw new Error(`the engine ended with ${status}`);
      },
      random_get: (address, count) => {
        crypto.getRandomValues(view(address, count));
        return 0;
      },
    },
  };
  const encoder = new TextEncoder();
  const start = async () => {
    exports = (await WebAssembly.instantiate(compiled, imports)).exports;
    exports.__wasm_call_ctors();
  };
  await start();
  return {
    get exports() {
      return exports;
    },
    start,
    withText: (text, body) => {
      const bytes = encoder.encode(text);
      const address = exports.malloc(Math.max(bytes.length, 1));
      view(address, bytes.length).set(bytes);
      const result = body(address, bytes.length);
      exports.free(address);
      return result;
    },
  };
}

/**
 * Compiles the engine and opens a session.
 * @param module the bytes of engine.wasm, or a compiled WebAssembly.Module
 * @param host `write` takes the output, `report` diagnostics and notes, both as text; `clock` gives
 *   seconds from some moment on
 */
export async function open(
  module, { write, report = write, clock = () => performance.now() / 1000 }) {
  const decoder = new TextDecoder();
  const instance = await instantiate(
    module, (channel, bytes) => (channel === 1 ? write : report)(decoder.decode(bytes)), clock);
  let engine = instance.exports.bp_open();
  return {
    /**
     * Runs a source text; `echoes` shows values as the prompt does. Gives the exit status of bp.
     *
     * Where JavaScript's own stack ends first, or the engine fails, nothing in its memory is left in
     * order: a new session is opened, which knows no variables.
     */
    run: async (text, name = "page", echoes = false) => {
      try {
        return instance.withText(text, (...source) =>
          instance.withText(name, (...called) =>
            instance.exports.bp_run(engine, ...source, ...called, echoes)));
      } catch (error) {
        await instance.start();
        engine = instance.exports.bp_open();
        if (!(error instanceof RangeError)) throw error;
        report(`error: ${TOO_DEEP}\n`);
        return LIMIT;
      }
    },
    close: () => instance.exports.bp_close(engine),
  };
}

/**
 * Compiles the engine and opens a session that answers requests.
 * @param {BufferSource | WebAssembly.Module} module
 */
export async function openPage(module, clock = () => performance.now() / 1000) {
  const decoder = new TextDecoder();
  let answer = "";
  const instance = await instantiate(
    module, (_, bytes) => {
      answer = decoder.decode(bytes);
    }, clock);
  let session = instance.exports.bp_open_page();
  const page = {
    /**
     * Answers a request; its fields are those of `PageSession`. A request that breaks the engine
     * is answered with an error, and a new session is opened: `isNew` says so.
     */
    ask: async (request) => {
      try {
        instance.withText(JSON.stringify(request), (...bytes) =>
          instance.exports.bp_ask(session, ...bytes));
        return JSON.parse(answer);
      } catch (error) {
        await instance.start();
        session = instance.exports.bp_open_page();
        const words = error instanceof RangeError ? TOO_DEEP : `the engine failed: ${error.message}`;
        return { error: words, isNew: true };
      }
    },
    /**
     * Answers requests in a session of their own, which begins without variables and ends with them.
     */
    aside: async (requests) => {
      const own = session;
      session = instance.exports.bp_open_page();
      const opened = session;
      const answers = [];
      for (const request of requests) {
        answers.push(await page.ask(request));
        // What breaks the engine ends the sessions of both.
        if (session !== opened) return answers;
      }
      instance.exports.bp_close_page(session);
      session = own;
      return answers;
    },
    /** Forgets all variables. */
    reset: () => {
      instance.exports.bp_close_page(session);
      session = instance.exports.bp_open_page();
    },
  };
  return page;
}
