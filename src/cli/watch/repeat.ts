/** Runs, and runs again whenever what was read is another. */
import type { Changes } from "./changes.js";

export interface Repeated {
  /** Absolute paths of what the next run reads; they may be others after each run. */
  readonly inputs: () => readonly string[];
  readonly run: () => Promise<void>;
  readonly changesOf: (paths: readonly string[]) => Changes;
  /** Something that is another when a file's content is. */
  readonly contentOf: (path: string) => string;
}

/** Ends when changes do. What changes while a run is under way leads to one more. */
export async function repeat({ inputs, run, changesOf, contentOf }: Repeated): Promise<void> {
  for (;;) {
    const paths = inputs();
    const changes = changesOf(paths);
    const state = (): string => JSON.stringify(paths.map(contentOf));
    try {
      const before = state();
      await run();
      // A file that was touched or saved as it was is no change.
      while (state() === before) if (!(await changes.next())) return;
    } finally {
      changes.close();
    }
  }
}
