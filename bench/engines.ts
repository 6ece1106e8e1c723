/**
 * How fast engines replay, by core and policy: a table of operations a second, each with its ratio to Unicorn's in the same run,
 * which says more than the seconds of a busy machine. Prints Markdown.
 * Run: npm run bench:engines -- [--rounds N] [--operations N]
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { buildProject, generate } from "../src/pipeline.js";
import type { Engine } from "../src/emulators/engine.js";
import { generateWorkload } from "../src/traces/generate.js";
import { lowered } from "../src/verify/lowered.js";
import { openEngine } from "../src/verify/engines.js";
import { benchProject } from "./project.js";
import { speedsOf, type Speed } from "./rounds.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    operations: { type: "string", default: "20000" },
  },
});
const rounds = Number(values.rounds);
const operationsEach = Number(values.operations);
const heapBytes = 32 * 1024;

const engines = ["js", "unicorn", "witnessed"] as const;
const cores = ["cortex-m0plus", "cortex-m3", "cortex-m4"];
/** A pool has one class that takes every request of the workload. */
const policies: Readonly<Record<string, { readonly policy: object; readonly most: number }>> = {
  "segregated-fit": { policy: { kind: "segregated-fit" }, most: 1024 },
  "sequential-fit": { policy: { kind: "sequential-fit" }, most: 1024 },
  buddy: { policy: { kind: "buddy" }, most: 1024 },
  bitmap: { policy: { kind: "bitmap" }, most: 1024 },
  pool: { policy: { kind: "pool", classes: [{ size: 128 }] }, most: 128 },
  bump: { policy: { kind: "bump" }, most: 1024 },
};

/** Counted and with payloads, as verify runs them. */
async function measure(name: string, core: string): Promise<readonly Speed[]> {
  const { policy, most } = policies[name] ?? { policy: {}, most: 0 };
  const project = benchProject({ policy, target: core, heapBytes });
  const { plan, target } = project;
  const image = await buildProject(project, generate(project));
  const trace = generateWorkload("uniform", {
    seed: 1,
    operations: operationsEach,
    heapBytes,
    maximumRequest: most,
    minimumRequest: 1,
  });
  const operations = lowered(plan, trace, image.heapAddress);
  const replays = engines.map((engine) => ({ session: openNamed(engine).open(image, target, operations) }));
  return speedsOf(replays, operations.length, rounds);
}

const opened = new Map<string, Engine>();
function openNamed(name: (typeof engines)[number]): Engine {
  const engine = opened.get(name) ?? openEngine(name);
  opened.set(name, engine);
  return engine;
}

const row = (cells: readonly string[]): void => {
  console.log(`| ${cells.join(" | ")} |`);
};
const thousands = (speed: number): string => Math.round(speed / 1000).toLocaleString("en-US");

console.log(
  `Thousand operations a second, the first of ${rounds} rounds / the best; ${operationsEach.toLocaleString("en-US")} operations drawn by "uniform" in ${heapBytes / 1024} KiB; ${cpus().length} × ${cpus()[0]?.model ?? "processor"}, Node.js ${process.versions.node}, ${engines.map((name) => `${name} ${openNamed(name).version}`).join(", ")}\n`,
);
row(["core", "policy", ...engines, "js : unicorn", "witnessed : unicorn"]);
row(["---", "---", ...engines.map(() => "---:"), "---:", "---:"]);
for (const core of cores) {
  for (const name of Object.keys(policies)) {
    const speeds = await measure(name, core);
    const [js, unicorn, witnessed] = speeds;
    const ratio = (one: Speed | undefined): string =>
      one === undefined || unicorn === undefined ? "-" : (one.best / unicorn.best).toFixed(1);
    row([
      core,
      name,
      ...speeds.map(({ first, best }) => `${thousands(first)} / ${thousands(best)}`),
      ratio(js),
      ratio(witnessed),
    ]);
  }
}
