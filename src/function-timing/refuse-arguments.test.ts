import { expect, test } from "vitest";
import { refuseArguments } from "./refuse-arguments.js";

const calls = (count: number) => [[1], Array.from({ length: count }, () => 0)];

test("a core with 16 registers is given six arguments at most", () => {
  const target = { name: "rv32ec", architecture: "RV32EC_Xw" } as const;
  expect(() => refuseArguments(target, calls(6))).not.toThrow();
  expect(() => refuseArguments(target, calls(7))).toThrow(
    "a call with more than 6 arguments, on rv32ec, is not available in this version (available: 6)",
  );
  expect(() => refuseArguments({ name: "cortex-m0", architecture: "ARMv6-M" }, calls(12))).not.toThrow();
});
