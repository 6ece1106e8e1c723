/** What objdump's mnemonics stand for. */
import type { OperationKind } from "../../src/machine/arm/instruction.js";
import type { Line } from "./disassembly.js";
import { coreRegisters } from "./operands.js";

const conditions = "(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|hs|lo)?";
const exactly = (names: string): RegExp => new RegExp(`^(${names})s?${conditions}(\\.[nw])?$`);
const float = (names: string): RegExp => new RegExp(`^(${names})${conditions}(\\.[fsu0-9]+)*$`);

/** What each mnemonic is; the first that matches counts. */
const kindOfMnemonic: readonly (readonly [RegExp, OperationKind])[] = [
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
  [exactly("clrex|mrs|msr|cpsi[ed]|dmb|dsb|dfb|isb|sg|ssbb|pssbb|vlstm|vlldm"), "system"],
  [exactly("ldm|ldmia|ldmdb|ldmfd|pop|ldmea"), "loadMultiple"],
  [exactly("stm|stmia|stmdb|stmfd|push|stmea"), "storeMultiple"],
  [exactly("ldrs?[bh]?t?"), "load"],
  [exactly("str[bh]?t?"), "store"],
  [exactly("[us]div"), "divide"],
  [exactly("[us]mlal|[us]mull|umaal|smlal[bt][bt]|smlaldx?|smlsldx?"), "multiplyLong"],
  [
    exactly(
      "mul|mla|mls|smul[bt][bt]|smla[bt][bt]|smulw[bt]|smlaw[bt]|smm(ul|la|ls)r?|smu[as]dx?|sml[as]dx?|usada?8",
    ),
    "multiply",
  ],
  [exactly("nop|yield|wf[ei]|sevl?|esb|dbg|pldw?|pli|csdb|bti|aut|pac|pacbti"), "nop"],
  [exactly("udf|bkpt|svc"), "trap"],
  [
    exactly(
      "mov|movw|movt|mvn|add|addw|adc|sub|subw|sbc|rsb|and|orr|orn|eor|bic|tst|teq|cmp|cmn|lsl|lsr|asr|ror|rrx|neg|adr|clz|rbit|rev|rev16|revsh|[us]xt[bh](16)?|[us]xta[bh](16)?|[us]bfx|bfi|bfc|[us]sat(16)?|sel|pkh(bt|tb)|q(d?add|d?sub)|(s|q|sh|u|uq|uh)(add8|add16|sub8|sub16|asx|sax)|tta?t?",
    ),
    "alu",
  ],
  [/^(vldr|vldm(ia|db)|vpop)(?![a-z])/, "floatLoad"],
  [/^(vstr|vstm(ia|db)|vpush)(?![a-z])/, "floatStore"],
  [
    float(
      "v(mov|abs|neg|sqrt|add|sub|n?mul|n?ml[as]|fn?m[as]|div|cmpe?|cvt[abtrnpm]?|rint[rzxanpm]|sel|maxnm|minnm)",
    ),
    "floatArithmetic",
  ],
];

const kinds = new Map<string, OperationKind | undefined>();

function kindOf(mnemonic: string): OperationKind | undefined {
  if (!kinds.has(mnemonic)) {
    kinds.set(mnemonic, kindOfMnemonic.find(([pattern]) => pattern.test(mnemonic))?.[1]);
  }
  return kinds.get(mnemonic);
}

/** objdump writes MOV and ADD to PC like any other, and VMOV for all of its kinds. */
export function expectedKind(line: Line): OperationKind | undefined {
  const { halfwords, mnemonic, operands } = line;
  // Under IT the condition is the block's, not the branch's.
  if (/^b(?!ic)[a-z]{2}\.n$/.test(mnemonic) && (halfwords[0] ?? 0) >>> 11 === 0b11100) return "branch";
  if (/^b(?!ic)[a-z]{2}\.w$/.test(mnemonic) && ((halfwords[1] ?? 0) & 0x1000) !== 0) return "branch";
  // What would load a byte or halfword into PC is kept for hints.
  if (/^ldrs?[bh]t?(\.w)?$/.test(mnemonic) && /^pc,/.test(operands)) return "nop";
  if (/^(vmrs|vmsr)/.test(mnemonic)) return "floatMove";
  if (/^vmov/.test(mnemonic) && coreRegisters(operands) !== 0) return "floatMove";
  const kind = kindOf(mnemonic);
  return kind === "alu" && /^pc,/.test(operands) ? "branchExchange" : kind;
}

const ending = new RegExp(`${conditions}(\\.[nw])?$`);

/** The mnemonic without condition and width. */
export const bareMnemonic = (mnemonic: string): string => mnemonic.replace(ending, "");
