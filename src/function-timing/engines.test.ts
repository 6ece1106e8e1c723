import { expect, test } from "vitest";
import { machineOf } from "../machine/registry.js";
import { timingEngine } from "./engines.js";

test("functions of RISC-V are called in JavaScript: Unicorn tells no blocks of them that could be counted", () => {
  const riscv = machineOf({ architecture: "RV32IMAC" });
  expect(timingEngine("auto", riscv).title).toMatch(/^js \d/);
  expect(() => timingEngine("unicorn", riscv)).toThrow(
    "--engine unicorn, for a function of RISC-V, is not available in this version (available: js)",
  );
});
