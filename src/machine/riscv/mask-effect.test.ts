import { expect, test } from "vitest";
import { decode } from "./decode/decoder.js";

test.each([
  ["csrrci a0, mstatus, 8", 0x30047573, "set"],
  ["csrrci a0, mstatus, 1", 0x3000f573, undefined],
  ["csrrc a0, mstatus, a1", 0x3005b573, "set"],
  ["csrci mie, 8", 0x30447073, undefined],
  ["csrs mstatus, a0", 0x30052073, "restored"],
  ["csrsi mstatus, 8", 0x30046073, "restored"],
  ["csrw mstatus, a0", 0x30051073, "restored"],
  ["csrwi mstatus, 0", 0x30005073, "set"],
  ["csrr a0, mstatus", 0x30002573, undefined],
  ["addi a0, a0, 8", 0x00850513, undefined],
])("%s", (_text, word, effect) => {
  const found = decode(0, word & 0xffff, word >>> 16);
  expect(found.kind === "unknown" ? "unknown" : found.mask).toBe(effect);
});
