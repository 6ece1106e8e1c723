/** What an importer is: a format by its name, how it is recognised, and the events of a file of it. */
import type { HeapEvent } from "./event.js";

/** A file to import. */
export interface Source {
  /** The first bytes, up to a mebibyte: what a format is recognised by. */
  readonly head: Uint8Array;
  /** The whole, in pieces, from the start. */
  readonly pieces: () => Iterable<Uint8Array>;
  /** Text that describes a binary file and comes with it: CTF's metadata. */
  readonly metadata: string | undefined;
}

export interface Importer {
  /** After --from. */
  readonly name: string;
  /** What a file of it holds, for a message about one that holds nothing. */
  readonly holds: string;
  /** How many events its first bytes seem to hold; 0: it is something else. */
  readonly recognise: (source: Source) => number;
  readonly events: (source: Source) => Iterable<HeapEvent>;
  /** Lines of the trace's header: the clock and the like; asked after the last event. */
  readonly header?: (source: Source) => ReadonlyMap<string, string>;
}

/** The bytes of a binary file. */
export const wholeOf = ({ pieces }: Source): Buffer => Buffer.concat([...pieces()]);

/** How many lines of the first bytes a pattern matches. */
export function countLines({ head }: Source, pattern: RegExp): number {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  const global = new RegExp(pattern.source, "gm");
  return text.match(global)?.length ?? 0;
}
