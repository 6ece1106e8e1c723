/** Of a multi-heap, files for CMake and make that build it with its heaps, where all of them have such a file. */
import { render } from "../../csource/render.js";
import type { GeneratedFile } from "../c/emit.js";
import type { OutputHeap } from "../output.js";

const builds = [
  { kind: "cmake", ending: "cmake" },
  { kind: "make", ending: "mk" },
] as const;

export function frontBuilds(heaps: readonly OutputHeap[], front: string): readonly GeneratedFile[] {
  const [first] = heaps;
  if (first === undefined) return [];
  const { version, configName } = first.provenance;
  const names = heaps.map(({ plan: { name } }) => ({ name, NAME: name.toUpperCase() }));
  return builds
    .filter(({ kind }) => heaps.every(({ glue }) => glue.some((choice) => choice.kind === kind)))
    .map(({ ending }) => {
      const file = `${front}.${ending}`;
      const brief = `The build of ${front} and of its heaps.`;
      const view = { file, brief, mark: "#", version, configName, heaps: names };
      return {
        name: file,
        text: render(`packages/front.${ending}`, { ...view, name: front, NAME: front.toUpperCase() }),
      };
    });
}
