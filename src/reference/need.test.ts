import { expect, it } from "vitest";
import { segregated, testConfig } from "../../emulator-tests/support/configs.js";
import { makePlan } from "../policies/make-plan.js";
import { blockBytesFor, type Plan } from "../plan/plan.js";
import { loadTarget } from "../targets/load.js";
import { bytes } from "../units.js";
import { noteNeed } from "./need.js";
import { PathTrail } from "./path-trail.js";

const resolved = testConfig({ policy: segregated() });
const natural = makePlan(resolved, loadTarget(resolved.target));
const plan = { ...natural, minimumBlockBytes: bytes(2 * natural.granuleBytes) };

function keyOf(size: number, of: Plan = plan): number {
  const trail = new PathTrail();
  trail.begin(1);
  expect(noteNeed(trail, of, size)).toBe(blockBytesFor(of, size));
  return trail.path().key;
}

it("tells what is raised to the least block from what is that size, and both from larger ones", () => {
  const { minimumBlockBytes, header } = plan;
  const largestOf = (block: number): number => block - header.bytes;
  const keys = [1, largestOf(minimumBlockBytes), largestOf(minimumBlockBytes) + 1].map((size) => keyOf(size));
  expect(new Set(keys).size).toBe(3);
  expect(keyOf(2000)).toBe(keys[2]);
});

it("tells nothing apart where no size is raised", () => {
  expect(natural.minimumBlockBytes).toBe(natural.granuleBytes);
  expect(keyOf(1, natural)).toBe(keyOf(2000, natural));
});
