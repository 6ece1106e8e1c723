/** The worst cycles of what is replayed on recorded programs too. */
import { formatCount } from "../src/report/table.js";
import { levels, mainCores, type AllocatorFigures, type FieldResults } from "./field-data.js";
import { worstCycles as worst } from "./field-figures.js";
import { buildOf, coreNames, table } from "./field-tables.js";

const builds = mainCores.flatMap((core) => levels.map((level) => ({ core, level })));

/** A section for each of them. */
export function everywhereSections({ allocators, traces }: FieldResults): readonly string[] {
  const names = traces.map(({ name }) => name);
  return allocators
    .filter((allocator) => allocator.builds[0]?.traces.length === traces.length)
    .flatMap((allocator) => [
      `## Worst cycles of \`${allocator.name}\` on every trace`,
      "malloc / free; recorded programs in 240 KiB.",
      worstOfEach(allocator, names),
    ]);
}

function worstOfEach(allocator: AllocatorFigures, names: readonly string[]): string {
  const cells = (of: (name: string) => boolean): readonly string[] =>
    builds.map(({ core, level }) => {
      const build = buildOf(allocator, core, level);
      return `${formatCount(worst(build, "malloc", of))} / ${formatCount(worst(build, "free", of))}`;
    });
  const rows = names.map((name) => [name, ...cells((other) => other === name)]);
  const all = ["all", ...cells(() => true).map((cell) => `**${cell}**`)];
  const head = ["trace", ...builds.map(({ core, level }) => `${coreNames[core]} ${level}`)];
  return table(head, [...rows, all]);
}
