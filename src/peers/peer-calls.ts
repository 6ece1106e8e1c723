/** The C through which the replay driver calls a peer whose functions take more than their C standard arguments. */
import type { Peer, PeerCall } from "./peer.js";

/** Names of the functions the driver calls. */
export interface PeerNames {
  readonly init: string;
  readonly malloc: string;
  readonly free: string;
  readonly realloc?: string;
}

/** Name of the variable that holds the heap's size. */
export const heapBytesSymbol = "alloc_gen_heap_bytes";
/** Where init ends that did not take the heap. */
export const initFailedSymbol = "alloc_gen_init_failed";

/** A function is called directly where its name says it all. */
export function peerNames({ malloc, free, realloc }: Peer): PeerNames {
  const nameOf = (given: PeerCall, own: string): string => (given.call === undefined ? given.function : own);
  return {
    init: "alloc_gen_init",
    malloc: nameOf(malloc, "alloc_gen_malloc"),
    free: nameOf(free, "alloc_gen_free"),
    ...(realloc === undefined ? {} : { realloc: nameOf(realloc, "alloc_gen_realloc") }),
  };
}

/** A file of its own, so that no compiler takes the number for granted: another may be put in its place. */
export const heapSize = (heapBytes: number): string =>
  `#include <stddef.h>\n\nconst size_t ${heapBytesSymbol} = ${heapBytes}U;\n`;

/** This file is compiled like the peer's sources, and none of its cycles and bytes of code are counted. */
export function peerCalls(peer: Peer): string {
  const { prelude, init, malloc, free, realloc } = peer;
  return [
    "#include <stddef.h>",
    "#include <stdint.h>",
    "",
    ...prelude,
    "",
    "extern unsigned char alloc_gen_heap[];",
    `extern const size_t ${heapBytesSymbol};`,
    "",
    `__attribute__((noinline, used)) void ${initFailedSymbol}(void)`,
    "{",
    "    __builtin_trap();",
    "}",
    "",
    "void alloc_gen_init(void)",
    "{",
    ...(init === undefined ? [] : initBody(init)),
    "}",
    ...wrapper(malloc, "void *alloc_gen_malloc(size_t bytes)", "return "),
    ...wrapper(free, "void alloc_gen_free(void *block)", "(void)"),
    ...wrapper(realloc, "void *alloc_gen_realloc(void *block, size_t bytes)", "return "),
    "",
  ].join("\n");
}

function wrapper(given: PeerCall | undefined, signature: string, before: string): readonly string[] {
  if (given?.call === undefined) return [];
  return ["", signature, "{", `    ${before}(${given.call});`, "}"];
}

function initBody({ call, succeeds }: NonNullable<Peer["init"]>): readonly string[] {
  const test =
    succeeds === undefined ? [] : [`    if (!(${succeeds})) {`, `        ${initFailedSymbol}();`, "    }"];
  return [
    "    unsigned char *const start = alloc_gen_heap;",
    `    const size_t bytes = ${heapBytesSymbol};`,
    "    (void)start;",
    "    (void)bytes;",
    `    (void)(${call});`,
    ...test,
  ];
}
