/** Bytes against bytes. */

/** Index of the first that differs, of two arrays of one length; undefined: none does. */
export function firstDifference(one: Uint8Array, other: Uint8Array): number | undefined {
  const isAligned = one.byteOffset % 4 === 0 && other.byteOffset % 4 === 0;
  const words = isAligned ? one.length >>> 2 : 0;
  const [left, right] = [one, other].map(({ buffer, byteOffset }) =>
    words === 0 ? new Uint32Array(0) : new Uint32Array(buffer, byteOffset, words),
  );
  let at = 0;
  while (at < words && left?.[at] === right?.[at]) at++;
  for (at *= 4; at < one.length; at++) if (one[at] !== other[at]) return at;
  return undefined;
}
