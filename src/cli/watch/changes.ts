/** Told when files may have changed. */
import { watch } from "node:fs";
import { basename, dirname } from "node:path";

export interface Changes {
  /** True once something may have changed since the last time; false when nobody waits any longer. */
  next(): Promise<boolean>;
  close(): void;
}

/** Watches the folders of the files: editors put another file in a file's place, which a watch of the file does not survive. */
export function changesOf(paths: readonly string[], ended: AbortSignal): Changes {
  const queue = new ChangeQueue(ended);
  const folders = new Set(paths.map((path) => dirname(path)));
  const watchers = [...folders].map((folder) => {
    const names = new Set(paths.filter((path) => dirname(path) === folder).map((path) => basename(path)));
    const watcher = watch(folder, (_event, name) => {
      if (name === null || names.has(name)) queue.add();
    });
    // A folder that is gone has nothing to tell.
    watcher.on("error", () => queue.add());
    return watcher;
  });
  return {
    next: () => queue.next(),
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Changes that nobody has asked for yet count as one. */
class ChangeQueue {
  #waits = false;
  #wake: ((changed: boolean) => void) | undefined;

  constructor(private readonly ended: AbortSignal) {
    ended.addEventListener("abort", () => this.#wake?.(false), { once: true });
  }

  add(): void {
    this.#waits = true;
    this.#wake?.(true);
  }

  async next(): Promise<boolean> {
    if (this.ended.aborted) return false;
    if (!this.#waits) {
      const changed = await new Promise<boolean>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
      if (!changed) return false;
    }
    this.#waits = false;
    return true;
  }
}
