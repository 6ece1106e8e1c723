import { expect, it } from "vitest";
import { sequential, testConfig } from "../../../emulator-tests/support/configs.js";
import { emitC } from "../../outputs/c/emit.js";
import { loadTarget } from "../../targets/load.js";
import { bytes } from "../../units.js";
import { makePlan } from "../make-plan.js";
import type { Split } from "./types.js";

/** The C of a heap of 512 bytes, whose largest block is below that. */
function generatedC(split: Split, smallBelow: number): string {
  const policy = sequential({ split, smallBelow: bytes(smallBelow), wilderness: "none" });
  const config = testConfig({ policy, size: 512, boundaryTag: "footer" });
  const provenance = { version: "", configName: "", configHash: "", targetName: "" };
  const files = emitC(makePlan(config, loadTarget(config.target)), provenance);
  return files.find(({ name }) => name.endsWith(".c"))?.text ?? expect.fail("no C");
}

const pastHead = (text: string): string => text.slice(text.indexOf("#include"));

it.each([
  ["two-ended", "high"],
  ["by-neighbour", "low"],
] as const)("%s is %s where every block is small", (split, plain) => {
  expect(pastHead(generatedC(split, 512))).toBe(pastHead(generatedC(plain, 512)));
  expect(generatedC(split, 64)).toContain("SMALL_BELOW");
});
