/** What colours of blocks mean. */
import { count } from "./elements.js";
import { packColour } from "./raster.js";
import { between, colour, type Colour } from "./theme.js";
import type { Workload } from "./workload.js";

export const colourings = [
  { value: "size", text: "size" },
  { value: "life", text: "lifetime" },
  { value: "state", text: "state" },
  { value: "tag", text: "tag" },
] as const;
export type Coloring = (typeof colourings)[number]["value"];

export interface Legend {
  readonly swatches: readonly { readonly colour: Colour; readonly text: string }[];
}

export interface BlockColours {
  readonly colours: Uint32Array;
  readonly legend: Legend;
}

/** The colours of a row, from the least to the most. */
const rampOf = (): readonly Colour[] => ["ramp-0", "ramp-1", "ramp-2", "ramp-3", "ramp-4"].map(colour);

export function blockColours(workload: Workload, coloring: Coloring): BlockColours {
  const { from, to, bytes, tag = new Float64Array(from.length), operations } = workload;
  switch (coloring) {
    case "size":
      return ramped(bytes, (value) => `${count(value)} bytes`);
    case "life":
      return ramped(
        to.map((end, index) => end - (from[index] ?? 0)),
        (value) => `${count(value)} operations`,
      );
    case "state": {
      const [freed, kept] = [colour("used"), colour("kept")];
      return {
        colours: Uint32Array.from(to, (end) => packColour(end < operations ? freed : kept)),
        legend: {
          swatches: [
            { colour: freed, text: "in use, freed later" },
            { colour: kept, text: "in use to the end" },
          ],
        },
      };
    }
    case "tag":
      return tagged(tag);
  }
}

/** Tags that the legend names. */
const mostNamed = 12;

/** A colour for each tag, spread over the row. */
function tagged(values: Float64Array): BlockColours {
  const row = rampOf();
  const tags = [...new Set(values)].sort((left, right) => left - right);
  const colourOf = new Map(
    tags.map((tag, index) => [tag, between(row, tags.length === 1 ? 0 : index / (tags.length - 1))]),
  );
  const packs = new Map([...colourOf].map(([tag, each]) => [tag, packColour(each)]));
  const swatches = [...colourOf].map(([tag, each]) => ({ colour: each, text: `tag ${count(tag)}` }));
  return {
    colours: Uint32Array.from(values, (value) => packs.get(value) ?? 0),
    legend: { swatches: swatches.slice(0, mostNamed) },
  };
}

/** Equal colours for equal doublings. */
function ramped(values: Float64Array, text: (value: number) => string): BlockColours {
  const row = rampOf();
  const doubling = (value: number): number => Math.floor(Math.log2(Math.max(1, value)));
  let [least, most] = [Infinity, 0];
  for (const value of values) {
    least = Math.min(least, doubling(value));
    most = Math.max(most, doubling(value));
  }
  if (least > most) least = most;
  const of = (step: number): Colour => between(row, most === least ? 0 : (step - least) / (most - least));
  const steps = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  const packs = new Map(steps.map((step) => [step, packColour(of(step))]));
  return {
    colours: Uint32Array.from(values, (value) => packs.get(doubling(value)) ?? 0),
    legend: { swatches: steps.map((step) => ({ colour: of(step), text: `from ${text(2 ** step)}` })) },
  };
}
