import { expect, test } from "vitest";
import { riscv } from "../../machine/riscv/index.js";
import { HostBlocks } from "./host-blocks.js";
import { HostInstructions } from "./host-instructions.js";

/** From address 0x1000 on; `sh2add` is the host's. */
const code = [
  [0x0785], // 1000 addi a5, a5, 1
  [0xc391], // 1002 beqz a5, 1006
  [0x0705], // 1004 addi a4, a4, 1
  [0xc733, 0x2127], // 1006 sh2add a4, a5, s2
  [0x4318], // 100a lw a4, 0(a4)
  [0x8082], // 100c ret
].flat();
const lacks = riscv.unicorn.lacksInstruction ?? (() => false);

function blocks() {
  const host = new HostInstructions(riscv, lacks, (at) => code[(at - 0x1000) / 2]);
  const told: string[] = [];
  const found = new HostBlocks(host, (at, bytes) => told.push(`${at.toString(16)}:${bytes}`), {
    begin: 0x1000,
    end: 0x100d,
  });
  return { host, told, found };
}

test("blocks begin where code may be entered, and behind what the host executes", () => {
  const { found } = blocks();
  expect(found.leaders.map(({ begin }) => begin.toString(16))).toEqual(["1000", "1004", "1006", "100a"]);
});

test("a block that Unicorn does not tell is told by its first instruction, and none twice", () => {
  const { told, found } = blocks();
  found.block(0x1000);
  found.instruction(0x1000);
  found.instruction(0x1006);
  found.block(0x100a);
  found.instruction(0x100a);
  expect(told).toEqual(["1000:4", "1006:4", "100a:4"]);
});

test("a block that Unicorn cuts in two is one", () => {
  const { told, found } = blocks();
  found.instruction(0x100a);
  found.block(0x100c);
  expect(told).toEqual(["100a:4"]);
});

test("a loop is told as often as it is passed", () => {
  const { told, found } = blocks();
  for (let pass = 0; pass < 2; pass++) {
    found.block(0x1004);
    found.instruction(0x1004);
  }
  found.instruction(0x1004);
  expect(told).toEqual(["1004:2", "1004:2", "1004:2"]);
});

test("the host does what the instruction does, and nothing for others", () => {
  const { host } = blocks();
  expect(host.at(0x1006)?.((register) => ({ 15: 3, 18: 100 })[register] ?? 0)).toEqual({
    register: 14,
    word: 112,
  });
  expect(host.at(0x1000)).toBeUndefined();
  expect(host.at(0x2000)).toBeUndefined();
});
