import { expect, test } from "vitest";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  segregated,
  sequential,
} from "../../emulator-tests/support/configs.js";
import { testConfig, type TestConfig } from "../../emulator-tests/support/configs.js";
import { makePlan } from "../policies/make-plan.js";
import { loadTarget } from "../targets/load.js";
import { figureMembers } from "./figure-members.js";
import { keepsFigures } from "./figures.js";

const configs: Readonly<Record<string, TestConfig>> = {
  "segregated fit": { policy: segregated() },
  "quick lists": { policy: segregated(quick()), size: 4096 },
  "a wilderness": { policy: sequential() },
  "no wilderness": { policy: sequential({ wilderness: "none" }), size: 520 },
  "classes with gaps between": {
    policy: pool([[24, 9], [64, 8], [128]]),
    size: 4096,
    api: { alignedAlloc: true },
  },
  "one class": { policy: pool([[40]], { lazy: true }), size: 1000 },
  "a bitmap": { policy: bitmap(32), size: 5000 },
  buddies: { policy: buddy(64), size: 5000 },
  "an arena": { policy: bump() },
  "an arena, last in first out": { policy: bump("lifo"), size: 1000 },
};

test.each(Object.entries(configs))(
  "%s: the bytes of an empty heap are those of its free blocks",
  (_name, test) => {
    const config = testConfig(test);
    const plan = makePlan(config, loadTarget(config.target));
    const reference = plan.rules.reference(plan);
    const listed = [...reference.blocks()].reduce((sum, { size }) => sum + size, 0);
    expect(plan.emptyBytes).toBe(listed + plan.endOfBlocks - reference.wildernessStart());
  },
);

test("stats keeps bytes and failures, counters how often blocks were taken and freed too", () => {
  const namesOf = (asking: { stats: boolean; counters: boolean }) =>
    figureMembers(asking).map(({ name }) => name);
  expect(namesOf({ stats: false, counters: false })).toEqual([]);
  expect(namesOf({ stats: true, counters: false })).toEqual(["used_bytes", "peak_bytes", "failures"]);
  const all = ["used_bytes", "peak_bytes", "failures", "allocations", "frees"];
  expect(namesOf({ stats: false, counters: true })).toEqual(all);
  expect(namesOf({ stats: true, counters: true })).toEqual(all);
  expect(keepsFigures({ stats: false, counters: false })).toBe(false);
});
