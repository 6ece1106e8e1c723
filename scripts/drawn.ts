/**
 * Draws configs, generates their C and builds it as a user does: what is accepted must build without a warning, and
 * what is refused must say at which line.
 *
 *   npm run drawn -- --count 2000 --seed 7                   until 2,000 are accepted, on all cores
 *   npm run drawn -- --count 200 --seed 7 --compiler clang
 *   npm run drawn -- --seed 7 --only 412                     one of them; its config and files are kept
 *
 * --from N goes on where another run ended; --lanes N builds so many at a time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AllocGenError, formatDiagnostics } from "../src/diagnostics.js";
import { wordsOf } from "../src/csource/c-function.js";
import { tokenize } from "../src/csource/tokens.js";
import { generate } from "../src/pipeline.js";
import { buildDrawn } from "./drawn/build-drawn.js";
import { prepareDrawn, Refusals, unclear } from "./drawn/prepare-drawn.js";
import { drawAny } from "./drawn/wild.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "200" },
    seed: { type: "string" },
    from: { type: "string", default: "0" },
    only: { type: "string" },
    compiler: { type: "string" },
    lanes: { type: "string", default: String(availableParallelism()) },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const count = values.only === undefined ? Number(values.count) : 1;
const folder = mkdtempSync(join(tmpdir(), "alloc-gen-drawn-"));

const refusals = new Refusals();
let [built, failed] = [0, 0];

function fail(index: number, config: object, error: unknown): void {
  failed++;
  const message =
    error instanceof AllocGenError
      ? formatDiagnostics(error.diagnostics).join("\n")
      : String(error instanceof Error ? error.stack : error);
  console.log(`config ${index}: ${JSON.stringify(config)}\n${message}\n`);
}

/** The config as it is to be built; undefined where it is refused, which is counted. */
function accepted(index: number, config: object, place: string) {
  const prepared = prepareDrawn(config, place);
  if (prepared.kind === "accepted") return prepared.project;
  const { diagnostics } = prepared;
  refusals.note(diagnostics);
  const fault = unclear(diagnostics);
  if (fault !== undefined) fail(index, config, new Error(fault));
  return undefined;
}

/** The words of the C that a config generates; none where it is refused. */
function wordsIn(index: number, config: object): readonly string[] {
  const project = accepted(index, config, join(folder, "words"));
  if (project === undefined) return [];
  const tokens = generate(project)
    .flatMap(({ text }) => tokenize(text))
    .flatMap((token) => (token.kind === "directive" ? tokenize(token.text.slice(1)) : [token]));
  return [...new Set(wordsOf(tokens))];
}

function draw(index: number) {
  const { config, wild } = drawAny(seed, index, (plain) => wordsIn(index, plain));
  const { compiler } = values;
  if (compiler === undefined) return { config, wild };
  const toolchain = config["toolchain"] as object;
  return { config: { ...config, toolchain: { ...toolchain, compiler } }, wild };
}

async function build(index: number): Promise<void> {
  const { config, wild } = draw(index);
  const place = join(folder, String(index));
  try {
    const project = accepted(index, config, place);
    if (project === undefined) return;
    await buildDrawn(project, place, wild);
    built++;
    if (built % 100 === 0) console.error(`${built} of ${count} built; ${failed} failed; at config ${index}`);
  } catch (error) {
    fail(index, config, error);
  } finally {
    if (values.only === undefined) rmSync(place, { recursive: true, force: true });
  }
}

console.error(`seed ${seed}, from config ${values.only ?? values.from}`);
let next = Number(values.only ?? values.from);
let begun = 0;
async function lane(): Promise<void> {
  while (built + failed + begun < count) {
    begun++;
    await build(next++).finally(() => begun--);
    if (values.only !== undefined) return;
  }
}
await Promise.all(Array.from({ length: values.only === undefined ? Number(values.lanes) : 1 }, lane));

console.log(
  `${built + failed} accepted: ${built} built, ${failed} failed; ${refusals.count} drawn besides were refused by a message; next is --from ${next}`,
);
for (const line of refusals.lines()) console.log(line);
if (values.only === undefined) rmSync(folder, { recursive: true });
else console.log(`files: ${folder}`);
process.exitCode = failed === 0 ? 0 : 1;
