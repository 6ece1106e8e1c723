import { expect, it } from "vitest";
import { parseConfigText } from "../config/load.js";
import { makePlan } from "../policies/make-plan.js";
import { loadTarget } from "../targets/load.js";
import { address } from "../units.js";
import { bytesOfNobody, gapsOf } from "./gaps.js";

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

it("nobody's are the gaps where the heap is in memory, and its pages but for what is linked there", () => {
  const plan = planOf('{ "kind": "segregated-fit" }');
  const heapAddress = address(0x2000_0010);
  const image = {
    heapAddress,
    symbols: new Map(),
    code: { start: address(0x1000), end: address(0x1100) },
    segments: [
      { address: address(0x1000), data: new Uint8Array(0x100), memoryBytes: 0x100, writable: false },
      { address: heapAddress, data: new Uint8Array(0), memoryBytes: 4096, writable: true },
    ],
  };
  expect(bytesOfNobody(plan, image)).toEqual([
    { address: heapAddress + 8, bytes: 8 },
    { address: heapAddress + 48, bytes: 14 },
    { address: 0x2000_0000, bytes: 16 },
    { address: 0x2000_1010, bytes: 0xff0 },
  ]);
});
