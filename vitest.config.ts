import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Chooses the sample of the tests that cannot try every combination; printed, so that a failure can be repeated. */
if (process.env["ALLOC_GEN_SEED"] === undefined) {
  process.env["ALLOC_GEN_SEED"] = String(Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`seed of the sampled matrix: ALLOC_GEN_SEED=${process.env["ALLOC_GEN_SEED"]}\n`);
}

/** Where most of the time goes (npm run test:times): begun last, one of them would keep a processor waiting. */
const dearest = [
  "faults",
  "traces",
  "api",
  "bounds-policies",
  "engines",
  "decoder",
  "generated-c",
  "prediction",
];

class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = dearest.findIndex((name) => moduleId.endsWith(`emulator-tests/${name}.test.ts`));
      return at < 0 ? dearest.length : at;
    };
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}

export default defineConfig({
  test: {
    // Processes rather than threads: the emulator is native code, and its crash must not take other suites along.
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: DearestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{src,scripts,emulator-tests/support}/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "emulator",
          include: ["emulator-tests/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
