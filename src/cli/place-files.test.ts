import { basename, dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "./file-system.js";
import { placeFiles, recoverFiles, type FileChange } from "./place-files.js";

class Killed extends Error {}

/** Files in memory, for a process that is killed before its nth step; a write that it is killed in leaves a half. */
class Disk implements FileSystem {
  steps = 0;
  process = 1;
  killedAt = Infinity;
  /** Renames to here fail. */
  refused = "";

  constructor(readonly files: Map<string, string> = new Map()) {}

  #step(killed: () => void = () => undefined): void {
    this.steps += 1;
    if (this.steps < this.killedAt) return;
    // Who catches this is dead: nothing has an effect any more.
    if (this.steps === this.killedAt) killed();
    throw new Killed();
  }

  read(path: string): Buffer | undefined {
    const text = this.files.get(path);
    return text === undefined ? undefined : Buffer.from(text);
  }
  write(path: string, content: Buffer): void {
    const text = content.toString();
    this.#step(() => this.files.set(path, text.slice(0, text.length / 2)));
    this.files.set(path, text);
  }
  rename(from: string, to: string): void {
    this.#step();
    const text = this.files.get(from);
    if (text === undefined || to === this.refused) throw new Error(`cannot rename ${from}`);
    this.files.delete(from);
    this.files.set(to, text);
  }
  remove(path: string): void {
    this.#step();
    this.files.delete(path);
  }
  makeFolder(): void {
    this.#step();
  }
  list(folder: string): readonly string[] {
    return [...this.files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
  }
  isRunning(process: number): boolean {
    return process === 77;
  }

  /** What is there, for another process that is not killed. */
  next(killedAt = Infinity): Disk {
    const next = new Disk(new Map(this.files));
    next.process = this.process + 1;
    next.killedAt = killedAt;
    next.refused = this.refused;
    return next;
  }
  get state(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const old = { "/gen/a.c": "old a", "/gen/a.h": "old h", "/gen/mine.txt": "mine" };
const fresh = { ...old, "/gen/a.c": "new a", "/gen/a.h": "new h", "/gen/a.ts": "new ts", "/other/x": "x" };
const changes: readonly FileChange[] = ["/gen/a.c", "/gen/a.h", "/gen/a.ts", "/other/x"].map((path) => ({
  path,
  before: bufferOf(old, path),
  after: bufferOf(fresh, path),
}));

function bufferOf(files: Readonly<Record<string, string>>, path: string): Buffer | undefined {
  const text = files[path];
  return text === undefined ? undefined : Buffer.from(text);
}

const folders = ["/gen", "/other"];
const begin = (killedAt = Infinity): Disk => new Disk(new Map(Object.entries(old))).next(killedAt);

/** Runs to the end, or to where the process is killed. */
function live(disk: Disk, run: (disk: Disk) => void): Disk {
  try {
    run(disk);
  } catch (error) {
    if (disk.steps < disk.killedAt) throw error;
  }
  return disk;
}

const isOld = (disk: Disk): boolean => isDeepStrictEqual(withoutOurs(disk), old);
const isNew = (disk: Disk): boolean => isDeepStrictEqual(withoutOurs(disk), fresh);
const isOurs = (path: string): boolean => basename(path).startsWith(".alloc-gen.");
const withoutOurs = (disk: Disk) =>
  Object.fromEntries(Object.entries(disk.state).filter(([path]) => !isOurs(path)));
const hasJournal = (disk: Disk): boolean => [...disk.files.keys()].some((path) => path.endsWith(".journal"));
const place = (disk: Disk): void => placeFiles(disk, changes);
const recover = (disk: Disk): void => recoverFiles(disk, folders);

function stepsOf(begun: Disk, run: (disk: Disk) => void): readonly number[] {
  run(begun);
  return Array.from({ length: begun.steps }, (_, index) => index + 1);
}

describe("placing files", () => {
  it("leaves the new files and nothing else", () => {
    const disk = begin();
    place(disk);
    expect(disk.state).toEqual(fresh);
  });

  it("is all or nothing wherever the process is killed: the next run finds a journal, or nothing has changed", () => {
    const outcomes = new Set<string>();
    for (const killedAt of stepsOf(begin(), place)) {
      const killed = live(begin(killedAt), place);
      // A mixture is never without what tells of it.
      expect(isOld(killed) || isNew(killed) || hasJournal(killed)).toBe(true);
      const next = killed.next();
      recover(next);
      expect([old, fresh]).toContainEqual(next.state);
      outcomes.add(
        `${isOld(killed) ? "old" : isNew(killed) ? "new" : "mixed"} to ${isOld(next) ? "old" : "new"}`,
      );
    }
    expect([...outcomes]).toEqual(["old to old", "old to new", "mixed to new", "new to new"]);
  });

  it("is all or nothing even if the next run is killed too", () => {
    let tried = 0;
    for (const killedAt of stepsOf(begin(), place)) {
      const killed = live(begin(killedAt), place);
      for (const again of stepsOf(killed.next(), recover)) {
        const third = live(killed.next(again), recover).next();
        recover(third);
        expect([old, fresh]).toContainEqual(third.state);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(50);
  });

  it("takes back what it has done where a file cannot be placed, wherever it is killed in that", () => {
    for (const refused of ["/gen/a.c", "/gen/a.h", "/gen/a.ts", "/other/x"]) {
      const refusing = (killedAt?: number): Disk => Object.assign(begin(killedAt), { refused });
      const whole = refusing();
      expect(() => place(whole)).toThrow(`cannot write ${refused}: cannot rename`);
      expect(whole.state).toEqual(old);
      for (let killedAt = 1; killedAt <= whole.steps; killedAt++) {
        const next = live(refusing(killedAt), place).next();
        next.refused = "";
        recover(next);
        expect([old, fresh]).toContainEqual(next.state);
      }
    }
  });

  it("leaves alone what another process is writing, and files that are only called alike", () => {
    const disk = begin();
    disk.files.set("/gen/.alloc-gen.77.journal", "[]");
    disk.files.set("/gen/.alloc-gen.x.journal", "mine");
    disk.files.set("/gen/a.c.12.tmp", "mine");
    const before = disk.state;
    recover(disk);
    expect(disk.state).toEqual(before);
  });

  it("leaves a file that somebody wrote after the run was killed", () => {
    for (const killedAt of stepsOf(begin(), place)) {
      const next = live(begin(killedAt), place).next();
      const wasNew = next.files.get("/gen/a.h") === "new h";
      next.files.set("/gen/a.h", "edited");
      recover(next);
      expect([wasNew, next.state["/gen/a.h"]]).toEqual([wasNew, "edited"]);
      expect(Object.keys(next.state).filter(isOurs)).toEqual([]);
    }
  });

  it("keeps what another folder's journal may need", () => {
    for (const killedAt of stepsOf(begin(), place)) {
      const elsewhere = live(begin(killedAt), place).next();
      recoverFiles(elsewhere, ["/other"]);
      const next = elsewhere.next();
      recover(next);
      expect([old, fresh]).toContainEqual(next.state);
    }
  });

  it("takes a journal that is not ours for none", () => {
    for (const text of [
      "",
      "{}",
      "[1]",
      '[{"path":"/gen/mine.txt","temporary":"/etc/passwd","before":null}]',
    ]) {
      const disk = begin();
      disk.files.set("/gen/.alloc-gen.5.journal", text);
      recover(disk);
      expect(disk.state).toEqual(old);
    }
  });
});
