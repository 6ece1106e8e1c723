/**
 * Published measurements on silicon beside what the cycle models say: builds the code from a folder that holds the
 * repositories (nothing is fetched), calls its functions, prints every figure and the errors of each core.
 *
 *   npm run silicon -- --sources FOLDER
 *   npm run silicon -- --sources FOLDER --target cortex-m33 --call AES128 --json
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { timeFunction } from "../src/function-timing/time-function.js";
import { loadTarget } from "../src/targets/load.js";
import { loadCallable, type Callable } from "../src/toolchain/callable.js";
import type { CallArgument } from "../src/emulators/core/call-arguments.js";
import { parseArgument } from "../src/function-timing/argument.js";
import { callArgument } from "../src/function-timing/call-argument.js";
import { readCases, type PublishedCase } from "./silicon/cases.js";
import { buildProgram } from "./silicon/program.js";
import { siliconLines, summaries, type Outcome } from "./silicon/table.js";

const { values } = parseArgs({
  options: {
    sources: { type: "string" },
    cases: { type: "string", default: "bench/silicon.jsonc" },
    /** Of this target alone. */
    target: { type: "string" },
    /** Functions whose name has this in it. */
    call: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
});
if (values.sources === undefined) throw new Error("name the folder with the repositories: --sources FOLDER");
const sources = resolve(values.sources);
const folder = mkdtempSync(join(tmpdir(), "alloc-gen-silicon-"));
/** No call of the file executes as many. */
const limit = 1_000_000_000;

const callables = new Map<string, Promise<Callable>>();

function callableOf({ name, program, function: called }: PublishedCase): Promise<Callable> {
  const known = callables.get(name);
  if (known !== undefined) return known;
  const target = loadTarget(program.target);
  const path = buildProgram(name, program, { target, sources, folder });
  const { libc, place } = program;
  const callable = loadCallable({ path, file: name, entry: called, target, libc, place });
  callables.set(name, callable);
  return callable;
}

function argumentOf(text: string): CallArgument {
  const found = parseArgument(text);
  if (found === undefined) throw new Error(`${text} is no argument`);
  return callArgument(found, sources);
}

async function time(each: PublishedCase): Promise<Outcome> {
  const { name, program, function: called, given, published, use } = each;
  const { first } = timeFunction({
    callable: await callableOf(each),
    file: name,
    function: called,
    target: loadTarget(program.target),
    given: given.map((text) => argumentOf(text)),
    repeat: 1,
    withCall: program.withCall,
    annotate: false,
    engine: "auto",
    limit,
    onProgress: () => undefined,
  });
  const modelled = first.cycles + program.around;
  return { target: program.target, function: called, given, published, use, modelled };
}

try {
  const chosen = readCases(values.cases).filter(
    ({ function: called, program }) =>
      called.includes(values.call) && (values.target === undefined || program.target === values.target),
  );
  const outcomes: Outcome[] = [];
  for (const each of chosen) outcomes.push(await time(each));
  const printed = values.json
    ? JSON.stringify({ cases: outcomes, summaries: summaries(outcomes) }, null, 2)
    : siliconLines(outcomes).join("\n");
  process.stdout.write(`${printed}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
