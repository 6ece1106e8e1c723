/**
 * Every form of RISC-V's instructions on drawn operands in JavaScript, Unicorn and QEMU. Unicorn leaves those of Zba, Zbb and
 * Zbs to the same semantics as the engine in JavaScript has: QEMU alone witnesses them.
 */
import { expect, test } from "vitest";
import { decode } from "../src/machine/riscv/decode/decoder.js";
import { encodings, type Encoding } from "../src/machine/riscv/decode/encodings.js";
import { loadTarget } from "../src/targets/load.js";
import { seededRandom } from "../src/traces/random.js";
import { openEngine } from "../src/verify/engines.js";
import { operationsOf, tinyHeapImage } from "./support/engine-images.js";

const random = seededRandom(Number(process.env["ALLOC_GEN_SEED"] ?? 1), "riscv instructions");
const [a0, a1, a2] = [10, 11, 12];
const own = (1 << a0) | (1 << a1) | (1 << a2);
const drawnRegister = (): number => a0 + random.below(3);

/** A few encodings of a form, in a0 to a2; undefined: it is none that computes, compares or accesses memory. */
function drawn({ kind, mask, value }: Encoding): number | undefined {
  const place = (d: number, first: number, second: number): number =>
    ((second << 20) | (first << 15) | (d << 7) | value) >>> 0;
  const any = random.below(0x1_0000_0000);
  switch (kind) {
    case "alu":
    case "multiply":
    case "divide": {
      const word =
        ((any & ~mask & ~0x000f8f80) | (drawnRegister() << 15) | (drawnRegister() << 7) | value) >>> 0;
      // What is a second register in some forms is a part of the immediate in others.
      const isTwo = (mask & 0xfe000000) !== 0 && (mask & 0x01f00000) === 0 && (value & 0x7f) === 0x33;
      return isTwo ? ((word & ~0x01f00000) | (drawnRegister() << 20)) >>> 0 : word;
    }
    case "branch":
      // Over the next instruction, of four bytes.
      return ((drawnRegister() << 20) | (drawnRegister() << 15) | (8 << 7) | value) >>> 0;
    case "load":
      return place(a0, a1, 0);
    case "store":
      return place(0, a1, a2);
    // Of AMO there are no semantics: the engine in JavaScript refuses them by name. LR and SC are a pair, below.
    case "atomic":
    case "csr":
    case "fence":
    case "jump":
    case "jumpRegister":
    case "trap":
      return undefined;
  }
}

/** 16-bit instructions that compute in a0 to a2. */
const narrow = Array.from({ length: 0x10000 }, (_, halfword) => halfword).filter((halfword) => {
  const found = (halfword & 3) === 3 ? undefined : decode(0, halfword, 0);
  if (found === undefined || !("machine" in found) || found.kind !== "alu") return false;
  return ((found.reads | found.writes) & ~own) === 0 && found.writes !== 0;
});

const isMemory = ({ kind }: Encoding): boolean => kind === "load" || kind === "store";

/** C that executes an instruction: on operands of its own, or on a word of the heap. */
function statement(code: string, accessesMemory: boolean): string {
  const first = accessesMemory ? "&words[step & 63U]" : "operand()";
  return `    { uint32_t result; uint32_t const first = (uint32_t)${first}; uint32_t const second = operand();
      __asm__ volatile(".option push\\n.option norvc\\n.balign 4\\nmv a0, %1\\nmv a1, %1\\nmv a2, %2\\n${code}\\n"
                       "xori a0, a0, 1365\\n.option pop\\nxor %0, a0, a1\\nxor %0, %0, a2"
                       : "=&r"(result) : "r"(first), "r"(second) : "a0", "a1", "a2", "memory");
      sum = ((sum << 5U) | (sum >> 27U)) ^ result; step += 1U; }
`;
}

const declarations = `static uint32_t state;
static uint32_t step;
static uint32_t operand(void)
{
    static const uint32_t edges[] = {0U, 1U, 2U, 31U, 32U, 0x7FU, 0x80U, 0xFFFFU, 0x8000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU};
    state = (state * 1664525U) + 1013904223U;
    return ((state & 0x30000U) == 0U) ? edges[(state >> 20U) % 12U] : (state ^ (state >> 13U));
}
static uint32_t execute(uint32_t *words);
`;

test("every form on drawn operands", async () => {
  const wide = encodings.flatMap((encoding) =>
    Array.from({ length: isMemory(encoding) ? 1 : 4 }, () => ({ encoding, word: drawn(encoding) })).flatMap(
      ({ word }) =>
        word === undefined ? [] : [statement(`.insn 4, 0x${word.toString(16)}`, isMemory(encoding))],
    ),
  );
  const short = Array.from({ length: 100 }, () => {
    const halfword = narrow[random.below(narrow.length)] ?? 1;
    return statement(`.option rvc\\n.insn 2, 0x${halfword.toString(16)}\\nc.nop\\n.option norvc`, false);
  });
  const pair = statement("lr.w a0, (a1)\\nadd a2, a2, a0\\nsc.w a0, a2, (a1)", true);
  expect(wide.length).toBeGreaterThan(200);
  const image = await tinyHeapImage(
    {
      declarations: `${declarations}static uint32_t execute(uint32_t *words)\n{\n    uint32_t sum = state;\n${[...wide, ...short, pair].join("")}    return sum;\n}\n`,
      // Some bits of the sum are the address; all of them are where the next operation begins.
      malloc: `state = execute((uint32_t *)(void *)tiny_heap_memory) ^ (uint32_t)size;
    return &tiny_heap_memory[(state ^ (state >> 11U) ^ (state >> 22U)) & 0x7F8U];`,
    },
    "hazard3",
  );
  const engine = openEngine("js+unicorn+qemu");
  const operations = operationsOf(Array.from({ length: 24 }, (_, index) => 1 + index));
  const session = engine.open(image, loadTarget("hazard3"), operations, { checkPayloads: false });
  try {
    expect(session.reset()).toBeUndefined();
    const { completed, fault } = session.execute(0, operations.length);
    expect(fault).toBeUndefined();
    expect(completed).toBe(operations.length);
    expect(new Set(session.results).size).toBeGreaterThan(operations.length / 2);
  } finally {
    session.close();
  }
});
