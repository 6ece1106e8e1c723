/** Numbers as `src/report/page/pack.ts` packs them. */
import type { Packed } from "../src/report/page/data.js";

export async function unpacked(text: Packed): Promise<Float64Array> {
  const bytes = await inflated(text);
  let count = 0;
  for (const byte of bytes) if (byte < 128) count++;
  const values = new Float64Array(count);
  for (let at = 0, index = 0; index < count; index++) {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    values[index] = value;
  }
  return values;
}

export async function unpackedSteps(text: Packed): Promise<Float64Array> {
  const values = await unpacked(text);
  let sum = 0;
  for (const [index, code] of values.entries()) {
    sum += code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    values[index] = sum;
  }
  return values;
}

async function inflated(text: Packed): Promise<Uint8Array> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
