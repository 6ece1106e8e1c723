import { describe, expect, it } from "vitest";
import { parseConfigText } from "../../config/load.js";
import { AllocGenError } from "../../diagnostics.js";
import { explainChoices } from "../../plan/draw.js";
import type { Plan } from "../../plan/plan.js";
import { planAt } from "../../sizing/sizing.js";
import { loadTarget } from "../../targets/load.js";
import { makePlan } from "../make-plan.js";
import { segregatedFit } from "./index.js";
import { segregatedPoints } from "./types.js";
import { variants } from "./variants.js";

interface Keys {
  readonly size?: number | string | { readonly upTo: string };
  readonly heap?: object;
  readonly policy?: object;
  readonly header?: object;
  readonly api?: object;
  readonly hardening?: string;
  readonly lock?: string;
}

function configOf(preset: string, { size = "32KiB", heap = {}, policy = {}, ...rest }: Keys = {}) {
  const written = {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size, ...heap },
    policy: { kind: "segregated-fit", preset, ...policy },
    ...rest,
  };
  return parseConfigText(JSON.stringify(written), "alloc-gen.json", { targets: ["cortex-m4"] }).config;
}

const planOf = (preset: string, keys: Keys = {}): Plan =>
  makePlan(configOf(preset, keys), loadTarget("cortex-m4"));

/** "bits", or the boundary tag of the headers. */
function formOf(plan: Plan | AllocGenError): string {
  if (plan instanceof AllocGenError || !segregatedFit.owns(plan)) throw new Error("no plan of size classes");
  return plan.policy.bits === undefined ? plan.header.boundaryTag : "bits";
}

const presetLine = (preset: string, keys: Keys = {}): string => {
  const found = explainChoices(planOf(preset, keys)).find(({ choice }) => choice === `preset ${preset}`);
  return found?.costs ?? "not told";
};

describe("a preset and the form of blocks", () => {
  it("is headers up to 64 KiB and bits above by default, at each size anew", () => {
    expect(formOf(planOf("default", { size: "64KiB" }))).toBe("footer");
    expect(formOf(planOf("default", { size: 65544 }))).toBe("bits");
    const config = configOf("default");
    expect(formOf(planAt(config, loadTarget("cortex-m4"), 240 * 1024))).toBe("bits");
    expect(formOf(planAt(config, loadTarget("cortex-m4"), 1024))).toBe("footer");
  });

  it("stays headers where the config asks for what bits have not", () => {
    const size = "128KiB";
    const heap = { placement: { kind: "linker", start: "a", end: "b" } };
    expect(formOf(planOf("default", { size, header: { fields: { magic: {} } } }))).toBe("footer");
    expect(formOf(planOf("default", { size, header: { boundaryTag: "prevSize" } }))).toBe("prevSize");
    expect(formOf(planOf("default", { size, policy: { quickLists: {} } }))).toBe("footer");
    expect(formOf(planOf("default", { size, policy: { coalesce: "deferred" } }))).toBe("none");
    expect(formOf(planOf("default", { size: { upTo: "128KiB" }, heap }))).toBe("footer");
    expect(formOf(planOf("default", { size: "8MiB" }))).toBe("footer");
    expect(formOf(planOf("default", { size, hardening: "basic" }))).toBe("footer");
  });

  it("is bits with whatever bits have", () => {
    const size = "128KiB";
    const aligned = { realloc: { keepAlignment: 16 }, alignedAlloc: true };
    expect(formOf(planOf("default", { size, api: aligned }))).toBe("bits");
    const unlocked = { realloc: { copyUnlocked: true } };
    expect(formOf(planOf("default", { size, api: unlocked, lock: "primask" }))).toBe("bits");
  });

  it("is the same plan as without a preset where the form is", () => {
    const plain = parseConfigText(
      '{ "name": "app_heap", "target": "cortex-m4", "heap": { "size": "32KiB" }, "policy": { "kind": "segregated-fit" } }',
      "alloc-gen.json",
      { targets: ["cortex-m4"] },
    ).config;
    const { policy } = makePlan(plain, loadTarget("cortex-m4"));
    expect(planOf("default").policy).toEqual({ ...policy, preset: "default" });
  });

  it("is bits for frugal at every size, and a refusal tells why it cannot be", () => {
    expect(formOf(planOf("frugal", { size: 1024 }))).toBe("bits");
    expect(() => planOf("frugal", { policy: { quickLists: {} } })).toThrow('boundary tag "bits"');
  });

  it("is among what a search for the best config tries", () => {
    const shapeOf = (plan: Plan): unknown => ({ ...plan.policy, preset: undefined, form: formOf(plan) });
    // Bits refuse that split, and the search goes on.
    const planned = variants.filter(
      ({ policy, header }) => !(header !== undefined && "split" in policy && policy.split === "by-neighbour"),
    );
    const tried = planned.map(({ policy, header = {} }) => {
      const text = JSON.stringify({
        ...{ name: "app_heap", target: "cortex-m4", heap: { size: "32KiB" } },
        ...{ policy, header },
      });
      const { config } = parseConfigText(text, "alloc-gen.json", { targets: ["cortex-m4"] });
      return shapeOf(makePlan(config, loadTarget("cortex-m4")));
    });
    for (const point of segregatedPoints) expect(tried).toContainEqual(shapeOf(planOf(point)));
  });

  it.each([
    ["fast", 1, "low", "footer"],
    ["default", 2, "two-ended", "footer"],
    ["frugal", 2, "two-ended", "bits"],
  ] as const)("%s has %s classes to a doubling, split %s, with %s", (preset, subdivisions, split, form) => {
    const plan = planOf(preset);
    expect(formOf(plan)).toBe(form);
    expect(plan.policy).toMatchObject({
      ...{ preset, split, probe: true, coalesce: "immediate" },
      subdivisionBits: Math.log2(subdivisions),
    });
    expect(plan.policy).not.toHaveProperty("quick");
  });

  it("is told by explain with the keys that say the same", () => {
    expect(presetLine("fast")).toBe(
      "the fewest cycles of the slowest call, and little flash; here subdivisions 1, probe true, split low, links address, header.boundaryTag footer",
    );
    expect(presetLine("default", { size: "128KiB" })).toBe(
      "few cycles and little memory: headers up to 64 KiB, bits in larger heaps where the config allows them; here subdivisions 2, spacing geometric, probe true, split two-ended, smallBelow 192, header.boundaryTag bits",
    );
    expect(presetLine("frugal")).toContain("the least memory in constant time; here subdivisions 2");
    expect(presetLine("tlsf")).toBe("not told");
  });
});
