/** The part of the catalogue of messages (`src/diagnostics.ts`) that says what of a recording cannot be. */

/** `place` is where the other event stands: "line 12" or "byte 345". */
export const importMessages = {
  "import-free-unknown": (p: { readonly address: string }) =>
    `free of ${p.address}, which is not live: allocated before the recording began, or the allocation is lost; left out`,
  "import-free-twice": (p: { readonly address: string; readonly place: string }) =>
    `free of ${p.address}, which was freed before (${p.place}); left out`,
  "import-free-inside": (p: {
    readonly address: string;
    readonly block: string;
    readonly size: number;
    readonly place: string;
  }) =>
    `free of ${p.address}, which is inside the block at ${p.block} of ${p.size} bytes (${p.place}); left out`,
  "import-live": (p: { readonly address: string; readonly place: string }) =>
    `${p.address} is allocated, and is live already (${p.place}): the event is doubled, or a free is lost, which is put here`,
  "import-overlap": (p: {
    readonly address: string;
    readonly size: number;
    readonly block: string;
    readonly place: string;
  }) =>
    `the block at ${p.address} of ${p.size} bytes overlaps the live one at ${p.block} (${p.place}): its free is lost, and put here`,
  "import-realloc-unknown": (p: { readonly address: string }) =>
    `realloc of ${p.address}, which is not live: allocated before the recording began, or the allocation is lost; taken for a malloc`,
  "import-size": (p: { readonly size: number }) =>
    `${p.size} bytes are more than a trace can hold (at most 4294967295); left out`,
  "import-restart": (p: { readonly live: number }) =>
    `the device starts again: ${p.live} live blocks are taken for freed`,
  "import-lost": (p: { readonly count: number | undefined }) =>
    p.count === undefined
      ? "events are lost here"
      : `${p.count} ${p.count === 1 ? "event is" : "events are"} lost here`,
  "import-unreadable": (p: { readonly what: string }) => p.what,
  "import-nothing": (p: { readonly format: string; readonly holds: string }) =>
    `has no event of the format ${p.format}: ${p.holds}`,
  "import-format": (p: { readonly allowed: string }) =>
    `does not look like a recording that is known: name its format with --from (allowed: ${p.allowed})`,
};
