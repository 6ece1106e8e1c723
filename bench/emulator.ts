/**
 * How fast operations run in the emulator: uncounted, counted by the core's rules, and with
 * payloads checked; the generated segregated-fit of 32 KiB on the trace synthetic-w1. Prints operations a second and the
 * ratios, which say more than the seconds of a busy machine. Run: npx tsx bench/emulator.ts
 */
import { join } from "node:path";
import { buildProject, generate } from "../src/pipeline.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import type { CoreOptions } from "../src/emulators/core/engine.js";
import { packageFolder } from "../src/package-folder.js";
import { lowered } from "../src/verify/lowered.js";
import { readTrace } from "../src/traces/read.js";
import { benchProject } from "./project.js";

const trace = readTrace(join(packageFolder(), "examples", "traces", "synthetic-w1.trace.gz"));
const batch = 1000;
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
  const measured = variants.map(([label, options]) => {
    const session = unicornEngine().open(image, target, operations, options);
    return { label, session, best: 0 };
  });
  // Round by round, so that a busy moment of the machine hits every variant.
  for (let round = 0; round < rounds; round += 1) {
    for (const each of measured) {
      each.session.reset();
      const start = performance.now();
      for (let from = 0; from < operations.length; from += batch) {
        const { fault } = each.session.execute(from, Math.min(from + batch, operations.length));
        if (fault !== undefined) throw new Error(`operation ${fault.operation}: ${fault.message}`);
      }
      each.best = Math.max(each.best, (operations.length / (performance.now() - start)) * 1000);
    }
  }
  const bare = measured[0]?.best ?? 0;
  const mean = (values: Uint32Array) => values.reduce((sum, value) => sum + value, 0) / operations.length;
  for (const { label, session, best } of measured) {
    const columns = [
      name.padEnd(10),
      label.padEnd(16),
      `${Math.round(best).toLocaleString("en-US")} operations/s`.padStart(22),
      `${(bare / best).toFixed(2)} x bare`.padStart(12),
      `${mean(session.instructions).toFixed(1)} instructions`.padStart(20),
      `${mean(session.cycles).toFixed(1)} cycles an operation`,
    ];
    console.log(columns.join("  "));
    session.close();
  }
}
