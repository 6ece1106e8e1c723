/** Who does the works of a search: this process, others beside it, or an earlier run. */
import { sha256, type BuildCache } from "../toolchain/cache.js";
import { decode, encode } from "./encode.js";
import type { ResultOf, TuneWork, Work, WorkRequest } from "./work.js";

export interface Hands {
  /** @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed */
  do<Asked extends Work>(work: Asked): Promise<ResultOf<Asked>>;
  close(): Promise<void>;
}

/** One work after the other. */
export function ownHands(work: TuneWork): Hands {
  let last: Promise<unknown> = Promise.resolve();
  return {
    do: <Asked extends Work>(asked: Asked) => {
      const done = last.then(() => work.do(asked));
      last = done.catch(() => undefined);
      return done;
    },
    close: () => Promise.resolve(),
  };
}

/** What is done is kept: a search that was stopped goes on where it was. */
export function keptHands(hands: Hands, cache: BuildCache, identity: string): Hands {
  return {
    do: async <Asked extends Work>(work: Asked) => {
      const key = sha256(`tune ${identity} ${JSON.stringify(work)}`);
      const known = cache.read(key);
      if (known !== undefined) return decode(Buffer.from(known).toString("utf8")) as ResultOf<Asked>;
      const result = await hands.do(work);
      cache.write(key, Buffer.from(encode(result)));
      return result;
    },
    close: () => hands.close(),
  };
}

/**
 * What tells results of one search from those of others.
 * @param tools versions of everything that measures
 */
export function identityOf(
  { base, traces, confidence, levels, alignments = [] }: WorkRequest,
  tools: readonly string[],
): string {
  const traced = traces.map(({ operations }) => sha256(JSON.stringify(operations)));
  return sha256(JSON.stringify([tools, base, traced, confidence, levels, alignments]));
}
