import { expect, test } from "vitest";
import { priceText } from "./text-misuse.js";

test("says what hardening costs, and where no bound is known", () => {
  const hardened = {
    flashBytes: 2132,
    malloc: { cycles: 165, stackBytes: 104 },
    free: { cycles: 196, stackBytes: 72 },
  };
  const without = { flashBytes: 620, malloc: { cycles: 91, stackBytes: 16 }, free: { stackBytes: 16 } };
  expect(priceText({ hardened, without, blockBytes: 1 })).toBe(
    "To find it costs at most: malloc 74 cycles more (91 to 165), stack 88 B more (16 to 104); free no known number of cycles, stack 56 B more (16 to 72); flash 1,512 B more (620 to 2,132); 1 B a block",
  );
});
