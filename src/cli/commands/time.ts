/** `alloc-gen time`: the cycles of one function of any program. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadCallable } from "../../toolchain/callable.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import type { CallArgument } from "../../emulators/unicorn/call.js";
import { timeText } from "../../report/time-text.js";
import { loadTarget } from "../../targets/load.js";
import { parseArgument } from "../../function-timing/argument.js";
import { timeFunction } from "../../function-timing/time-function.js";
import type { RunCommand } from "../commands.js";
import type { Arguments } from "../options.js";

const defaultTarget = "cortex-m4";
const mostCalls = 100_000;

export const time: RunCommand = (given, { folder, out }) => {
  const { file, call } = given;
  if (file === undefined) throw usage("name an ELF file");
  if (call === undefined) throw usage("say which function to call: --call FUNCTION");
  const target = loadTarget(given.target ?? defaultTarget);
  const repeat = repeatOf(given);
  const report = timeFunction({
    callable: loadCallable(resolve(folder, file), call, target),
    file,
    function: call,
    target,
    given: given.args.map((text) => argument(text, folder)),
    repeat,
    withCall: given.withCall,
    annotate: given.annotate,
  });
  out(given.json ? `${JSON.stringify(report, undefined, 2)}\n` : timeText(report));
  return Promise.resolve(0);
};

function repeatOf({ repeat }: Arguments): number {
  if (repeat === undefined) return 1;
  const count = /^\d+$/.test(repeat) ? Number(repeat) : 0;
  if (count < 1 || count > mostCalls) throw usage(`--repeat ${repeat}: allowed are 1 to ${mostCalls}`);
  return count;
}

function argument(text: string, folder: string): CallArgument {
  const words = parseArgument(text);
  if (words === undefined) {
    throw usage(`--arg ${text}: allowed are a number of 32 bits, @FILE and buffer:BYTES`);
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

const usage = (what: string): AllocGenError => new AllocGenError(2, [diagnose("usage", { what })]);
