// The engine for JavaScript, in Node or in a page.
//
//   const engine = await open(bytes, { write: text => …, report: text => … })
//   const status = await engine.run("print 1+1", "cell 1")

// WASI's number for a descriptor that is not open.
const BADF = 8;
// The exit status of bp where a limit of the run was reached.
const LIMIT = 4;

/**
 * Compiles the engine and opens a session.
 * @param module the bytes of engine.wasm, or a compiled WebAssembly.Module
 * @param host `write` takes the output, `report` diagnostics and notes, both as text; `clock` gives
 *   seconds from some moment on
 */
export async function open(
  module, { write, report = write, clock = () => performance.now() / 1000 }) {
  const compiled =
    module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module);
  let exports, engine;
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
  const start = async () => {
    exports = (await WebAssembly.instantiate(compiled, imports)).exports;
    exports.__wasm_call_ctors();
    engine = exports.bp_open();
  };
  await start();

  const withText = (text, body) => {
    const bytes = encoder.encode(text);
    const address = exports.malloc(Math.max(bytes.length, 1));
    view(address, bytes.length).set(bytes);
    const result = body(address, bytes.length);
    exports.free(address);
    return result;
  };
  return {
    /**
     * Runs a source text; `echoes` shows values as the prompt does. Gives the exit status of bp.
     *
     * Where JavaScript's own stack ends first, or the engine fails, nothing in its memory is left in
     * order: a new session is opened, which knows no variables.
     */
    run: async (text, name = "page", echoes = false) => {
      try {
        return withText(text, (...source) =>
          withText(name, (...called) => exports.bp_run(engine, ...source, ...called, echoes)));
      } catch (error) {
        await start();
        if (!(error instanceof RangeError)) throw error;
        report("error: the calls are too deep for the stack of this page; the session begins anew\n");
        return LIMIT;
      }
    },
    close: () => exports.bp_close(engine),
  };
}
