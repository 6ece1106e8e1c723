/** What `alloc-gen chips` prints. */
import type { Chip } from "../chips/chip.js";
import { targetOfCore } from "../chips/cores.js";
import { coresOf, factsOf, notesOf, type RegionFacts } from "../chips/facts.js";
import { kindOf, type RegionKind } from "../chips/memory.js";
import { groupBy } from "../group.js";

/** A core, and what it is generated for. */
export interface CoreReport {
  readonly core: string;
  /** Null: there is none yet. */
  readonly target: string | null;
  /** Of a core without target: the nearest, and what it has in common with the core. */
  readonly nearest?: { readonly target: string; readonly why: string };
}

export interface RegionReport {
  readonly name: string;
  readonly start: number;
  readonly bytes: number;
  readonly kind: RegionKind;
  /** Absent where nothing is known. */
  readonly facts?: RegionFacts;
}

export interface ChipReport extends CoreReport {
  readonly name: string;
  /** Further cores that a program of the user's may run on. */
  readonly otherCores?: readonly string[];
  readonly regions: readonly RegionReport[];
  readonly notes?: readonly { readonly note: string; readonly source: string }[];
}

export type ChipsReport =
  | {
      readonly version: 1;
      /** As the user wrote it. */
      readonly name: string;
      readonly chips: readonly ChipReport[];
    }
  | {
      readonly version: 1;
      readonly count: number;
      readonly cores: readonly (CoreReport & {
        readonly chips: number;
        /** Chips by the beginning of their names. */
        readonly families: Readonly<Record<string, number>>;
      })[];
    };

/** @param targets names of those that there are */
export function reportChip(chip: Chip, targets: readonly string[]): ChipReport {
  const others = coresOf(chip).slice(1);
  const notes = notesOf(chip.name);
  return {
    name: chip.name,
    ...reportCore(chip.core, targets),
    ...(others.length === 0 ? {} : { otherCores: others }),
    regions: chip.regions.map((region) => {
      const kind = kindOf(region, chip);
      const facts = kind === "alias" ? undefined : factsOf(chip.name, region.name);
      return { ...region, kind, ...(facts === undefined ? {} : { facts }) };
    }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function reportCore(core: string, targets: readonly string[]): CoreReport {
  const found = targetOfCore(core, targets);
  return found.kind === "target"
    ? { core, target: found.name }
    : { core, target: null, nearest: { target: found.nearest, why: found.why } };
}

/** Every core of `chips`, with its families, those of most chips first. */
export function summarise(chips: readonly Chip[], targets: readonly string[]): ChipsReport {
  const rows = [...groupBy(chips, ({ core }) => core)].map(([core, own]) => ({
    ...reportCore(core, targets),
    chips: own.length,
    families: countFamilies(own),
  }));
  return { version: 1, count: chips.length, cores: rows.toSorted((a, b) => b.chips - a.chips) };
}

function countFamilies(chips: readonly Chip[]): Readonly<Record<string, number>> {
  const counts = [...groupBy(chips, ({ name }) => familyOf(name))].map(
    ([family, own]) => [family, own.length] as const,
  );
  return Object.fromEntries(counts.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

/** "STM32F4" of "STM32F407VG", "nRF52" of "nRF52840_xxAA", "R7FA" of "R7FA6M4AD": what people search for. */
export function familyOf(name: string): string {
  return /^[A-Za-z]+32[A-Z]+\d?|^[A-Za-z]+\d[A-Z]+|^[A-Za-z]+\d{0,2}/.exec(name)?.[0] ?? name;
}
