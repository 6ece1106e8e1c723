/** What RISC-V cores take, rule by rule. */
import { inferred, stated, type Rule } from "../../cycle-model.js";

export interface Rules {
  readonly alu: Rule;
  readonly multiply: Rule;
  readonly divide: Rule;
  readonly load: Rule;
  /** Added where the next instruction needs what was loaded (of a word). */
  readonly loadUse: Rule;
  /** The same of a byte or a halfword. */
  readonly narrowLoadUse: Rule;
  /** Whether a store that only writes what was loaded waits for it: 1, or 0. */
  readonly storeWaits: Rule;
  readonly store: Rule;
  readonly atomic: Rule;
  readonly jump: Rule;
  readonly jumpRegister: Rule;
  /** A branch that leads forward, as a static prediction has it: taken, and not. */
  readonly forwardTaken: Rule;
  readonly forwardNotTaken: Rule;
  readonly backwardTaken: Rule;
  readonly backwardNotTaken: Rule;
  /** Added where control goes to a 32-bit instruction that is no multiple of 4. */
  readonly unalignedTarget: Rule;
  readonly csr: Rule;
  readonly fence: Rule;
}

export type RuleName = keyof Rules;

const hazard3Table = "Hazard3 documentation (L. Wren), instruction cycle counts";
const noBuffer =
  "the branch target buffer has one entry, and a call may find any branch or none in it: the worse of both";

/** As configured on the RP2350. */
export const hazard3: Rules = {
  alu: stated(1, hazard3Table),
  multiply: stated(1, `${hazard3Table}: with the fast multiplier`),
  divide: stated(19, `${hazard3Table}: 18, or 19 for signed`),
  load: stated(1, hazard3Table),
  loadUse: stated(1, hazard3Table),
  narrowLoadUse: stated(1, hazard3Table),
  storeWaits: stated(0, `${hazard3Table}: load data to store data is no dependency`),
  store: stated(1, hazard3Table),
  atomic: stated(4, hazard3Table),
  jump: stated(2, hazard3Table),
  jumpRegister: stated(2, hazard3Table),
  forwardTaken: stated(2, hazard3Table),
  forwardNotTaken: stated(1, hazard3Table),
  backwardTaken: inferred(2, noBuffer),
  backwardNotTaken: inferred(2, noBuffer),
  unalignedTarget: stated(1, hazard3Table),
  csr: stated(1, hazard3Table),
  fence: stated(1, hazard3Table),
};

const usual = "usual of cores with a short pipeline in order; no manual says it";

/** No core: for those whose timing nobody published. */
export const generic: Rules = {
  alu: inferred(1, usual),
  multiply: inferred(1, usual),
  divide: inferred(34, usual),
  load: inferred(1, usual),
  loadUse: inferred(1, usual),
  narrowLoadUse: inferred(1, usual),
  storeWaits: inferred(1, usual),
  store: inferred(1, usual),
  atomic: inferred(4, usual),
  jump: inferred(2, usual),
  jumpRegister: inferred(3, usual),
  forwardTaken: inferred(3, usual),
  forwardNotTaken: inferred(1, usual),
  backwardTaken: inferred(3, usual),
  backwardNotTaken: inferred(1, usual),
  unalignedTarget: inferred(0, usual),
  csr: inferred(1, usual),
  fence: inferred(1, usual),
};
