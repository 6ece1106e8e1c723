/** `alloc-gen time`: the cycles of one function of any program. */
import { resolve } from "node:path";
import { loadCallable } from "../../toolchain/callable.js";
import type { CallArgument } from "../../emulators/core/call-arguments.js";
import { loadTarget } from "../../targets/load.js";
import { withMemoryTiming } from "../../targets/memory-timing.js";
import { parseArgument, parseBefore } from "../../function-timing/argument.js";
import { callArgument } from "../../function-timing/call-argument.js";
import { timeFunction } from "../../function-timing/time-function.js";
import { targetOf } from "../chosen-chip.js";
import type { Run } from "../commands.js";
import { givenMemory } from "../given-memory.js";
import { makeProgressBar } from "../progress.js";
import { usageError } from "../usage-error.js";

const defaultTarget = "cortex-m4";
/** More than any line of a cache. */
const mostPlace = 4096;
const mostCalls = 100_000;
/** Instructions of one call: an endless loop is told within a minute. */
const defaultLimit = 100_000_000;
const mostInstructions = 1_000_000_000_000;

export const time: Run<"time"> = async (given, context, output) => {
  const { folder } = context;
  const { file, call } = given;
  if (file === undefined) throw usageError("name an ELF file");
  if (call === undefined) throw usageError("name the function to call: --call FUNCTION");
  const memory = givenMemory(given);
  const named = loadTarget(targetOf(given) ?? defaultTarget);
  const target = memory === undefined ? named : withMemoryTiming(named, memory);
  const repeat = countOf("--repeat", given.repeat, 1, mostCalls);
  const limit = countOf("--limit", given.limit, defaultLimit, mostInstructions);
  const place = placeOf(given.place);
  const callable = await loadCallable({
    path: resolve(folder, file),
    file,
    entry: call,
    target,
    libc: given.libc,
    ...(place === undefined ? {} : { place }),
  });
  const bar = await makeProgressBar(context, given.quiet);
  const report = timeFunction({
    callable,
    file,
    function: call,
    target,
    given: given.arg.map((text) => argument(text, folder)),
    before: given.before.map((text) => callBefore(text, given.arg.length, folder)),
    repeat,
    withCall: given.withCall,
    annotate: given.annotate,
    engine: given.engine,
    limit,
    onProgress: (instructions) => bar.progress(`call ${call}, instructions`, instructions, limit),
  });
  bar.stop();
  await output.print(report);
  return 0;
};

function countOf(option: string, written: string | undefined, otherwise: number, most: number): number {
  if (written === undefined) return otherwise;
  const count = /^\d+$/.test(written) ? Number(written) : 0;
  if (count < 1 || count > most) throw usageError(`${option} ${written} (allowed: 1 to ${most})`);
  return count;
}

function placeOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const place = /^\d+$/.test(written) ? Number(written) : -1;
  if (place < 0 || place > mostPlace || place % 2 !== 0)
    throw usageError(`--place ${written} (allowed: an even number to ${mostPlace})`);
  return place;
}

const allowedArguments =
  "a 32-bit number, @FILE, buffer:BYTES, buffer:BYTES+OFFSET, [WORD,...] of these, returned";

function argument(text: string, folder: string): CallArgument {
  const found = parseArgument(text);
  if (found === undefined) throw usageError(`--arg ${text} (allowed: ${allowedArguments})`);
  return callArgument(found, folder);
}

/** @param count arguments of the call itself */
function callBefore(text: string, count: number, folder: string) {
  const found = parseBefore(text, count);
  if (found === undefined) {
    throw usageError(`--before ${text} (allowed: FUNCTION or FUNCTION:ARG,... of ${allowedArguments}, =N)`);
  }
  return { function: found.function, given: found.given.map((each) => callArgument(each, folder)) };
}
