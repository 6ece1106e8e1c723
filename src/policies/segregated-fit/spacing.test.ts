import { describe, expect, it } from "vitest";
import { parseConfigText } from "../../config/load.js";
import { explainChoices } from "../../plan/draw.js";
import { loadTarget } from "../../targets/load.js";
import { makePlan } from "../make-plan.js";
import { segregatedFit } from "./index.js";
import { classIndex } from "./plan.js";
import { classFloors } from "./reference-classes.js";
import type { SegregatedFitPlan } from "./types.js";

interface Keys {
  readonly size?: string;
  readonly alignment?: number;
  readonly policy?: object;
  readonly target?: string;
  readonly boundaryTag?: string;
}

const geometric = { spacing: "geometric" };

function planOf({
  size = "64KiB",
  alignment = 8,
  policy = geometric,
  ...rest
}: Keys = {}): SegregatedFitPlan {
  const { target = "cortex-m4", boundaryTag } = rest;
  const written = {
    name: "app_heap",
    target,
    heap: { size, alignment },
    policy: { kind: "segregated-fit", ...policy },
    ...(boundaryTag === undefined ? {} : { header: { boundaryTag } }),
  };
  const { config } = parseConfigText(JSON.stringify(written), "alloc-gen.json", { targets: [target] });
  const plan = makePlan(config, loadTarget(target));
  return segregatedFit.owns(plan) ? plan : expect.fail("no plan of size classes");
}

const frugal = { preset: "frugal" };

describe("classes of the same ratio", () => {
  it("begin at the powers of two and at the first size from the root of two times each", () => {
    expect(classFloors({ squares: true, subdivisionBits: 1 }, 2, 200)).toEqual([
      2, 3, 4, 6, 8, 12, 16, 23, 32, 46, 64, 91, 128, 182,
    ]);
  });

  it.each([
    { size: "64KiB", boundaryTag: "bits" },
    { size: "512KiB", boundaryTag: "bits" },
    { size: "64KiB" },
    { size: "200KiB" },
    { size: "30000", alignment: 16, boundaryTag: "bits" },
    { size: "4096", alignment: 4 },
  ])("are numbered by the highest bit of the square, of every size in $size", (keys) => {
    const { policy, granuleBytes, minimumBlockBytes, endOfBlocks, firstBlock } = planOf(keys);
    const least = minimumBlockBytes / granuleBytes;
    const largest = (endOfBlocks - firstBlock) / granuleBytes;
    const floors = new Set(classFloors(policy, least, largest));
    const numbers = Array.from({ length: largest - least + 1 }, (_, index) =>
      classIndex(policy, (least + index) * granuleBytes),
    );
    const rises = numbers.flatMap((number, index) =>
      index > 0 && number > (numbers[index - 1] ?? 0) ? [least + index] : [],
    );
    expect(rises).toEqual([...floors].filter((floor) => floor > least));
    expect(numbers.at(-1)).toBe(policy.firstClass + policy.classes - 1);
    expect(policy.bitmapWords).toBe(1);
  });

  it("are the preset's where bits are, as far as the core and the squares go", () => {
    const squares = (keys: Keys): boolean => planOf(keys).policy.squares === true;
    expect(squares({ policy: frugal })).toBe(true);
    expect(squares({ policy: frugal, size: "1KiB", boundaryTag: "bits" })).toBe(true);
    expect(squares({ policy: frugal, size: "512KiB" })).toBe(true);
    expect(squares({ policy: frugal, size: "524296" })).toBe(false);
    expect(squares({ policy: frugal, target: "rv32ec" })).toBe(false);
    expect(squares({ policy: { preset: "default" } })).toBe(false);
    expect(squares({ policy: { preset: "default" }, size: "128KiB" })).toBe(true);
  });

  it("are told by explain", () => {
    const told = explainChoices(planOf({ policy: frugal })).map(({ costs }) => costs);
    expect(told.join("\n")).toContain("subdivisions 2, spacing geometric, probe true");
    expect(told.join("\n")).toContain("a block is at most 41 % larger than its class's smallest size");
  });
});

describe("classes of the same ratio are refused", () => {
  it.each<[Keys, string]>([
    [{ policy: { ...geometric, subdivisions: 4 } }, "with 4 subdivisions classes are linear"],
    [
      { policy: { ...geometric, probe: false } },
      "without a probe the least size of a class is sought, which takes a root",
    ],
    [{ policy: { ...geometric, ...frugal } }, 'found "geometric", but preset "frugal" decides it'],
    [{ target: "rv32ec" }, "rv32ec does not multiply"],
    [{ size: "524296" }, "squares of sizes have 32 bits in heaps of up to 524288 bytes"],
  ])("for %j", (keys, reason) => {
    expect(() => planOf(keys)).toThrow(reason);
  });

  it("by the path of the key", () => {
    expect(() => planOf({ size: "524296" })).toThrow('policy.spacing: found "geometric", but squares');
  });
});
