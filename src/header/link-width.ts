/** How wide links are, and what they count in. */
import type { HeaderConfig } from "./config.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";

/** Width of a link that counts in at most `unitBytes`, or the width the config pins. */
export function linkBytesFor(
  config: HeaderConfig,
  heapBytes: number,
  unitBytes: number,
  diagnostics: Diagnostic[],
): 2 | 4 {
  const reach = 0x10000 * unitBytes;
  const narrowest = heapBytes <= reach ? 2 : 4;
  const { width } = config.links;
  if (width === 16 && narrowest === 4) {
    diagnostics.push(
      diagnose("link-too-narrow", { reach, heapBytes }, { path: ["header", "links", "width"] }),
    );
  }
  return width === "auto" ? narrowest : width === 16 ? 2 : 4;
}

/** What links of a width must count in, to reach all of the heap. A power of two. */
export function linkUnitBytes(linkBytes: 2 | 4, heapBytes: number): number {
  return linkBytes === 4 ? 1 : Math.max(1, 2 ** Math.ceil(Math.log2(heapBytes / 0x10000)));
}
