/** What an instruction computes. One that is not described here is "other": what it writes is unknown. */
import { binary, constant, type Expression, type Semantics } from "../../semantics.js";
import { bytesOf } from "../decode/decoder.js";
import { field, immediateI, immediateS, immediateU, rd, rs1, rs2 } from "../decode/fields.js";
import type { Instruction } from "../instruction.js";
import { mstatus, mstatusMie } from "../mask-effect.js";
import { operations, unaryOperations } from "./arithmetic.js";
import { value } from "./value.js";

const other: Semantics = { kind: "other" };
const nothing: Semantics = { kind: "nothing" };

export function semanticsOf(instruction: Instruction): Semantics {
  const { expanded: word, kind } = instruction;
  switch (kind) {
    case "jump":
    case "jumpRegister":
    case "branch":
    case "fence":
    case "trap":
      return nothing;
    case "load": {
      // A load to x0 still reads.
      if (rd(word) === 0) return other;
      const isSigned = field(word, 14, 1) === 0 && bytesOf(word) < 4;
      const address = placeOf(word, immediateI(word));
      return { kind, register: rd(word), address, bytes: bytesOf(word), ...(isSigned ? { isSigned } : {}) };
    }
    case "store":
      return {
        kind,
        register: rs2(word),
        address: placeOf(word, immediateS(word)),
        bytes: bytesOf(word),
        ...storedZero(word),
      };
    case "atomic":
      return exclusive(instruction);
    case "csr":
      return maskAccess(instruction);
    case "alu":
    case "multiply":
    case "divide": {
      const result = resultOf(instruction);
      if (result === undefined) return other;
      return rd(word) === 0 ? nothing : { kind: "set", register: rd(word), value: result };
    }
  }
}

const placeOf = (word: number, offset: number): Expression =>
  offset === 0 ? value(rs1(word)) : binary("add", value(rs1(word)), constant(offset));

function resultOf({ mnemonic, expanded: word, at }: Instruction): Expression | undefined {
  if (mnemonic === "lui") return constant(immediateU(word));
  if (mnemonic === "auipc") return constant(at + immediateU(word));
  const left = value(rs1(word));
  const unary = unaryOperations.get(mnemonic);
  if (unary !== undefined) return unary(left);
  const byRegister = operations.get(mnemonic);
  if (byRegister !== undefined) return simplified(mnemonic, byRegister(left, value(rs2(word))), word);
  const named = immediateNames.get(mnemonic);
  const operation = named === undefined ? undefined : operations.get(named);
  return operation === undefined
    ? undefined
    : simplified(named, operation(left, constant(immediateI(word))), word);
}

/** MV and LI: what is added to nothing, or nothing to it, is a copy. */
function simplified(operation: string | undefined, result: Expression, word: number): Expression {
  if (operation !== "add" || result.kind !== "add") return result;
  if (rs1(word) === 0) return result.right;
  return result.right.kind === "constant" && result.right.value === 0 ? result.left : result;
}

/** Of an instruction with an immediate the operation. A shift's immediate is masked as a register is. */
const immediateNames: ReadonlyMap<string, string> = new Map([
  ["addi", "add"],
  ["slti", "slt"],
  ["sltiu", "sltu"],
  ["xori", "xor"],
  ["ori", "or"],
  ["andi", "and"],
  ["slli", "sll"],
  ["srli", "srl"],
  ["srai", "sra"],
  ["rori", "ror"],
  ["bclri", "bclr"],
  ["bexti", "bext"],
  ["binvi", "binv"],
  ["bseti", "bset"],
]);

/** LR and SC. What AMOs do is not described. */
function exclusive({ mnemonic, expanded: word }: Instruction): Semantics {
  const address = value(rs1(word));
  if (rd(word) === 0) return other;
  if (mnemonic === "lr.w") return { kind: "exclusive", register: rd(word), address, bytes: 4 };
  if (mnemonic !== "sc.w") return other;
  return { kind: "exclusive", register: rs2(word), address, bytes: 4, status: rd(word), ...storedZero(word) };
}

/** x0 holds nothing. */
const storedZero = (word: number): { readonly stored?: Expression } =>
  rs2(word) === 0 ? { stored: constant(0) } : {};

/** Accesses of mstatus, of which the one bit is known that keeps interrupts out. */
function maskAccess({ mnemonic, expanded: word }: Instruction): Semantics {
  if (field(word, 20, 12) !== mstatus) return other;
  const given = mnemonic.endsWith("i") ? constant(rs1(word)) : value(rs1(word));
  const isNothing = rs1(word) === 0 && !mnemonic.startsWith("csrrw");
  if (isNothing) return rd(word) === 0 ? nothing : { kind: "readMask", register: rd(word), mask: 0 };
  const how = ({ csrrs: "sets", csrrc: "clears" } as const)[mnemonic.replace(/i$/, "")];
  return {
    kind: "writeMask",
    mask: 0,
    value: given,
    bits: mstatusMie,
    ...(how === undefined ? {} : { how }),
    ...(rd(word) === 0 ? {} : { old: rd(word) }),
  };
}
