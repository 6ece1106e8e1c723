/** The long run, short: it goes on where it ended, and a fault that is seldom seen ends it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { soak } from "../scripts/soak/soak.js";
import type { GeneratedFile } from "../src/pipeline.js";
import { readState, writeState, type SoakState } from "../scripts/soak/state.js";

const begin = (seed: number): SoakState => ({ seed, next: 0, configs: 0, operations: 0 });
const silent = (): void => undefined;

describe("soak", () => {
  test("runs drawn configs until so many operations are done, and goes on from what is kept", async () => {
    const told: SoakState[] = [];
    const tell = (state: SoakState): void => void told.push(state);
    const options = { perWorkload: 300 };
    const whole = await soak(begin(Number(process.env["ALLOC_GEN_SEED"])), 9000, tell, options);
    expect(whole.fault).toBeUndefined();
    expect(whole.state.operations).toBeGreaterThanOrEqual(9000);
    expect(told.length).toBe(whole.state.configs);
    expect(told.length).toBeGreaterThan(1);

    const [first] = told;
    if (first === undefined) throw new Error("nothing was told");
    const rest = await soak(first, 9000, silent, options);
    expect(rest.state).toEqual(whole.state);
  });

  test("ends with the config and the shortest sequence where one free in two hundred is forgotten", async () => {
    // Without a quotient, which a core may have to call a library for.
    const forgetful = `static unsigned frees = 0U; frees++; if (frees == 200U) { frees = 0U; return; }`;
    const { state, fault } = await soak(begin(5), 1_000_000, silent, {
      perWorkload: 1000,
      edit: (file) => ({
        ...file,
        text: file.text.replace(/^(void \w+_free\([^)]*\)\n\{)$/m, `$1 ${forgetful}`),
      }),
    });
    expect(fault?.config).toHaveProperty("policy");
    if (fault?.found.kind !== "different") throw new Error("no difference was found");
    expect(fault.found.mismatch.minimal.length).toBeGreaterThan(0);
    expect(state.configs).toBe(0);
  });
});

test("a drawn config that does not build ends it", async () => {
  const edit = (file: GeneratedFile) => ({ ...file, text: `${file.text}\nint unfinished(` });
  const { fault } = await soak(begin(5), 1_000_000, silent, { perWorkload: 100, edit });
  expect(fault?.found.kind).toBe("not-built");
});

describe("the state of a soak", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "alloc-gen-soak-state-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is read as it was written, and belongs to one seed", () => {
    const file = join(folder, "kept", "state.json");
    expect(readState(file, 3)).toEqual(begin(3));
    const state = { seed: 3, next: 9, configs: 7, operations: 7_000_000_000 };
    writeState(file, state);
    expect(readState(file, 3)).toEqual(state);
    expect(() => readState(file, 4)).toThrow("is the state of seed 3, not 4");
    expect(readFileSync(file, "utf8")).toMatch(/\n$/);
  });

  test.each(["", "{", "{}", '{"seed":1,"next":-1,"configs":0,"operations":0}'])("is not %j", (text) => {
    const file = join(folder, "state.json");
    writeFileSync(file, text);
    expect(() => readState(file, 1)).toThrow("is not the state of a soak");
  });
});
