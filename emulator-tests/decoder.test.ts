/**
 * The decoder against objdump: length, kind, registers of transfers and branch targets of every instruction in
 * newlib and libgcc as built for each core, and in the small allocator at each level of optimisation.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTarget, listTargets } from "../src/targets/load.js";
import { decode } from "../src/timing/decoder.js";
import { runsOn } from "../src/timing/instruction.js";
import type { OperationKind } from "../src/timing/instruction.js";
import { smallHeapImage } from "./support/engine-images.js";

const run = (command: string, ...values: readonly string[]): string =>
  execFileSync(command, values, { encoding: "utf8", maxBuffer: 1 << 28 });

interface Line {
  readonly at: number;
  readonly halfwords: readonly number[];
  readonly mnemonic: string;
  readonly operands: string;
}

/** "   1a:	f000 f802 	bl	22 <f>" */
function* linesOf(disassembly: string): Generator<Line> {
  for (const match of disassembly.matchAll(
    /^ *([0-9a-f]+):\t([0-9a-f]{4}(?: [0-9a-f]{4})?) *\t([^\t\n]+)\t?([^\n]*)$/gm,
  )) {
    const [, at = "", code = "", mnemonic = "", operands = ""] = match;
    const halfwords = code.split(" ").map((half) => parseInt(half, 16));
    yield { at: parseInt(at, 16), halfwords, mnemonic, operands };
  }
}

const conditions = "(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|hs|lo)?";
const exactly = (names: string): RegExp => new RegExp(`^(${names})s?${conditions}(\\.[nw])?$`);

/** What each mnemonic is; the first that matches counts. */
const kindOfMnemonic: readonly (readonly [RegExp, OperationKind])[] = [
  [/^bl$/, "call"],
  [/^bl(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?$/, "call"],
  [exactly("bx|blx|bxns|blxns"), "branchExchange"],
  [/^cbn?z$/, "compareBranch"],
  [/^b(\.[nw])?$/, "branch"],
  [new RegExp(`^b${conditions}(\\.[nw])?$`), "branchConditional"],
  [/^tb[bh]/, "tableBranch"],
  [/^it[te]*$/, "it"],
  [exactly("ldrd"), "loadPair"],
  [exactly("strd"), "storePair"],
  [exactly("ldrex[bh]?|strex[bh]?|lda|ldab|ldah|stl|stlb|stlh|ldaex[bh]?|stlex[bh]?"), "exclusive"],
  [exactly("clrex|mrs|msr|cpsi[ed]|dmb|dsb|isb|sg"), "system"],
  [exactly("ldm|ldmia|ldmdb|ldmfd|pop|ldmea"), "loadMultiple"],
  [exactly("stm|stmia|stmdb|stmfd|push|stmea"), "storeMultiple"],
  [exactly("ldrs?[bh]?t?"), "load"],
  [exactly("str[bh]?t?"), "store"],
  [exactly("[us]div"), "divide"],
  [exactly("[us]ml[as]ll?|[us]mull|umaal|smlal[bt][bt]|smlald?x?|smlsldx?|umlal|smlal"), "multiplyLong"],
  [
    exactly(
      "mul|mla|mls|smul[bt][bt]|smla[bt][bt]|smulw[bt]|smlaw[bt]|smm(ul|la|ls)r?|smu[as]dx?|smla?s?dx?|usada?8",
    ),
    "multiply",
  ],
  [exactly("nop|yield|wf[ei]|sev|pld|pldw|pli|csdb"), "nop"],
  [exactly("udf|bkpt|svc"), "trap"],
  [
    exactly(
      "mov|movw|movt|mvn|add|addw|adc|sub|subw|sbc|rsb|and|orr|orn|eor|bic|tst|teq|cmp|cmn|lsl|lsr|asr|ror|rrx|neg|adr|adr.w|clz|rbit|rev|rev16|revsh|[us]xt[bh](16)?|[us]xta[bh](16)?|[us]bfx|bfi|bfc|[us]sat(16)?|sel|pkh(bt|tb)|q(d?add|d?sub)|[usq]?h?[us]?(add|sub)(8|16)|[us]h(add|sub)(8|16)|uq(add|sub)(8|16)|[usq]h?(asx|sax)|tta?t?",
    ),
    "alu",
  ],
];

/** objdump writes MOV and ADD to PC like any other, and MOV R8, R8 as the NOP it stands for. */
function expectedKind({ halfwords, mnemonic, operands }: Line): OperationKind | undefined {
  if (operands.includes("@ (mov r8, r8)")) return "alu";
  // Under IT the condition is the block's, not the branch's.
  if (/^b(?!ic)[a-z]{2}\.n$/.test(mnemonic) && (halfwords[0] ?? 0) >>> 11 === 0b11100) return "branch";
  if (/^b(?!ic)[a-z]{2}\.w$/.test(mnemonic) && ((halfwords[1] ?? 0) & 0x1000) !== 0) return "branch";
  const kind = kindOfMnemonic.find(([pattern]) => pattern.test(mnemonic))?.[1];
  return kind === "alu" && /^pc,/.test(operands) ? "branchExchange" : kind;
}

const branching: ReadonlySet<OperationKind> = new Set([
  "call",
  "branch",
  "branchConditional",
  "compareBranch",
]);

/** "r4, {r0, r1, pc}" or "r0-r3" forms: how many registers stand in the braces. */
function listed(operands: string): number {
  const inside = /\{(.*)\}/.exec(operands)?.[1] ?? "";
  return inside.split(",").filter((part) => part.trim() !== "").length;
}

/** In an object file: a branch to itself plus 4, less 4, which the linker is to replace. */
const isPlaceholder = ({ halfwords: [first, second] }: Line): boolean =>
  (first === 0xf7ff && (second === 0xfffe || second === 0xbffe)) || (first === 0xf43f && second === 0xaffe);

/** What is wrong with the decoder's answer; undefined where nothing is. */
function difference(line: Line): string | undefined {
  const [first = 0, second = 0] = line.halfwords;
  const found = decode(line.at, first, second);
  const what = `${line.halfwords.map((half) => half.toString(16)).join(" ")} ${line.mnemonic} ${line.operands}`;
  if (found.size !== 2 * line.halfwords.length) return `${what}: ${found.size} bytes`;
  const kind = expectedKind(line);
  if (kind === undefined) return `${what}: the test does not know the mnemonic`;
  if (found.kind !== kind) return `${what}: ${found.kind}, not ${kind}`;
  if ("target" in found && branching.has(kind) && !isPlaceholder(line)) {
    const target = parseInt(/(?:^|, )([0-9a-f]+)(?: |$)/.exec(line.operands)?.[1] ?? "", 16);
    if (found.target !== target) return `${what}: goes to ${found.target.toString(16)}`;
  }
  if ("count" in found && found.count !== listed(line.operands)) return `${what}: ${found.count} registers`;
  if ("loadsPc" in found && found.loadsPc !== /^pc,|\bpc\}/.test(line.operands)) return `${what}: PC`;
  return undefined;
}

/** Floating point is none of the decoder's business; nor are data, and what objdump does not know. */
const isOther = ({ mnemonic, operands }: Line): boolean =>
  /^(v[a-z]+|[ls][dt]f[ep]|f(ld|st)m|mcr|mrc|mcrr|mrrc|cdp|ldc|stc)/.test(mnemonic) ||
  /^\.(word|short|byte|inst)/.test(mnemonic) ||
  /UNDEFINED|UNPREDICTABLE|<und>/.test(mnemonic + operands);

function differences(disassembly: string): { readonly count: number; readonly wrong: readonly string[] } {
  let count = 0;
  const wrong = new Set<string>();
  for (const line of linesOf(disassembly)) {
    if (isOther(line)) continue;
    count += 1;
    const text = difference(line);
    if (text !== undefined) wrong.add(text);
  }
  return { count, wrong: [...wrong] };
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-decoder-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(listTargets())("the decoder against objdump, %s", (name) => {
  const target = loadTarget(name);

  it.each(["libgcc.a", "libc_nano.a"])("%s", (library) => {
    const path = run("arm-none-eabi-gcc", ...target.compilerFlags, `-print-file-name=${library}`).trim();
    const { count, wrong } = differences(run("arm-none-eabi-objdump", "-d", path));
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(count).toBeGreaterThan(3000);
  });

  it("the small allocator, with nothing that the core lacks", async () => {
    for (const optimize of ["-Os", "-O2", "-O3"]) {
      const image = await smallHeapImage(name, optimize);
      const file = join(folder, `${name}${optimize}.elf`);
      writeFileSync(file, image.elf);
      const disassembly = run("arm-none-eabi-objdump", "-d", "-j", ".allocator_code", file);
      const { count, wrong } = differences(disassembly);
      expect(wrong).toEqual([]);
      expect(count).toBeGreaterThan(100);
      for (const { at, halfwords } of linesOf(disassembly)) {
        const found = decode(at, halfwords[0] ?? 0, halfwords[1] ?? 0);
        if (found.kind !== "unknown") expect(runsOn(target.architecture, found.since)).toBe(true);
      }
    }
  });
});
