/** bench/results.md: the figures of bench/results.json for people. */
import { strideSizes } from "../src/peers/strides.js";
import { formatCount } from "../src/report/table.js";
import { betterBuild, isDrawn, robustShare, singleShare, worstCycles as worst } from "./field-figures.js";
import { quoted } from "./quoted.js";
import { everywhereSections } from "./field-everywhere.js";
import { otherCores, type AllocatorFigures, type Build, type Core, type FieldResults } from "./field-data.js";
import { buildOf, buildsOf, coreNames, coresOf, nameOf, table } from "./field-tables.js";

export function fieldText(everything: FieldResults): string {
  const isSpecial = ({ special }: AllocatorFigures): boolean => special === true;
  const singles = everything.allocators.filter(isSpecial);
  const results = { ...everything, allocators: everything.allocators.filter((one) => !isSpecial(one)) };
  return (
    [
      "# Measured against the field",
      [
        `Made by \`npm run bench\` on ${results.date} with ${results.toolchain} and ${results.engine}; cycles are modelled:`,
        ...coresOf(results).map((core) => `- ${coreNames[core]}: ${results.models[core] ?? "-"}`),
      ].join("\n"),
      "Generated allocators are in **bold**; their configs are in `bench/configs/`. All stand in 64 KiB, aligned to 8 bytes" +
        " where nothing else is said. `tlsf` has the classes and the search of the peer TLSF. What the figures mean is in [docs/compare.md](../docs/compare.md). Peers are in" +
        " their default configuration, assertions and locks off.",
      "## The frontier",
      "![Memory against the slowest malloc](frontier.svg)",
      frontierNote,
      frontierTable(results),
      ...earlier(results),
      "Quoted, not measured: figures that others published.",
      quotedTable(),
      "## Size and layout",
      "Flash in bytes: malloc, free, init and what they pull in.",
      layoutTable(everything),
      releases(everything),
      "## Worst cycles",
      "Of any malloc / any free in the six drawn traces.",
      worstTable(results),
      ...notMeasured(results),
      ...singlePurpose(singles),
      "## Mean cycles on the Cortex-M4 at -O2",
      "malloc / free.",
      meanTable(results),
      ...everywhereSections(results),
      "## Least RAM that serves a whole trace",
      "Heap and control data, over the payload live at most. `*`: a larger heap fails again. The last columns: the best of" +
        " all peers, and how the first config stands to it.",
      leastTable(results),
    ].join("\n\n") + "\n"
  );
}

const frontierNote = [
  "Cycles are those of the slowest malloc / the slowest free in the six drawn traces in 64 KiB, at the level of",
  "optimisation that has the fewest, and for the presets of segregated fit also in 240 KiB on all traces. Memory is the",
  "least RAM that serves a trace over that of the best peer for that trace, as the geometric mean over all traces: of six",
  "perturbed copies of each trace, at the edge that a binary search finds and where larger heaps serve too (steady); and of",
  "the traces as they are, where one least heap is chance by up to a tenth. Allocators without the former were not tried on",
  "copies, or do not serve every trace, and are no point of the picture.",
].join(" ");

/** Of each allocator of many sizes. */
function frontierTable(results: FieldResults): string {
  const beside = coresOf(results).filter((core) => otherCores.some((other) => other === core));
  const rows = results.allocators.map((allocator) => {
    const cycles = (core: Core, every: boolean): string => {
      const build = betterBuild(allocator, core);
      if (build === undefined || (every && build.traces.length < results.traces.length)) return "";
      const of = every ? () => true : isDrawn;
      return `${formatCount(worst(build, "malloc", of))} / ${formatCount(worst(build, "free", of))} ${build.level}`;
    };
    const share = (value: number | undefined): string => value?.toFixed(3) ?? "-";
    return [
      nameOf(allocator),
      cycles("cortex-m4", false),
      cycles("cortex-m0plus", false),
      ...beside.map((core) => cycles(core, false)),
      cycles("cortex-m4", true),
      cycles("cortex-m0plus", true),
      formatCount(buildOf(allocator, "cortex-m4", "-Os")?.flashBytes ?? 0),
      share(robustShare(results, allocator, "edge")),
      share(robustShare(results, allocator, "steady")),
      share(singleShare(results, allocator)),
    ];
  });
  const head = [
    ...["allocator", "M4", "M0+", ...beside.map((core) => coreNames[core])],
    ...["M4 in 240 KiB", "M0+ in 240 KiB", "flash M4 -Os"],
  ];
  return table([...head, "memory, edge", "memory, steady", "as they are"], rows);
}

/** Those whose cycles were kept without a look at what they were made of. */
function earlier({ allocators }: FieldResults): readonly string[] {
  const names = allocators.filter(({ builds }) => builds.some(({ of }) => of === undefined));
  if (names.length === 0) return [];
  const which =
    "Cycles and flash, and least RAM where there is none of copies, of an earlier run with its models";
  return [`${which}: ${names.map(nameOf).join(", ")}.`];
}

function quotedTable(): string {
  const rows = quoted.map(({ name, malloc, free, flashBytes, where }) => [
    `*${name}*`,
    malloc,
    free,
    flashBytes === undefined ? "-" : formatCount(flashBytes),
    where,
  ]);
  return table(["quoted", "malloc", "free", "flash", "from"], rows);
}

function layoutTable({ allocators }: FieldResults): string {
  const builds = buildsOf({ allocators });
  const head = [
    "allocator",
    ...builds.map(({ title }) => title),
    ...["control", `blocks of ${strideSizes.join("/")}`, "alignment"],
  ];
  const rows = allocators.map((allocator) => [
    nameOf(allocator),
    ...builds.map(({ core, level }) => {
      const build = buildOf(allocator, core, level);
      return build === undefined ? "-" : formatCount(build.flashBytes);
    }),
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

/** Allocators for one purpose, each on its own trace. */
function singlePurpose(allocators: readonly AllocatorFigures[]): readonly string[] {
  if (allocators.length === 0) return [];
  const builds = buildsOf({ allocators });
  const rows = allocators.map((allocator) => [
    nameOf(allocator),
    ...builds.map(({ core, level }) => worstOf(buildOf(allocator, core, level), () => true)),
  ]);
  return [
    "Allocators for one purpose, on a trace of their own: a pool on blocks of one size, an arena that is never freed.",
    table(["allocator", ...builds.map(({ title }) => title)], rows),
  ];
}

function worstTable({ allocators }: FieldResults): string {
  const builds = buildsOf({ allocators });
  const rows = allocators.map((allocator) => [
    nameOf(allocator),
    ...builds.map(({ core, level }) => worstOf(buildOf(allocator, core, level), isDrawn)),
  ]);
  return table(["allocator", ...builds.map(({ title }) => title)], rows);
}

const worstOf = (build: Build | undefined, of: (trace: string) => boolean): string =>
  build === undefined
    ? "-"
    : `${formatCount(worst(build, "malloc", of))} / ${formatCount(worst(build, "free", of))}`;

/** Who has no figures on a core, and why. */
function notMeasured({ allocators }: FieldResults): readonly string[] {
  return coresOf({ allocators }).flatMap((core) => {
    const those = allocators.filter(({ builds }) => !builds.some((build) => build.core === core));
    if (those.length === 0) return [];
    const told = those.map((one) => `${nameOf(one)} (${one.lacking?.[core] ?? "not measured yet"})`);
    return [`Without figures on ${coreNames[core]}: ${told.join("; ")}.`];
  });
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
