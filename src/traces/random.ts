/** Seeded random numbers: the same seed gives the same workload on every machine. */

export interface Random {
  /** A whole number from 0 to `limit - 1`; `limit` is 1 to 2^32. */
  below(limit: number): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True with the probability `share`, 0 to 1. */
  chance(share: number): boolean;
  /** A real number, 0 <= x < 1, with 32 random bits. */
  unit(): number;
}

/**
 * sfc32, the "small fast counting" generator of Chris Doty-Humphrey's PractRand: 128 bits of state with a counter in
 * it, so that no seed gives a period below 2^32. It is seeded with a whole number from 0 to 2^32 - 1 and a text that
 * keeps workloads of one seed apart, and its first numbers are thrown away until the state is mixed.
 */
export function seededRandom(seed: number, purpose: string): Random {
  let a = seed >>> 0;
  let b = fnv1a(purpose);
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  const unit = () => next() / 2 ** 32;
  const below = (limit: number) => Math.floor(unit() * limit);
  return {
    unit,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => unit() < share,
  };
}

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
