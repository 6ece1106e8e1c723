/** What RISC-V cores take, rule by rule. */
import { inferred, stated, type Rule } from "../../cycle-model.js";

export interface Rules {
  readonly alu: Rule;
  readonly multiply: Rule;
  /** Cycles that what needs the product at once waits for it, as does another multiplication or division. */
  readonly multiplyUse: Rule;
  readonly divide: Rule;
  readonly load: Rule;
  /** Cycles that what needs a loaded word at once waits for it. */
  readonly loadUse: Rule;
  /** The same of a byte or a halfword. */
  readonly narrowLoadUse: Rule;
  /** Whether a store that only writes what was loaded waits for it: 1, or 0. */
  readonly storeWaits: Rule;
  /** Whether what writes a register waits for what is to be written there before: 1, or 0. */
  readonly writeWaits: Rule;
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
  /** Cycles that what needs the register's value at once waits for it. */
  readonly csrUse: Rule;
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
  multiplyUse: stated(0, hazard3Table),
  divide: stated(19, `${hazard3Table}: 18, or 19 for signed`),
  load: stated(1, hazard3Table),
  loadUse: stated(1, hazard3Table),
  narrowLoadUse: stated(1, hazard3Table),
  storeWaits: stated(0, `${hazard3Table}: load data to store data is no dependency`),
  writeWaits: stated(0, `${hazard3Table}: an instruction waits where it uses what was loaded`),
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
  csrUse: stated(0, hazard3Table),
  fence: stated(1, hazard3Table),
};

const usual = "usual of cores with a short pipeline in order; no manual says it";

/** No core: for those whose timing nobody published. */
export const generic: Rules = {
  alu: inferred(1, usual),
  multiply: inferred(1, usual),
  multiplyUse: inferred(0, usual),
  divide: inferred(34, usual),
  load: inferred(1, usual),
  loadUse: inferred(1, usual),
  narrowLoadUse: inferred(1, usual),
  storeWaits: inferred(1, usual),
  writeWaits: inferred(0, usual),
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
  csrUse: inferred(0, usual),
  fence: inferred(1, usual),
};

const e31Pipeline = "SiFive E31 Core Complex Manual, 3.3, execution pipeline";
const e31Fetch = "SiFive E31 Core Complex Manual, 3.2, instruction fetch unit";
const predicted = stated(1, `${e31Fetch}: no penalty for control flow that is predicted`);

/** With branches, jumps and returns predicted. */
export const e31: Rules = {
  alu: stated(1, e31Pipeline),
  multiply: stated(1, e31Pipeline),
  multiplyUse: stated(4, `${e31Pipeline}: a result latency of 5, one operation at a time`),
  divide: stated(33, `${e31Pipeline}: a result latency of 2 to 33`),
  load: stated(1, e31Pipeline),
  loadUse: stated(1, `${e31Pipeline}: a result latency of 2`),
  narrowLoadUse: stated(2, `${e31Pipeline}: a result latency of 3`),
  storeWaits: stated(1, `${e31Pipeline}: interlocks on read after write`),
  writeWaits: stated(1, `${e31Pipeline}: interlocks on write after write`),
  store: stated(1, e31Pipeline),
  atomic: inferred(5, "no manual says it"),
  jump: predicted,
  jumpRegister: predicted,
  forwardTaken: predicted,
  forwardNotTaken: predicted,
  backwardTaken: predicted,
  backwardNotTaken: predicted,
  unalignedTarget: inferred(0, "the manual names no penalty"),
  csr: stated(1, e31Pipeline),
  csrUse: stated(2, `${e31Pipeline}: a result latency of 3`),
  fence: inferred(1, "the manual names no cost"),
};

const mispredicted = stated(4, `${e31Fetch}: a penalty of 3 cycles where it is mispredicted`);

/** With all of them mispredicted. */
export const e31Mispredicted: Rules = {
  ...e31,
  jump: mispredicted,
  jumpRegister: mispredicted,
  forwardTaken: mispredicted,
  forwardNotTaken: mispredicted,
  backwardTaken: mispredicted,
  backwardNotTaken: mispredicted,
};

const measured = "measured by jnk0le/random on the CH32V003: ch32v003_(qkv2).md";
const notThere = "the core has no such instruction";
const twoStages = "a pipeline of two stages has what it computes before the next instruction";

/** QingKe V2A. */
export const qingkeV2: Rules = {
  alu: inferred(1, measured),
  multiply: inferred(0, notThere),
  multiplyUse: inferred(0, notThere),
  divide: inferred(0, notThere),
  load: inferred(2, measured),
  loadUse: inferred(0, twoStages),
  narrowLoadUse: inferred(0, twoStages),
  storeWaits: inferred(0, twoStages),
  writeWaits: inferred(0, twoStages),
  store: inferred(2, measured),
  atomic: inferred(0, notThere),
  jump: inferred(3, measured),
  jumpRegister: inferred(3, measured),
  forwardTaken: inferred(3, measured),
  forwardNotTaken: inferred(1, measured),
  backwardTaken: inferred(3, measured),
  backwardNotTaken: inferred(1, measured),
  unalignedTarget: inferred(1, measured),
  csr: inferred(1, "not measured: as other instructions without memory"),
  csrUse: inferred(0, twoStages),
  fence: inferred(1, "not measured"),
};
