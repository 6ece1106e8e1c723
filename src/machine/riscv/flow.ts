/** Where control goes behind an instruction. */
import type { ControlFlow } from "../instruction.js";
import type { BranchTest, Expression } from "../semantics.js";
import { constant } from "../semantics.js";
import { immediateB, immediateI, immediateJ, rd, rs1, rs2 } from "./decode/fields.js";
import { RA } from "./instruction.js";
import { value } from "./semantics/value.js";

const next: ControlFlow = { kind: "next" };

/**
 * @param word its 32-bit encoding
 * @returns undefined where it leaves its return address in another register than ra, or jumps to a distance from a register:
 *   linked code has neither.
 */
export function flowOf(mnemonic: string, word: number, at: number): ControlFlow | undefined {
  switch (mnemonic) {
    case "jal": {
      const target = (at + immediateJ(word)) >>> 0;
      if (rd(word) === 0) return { kind: "jump", target };
      return rd(word) === RA ? { kind: "call", target } : undefined;
    }
    case "jalr":
      if (immediateI(word) !== 0 || rs1(word) === 0 || rd(word) > RA) return undefined;
      return { kind: "register", register: rs1(word), link: rd(word) === RA };
    case "ecall":
    case "ebreak":
      return { kind: "trap" };
    default: {
      const test = testOf(mnemonic, word);
      if (test === undefined) return next;
      return { kind: "branch", target: (at + immediateB(word)) >>> 0, test };
    }
  }
}

const signBit = 0x80000000;

function testOf(mnemonic: string, word: number): BranchTest | undefined {
  const [left, right] = [value(rs1(word)), value(rs2(word))];
  switch (mnemonic) {
    case "beq":
    case "bne":
      return { kind: "equal", left, right, holds: mnemonic === "beq" };
    case "bltu":
    case "bgeu":
      return { kind: "below", left, right, holds: mnemonic === "bltu" };
    case "blt":
    case "bge":
      return signedTest(left, right, mnemonic === "blt");
    default:
      return undefined;
  }
}

/** Whether a number is negative is a question to its highest bit. */
function signedTest(left: Expression, right: Expression, holds: boolean): BranchTest {
  if (right.kind === "constant" && right.value === 0)
    return { kind: "below", left, right: constant(signBit), holds: !holds };
  return { kind: "belowSigned", left, right, holds };
}
