// The engine for JavaScript, in Node or in a page.
//
//   const engine = await open(bytes, { write: text => …, report: text => … })
//   const status = engine.run("print 1+1", "cell 1")

// WASI's number for a descriptor that is not open.
const BADF = 8;

/**
 * Compiles the engine and opens a session.
 * @param module the bytes of engine.wasm, or a compiled WebAssembly.Module
 * @param host `write` takes the output, `report` diagnostics and notes, both as text; `clock` gives
 *   seconds from some moment on
 */
export async function open(
  module, { write, report = write, clock = () => performance.now() / 1000 }) {
  let exports;
  const view = (address, count) => new Uint8Array(exports.memory.buffer, address, count);
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const imports = {
    bp: {
      clock,
      write: (channel, address, count) =>
        (channel === 1 ? write : report)(decoder.decode(view(address, count))),
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
  const compiled =
    module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module);
  exports = (await WebAssembly.instantiate(compiled, imports)).exports;
  exports.__wasm_call_ctors();
  const engine = exports.bp_open();

  const withText = (text, body) => {
    const bytes = encoder.encode(text);
    const address = exports.malloc(Math.max(bytes.length, 1));
    view(address, bytes.length).set(bytes);
    try {
      return body(address, bytes.length);
    } finally {
      exports.free(address);
    }
  };
  return {
    /** Runs a source text; `echoes` shows values as the prompt does. Gives the exit status of bp. */
    run: (text, name = "page", echoes = false) =>
      withText(text, (...source) =>
        withText(name, (...called) => exports.bp_run(engine, ...source, ...called, echoes))),
    close: () => exports.bp_close(engine),
  };
}
