/** bench/results.md: the figures of bench/results.json for people. */
import { strideSizes } from "../src/peers/strides.js";
import { formatCount } from "../src/report/table.js";
import {
  cores,
  levels,
  type AllocatorFigures,
  type Build,
  type Core,
  type FieldResults,
  type Level,
} from "./field-data.js";

const coreNames: Readonly<Record<Core, string>> = { "cortex-m4": "M4", "cortex-m0plus": "M0+" };
const builds = cores.flatMap((core) => levels.map((level) => ({ core, level })));

export function fieldText(everything: FieldResults): string {
  const isSpecial = ({ special }: AllocatorFigures): boolean => special === true;
  const singles = everything.allocators.filter(isSpecial);
  const results = { ...everything, allocators: everything.allocators.filter((one) => !isSpecial(one)) };
  return (
    [
      "# Measured against the field",
      [
        `Made by \`npm run bench\` on ${results.date} with ${results.toolchain} and ${results.engine}; cycles are modelled:`,
        ...cores.map((core) => `- ${coreNames[core]}: ${results.models[core]}`),
      ].join("\n"),
      "Generated allocators are in **bold**; their configs are in `bench/configs/`. All stand in 64 KiB, aligned to 8 bytes" +
        " where nothing else is said. `tlsf` has the classes and the search of the peer TLSF. What the figures mean is in [docs/compare.md](../docs/compare.md). Peers are in" +
        " their default configuration, assertions and locks off.",
      "## Size and layout",
      "Flash in bytes: malloc, free, init and what they pull in.",
      layoutTable(everything),
      releases(everything),
      "## Worst cycles",
      "Of any malloc / any free in the six drawn traces.",
      worstTable(results),
      ...singlePurpose(singles),
      "## Mean cycles on the Cortex-M4 at -O2",
      "malloc / free.",
      meanTable(results),
      everywhereSection(results),
      "## Least RAM that serves a whole trace",
      "Heap and control data, over the payload live at most. `*`: a larger heap fails again. The last columns: the best of" +
        " all peers, and how the first config stands to it.",
      leastTable(results),
    ].join("\n\n") + "\n"
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

const nameOf = ({ name, generated }: AllocatorFigures): string => (generated ? `**${name}**` : name);

function buildOf({ builds: all }: AllocatorFigures, core: Core, level: Level): Build | undefined {
  return all.find((build) => build.core === core && build.level === level);
}

function layoutTable({ allocators }: FieldResults): string {
  const head = [
    "allocator",
    ...builds.map(({ core, level }) => `${coreNames[core]} ${level}`),
    ...["control", `blocks of ${strideSizes.join("/")}`, "alignment"],
  ];
  const rows = allocators.map((allocator) => [
    nameOf(allocator),
    ...builds.map(({ core, level }) => formatCount(buildOf(allocator, core, level)?.flashBytes ?? 0)),
    allocator.controlBytes === null ? "-" : formatCount(allocator.controlBytes),
    strideSizes.map((size) => allocator.strideBytes[size] ?? "-").join("/"),
    String(allocator.alignmentBytes),
  ]);
  return table(head, rows);
}

function releases({ allocators }: FieldResults): string {
  const known = allocators.flatMap(({ name, version }) =>
    version === undefined ? [] : [`${name} ${version}`],
  );
  return `Releases: ${known.join(", ")}; those of the C libraries are the toolchain's.`;
}

const isDrawn = (name: string): boolean => name.startsWith("synthetic-");

function worst(build: Build | undefined, which: "malloc" | "free", of: (name: string) => boolean): number {
  const figures = build?.traces.filter(({ name }) => of(name)) ?? [];
  return Math.max(0, ...figures.map((trace) => trace[which].cycles.max));
}

/** Allocators for one purpose, each on its own trace. */
function singlePurpose(allocators: readonly AllocatorFigures[]): readonly string[] {
  if (allocators.length === 0) return [];
  const every = (): boolean => true;
  const rows = allocators.map((allocator) => [
    nameOf(allocator),
    ...builds.map(({ core, level }) => {
      const build = buildOf(allocator, core, level);
      return `${worst(build, "malloc", every)} / ${worst(build, "free", every)}`;
    }),
  ]);
  return [
    "Allocators for one purpose, on a trace of their own: a pool on blocks of one size, an arena that is never freed.",
    table(["allocator", ...builds.map(({ core, level }) => `${coreNames[core]} ${level}`)], rows),
  ];
}

function worstTable({ allocators }: FieldResults): string {
  const head = ["allocator", ...builds.map(({ core, level }) => `${coreNames[core]} ${level}`)];
  const rows = allocators.map((allocator) => [
    nameOf(allocator),
    ...builds.map(({ core, level }) => {
      const build = buildOf(allocator, core, level);
      return `${formatCount(worst(build, "malloc", isDrawn))} / ${formatCount(worst(build, "free", isDrawn))}`;
    }),
  ]);
  return table(head, rows);
}

function meanTable({ allocators, traces }: FieldResults): string {
  const names = traces.map(({ name }) => name).filter(isDrawn);
  const rows = allocators.map((allocator) => {
    const build = buildOf(allocator, "cortex-m4", "-O2");
    const cells = names.map((name) => {
      const trace = build?.traces.find((one) => one.name === name);
      if (trace === undefined) return "-";
      const { malloc, free } = trace;
      const failed = malloc.failed > 0 ? ` (${formatCount(malloc.failed)} failed)` : "";
      return `${formatCount(malloc.cycles.mean)} / ${formatCount(free.cycles.mean)}${failed}`;
    });
    return [nameOf(allocator), ...cells];
  });
  return table(["allocator", ...names.map((name) => name.replace("synthetic-", ""))], rows);
}

/** Of the config that is replayed on recorded programs too. */
function everywhereSection({ allocators, traces }: FieldResults): string {
  const first = allocators.find((allocator) => allocator.builds[0]?.traces.length === traces.length);
  if (first === undefined) return "";
  const rows = traces.map(({ name }) => [
    name,
    ...builds.map(({ core, level }) => {
      const build = buildOf(first, core, level);
      const only = (other: string): boolean => other === name;
      return `${formatCount(worst(build, "malloc", only))} / ${formatCount(worst(build, "free", only))}`;
    }),
  ]);
  const every = (): boolean => true;
  const all = builds.map(({ core, level }) => {
    const build = buildOf(first, core, level);
    return `**${formatCount(worst(build, "malloc", every))} / ${formatCount(worst(build, "free", every))}**`;
  });
  const head = ["trace", ...builds.map(({ core, level }) => `${coreNames[core]} ${level}`)];
  return [
    `## Worst cycles of \`${first.name}\` on every trace`,
    "malloc / free; recorded programs in 240 KiB.",
    table(head, [...rows, ["all", ...all]]),
  ].join("\n\n");
}

function leastTable({ allocators, traces }: FieldResults): string {
  const ratioOf = (allocator: AllocatorFigures, name: string, peak: number): number | undefined => {
    const least = allocator.leastHeaps.find(({ trace }) => trace === name)?.least;
    return least ? least.ramBytes / peak : undefined;
  };
  const [first] = allocators;
  const peers = allocators.filter(({ generated }) => !generated);
  const shares: number[] = [];
  const rows = traces.map(({ name, peakBytes }) => {
    const cells = allocators.map((allocator) => {
      const ratio = ratioOf(allocator, name, peakBytes);
      const unsteady =
        allocator.leastHeaps.find(({ trace }) => trace === name)?.least?.steadyFrom !== undefined;
      return ratio === undefined ? "-" : `${ratio.toFixed(3)}${unsteady ? "\\*" : ""}`;
    });
    const best = Math.min(...peers.map((peer) => ratioOf(peer, name, peakBytes) ?? Infinity));
    const own = first && ratioOf(first, name, peakBytes);
    if (own !== undefined) shares.push(own / best);
    return [name, ...cells, best.toFixed(3), own === undefined ? "-" : percent(own / best)];
  });
  const mean = Math.exp(shares.reduce((sum, share) => sum + Math.log(share), 0) / Math.max(1, shares.length));
  const blank = allocators.map(() => "");
  return table(
    ["trace", ...allocators.map(nameOf), "best peer", `${first?.name ?? ""} to it`],
    [...rows, ["geometric mean", ...blank, "", percent(mean)]],
  );
}

const percent = (share: number): string =>
  `${share >= 1 ? "+" : "-"}${Math.abs(100 * (share - 1)).toFixed(1)} %`;
