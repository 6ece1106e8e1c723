/** The machines there are: one line each. */
import { arm } from "./arm/index.js";
import type { InterruptMask } from "./interrupt-mask.js";
import type { Machine } from "./machine.js";
import { riscv } from "./riscv/index.js";

const known = [arm, riscv] as const;
export const machines: readonly Machine[] = known;

/** An architecture that a target may have. */
export type Architecture = (typeof known)[number]["architectures"][number];
/** Rules that price a core's instructions. */
export type CycleRules = (typeof known)[number]["cycleRules"][number];

/** A mask of interrupts, as a config names it. */
export type MaskName = (typeof known)[number]["masks"][number]["kind"];

export const maskNames: readonly MaskName[] = known.flatMap(({ masks }) => masks.map(({ kind }) => kind));

/** The mask of that name. */
export function interruptMask(name: MaskName): InterruptMask {
  const found = machines.flatMap(({ masks }) => masks).find(({ kind }) => kind === name);
  if (found === undefined) throw new Error(`no machine has the mask ${name}`);
  return found;
}

/** A mask of all interrupts that a core has, which needs no more words. @throws Error: it has none */
export function maskOfAll(core: { readonly architecture: Architecture }): MaskName {
  const found = maskNames.find(
    (name) => interruptMask(name).priority === undefined && maskLacking(name, core) === undefined,
  );
  if (found === undefined) throw new Error("no machine masks all interrupts");
  return found;
}

export const architectures: readonly Architecture[] = known.flatMap((machine) => machine.architectures);
export const cycleRules: readonly CycleRules[] = known.flatMap((machine) => machine.cycleRules);

/** The machine whose programs have that number in their ELF header; undefined where none has. */
export const machineOfElf = (number: number): Machine | undefined =>
  machines.find(({ elf }) => elf.machine === number);

/** "Arm (40)": the machines whose programs are read. */
export const elfMachines = (): string =>
  machines.map(({ elf: { title, machine } }) => `${title} (${machine})`).join(" or ");

/** The machine that is meant where no target says which. */
export const defaultMachine: Machine = arm;

/** The machine with an architecture. */
export function machineOf({ architecture }: { readonly architecture: Architecture }): Machine {
  const found = machines.find((machine) => machine.architectures.some((name) => name === architecture));
  if (found === undefined) throw new Error(`no machine has the architecture ${architecture}`);
  return found;
}

/** Why a core lacks a mask; undefined: it has it. */
export function maskLacking(
  name: MaskName,
  core: { readonly architecture: Architecture },
): string | undefined {
  const { architecture } = core;
  const mask = machineOf(core).masks.find(({ kind }) => kind === name);
  return mask === undefined ? `${architecture} has no such mask` : mask.lacking(architecture);
}
