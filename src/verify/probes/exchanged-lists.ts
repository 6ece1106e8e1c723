/** Two free lists that have each other's blocks: every link, bit and count is right, and sizes alone belie it. */
import { readMember, type Member } from "../../layout/decode/numbers.js";
import type { Plan } from "../../plan/plan.js";
import { metadataImage } from "../../reference/image.js";
import type { Block } from "../../reference/block.js";
import type { ProbedHeap } from "./probed-heap.js";

/** Where a list begins: its head, and where its first block leads back to that. Offsets in the heap. */
interface Ends {
  readonly head: number;
  readonly back: number;
}

/**
 * The heap's bytes from the control data on, as they are where the first blocks of two lists are exchanged with all that
 * follow them; undefined where no two lists hold blocks that lead back to their heads.
 */
export function exchangedLists({ plan, guest, reference }: ProbedHeap): Uint8Array | undefined {
  const heads = plan.control.find(({ name }) => name === "first");
  if (heads === undefined || heads.count < 2) return undefined;
  const width = heads.bytes;
  if (width !== 2 && width !== 4) return undefined;
  const member: Member = { offset: heads.offset, bytes: width, count: heads.count };
  const image = metadataImage(plan, reference);
  const memory = new DataView(guest.bytes.buffer, guest.bytes.byteOffset, plan.heapBytes);
  const [one, other] = [...reference.blocks()].flatMap((block): readonly Ends[] => {
    const { previous, headLink } = block.free ? reference.links(block) : {};
    if (headLink === undefined || previous !== undefined) return [];
    const ends = endsOf({ plan, block, headLink, member, memory, mask: image.mask });
    return ends === undefined ? [] : [ends];
  });
  if (one === undefined || other === undefined) return undefined;
  const changed = guest.bytes.slice(0, Math.max(one.back, other.back) + width);
  for (const [to, from] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const end of ["head", "back"] as const)
      changed.set(guest.bytes.subarray(from[end], from[end] + width), to[end]);
  }
  return changed;
}

/** Which head leads to a block, and where that block leads back; undefined where memory does not tell. */
function endsOf({
  plan,
  block,
  headLink,
  member,
  memory,
  mask,
}: {
  readonly plan: Plan;
  readonly block: Block;
  readonly headLink: number;
  readonly member: Member;
  readonly memory: DataView;
  readonly mask: Uint8Array;
}): Ends | undefined {
  const { bytes: width, count } = member;
  const payload = block.start + plan.header.bytes;
  const index = Array.from({ length: count }, (_, at) => readMember(memory, member, at)).findIndex(
    (link) => link > 0 && payload % link === 0 && payload / link <= plan.granuleBytes,
  );
  const places = [payload, payload + width].filter((at) => {
    if (mask[at] === 0 || at + width > block.start + block.size) return false;
    return (width === 2 ? memory.getUint16(at, true) : memory.getUint32(at, true)) === headLink;
  });
  const [back] = places;
  return index < 0 || back === undefined ? undefined : { head: member.offset + index * width, back };
}
