import { expect, it } from "vitest";
import type { LockProof } from "./lock-proof.js";
import { witnessedProof } from "./witnessed-proof.js";

const sound: LockProof = {
  states: ["an empty heap"],
  functions: [{ name: "malloc", calls: 4, boundaries: 90, open: 30 }],
  maskedAccesses: 12,
  callerStates: ["with interrupts let in"],
  unmasked: [],
  broken: [],
  brokenBoundaries: 0,
};
const broken: LockProof = {
  ...sound,
  broken: [{ function: "free", call: "free(block 0)", message: "a byte of the heap differs" }],
  brokenBoundaries: 1,
};
const by = (name: string, proof: LockProof) => ({ name, proof });

it("is the first engine's, where both found the same", () => {
  expect(witnessedProof(by("js", sound), by("unicorn", { ...sound }))).toEqual({
    ...sound,
    witnessedBoundaries: 90,
  });
});

it("is that of whichever finds the heap unprotected", () => {
  expect(witnessedProof(by("js", broken), by("unicorn", sound))).toBe(broken);
  expect(witnessedProof(by("js", sound), by("unicorn", broken))).toBe(broken);
});

it("is not sound where they counted otherwise", () => {
  const other = { ...sound, functions: [{ name: "malloc", calls: 4, boundaries: 91, open: 30 }] };
  expect(witnessedProof(by("js", sound), by("unicorn", other)).broken).toEqual([
    {
      function: "malloc",
      call: "4 calls of malloc",
      message: "30 of 90 boundaries are open in js, 30 of 91 in unicorn",
    },
  ]);
});
