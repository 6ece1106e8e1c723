/** Damage that `check` must notice: whatever reading the heap's memory finds wrong, and figures that its blocks belie. */
import { inspect } from "../../inspect/inspect.js";
import type { Random } from "../../traces/random.js";
import type { Plan } from "../../plan/plan.js";
import { metadataImage } from "../../reference/image.js";
import { exchangedLists } from "./exchanged-lists.js";
import { describeBool } from "./guest-heap.js";
import type { Observation } from "./probe.js";
import type { ProbedHeap } from "./probed-heap.js";

/** Bytes that take the place of others. */
interface Damage {
  readonly what: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Whether it must be noticed, whatever a reading of memory says. */
  readonly isCertain?: boolean;
  /** It is one of the bits that bound blocks: where it alone is wrong, its word is what `check` names. */
  readonly isBoundary?: boolean;
}

/** Bytes of a noise that is written somewhere. */
const noiseBytes = 8;
const noises = 8;
/** Blocks that checks and readings of one state go over, in all: large heaps are damaged less often. */
const mostBlocks = 40_000;
const leastDamages = 12;

export function* checkDamage(heap: ProbedHeap, random: Random): Iterable<Observation> {
  // Free blocks that no list has yet may be told by nothing else.
  if (heap.reference.control().get(unlisted)?.[0] === 1) return;
  const damages = [...figures(heap), ...exchanged(heap), ...noise(heap, random), ...flips(heap, random)];
  const most = Math.max(leastDamages, Math.floor(mostBlocks / heap.blocks().length));
  for (const damage of damages.slice(0, most)) yield* observe(heap, damage);
}

/** Control data that says whether free blocks may be in no list. */
const unlisted = "coalesce_due";

/** Its lowest bit is right as it is and flipped. */
const mayBeEither = `${unlisted}, byte 0 0`;

export const mayBeUnlisted = ({ control }: Plan): boolean => control.some(({ name }) => name === unlisted);

function* observe({ guest, plan }: ProbedHeap, damage: Damage): Iterable<Observation> {
  const place = guest.bytes.subarray(damage.offset, damage.offset + damage.bytes.length);
  const kept = place.slice();
  place.set(damage.bytes);
  const where = guest.out(1);
  const told = guest.tell(guest.call("check", where.address), describeBool);
  // A reading takes longer than the check: it is asked for where the check noticed nothing.
  const mayBeTrue =
    told === "true" && damage.isCertain !== true && inspect(plan, guest.bytes).damage.length === 0;
  const call = `check(&where), ${damage.what}`;
  const named = told === "false" && damage.isBoundary === true ? boundaryWord(plan, guest.bytes) : undefined;
  const change = Buffer.compare(place, damage.bytes) === 0 ? "no effect" : "the damage is gone";
  place.set(kept);
  yield { call, expected: mayBeTrue ? "true" : "false", found: told };
  yield { call, expected: "no effect", found: change };
  if (told === "true") return;
  const address = where.read()[0] ?? 0;
  const isInside = address >= guest.address && address < guest.address + plan.heapBytes;
  const found = isInside ? "inside the heap" : `0x${address.toString(16)}`;
  yield { call: `*where, ${damage.what}`, expected: "inside the heap", found };
  if (named === undefined) return;
  const expectedWord = guest.describeAddress(guest.address + named);
  yield { call: `*where, ${damage.what}`, expected: expectedWord, found: guest.describeAddress(address) };
}

/** Offset of the only number at fault, where that is a word of the bits that bound blocks. */
function boundaryWord(plan: Plan, memory: Uint8Array): number | undefined {
  const [only, another] = inspect(plan, memory).damage;
  return only?.kind === "boundary" && another === undefined ? only.offset : undefined;
}

/** Only sizes of blocks tell that they are in lists of others. */
function exchanged(heap: ProbedHeap): readonly Damage[] {
  const bytes = exchangedLists(heap);
  return bytes === undefined ? [] : [{ what: "the blocks of two lists exchanged", offset: 0, bytes }];
}

/** One bit of each kind of metadata. */
function flips(heap: ProbedHeap, random: Random): readonly Damage[] {
  const { guest, plan } = heap;
  const { mask } = metadataImage(plan, heap.reference);
  const kinds = new Map<string, number[]>();
  const kindAt = kindsOf(heap);
  for (const [offset, byte] of mask.entries()) {
    if (byte === 0) continue;
    const kind = kindAt(offset);
    if (kind === undefined) continue;
    for (let bit = 0; bit < 8; bit++) {
      const key = `${kind} ${bit}`;
      if (((byte >> bit) & 1) === 0 || key === mayBeEither) continue;
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, [8 * offset + bit]);
      else known.push(8 * offset + bit);
    }
  }
  return shuffled([...kinds.values()], random).map((bits) => {
    const chosen = bits[random.below(bits.length)] ?? 0;
    const [offset, bit] = [chosen >> 3, chosen & 7];
    const flipped = (guest.bytes[offset] ?? 0) ^ (1 << bit);
    return {
      ...{ what: `bit ${bit} at offset ${offset} flipped`, offset, bytes: Uint8Array.of(flipped) },
      isBoundary: kindAt(offset)?.startsWith("bits,") === true,
    };
  });
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((each) => ({ each, at: random.unit() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ each }) => each);
}

/** What kind of metadata a byte is of; undefined: of none that is to be damaged. */
function kindsOf({ plan, reference }: ProbedHeap): (offset: number) => string | undefined {
  const byStart = [...reference.blocks()];
  let at = 0;
  return (offset) => {
    const field = plan.control.find(
      (each) => offset >= each.offset && offset < each.offset + each.bytes * each.count,
    );
    if (field !== undefined) {
      return `${field.name}, byte ${(offset - field.offset) % field.bytes}`;
    }
    while (at < byStart.length && offset >= (byStart[at]?.start ?? 0) + (byStart[at]?.size ?? 0)) at++;
    const block = byStart[at];
    if (block === undefined || offset < block.start) return "the end";
    const state = block.free ? "free" : block.quick ? "waiting" : "used";
    const [before, behind] = [offset - block.start, block.start + block.size - offset];
    return behind < 5 && before > 8
      ? `${state} block, ${behind} before its end`
      : `${state} block, ${before}`;
  };
}

/** Figures that the blocks belie. */
function figures({ plan, guest }: ProbedHeap): readonly Damage[] {
  return plan.control
    .filter(({ name }) => name === "used_bytes")
    .map(({ offset, bytes }) => {
      const changed = guest.bytes.slice(offset, offset + bytes);
      const bit = Math.log2(plan.granuleBytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return { what: "used_bytes changed by a granule", offset, bytes: changed, isCertain: true };
    });
}

/** A few bytes somewhere, overwritten. */
function noise({ plan }: ProbedHeap, random: Random): readonly Damage[] {
  return Array.from({ length: noises }, (_, index) => {
    const filling = [0, 0xff, random.below(256)][index % 3] ?? 0;
    const area = index % 2 === 0 ? Math.max(plan.firstBlock, noiseBytes) : plan.heapBytes;
    const offset = random.below(Math.max(1, area - noiseBytes));
    const bytes = new Uint8Array(noiseBytes).fill(filling);
    const what = `${noiseBytes} bytes from offset ${offset} on set to 0x${filling.toString(16)}`;
    return { what, offset, bytes };
  });
}
