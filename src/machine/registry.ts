/** The machines there are: one line each. */
import { arm } from "./arm/index.js";
import type { Machine } from "./machine.js";

const known = [arm] as const;
export const machines: readonly Machine[] = known;

/** An architecture that a target may have. */
export type Architecture = (typeof known)[number]["architectures"][number];
/** Rules that price a core's instructions. */
export type CycleRules = (typeof known)[number]["cycleRules"][number];

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
