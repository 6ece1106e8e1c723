/**
 * Mutates the C of the configs in emulator-tests/cases/mutated-configs.json, prints each survivor and a line a config, and
 * fails where one survives: npm run mutants -- [--count N] [--seed S] [--only NAME,NAME] [--engine js|unicorn]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { coreEngineNames } from "../src/emulators/engine.js";
import { openJudges } from "../src/mutation/judges.js";
import { runMutation } from "../src/mutation/run-mutation.js";
import { prepare } from "../src/pipeline.js";
import { makeMutationReport } from "../src/report/mutation-report.js";

const file = new URL("../emulator-tests/cases/mutated-configs.json", import.meta.url);
const configs = JSON.parse(readFileSync(file, "utf8")) as readonly { readonly name: string }[];
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "80" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    engine: { type: "string", default: "js" },
    seconds: { type: "string", default: "120" },
  },
});
const only = values.only.split(",").filter((name) => name !== "");
const engine = coreEngineNames.find((name) => name === values.engine);
if (engine === undefined) throw new Error(`--engine is one of ${coreEngineNames.join(", ")}`);
const atOnce = availableParallelism();
const folder = mkdtempSync(join(tmpdir(), "alloc-gen-mutants-"));
const total = { killed: 0, survived: 0 };
try {
  for (const config of configs.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const begin = performance.now();
    const configPath = join(folder, `${config.name}.json`);
    writeFileSync(configPath, JSON.stringify(config));
    const judges = openJudges(
      { configPath, options: {}, engine },
      { processes: atOnce, seconds: Number(values.seconds) },
    );
    try {
      const result = await runMutation({
        project: prepare(configPath, {}),
        seed: Number(values.seed),
        count: Number(values.count),
        judge: (text) => judges.judge(text),
        atOnce,
      });
      const { killed, survived, equivalent, sameCode, notCompiled, survivors } = makeMutationReport(
        result,
        100,
      );
      for (const { operator, function: name, cycles = 0, diff } of survivors) {
        console.log(`SURVIVED ${config.name}: ${operator} in ${name}, ${cycles} cycles\n${diff}`);
      }
      const seconds = ((performance.now() - begin) / 1000).toFixed(0);
      console.log(
        `${config.name}: ${killed} killed, ${survived} survived, ${equivalent} equivalent, ${sameCode} with the same code, ${notCompiled} not compiled, ${seconds} s`,
      );
      total.killed += killed;
      total.survived += survived;
    } finally {
      await judges.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`all: ${total.killed} killed, ${total.survived} survived`);
process.exitCode = total.survived === 0 ? 0 : 1;
