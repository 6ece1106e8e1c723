import { expect, it } from "vitest";
import { repeat } from "./repeat.js";

/** Changes that a test makes: each is what happens while somebody waits. */
function tried(
  script: readonly (() => void)[],
  files: Map<string, string>,
  run: () => void = () => undefined,
) {
  const runs: string[][] = [];
  const watched: string[][] = [];
  let closed = 0;
  const steps = [...script];
  const done = repeat({
    inputs: () => [...files.keys()],
    contentOf: (path) => files.get(path) ?? "",
    run: () => {
      runs.push([...files.values()]);
      run();
      return Promise.resolve();
    },
    changesOf: (paths) => {
      watched.push([...paths]);
      return {
        next: () => {
          const step = steps.shift();
          step?.();
          return Promise.resolve(step !== undefined);
        },
        close: () => {
          closed += 1;
        },
      };
    },
  });
  return { done, runs, watched, closed: () => closed };
}

it("runs once, and again for each change of what it reads", async () => {
  const files = new Map([["a.json", "1"]]);
  const change = (to: string) => () => void files.set("a.json", to);
  const { done, runs, closed } = tried([change("2"), change("3")], files);
  await done;
  expect(runs).toEqual([["1"], ["2"], ["3"]]);
  expect(closed()).toBe(3);
});

it("does not run for files that were saved as they were", async () => {
  const files = new Map([["a.json", "1"]]);
  const same = () => void files.set("a.json", "1");
  const { done, runs } = tried([same, same], files);
  await done;
  expect(runs).toHaveLength(1);
});

it("runs once more for what changes during a run, and watches what the config then names", async () => {
  const files = new Map([["a.json", "1"]]);
  let isFirst = true;
  const { done, runs, watched } = tried([], files, () => {
    if (isFirst) files.set("a.json", "2").set("b.trace", "a 1 24");
    isFirst = false;
  });
  await done;
  expect(runs).toEqual([["1"], ["2", "a 1 24"]]);
  expect(watched).toEqual([["a.json"], ["a.json", "b.trace"]]);
});
