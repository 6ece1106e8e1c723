/**
 * How fast operations run in the engines: uncounted, counted by the core's rules, and with payloads checked; the generated
 * segregated-fit of 32 KiB on the trace synthetic-w1. Prints operations a second of the first round and of the best, and
 * ratios to Unicorn's best, which say more than the seconds of a busy machine. Run: npx tsx bench/emulator.ts
 */
import { join } from "node:path";
import { buildProject, generate } from "../src/pipeline.js";
import { jsEngine } from "../src/emulators/js/engine.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import type { CoreOptions } from "../src/emulators/core/engine.js";
import { packageFolder } from "../src/package-folder.js";
import { lowered } from "../src/verify/lowered.js";
import { readTrace } from "../src/traces/read.js";
import { benchProject } from "./project.js";
import { speedsOf } from "./rounds.js";

const trace = readTrace(join(packageFolder(), "examples", "traces", "synthetic-w1.trace.gz"));
const rounds = 9;

type Named = readonly [name: string, options: CoreOptions];

for (const name of ["cortex-m4", "cortex-m0"]) {
  const project = benchProject({ policy: { kind: "segregated-fit", split: "low" }, target: name });
  const { plan, target } = project;
  const image = await buildProject(project, generate(project));
  const operations = lowered(plan, trace);
  const quick = { checkPayloads: false, checkAlignment: false } as const;
  const variants: readonly Named[] = [
    ["bare", { ...quick, count: false }],
    ["core's rules", quick],
    ["rules, payloads", { checkAlignment: false }],
    ["all + alignment", { checkAlignment: true }],
  ];
  const replays = variants.flatMap(([label, options]) =>
    [unicornEngine(), jsEngine()].map((engine) => {
      const session = engine.open(image, target, operations, options);
      return { label, engine: engine.name, session };
    }),
  );
  const measured = speedsOf(replays, operations.length, rounds);
  const count = (speed: number): string => Math.round(speed).toLocaleString("en-US").padStart(12);
  for (const { label, engine, first, best } of measured) {
    const other = measured.find((each) => each.label === label && each.engine === "unicorn")?.best ?? best;
    const columns = [
      name.padEnd(10),
      label.padEnd(16),
      engine.padEnd(8),
      `${count(first)} first ${count(best)} best operations/s`,
      `${(best / other).toFixed(1)} x unicorn`.padStart(14),
    ];
    console.log(columns.join("  "));
  }
}
