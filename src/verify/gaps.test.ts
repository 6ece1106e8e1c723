import { expect, it } from "vitest";
import { parseConfigText } from "../config/load.js";
import { makePlan } from "../policies/make-plan.js";
import { loadTarget } from "../targets/load.js";
import { gapsOf } from "./gaps.js";

function planOf(policy: string) {
  const text = `{ "name": "h", "target": "cortex-m4", "heap": { "size": 4096, "alignment": 16 }, "policy": ${policy} }`;
  const { config } = parseConfigText(text, "alloc-gen.json");
  return makePlan(config, loadTarget(config.target));
}

it("gaps are what lies between members, before the first block, and after the last header", () => {
  const plan = planOf('{ "kind": "segregated-fit" }');
  const members = plan.control.map(
    ({ name, offset, bytes, count }) => `${name} ${offset}..${offset + bytes * count}`,
  );
  expect(members).toEqual(["none 0..4", "nonempty 4..8", "unused 8..16", "first 16..48"]);
  expect([plan.firstBlock, plan.endOfBlocks, plan.header.bytes]).toEqual([62, 4094, 2]);
  expect(gapsOf(plan)).toEqual([
    { start: 8, end: 16 },
    { start: 48, end: 62 },
  ]);
});
