/** Numbers of a heap's memory, all little-endian. */

/** Bytes of a number. */
export type Width = 1 | 2 | 4;

/** A bit field of a block's header: bits `shift` and up of the number at `offset`. */
export interface Field {
  /** Bytes from the start of the block. */
  readonly offset: number;
  readonly bytes: Width;
  readonly shift: number;
  /** The field's bits, in place. */
  readonly mask: number;
}

/** A member of the control data: `count` numbers, one behind the other. */
export interface Member {
  /** Bytes from the start of the heap. */
  readonly offset: number;
  readonly bytes: Width;
  readonly count: number;
}

/** The unsigned number at `offset`. @throws RangeError when it does not lie within the heap. */
export function readNumber(heap: DataView, offset: number, bytes: Width): number {
  switch (bytes) {
    case 1:
      return heap.getUint8(offset);
    case 2:
      return heap.getUint16(offset, true);
    case 4:
      return heap.getUint32(offset, true);
  }
}

/** A field of the header at `offset`, as it is stored. @throws RangeError when it does not lie within the heap. */
export function readField(heap: DataView, offset: number, field: Field): number {
  return (readNumber(heap, offset + field.offset, field.bytes) & field.mask) >>> field.shift;
}

/** Number `index`, from 0, of a member of the control data. */
export function readMember(heap: DataView, member: Member, index = 0): number {
  return readNumber(heap, member.offset + index * member.bytes, member.bytes);
}
