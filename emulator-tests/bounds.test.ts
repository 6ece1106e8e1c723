/** Bounds of hand-written functions, whose worst paths were counted by hand, and of generated allocators. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Unprovable } from "../src/proof/execute.js";
import { explore } from "../src/proof/explore.js";
import { hasLoop, longestWay, type CycleFormula } from "../src/proof/longest.js";
import type { Pricing } from "../src/proof/pricing.js";
import { deepestStack } from "../src/proof/stack.js";
import { parseElf } from "../src/toolchain/elf.js";
import { Code } from "../src/machine/code.js";
import { codeRanges } from "../src/toolchain/code-ranges.js";

/** One cycle an instruction, three for what leaves; one for what IT skips. */
const pricing: Pricing = {
  start: 0,
  step: (_state, _instruction, outcome) => ({ cycles: outcome === "taken" ? 3 : 1, next: 0 }),
};

interface Assembled {
  readonly code: Code;
  /** Address of a label. */
  readonly at: (label: string) => number;
  constantAt(address: number, bytes: number): number | undefined;
}

function assemble(text: string): Assembled {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-bounds-"));
  try {
    const [object, program] = [join(folder, "code.o"), join(folder, "code.elf")];
    execFileSync("arm-none-eabi-as", ["-mcpu=cortex-m4", "-mthumb", "-o", object, "-"], {
      input: `.syntax unified\n.text\n${text}\n`,
    });
    execFileSync("arm-none-eabi-ld", ["-Ttext=0x1000", "-e", "0x1000", "-o", program, object]);
    const file = new Uint8Array(readFileSync(program));
    const elf = parseElf(file);
    const section = elf.sections.find(({ name }) => name === ".text");
    const data = section?.data ?? new Uint8Array(0);
    const range = { start: 0x1000, end: 0x1000 + data.length };
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return {
      code: new Code(elf.machine, [{ address: 0x1000, data }], codeRanges(elf, range)),
      at: (label) =>
        elf.symbols.find(({ name }) => name === label)?.address ?? expect.fail(`no label ${label}`),
      constantAt: (address, bytes) =>
        bytes === 4 && address >= range.start && address + 4 <= range.end
          ? view.getUint32(address - range.start, true)
          : undefined,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Loops = Readonly<Record<string, string>>;

/** @param loops budgets by a label in the loop. */
function bound(text: string, loops: Loops = {}, keep: "all" | "constants" = "all"): CycleFormula {
  const program = assemble(text);
  const nodes = explore(program.at("f"), { ...program, pricing, keep });
  return longestWay(nodes, (instructions) =>
    Object.entries(loops).flatMap(([label, budget]) => (instructions.has(program.at(label)) ? [budget] : [])),
  );
}

const stackOf = (text: string): number => {
  const program = assemble(text);
  return deepestStack(program.at("f"), program.code);
};

/** Labels are functions, so that they are symbols without the Thumb bit. */
const label = (name: string): string => `.thumb_func\n.type ${name}, %function\n${name}:`;

describe("the worst path", () => {
  test("straight code costs what its instructions cost", () => {
    expect(bound(`${label("f")} adds r0, #1\n adds r0, #2\n bx lr`)).toEqual({ base: 5, terms: [] });
  });

  test("of a diamond's two arms the dearer one counts", () => {
    // cmp, beq not taken, three adds, b, bx: 1 + 1 + 3 + 3 + 3; the other arm: 1 + 3 + 1 + 3.
    const text = `${label("f")} cmp r0, #0\n beq 1f\n adds r1, #1\n adds r1, #1\n adds r1, #1\n b 2f\n1: adds r1, #2\n2: bx lr`;
    expect(bound(text).base).toBe(11);
  });

  /** Two diamonds on one condition: the dear arms exclude each other. */
  const correlated = (between: string): string =>
    `${label("f")} cmp r0, #7\n bne 1f\n nop\n nop\n nop\n nop\n1: ${between} cmp r0, #7\n beq 2f\n nop\n nop\n nop\n nop\n nop\n nop\n2: bx lr`;

  test("a condition that is tested twice goes one way", () => {
    // Equal: 1 + 1 + 4 + 1 + 3 + 3 = 13. Unequal: 1 + 3 + 1 + 1 + 6 + 3 = 15. Both dear arms would be 1 + 1 + 4 + 1 + 1 + 6 + 3 = 17.
    expect(bound(correlated("")).base).toBe(15);
  });

  test("a value that changes between two tests may go either way", () => {
    expect(bound(correlated("ldr r0, [r1]\n")).base).toBe(18);
  });

  test("limits follow a value through arithmetic", () => {
    // r0 < 16, so r0 + 3 >= 20 is never so: the four nops do not count.
    const text = `${label("f")} cmp r0, #15\n bhi 1f\n adds r1, r0, #3\n cmp r1, #20\n blo 1f\n nop\n nop\n nop\n nop\n1: bx lr`;
    expect(bound(text).base).toBe(1 + 1 + 1 + 1 + 3 + 3);
  });

  test("instructions under IT are executed together or skipped together", () => {
    // cmp, itee, three covered, bx: skipping costs as much as executing.
    expect(
      bound(`${label("f")} cmp r0, #0\n itee eq\n moveq r1, #1\n movne r1, #2\n movne r2, #3\n bx lr`).base,
    ).toBe(8);
    // A return under IT: 1 + 1 + 3 when taken; 1 + 1 + 1 + 2 + 3 when not.
    expect(bound(`${label("f")} cmp r0, #0\n it eq\n bxeq lr\n nop\n nop\n bx lr`).base).toBe(8);
  });

  test("calls return to where they were made, and their callee's branches count anew", () => {
    // g: cmp 1, beq 3, bx 3, or cmp 1, beq 1, two nops, bx 3: 7 either way, but r0 is 0 in the second call.
    const g = `${label("g")} cmp r0, #0\n beq 1f\n nop\n nop\n nop\n1: bx lr`;
    const f = `${label("f")} push {lr}\n bl g\n movs r0, #0\n bl g\n pop {pc}\n`;
    expect(bound(`${f}${g}`).base).toBe(1 + 3 + (1 + 1 + 3 + 3) + 1 + 3 + (1 + 3 + 3) + 3);
  });

  test("a literal pool is data, and its words are known", () => {
    const text = `${label("f")} ldr r1, =0x12345678\n ldr r2, =0x12345679\n cmp r1, r2\n beq 1f\n bx lr\n1: nop\n nop\n nop\n bx lr\n.ltorg`;
    expect(bound(text).base).toBe(1 + 1 + 1 + 1 + 3);
  });

  test("a loop with a known count is followed to its end", () => {
    const text = `${label("f")} movs r0, #5\n1: subs r0, #1\n bne 1b\n bx lr`;
    expect(bound(text)).toEqual({ base: 1 + 5 * 1 + 4 * 3 + 1 + 3, terms: [] });
  });
});

describe("loops that depend on memory", () => {
  const walk = `${label("f")} ldr r0, [r0]\n cmp r0, #0\n bne f\n bx lr`;

  test("have no bound unless something is known of them", () => {
    expect(() => bound(walk)).toThrow(Unprovable);
    expect(() => bound(walk)).toThrow("the number of iterations of the loop at 0x1000 is not known");
  });

  test("cost an iteration for each unit of their budget", () => {
    // The way through the loop's body that does not go round again counts as an iteration of its own.
    const { base, terms } = bound(walk, { f: "node" }, "constants");
    expect(terms).toEqual([{ budgets: ["node"], cycles: 1 + 1 + 3 }]);
    expect(base).toBe(1 + 1 + 3 + (1 + 1 + 1 + 3));
  });

  const nested = `${label("f")} ldr r1, [r0]\n${label("g")} ldr r1, [r1]\n cmp r1, #0\n bne g\n ldr r0, [r0, #4]\n cmp r0, #0\n bne f\n bx lr`;

  test("an inner loop with another budget is charged apart", () => {
    const { terms } = bound(nested, { f: "outer", g: "inner" });
    expect(terms.find(({ budgets }) => budgets.join() === "inner")?.cycles).toBe(5);
    // The outer loop contains the inner one's instructions: it takes from either budget.
    expect(terms.map(({ budgets }) => budgets)).toContainEqual(["outer", "inner"]);
  });

  test("an inner loop whose fact is missing has no bound, though the outer one has", () => {
    expect(() => bound(nested, { f: "outer" })).toThrow(Unprovable);
  });

  test("loops of one budget are charged together, at the dearer one's cost", () => {
    const two = `${label("f")} ldr r0, [r0]\n cmp r0, #0\n bne f\n${label("g")} nop\n ldr r1, [r1]\n cmp r1, #0\n bne g\n bx lr`;
    expect(bound(two, { f: "node", g: "node" }).terms).toEqual([{ budgets: ["node"], cycles: 6 }]);
  });

  test("are seen as loops when only constants are kept", () => {
    const program = assemble(walk);
    expect(hasLoop(explore(program.at("f"), { ...program, pricing, keep: "constants" }))).toBe(true);
    const count = assemble(`${label("f")} movs r0, #5\n1: subs r0, #1\n bne 1b\n bx lr`);
    expect(hasLoop(explore(count.at("f"), { ...count, pricing, keep: "constants" }))).toBe(false);
  });
});

describe("where control may go anywhere there is no bound", () => {
  test.each([
    ["a call through a pointer", `${label("f")} push {lr}\n blx r0\n pop {pc}`],
    ["a jump to a loaded address", `${label("f")} ldr r0, [r0]\n bx r0`],
    ["a stack pointer from memory", `${label("f")} ldr r0, [r0]\n mov sp, r0\n bx lr`],
    ["code that ends nowhere", `${label("f")} nop`],
  ])("%s", (_what, text) => {
    expect(() => bound(text)).toThrow(Unprovable);
  });
});

test("a way that stops the core is no way through", () => {
  const text = `${label("f")} cbz r0, 1f\n nop\n nop\n nop\n udf #0\n1: bx lr`;
  expect(bound(text)).toEqual(bound(`${label("f")} cbz r0, 1f\n b .\n1: bx lr`.replace("b .", "udf #0")));
});

describe("the deepest stack", () => {
  test.each([
    ["none", `${label("f")} bx lr`, 0],
    ["what is pushed", `${label("f")} push {r4, r5, lr}\n pop {r4, r5, pc}`, 12],
    ["what is reserved", `${label("f")} push {r4}\n sub sp, #40\n add sp, #40\n pop {r4}\n bx lr`, 44],
    [
      "the deeper arm",
      `${label("f")} cbz r0, 1f\n push {r4, r5}\n pop {r4, r5}\n bx lr\n1: push {r4}\n pop {r4}\n bx lr`,
      8,
    ],
    [
      "callees on top",
      `${label("f")} push {r4, lr}\n bl g\n bl h\n pop {r4, pc}\n${label("g")} push {r4, r5, r6, lr}\n pop {r4, r5, r6, pc}\n${label("h")} push {r4}\n pop {r4}\n bx lr`,
      24,
    ],
    [
      "a tail call in place",
      `${label("f")} push {r4, lr}\n pop {r4, lr}\n b g\n${label("g")} push {r4, r5, r6, lr}\n pop {r4, r5, r6, pc}`,
      16,
    ],
    ["pre-indexed stores", `${label("f")} str lr, [sp, #-8]!\n ldr pc, [sp], #8`, 8],
  ])("%s", (_what, text, bytes) => {
    expect(stackOf(text)).toBe(bytes);
  });

  test.each([
    ["recursion", `${label("f")} push {lr}\n bl f\n pop {pc}`, "calls itself"],
    ["a loop that pushes", `${label("f")} push {r0}\n b f`, "grows the stack"],
    ["a computed stack pointer", `${label("f")} mov sp, r0\n bx lr`, "stack pointer is not known"],
  ])("%s has no bound", (_what, text, reason) => {
    expect(() => stackOf(text)).toThrow(reason);
  });
});
