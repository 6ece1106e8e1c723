/** The `chip` of a config: the target that it stands for, and whether a heap fits into its RAM. */
import { isWithin, type Chip, type Region } from "../chips/chip.js";
import { targetOfCore, type CoreTarget } from "../chips/cores.js";
import { coresOf } from "../chips/facts.js";
import { findChip, type Found } from "../chips/find.js";
import { largestPiece, placeOf, type Place } from "../chips/memory.js";
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import { nearestWord, quotedList, showValue } from "../suggest.js";
import type { Config } from "./config.js";
import type { ConfigDraft } from "./draft.js";
import type { Report } from "./report.js";
import { showBytes } from "./sizes.js";

/** Chips that a message names. */
const mostNamed = 3;

/** Why a name is that of no chip. @param found what it is instead */
export function chipFault(written: string, found: Exclude<Found, { readonly kind: "chip" }>): Diagnostic {
  switch (found.kind) {
    case "several": {
      const some = found.chips.slice(0, mostNamed).map(({ name }) => name);
      return diagnose("several-chips", { name: written, count: found.chips.length, some });
    }
    case "none":
      return diagnose("unknown-chip", { name: written, nearest: found.nearest });
  }
}

/** The chip that is meant; undefined where none is named, or none has the name. */
export function resolveChip(
  written: string | undefined,
  chips: () => readonly Chip[],
  report: Report,
): Chip | undefined {
  if (written === undefined) return undefined;
  const found = findChip(written, chips());
  if (found.kind === "chip") return found.chip;
  report({ ...chipFault(written, found), path: ["chip"] });
  return undefined;
}

/** The target of the chip's core. @param targets those that there are; undefined: any */
export function targetOfChip(chip: Chip, targets: readonly string[] | undefined, report: Report): string {
  const found = targetOfCore(chip.core, targets ?? [chip.core]);
  if (found.kind === "target") return found.name;
  report({ ...noTarget(chip, found), path: ["chip"] });
  return found.nearest;
}

/** That there is no target for a chip, and which is nearest. */
export const noTarget = (
  { name, core }: Chip,
  { nearest, why, isCompatible }: Extract<CoreTarget, { readonly kind: "none" }>,
): Diagnostic => diagnose("chip-without-target", { chip: name, core, nearest, why, isCompatible });

/** A target beside a chip is the core of the chip, or one of its cores. */
export function refuseOtherCore(target: string, chip: Chip, report: Report): void {
  const cores = coresOf(chip);
  if (cores.includes(target)) return;
  const reason = `${chip.name} has a ${cores.join(" and a ")} (--target alone overrides the chip's core)`;
  report(diagnose("conflict", { found: showValue(target), reason }, { path: ["target"] }));
}

/** The chip as the config has it, with the region of the heap; a heap that does not fit is reported. */
export function placeOnChip(
  chip: Chip | undefined,
  { heap: { region: written, size } = {}, chip: writtenChip }: ConfigDraft,
  heap: Config["heap"],
  report: Report,
): Config["chip"] {
  const path: ConfigPath = ["heap", "region"];
  const names = typeof written === "string" ? [written] : written;
  if (chip === undefined) {
    if (names === undefined || writtenChip !== undefined) return undefined;
    const reason = 'regions are those of a chip: "chip" is missing';
    report(diagnose("conflict", { found: quotedList(names), reason }, { path }));
    return undefined;
  }
  const { name } = chip;
  if (names === undefined) {
    // A size that is missing was refused already.
    if (size !== undefined && heap.upTo !== true && isInDefaultRam(heap)) {
      const where = { found: showBytes(heap.size), path: ["heap", "size"] };
      refuseLarger(chip, heap.size, where, report);
    }
    return { name };
  }
  const found = placeOf(names, chip);
  if (found.kind !== "place") {
    report(placeFault(found, names, name, path));
    return { name };
  }
  const { place } = found;
  if (size !== undefined && heap.upTo !== true && heap.size > place.bytes) {
    const reason = `${place.name} of ${name} has ${showBytes(place.bytes)} ("heap.region")`;
    report(diagnose("conflict", { found: showBytes(heap.size), reason }, { path: ["heap", "size"] }));
  }
  return { name, region: place };
}

/** Heaps that fit one by one, but not together. @param configs of all heaps of a file */
export function refuseTogether(
  configs: readonly Config[],
  chips: () => readonly Chip[],
  report: Report,
): void {
  const [first] = configs;
  if (first?.chip === undefined) return;
  const chip = resolveChip(first.chip.name, chips, report);
  /** Bytes of the heaps up to one, where each region is that holds heaps, and where the linker puts all data. */
  const used = new Map<string, { readonly region: Region; bytes: number }>();
  for (const region of configs.flatMap((config) => config.chip?.region ?? [])) {
    const key = `${region.start} ${region.bytes}`;
    if (!used.has(key)) used.set(key, { region, bytes: 0 });
  }
  let usedElsewhere = 0;
  configs.forEach(({ heap, chip: { region: own } = {} }, index) => {
    // It takes what the others leave.
    if (heap.upTo === true) return;
    const path: ConfigPath = ["heaps", index, "heap", "size"];
    const found = (bytes: number): string => `${showBytes(bytes)} with the heaps before`;
    if (own === undefined) {
      if (!isInDefaultRam(heap)) return;
      usedElsewhere += heap.size;
      const where = { found: found(usedElsewhere), path };
      if (chip !== undefined && usedElsewhere > heap.size) refuseLarger(chip, usedElsewhere, where, report);
      return;
    }
    const around = [...used.values()].filter(({ region }) => isWithin(own, region));
    for (const place of around) place.bytes += heap.size;
    const full = around.find(({ region, bytes }) => bytes > region.bytes && bytes > heap.size);
    if (full === undefined) return;
    const reason = `${full.region.name} has ${showBytes(full.region.bytes)}`;
    report(diagnose("conflict", { found: found(full.bytes), reason }, { path }));
  });
}

/** Whether the linker puts it where it puts all data. */
const isInDefaultRam = ({ placement }: Config["heap"]): boolean =>
  placement.kind === "static" && placement.section === undefined;

function refuseLarger(
  chip: Chip,
  size: number,
  { found, path }: { readonly found: string; readonly path: ConfigPath },
  report: Report,
): void {
  const { name, bytes } = largestPiece(chip);
  if (size <= bytes) return;
  const reason = `the largest RAM of ${chip.name} in one piece is ${name}, ${showBytes(bytes)}`;
  report(diagnose("conflict", { found, reason }, { path }));
}

function placeFault(
  place: Exclude<Place, { readonly kind: "place" }>,
  names: readonly string[],
  chip: string,
  path: ConfigPath,
): Diagnostic {
  if (place.kind === "apart") {
    const reason = `these regions of ${chip} do not lie side by side`;
    return diagnose("conflict", { found: quotedList(names), reason }, { path });
  }
  const { region, known } = place;
  const parameters = {
    found: showValue(region),
    nearest: nearestWord(region, known),
    allowed: quotedList(known),
  };
  return diagnose("invalid-value", parameters, { path });
}
