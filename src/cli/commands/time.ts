/** `alloc-gen time`: the cycles of one function of any program. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadCallable } from "../../toolchain/callable.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import type { CallArgument } from "../../emulators/unicorn/call.js";
import { loadTarget } from "../../targets/load.js";
import { parseArgument } from "../../function-timing/argument.js";
import { timeFunction } from "../../function-timing/time-function.js";
import type { Run } from "../commands.js";
import { usageError } from "../usage-error.js";

const defaultTarget = "cortex-m4";
const mostCalls = 100_000;

export const time: Run<"time"> = async (given, { folder }, output) => {
  const { file, call } = given;
  if (file === undefined) throw usageError("name an ELF file");
  if (call === undefined) throw usageError("name the function to call: --call FUNCTION");
  const target = loadTarget(given.target ?? defaultTarget);
  const repeat = repeatOf(given.repeat);
  const report = timeFunction({
    callable: loadCallable(resolve(folder, file), call, target),
    file,
    function: call,
    target,
    given: given.arg.map((text) => argument(text, folder)),
    repeat,
    withCall: given.withCall,
    annotate: given.annotate,
  });
  await output.print(report);
  return 0;
};

function repeatOf(repeat: string | undefined): number {
  if (repeat === undefined) return 1;
  const count = /^\d+$/.test(repeat) ? Number(repeat) : 0;
  if (count < 1 || count > mostCalls) throw usageError(`--repeat ${repeat} (allowed: 1 to ${mostCalls})`);
  return count;
}

function argument(text: string, folder: string): CallArgument {
  const words = parseArgument(text);
  if (words === undefined) {
    throw usageError(`--arg ${text} (allowed: a 32-bit number, @FILE, buffer:BYTES)`);
  }
  switch (words.kind) {
    case "number":
      return words;
    case "buffer":
      return { kind: "buffer", data: new Uint8Array(words.bytes) };
    case "file":
      return { kind: "buffer", data: readBytes(resolve(folder, words.path), words.path) };
  }
}

function readBytes(path: string, file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AllocGenError(2, [diagnose("file-unreadable", { file, why })]);
  }
}
