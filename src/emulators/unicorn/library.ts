/** Finds libunicorn and declares the few of its functions that are used (unicorn.h, uc.h of Unicorn 2.0). */
import { createRequire } from "node:module";
import type * as Koffi from "koffi";
import { AllocGenError, diagnose } from "../../diagnostics.js";

/** koffi is a native addon with a CommonJS entry: loaded when an emulator is first opened, not with the tool. */
const load = createRequire(import.meta.url);

/** An engine handle, a hook handle or a context: addresses in this process. */
export type Handle = bigint;

type Callback = bigint;
/** A call into the library; each wrapper below narrows what it returns. */
type NativeFunction = (...values: readonly unknown[]) => unknown;

export interface UnicornLibrary {
  readonly path: string;
  readonly version: NativeFunction;
  readonly open: NativeFunction;
  readonly close: NativeFunction;
  readonly control: NativeFunction;
  readonly errorText: NativeFunction;
  readonly mapPointer: NativeFunction;
  readonly readRegister: NativeFunction;
  readonly writeRegister: NativeFunction;
  readonly start: NativeFunction;
  readonly stop: NativeFunction;
  readonly addHook: NativeFunction;
  readonly contextAlloc: NativeFunction;
  readonly contextSave: NativeFunction;
  readonly contextRestore: NativeFunction;
  readonly contextFree: NativeFunction;
  /** Make a native function of a JavaScript one; freed with `unregister`. */
  readonly registerBlockHook: (callback: (uc: unknown, address: number, bytes: number) => void) => Callback;
  readonly registerInterruptHook: (callback: (uc: unknown, exception: number) => void) => Callback;
  readonly registerMemoryHook: (
    callback: (uc: unknown, kind: number, address: number, bytes: number) => boolean,
  ) => Callback;
  readonly unregister: (callback: Callback) => void;
}

const environmentVariable = "ALLOC_GEN_UNICORN";

/** Names to try in order; a name without a folder is left to the system's loader. */
function candidates(): readonly string[] {
  const chosen = process.env[environmentVariable];
  if (chosen !== undefined && chosen !== "") return [chosen];
  if (process.platform === "darwin") {
    const folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"];
    return folders.flatMap((folder) => [`${folder}libunicorn.2.dylib`, `${folder}libunicorn.dylib`]);
  }
  return ["libunicorn.so.2", "libunicorn.so"];
}

/** The command that installs libunicorn on this system. */
export function installCommand(): string {
  return process.platform === "darwin" ? "brew install unicorn" : "apt-get install libunicorn2";
}

let loaded: UnicornLibrary | undefined;

/** The library, opened once. Throws an `AllocGenError` (exit 3) that says how to install it. */
export function unicornLibrary(): UnicornLibrary {
  loaded ??= openLibrary();
  return loaded;
}

function openLibrary(): UnicornLibrary {
  const koffi = load("koffi") as typeof Koffi;
  const tried = candidates();
  for (const path of tried) {
    let library: ReturnType<typeof Koffi.load>;
    try {
      library = koffi.load(path);
    } catch {
      continue;
    }
    return declare(koffi, library, path);
  }
  throw new AllocGenError(3, [
    diagnose("emulator-missing", {
      library: "libunicorn",
      tried: tried.join(", "),
      install: installCommand(),
      variable: environmentVariable,
    }),
  ]);
}

function declare(koffi: typeof Koffi, library: ReturnType<typeof Koffi.load>, path: string): UnicornLibrary {
  const define = (prototype: string) => library.func(prototype) as NativeFunction;
  // The library passes 64-bit addresses; a 32-bit parameter reads their low half, which is all there is to
  // an address of 32 bits. The engine's handle is not looked at, and the last parameters are not even declared: a caller's further
  // arguments are no concern of a C function. All that keeps BigInt out of the callback, at a third of the cost.
  const block = koffi.pointer(koffi.proto("void (int8_t uc, uint32_t address, uint32_t bytes)"));
  const interrupt = koffi.pointer(koffi.proto("void (int8_t uc, uint32_t number)"));
  const memory = koffi.pointer(koffi.proto("bool (int8_t uc, int kind, uint32_t address, int bytes)"));
  return {
    path,
    version: define("unsigned int uc_version(_Out_ unsigned int *major, _Out_ unsigned int *minor)"),
    open: define("int uc_open(int architecture, int mode, _Out_ void **uc)"),
    close: define("int uc_close(void *uc)"),
    control: define("int uc_ctl(void *uc, int control, ...)"),
    errorText: define("const char *uc_strerror(int error)"),
    mapPointer: define(
      "int uc_mem_map_ptr(void *uc, uint64_t address, size_t size, uint32_t permissions, void *host)",
    ),
    readRegister: define("int uc_reg_read(void *uc, int register, _Out_ uint32_t *value)"),
    writeRegister: define("int uc_reg_write(void *uc, int register, const uint32_t *value)"),
    start: define(
      "int uc_emu_start(void *uc, uint64_t begin, uint64_t until, uint64_t timeout, size_t count)",
    ),
    stop: define("int uc_emu_stop(void *uc)"),
    addHook: define(
      "int uc_hook_add(void *uc, _Out_ size_t *hook, int type, void *callback, void *data, uint64_t begin, uint64_t end, ...)",
    ),
    contextAlloc: define("int uc_context_alloc(void *uc, _Out_ void **context)"),
    contextSave: define("int uc_context_save(void *uc, void *context)"),
    contextRestore: define("int uc_context_restore(void *uc, void *context)"),
    contextFree: define("int uc_context_free(void *context)"),
    registerBlockHook: (callback) => koffi.register(callback, block),
    registerInterruptHook: (callback) => koffi.register(callback, interrupt),
    registerMemoryHook: (callback) => koffi.register(callback, memory),
    unregister: (callback) => koffi.unregister(callback),
  };
}
