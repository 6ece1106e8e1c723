/**
 * The decoder of RISC-V against GNU objdump: every 16-bit encoding, by the 32-bit instruction that it stands for, and a drawn
 * sample of 32-bit ones. What objdump has a text for and the decoder refuses is listed with the reason.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expand } from "../src/machine/riscv/decode/compressed.js";
import { decode } from "../src/machine/riscv/decode/decoder.js";
import { encodings } from "../src/machine/riscv/decode/encodings.js";
import { seededRandom } from "../src/traces/random.js";

const nop = 0x13;
const options = ["-M", "no-aliases,numeric"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-riscv-decoder-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  readonly at: number;
  readonly mnemonic: string;
  readonly operands: readonly string[];
}

/** What objdump says of 16-bit encodings from address 0 on: whatever extension has them. */
function disassembleHalfwords(halfwords: readonly number[]): readonly Line[] {
  const file = join(folder, "code.bin");
  writeFileSync(file, new Uint8Array(Uint16Array.from(halfwords).buffer));
  return linesOf("-b", "binary", "-m", "riscv:rv32", file);
}

/** Of 32-bit encodings, those of the extensions that the decoder has. */
function disassembleWords(words: readonly number[]): readonly Line[] {
  const [source, object] = [join(folder, "code.s"), join(folder, "code.o")];
  writeFileSync(source, words.map((word) => `.insn 4, 0x${word.toString(16)}\n`).join(""));
  const architecture = "-march=rv32imac_zicsr_zba_zbb_zbs";
  execFileSync("riscv64-unknown-elf-as", [architecture, "-mabi=ilp32", "-o", object, source]);
  return linesOf("-j", ".text", object);
}

function linesOf(...file: readonly string[]): readonly Line[] {
  const text = execFileSync("riscv64-unknown-elf-objdump", ["-D", ...options, ...file], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  return [...text.matchAll(/^ *([0-9a-f]+):\t[0-9a-f]+ *\t(\S+)\t?([^#<\n]*)/gm)].map(
    ([, at = "", mnemonic = "", operands = ""]) => ({
      at: parseInt(at, 16),
      mnemonic,
      operands: operands.trim() === "" ? [] : operands.trim().split(","),
    }),
  );
}

/** Numbers as numbers; targets as distances. */
const plain = ({ at, mnemonic, operands }: Line): readonly (string | number)[] =>
  operands.map((operand, index) => {
    const isTarget =
      /^c?\.?(?:j|jal|b[a-z]+)$/.test(mnemonic.replace("c.", "")) && index === operands.length - 1;
    if (isTarget) return (parseInt(operand, 16) - at) | 0;
    return /^-?(?:0x)?[0-9a-f]+$/.test(operand) ? Number(operand) : operand;
  });

/** The operands of the 32-bit instruction that a 16-bit one stands for, by its mnemonic. */
const expansions: Readonly<Record<string, (given: readonly (string | number)[]) => readonly unknown[]>> = {
  "c.nop": ([immediate = 0]) => ["addi", "x0", "x0", immediate],
  "c.addi": ([d, immediate]) => ["addi", d, d, immediate],
  "c.addi16sp": ([d, immediate]) => ["addi", d, d, immediate],
  "c.addi4spn": ([d, a, immediate]) => ["addi", d, a, immediate],
  "c.li": ([d, immediate]) => ["addi", d, "x0", immediate],
  "c.lui": ([d, immediate]) => ["lui", d, immediate],
  "c.lw": (given) => ["lw", ...given],
  "c.lwsp": (given) => ["lw", ...given],
  "c.sw": (given) => ["sw", ...given],
  "c.swsp": (given) => ["sw", ...given],
  "c.mv": ([d, b]) => ["add", d, "x0", b],
  "c.jr": ([a]) => ["jalr", "x0", `0(${a})`],
  "c.jalr": ([a]) => ["jalr", "x1", `0(${a})`],
  "c.j": ([target]) => ["jal", "x0", target],
  "c.jal": ([target]) => ["jal", "x1", target],
  "c.beqz": ([a, target]) => ["beq", a, "x0", target],
  "c.bnez": ([a, target]) => ["bne", a, "x0", target],
  "c.ebreak": () => ["ebreak"],
  // Shifts by nothing, which are hints.
  "c.slli64": ([d]) => ["slli", d, d, 0],
  "c.srli64": ([d]) => ["srli", d, d, 0],
  "c.srai64": ([d]) => ["srai", d, d, 0],
  ...Object.fromEntries(
    ["slli", "srli", "srai", "andi", "sub", "xor", "or", "and", "add"].map((name) => [
      `c.${name}`,
      ([d, b]: readonly (string | number)[]) => [name, d, d, b],
    ]),
  ),
};

/** What objdump knows, or has a text for, and RV32 without floating point has not. */
const refused = /^(?:c\.f|\.2byte|c\.unimp)/;
/** Reserved on RV32: shifts by 32 and more, and nothing added to the stack pointer. */
const isReserved = (line: Line): boolean =>
  (/^c\.s(?:ll|rl|ra)i$/.test(line.mnemonic) && Number(line.operands[1]) > 31) ||
  (line.mnemonic === "c.addi16sp" && Number(line.operands[1]) === 0);

it("every 16-bit encoding", () => {
  const halfwords = Array.from({ length: 0x10000 }, (_, index) => index).filter((word) => (word & 3) !== 3);
  const compressed = disassembleHalfwords(halfwords);
  const words = halfwords.map((halfword) => expand(halfword) ?? nop);
  const expanded = disassembleWords(words);
  expect(compressed.length).toBe(halfwords.length);
  const wrong: string[] = [];
  let known = 0;
  for (const [index, halfword] of halfwords.entries()) {
    const [line, own] = [compressed[index], expanded[index]];
    if (line === undefined || own === undefined) continue;
    const decoded = decode(0, halfword, 0);
    // WCH's, where objdump sees loads and stores of floating point: held below.
    if ("extension" in decoded && decoded.extension === "Xw") continue;
    if (decoded.kind === "unknown") {
      if (!refused.test(line.mnemonic) && !isReserved(line))
        wrong.push(`${halfword.toString(16)} is unknown`);
      continue;
    }
    known += 1;
    const wanted = expansions[line.mnemonic]?.(plain(line));
    const found = [own.mnemonic, ...plain(own)];
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      wrong.push(`${halfword.toString(16)}: ${found.join(" ")}, not ${wanted?.join(" ") ?? line.mnemonic}`);
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(known).toBe(28823);
});

it("16-bit loads and stores of bytes and halfwords, as WCH's cores have them", () => {
  const registers = [8, 9, 10, 11, 12, 13, 14, 15];
  const forms = [
    { mnemonic: "lbu", quadrant: "C0", funct3: 1, step: 1 },
    { mnemonic: "lhu", quadrant: "C2", funct3: 1, step: 2 },
    { mnemonic: "sb", quadrant: "C0", funct3: 5, step: 1 },
    { mnemonic: "sh", quadrant: "C2", funct3: 5, step: 2 },
  ] as const;
  const all = forms.flatMap((form) =>
    registers.flatMap((value) =>
      registers.flatMap((base) =>
        Array.from({ length: 32 }, (_, index) => ({ ...form, value, base, offset: index * form.step })),
      ),
    ),
  );
  // In a field of five bits GNU's assembler has the offset's bits 2, 1 of the two low ones; the others are above them.
  const placed = ({ step, offset }: (typeof all)[number]): number =>
    step === 1
      ? ((offset >> 1) & 3) | (((offset >> 3) & 3) << 2) | ((offset & 1) << 4)
      : ((offset >> 1) & 3) | ((offset >> 3) << 2);
  const source = all.map(
    (form) =>
      `.insn cl ${form.quadrant}, ${form.funct3}, x${form.value}, ${placed(form)}(x${form.base})\n` +
      `.insn ${form.mnemonic[0] === "l" ? "i LOAD" : "s STORE"}, ` +
      `${(form.step - 1) | (form.mnemonic[0] === "l" ? 4 : 0)}, x${form.value}, ${form.offset}(x${form.base})\n`,
  );
  const [text, object, bytes] = ["code.s", "code.o", "code.bin"].map((name) => join(folder, name));
  if (text === undefined || object === undefined || bytes === undefined) throw new Error("no names");
  writeFileSync(text, source.join(""));
  execFileSync("riscv64-unknown-elf-as", ["-march=rv32ic", "-mabi=ilp32", "-o", object, text]);
  execFileSync("riscv64-unknown-elf-objcopy", ["-O", "binary", "-j", ".text", object, bytes]);
  const code = readFileSync(bytes);
  const wrong = all.filter((_, index) => {
    const [narrow, wide] = [code.readUInt16LE(6 * index), code.readUInt32LE(6 * index + 2)];
    const found = decode(0, narrow, 0);
    return !("extension" in found) || found.extension !== "Xw" || found.expanded !== wide;
  });
  expect(wrong.slice(0, 5)).toEqual([]);
});

/** Mnemonics of objdump where it has more than one for an instruction, or another than the manual's. */
const sameName = (mnemonic: string): string => mnemonic.replace(/\.(?:aqrl|aq|rl)$/, "");

it("32-bit encodings, drawn", () => {
  const random = seededRandom(Number(process.env["ALLOC_GEN_SEED"] ?? 1), "riscv");
  const words = encodings.flatMap(({ mask, value }) =>
    Array.from({ length: 300 }, () => ((random.below(0x1_0000_0000) & ~mask) | value) >>> 0),
  );
  // Low bits that are all set begin a longer instruction.
  const any = Array.from({ length: 60_000 }, () => (random.below(0x1_0000_0000) | 3) >>> 0).filter(
    (word) => (word & 31) !== 31,
  );
  const all = [...words, ...any];
  const lines = disassembleWords(all);
  expect(lines.length).toBe(all.length);
  const wrong = new Set<string>();
  const unknown = new Set<string>();
  let known = 0;
  for (const [index, word] of all.entries()) {
    const line = lines[index];
    if (line === undefined) continue;
    const found = decode(line.at, word & 0xffff, word >>> 16);
    if (found.kind === "unknown") {
      // A shift by more than 31 is one of 64 bits.
      if (Number(line.operands[2]) > 31) continue;
      unknown.add(sameName(line.mnemonic));
      continue;
    }
    known += 1;
    if (sameName(line.mnemonic) !== found.mnemonic) wrong.add(`${line.mnemonic} is ${found.mnemonic}`);
    const registers = [...line.operands.join().matchAll(/\bx(\d+)\b/g)].map(([, number]) => Number(number));
    const set = registers.reduce((sum, number) => (number === 0 ? sum : sum | (1 << number)), 0);
    if ((found.reads | found.writes) !== set)
      wrong.add(`registers of ${line.mnemonic} ${line.operands.join()}`);
    const { flow } = found;
    if (flow.kind === "branch" || flow.kind === "jump" || flow.kind === "call") {
      const target = parseInt(line.operands.at(-1) ?? "", 16);
      if (flow.target !== target >>> 0) wrong.add(`the target of ${line.mnemonic}`);
    }
  }
  expect([...wrong].slice(0, 10)).toEqual([]);
  expect(known).toBeGreaterThan(20_000);
  // Of the encodings that the decoder has, it refuses only jumps that no linked code has.
  const own = new Set(encodings.map(({ mnemonic }) => mnemonic));
  expect([...unknown].filter((mnemonic) => own.has(mnemonic)).sort()).toEqual(["jal", "jalr"]);
});
