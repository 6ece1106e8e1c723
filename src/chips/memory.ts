/** A chip's RAM as memories: regions side by side are one, and addresses that mirror another region are none. */
import { endOf, isWithin, type Chip, type Region } from "./chip.js";
import { factsOf, isMirror, type RegionFacts } from "./facts.js";

/**
 * What a region is for:
 * - "ram": data;
 * - "coupled": data, tightly coupled to the core;
 * - "instructions": code that is copied to RAM;
 * - "special": a peripheral, another processor, or what is kept in sleep;
 * - "alias": no memory of its own: other addresses of another region's bytes.
 */
export type RegionKind = "ram" | "coupled" | "instructions" | "special" | "alias";

export interface Memory {
  /** Names of its regions: "SRAM+SRAM2". */
  readonly name: string;
  /** Each name once. */
  readonly regions: readonly string[];
  readonly start: number;
  readonly bytes: number;
  readonly kind: Exclude<RegionKind, "alias">;
  /** Undefined where nothing is known. */
  readonly facts?: RegionFacts;
}

/** Where the Code region ends and the SRAM region begins (Armv7-M ARM, B3.1): no burst and no word crosses it. */
const codeEnd = 0x20000000;

/** Addresses that differ in this bit alone are one byte's, Secure and Non-secure, by the convention of Armv8-M's vendors. */
const securityBit = 0x10000000;
const isSecure = (start: number, { core }: Chip): boolean =>
  /^cortex-m(?:23|33|55|85)$/.test(core) && Math.floor(start / securityBit) % 2 === 1;

/** What `region` of `chip` is for, by its name and its address. */
export function kindOf(region: Region, chip: Chip): RegionKind {
  const { name, start } = region;
  if (isAlias(region, chip)) return "alias";
  if (/rom|dsp|usb|shared_sram|acpu|ppca|gfxmm|retention|^lp /i.test(name)) return "special";
  if (/^itcm|sram_itc|^ilm|^psram|instruction/i.test(name)) return "instructions";
  if (start === 0) return "instructions";
  return /^(?:ccm|dtcm|dlm)|sram_dtc/i.test(name) ? "coupled" : "ram";
}

function isAlias(region: Region, chip: Chip): boolean {
  const { name, start } = region;
  if (/alias|uncached|\(secure\)/i.test(name) || isMirror(chip.name, start)) return true;
  const others = chip.regions.filter((other) => other !== region);
  const named = (text: string): boolean => others.some((other) => other.name === text);
  if (name.endsWith("_ICODE") && (named(name.replace("_ICODE", "")) || named(name.replace("ICODE", "DCODE"))))
    return true;
  if (/(?:code|instruction) bus/i.test(name) && others.some((other) => /data bus/i.test(other.name)))
    return true;
  return others.some(
    (other) =>
      (other.bytes > region.bytes && isWithin(region, other)) ||
      (isSecure(start, chip) && other.bytes === region.bytes && start - other.start === securityBit),
  );
}

/** The memories of a chip, in the order of their addresses. */
export function memoriesOf(chip: Chip): readonly Memory[] {
  const memories: Memory[] = [];
  for (const region of chip.regions.toSorted((a, b) => a.start - b.start)) {
    const kind = kindOf(region, chip);
    if (kind === "alias") continue;
    const facts = factsOf(chip.name, region.name);
    const next = memoryOf(region, kind, facts);
    const last = memories.at(-1);
    if (last !== undefined && isContinued(last, next)) memories[memories.length - 1] = joined(last, next);
    else memories.push(next);
  }
  return memories;
}

function memoryOf(region: Region, kind: Memory["kind"], facts: RegionFacts | undefined): Memory {
  const { name, start, bytes } = region;
  return { name, regions: [name], start, bytes, kind, ...(facts === undefined ? {} : { facts }) };
}

const isContinued = (last: Memory, next: Memory): boolean =>
  endOf(last) === next.start &&
  next.start !== codeEnd &&
  last.kind === next.kind &&
  last.facts?.reach === next.facts?.reach;

function joined(last: Memory, next: Memory): Memory {
  const regions = [...new Set([...last.regions, ...next.regions])];
  return { ...last, name: regions.join("+"), regions, bytes: last.bytes + next.bytes };
}

/** Memories in which a heap may lie, the one for all and sundry first: the largest that is coupled to nothing. */
export function heapMemories(chip: Chip): readonly Memory[] {
  const rank = ({ kind }: Memory): number => ["ram", "coupled"].indexOf(kind);
  const fit = memoriesOf(chip).filter((memory) => rank(memory) >= 0);
  return fit.toSorted((a, b) => rank(a) - rank(b) || b.bytes - a.bytes || a.start - b.start);
}

/** The most bytes in one piece, whatever they are for; for messages, with the names of its regions. */
export function largestPiece(chip: Chip): { readonly name: string; readonly bytes: number } {
  const pieces: { name: string; start: number; bytes: number }[] = [];
  for (const { name, start, bytes } of memoriesOf(chip)) {
    const last = pieces.at(-1);
    if (last !== undefined && endOf(last) === start && start !== codeEnd) {
      last.name += `+${name}`;
      last.bytes += bytes;
    } else pieces.push({ name, start, bytes });
  }
  const [largest] = pieces.toSorted((a, b) => b.bytes - a.bytes);
  if (largest === undefined) throw new Error(`${chip.name} has no memory of its own`);
  return largest;
}

export type Place =
  | { readonly kind: "place"; readonly place: Region }
  | { readonly kind: "unknown"; readonly region: string; readonly known: readonly string[] }
  | { readonly kind: "apart" };

/** The bytes of the regions with these names, whatever the case of their letters: they must lie side by side. */
export function placeOf(names: readonly string[], chip: Chip): Place {
  const own = chip.regions.filter((region) => kindOf(region, chip) !== "alias");
  const chosen: Region[] = [];
  for (const name of names) {
    const isNamed = (region: Region): boolean => region.name.toLowerCase() === name.toLowerCase();
    const found = own.some(isNamed) ? own.filter(isNamed) : chip.regions.filter(isNamed);
    if (found.length === 0) {
      return {
        kind: "unknown",
        region: name,
        known: [...new Set(chip.regions.map((region) => region.name))],
      };
    }
    chosen.push(...found.filter((region) => !chosen.includes(region)));
  }
  const [first, ...others] = chosen.toSorted((a, b) => a.start - b.start);
  if (first === undefined) return { kind: "apart" };
  let end = endOf(first);
  for (const region of others) {
    if (region.start !== end || end === codeEnd) return { kind: "apart" };
    end = endOf(region);
  }
  const name = [...new Set(chosen.map((region) => region.name))].join("+");
  return { kind: "place", place: { name, start: first.start, bytes: end - first.start } };
}
