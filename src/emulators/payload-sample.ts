/** Which bytes of a payload are filled and checked: of the large blocks of a large heap not all, which would take minutes. */

/** Of heaps up to this size all bytes are: of any block size there are some in such a heap. */
const mostWhole = 1024 * 1024;
/** Blocks up to this size are whole in any heap. */
const wholeBlock = 64 * 1024;
/** At each end of a larger one. */
const endBytes = 16 * 1024;
/** Between its ends so many lines at equal distances, or one in each page where those are fewer. */
const mostLines = 128;
const pageBytes = 4096;
const lineBytes = 64;

/** From the first byte of a payload on up to the second; a multiple of 4 each, but for the end of the payload. */
export type Stretch = readonly [from: number, to: number];

/** In the order of addresses. @param size bytes of the payload */
export function sampleOf(size: number, heapBytes: number): readonly Stretch[] {
  if (heapBytes <= mostWhole || size <= wholeBlock) return [[0, size]];
  const last = size - endBytes - ((size - endBytes) % 4);
  const stride = Math.max(pageBytes, Math.ceil((last - endBytes) / mostLines / 4) * 4);
  const stretches: Stretch[] = [[0, endBytes]];
  for (let at = endBytes; at < last; at += stride) stretches.push([at, Math.min(at + lineBytes, last)]);
  return [...stretches, [last, size]];
}

/** Bytes of its sample. */
export const sampledBytes = (size: number, heapBytes: number): number =>
  heapBytes <= mostWhole || size <= wholeBlock
    ? size
    : sampleOf(size, heapBytes).reduce((sum, [from, to]) => sum + to - from, 0);
