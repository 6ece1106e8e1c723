/** The `header` of a config. Whether the fields fit and serve the policy is the plan's to say. */
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import type { Bytes } from "../units.js";
import { showValue } from "../suggest.js";
import type { HeaderConfig } from "./config.js";
import type { FieldChoices } from "./field-config.js";
import type { Palette } from "./palette.js";
import type { HeaderInput, LinksInput } from "./schema.js";

/** What a preset of a policy decides of the header. */
export interface HeaderPreset {
  readonly name: string;
  readonly linksPlace: HeaderConfig["links"]["place"];
}

/** What the header is resolved by, beside what is written of it. */
export interface HeaderContext {
  readonly palette: Palette;
  /** What a preset of the policy decides of the header. */
  readonly preset: HeaderPreset | undefined;
  readonly heapSize: Bytes;
  readonly report: (fault: Diagnostic) => void;
}

export function resolveHeader(header: HeaderInput | undefined, context: HeaderContext): HeaderConfig {
  const written = header === undefined || header === "auto" ? {} : header;
  return {
    palette: context.palette,
    boundaryTag: written.boundaryTag ?? "auto",
    links: resolveLinks(written.links ?? {}, context),
    fields: resolveFields(written.fields ?? {}, context),
  };
}

/** One slot for each 256 bytes of heap, 8 to 1024: a table of a few percent of the heap. */
const defaultSlots = (heapSize: Bytes): number => Math.min(1024, Math.max(8, Math.floor(heapSize / 256)));

function resolveLinks(links: LinksInput, { preset, heapSize, report }: HeaderContext): HeaderConfig["links"] {
  const path = (key: string): ConfigPath => ["header", "links", key];
  if (preset !== undefined && links.place !== undefined && links.place !== preset.linksPlace) {
    const reason = `preset ${showValue(preset.name)} has ${showValue(preset.linksPlace)}`;
    report(diagnose("conflict", { found: showValue(links.place), reason }, { path: path("place") }));
  }
  const place = preset?.linksPlace ?? links.place ?? "intrusive";
  if (place !== "slots" && links.slots !== undefined) {
    const reason = 'slots apply only where header.links.place is "slots"';
    report(diagnose("conflict", { found: String(links.slots), reason }, { path: path("slots") }));
  }
  return {
    place,
    width: links.width ?? "auto",
    form: links.form ?? "auto",
    slots: links.slots ?? defaultSlots(heapSize),
  };
}

function resolveFields(
  written: Readonly<Record<string, unknown>>,
  { palette, report }: HeaderContext,
): FieldChoices {
  const choices = palette.fields.flatMap(({ config }) => {
    if (config === undefined) return [];
    const { key, unnamed } = config;
    const value = Object.hasOwn(written, key) ? written[key] : undefined;
    if (value === undefined) return unnamed === undefined ? [] : [[key, unnamed] as const];
    const settings = config.resolve(value, ({ key: below, found, allowed }) => {
      report(diagnose("invalid-value", { found, allowed }, { path: ["header", "fields", key, below] }));
    });
    return settings === undefined ? [] : [[key, settings] as const];
  });
  return Object.fromEntries(choices);
}
