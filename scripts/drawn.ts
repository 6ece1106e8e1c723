/**
 * Draws configs, generates their C and builds it as a user does: what is accepted must build without a warning.
 *
 *   npm run drawn -- --count 2000 --seed 7    all of them, on all cores
 *   npm run drawn -- --seed 7 --only 412      one of them; its config and files are kept
 *
 * --from N goes on where another run ended; --reasons prints why configs were refused.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AllocGenError, formatDiagnostic } from "../src/diagnostics.js";
import { wordsOf } from "../src/csource/c-function.js";
import { tokenize } from "../src/csource/tokens.js";
import { allocatorNames } from "../src/outputs/c/names.js";
import { machineOf } from "../src/machine/registry.js";
import { buildImage, standIns } from "../src/toolchain/build-image.js";
import type { BuildCache } from "../src/toolchain/cache.js";
import type { SourceFile } from "../src/toolchain/compile.js";
import { families } from "../src/toolchain/families.js";
import { languageFlags } from "../src/toolchain/flags.js";
import { generate, generateAll, type Project } from "../src/pipeline.js";
import { prepareDrawn } from "./drawn/prepare-drawn.js";
import { drawAny } from "./drawn/wild.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "200" },
    seed: { type: "string" },
    from: { type: "string", default: "0" },
    only: { type: "string" },
    reasons: { type: "boolean", default: false },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const first = Number(values.only ?? values.from);
const count = values.only === undefined ? Number(values.count) : 1;
const folder = mkdtempSync(join(tmpdir(), "alloc-gen-drawn-"));
/** Nothing is built twice. */
const noCache: BuildCache = { read: () => undefined, write: () => undefined };

type Outcome =
  | { readonly kind: "built" | "refused"; readonly reason?: string }
  | { readonly kind: "failed"; readonly message: string };

/** The words of the C that a config generates; none where it is refused. */
function wordsIn(config: object): readonly string[] {
  const prepared = prepareDrawn(config, join(folder, "words"));
  if (prepared.kind === "refused") return [];
  const tokens = generate(prepared.project)
    .flatMap(({ text }) => tokenize(text))
    .flatMap((token) => (token.kind === "directive" ? tokenize(token.text.slice(1)) : [token]));
  return [...new Set(wordsOf(tokens))];
}

async function build(index: number): Promise<Outcome> {
  const { config, wild } = drawAny(seed, index, wordsIn);
  const name = String(index);
  try {
    const prepared = prepareDrawn(config, join(folder, name));
    if (prepared.kind === "refused") return prepared;
    const { project } = prepared;
    const sources = generate(project);
    const { plan, target, loaded } = project;
    const request = { sources, names: allocatorNames(plan), heapBytes: plan.heapBytes, target };
    if (wild) {
      await generateAll(project);
      await buildImage({ ...request, ...loaded.config.toolchain }, { cache: noCache });
      await compileHeader(join(folder, name), sources);
    } else await compileSource(join(folder, name), project, sources);
    return { kind: "built" };
  } catch (error) {
    const message =
      error instanceof AllocGenError
        ? error.diagnostics.map(formatDiagnostic).join("\n")
        : String(error instanceof Error ? error.stack : error);
    return { kind: "failed", message: `${JSON.stringify(config)}\n${message}` };
  } finally {
    if (values.only === undefined) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** A plain config: nothing but its C is new to the compiler. */
function compileSource(place: string, project: Project, sources: readonly SourceFile[]): Promise<void> {
  const { target, loaded, plan } = project;
  const { warnings, code } = families.gcc.flags;
  const files = [...sources, ...standIns(allocatorNames(plan), machineOf(target))];
  for (const { name, text } of files) writeFileSync(join(place, name), text);
  const source = join(place, `${plan.name}.c`);
  const flags = [
    ...target.compilerFlags,
    loaded.config.toolchain.optimize,
    ...languageFlags,
    ...warnings,
    ...code,
  ];
  return run("arm-none-eabi-gcc", [...flags, "-c", source, "-o", join(place, "heap.o")]);
}

function run(command: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, words, (error, _out, messages) => {
      if (error === null) resolve();
      else reject(new Error(`${command}:\n${messages}`));
    });
  });
}

/** Programs in C++ include the header too. */
function compileHeader(place: string, sources: readonly SourceFile[]): Promise<void> {
  for (const { name, text } of sources) writeFileSync(join(place, name), text);
  const header = sources.find(({ name }) => name.endsWith(".h"))?.name ?? "";
  const flags = ["-xc++", "-std=c++20", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"];
  return run("arm-none-eabi-g++", [...flags, join(place, header)]);
}

console.error(`seed ${seed}, configs ${first} to ${first + count - 1}`);
const outcomes: Outcome[] = [];
let next = first;
async function lane(): Promise<void> {
  while (next < first + count) {
    const index = next++;
    const outcome = await build(index);
    outcomes.push(outcome);
    if (outcome.kind === "failed") console.log(`config ${index}: ${outcome.message}\n`);
    if (outcomes.length % 100 === 0) console.error(`${outcomes.length} of ${count}`);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, lane));

const of = (kind: Outcome["kind"]): number => outcomes.filter((each) => each.kind === kind).length;
console.log(`${of("built")} built, ${of("refused")} refused by a message, ${of("failed")} failed`);
if (values.reasons) {
  const reasons = outcomes.flatMap((each) => (each.kind === "refused" ? (each.reason ?? "") : []));
  for (const reason of new Set(reasons))
    console.log(reasons.filter((each) => each === reason).length, reason);
}
if (values.only === undefined) rmSync(folder, { recursive: true });
else console.log(`files: ${folder}`);
process.exitCode = of("failed") === 0 ? 0 : 1;
