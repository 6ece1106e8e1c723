/** The `header` of a config. Whether the fields fit and serve the policy is the plan's to say. */
import { diagnose, type ConfigPath } from "../diagnostics.js";
import type { Bytes } from "../units.js";
import { showValue } from "../words.js";
import type { HeaderConfig } from "./config.js";
import type { HeaderPreset } from "../policies/policy.js";
import type { Report } from "./report.js";
import type { ConfigInput } from "./schema.js";

type HeaderInput = Exclude<NonNullable<ConfigInput["header"]>, "auto">;
type FieldsInput = NonNullable<HeaderInput["fields"]>;
type LinksInput = NonNullable<HeaderInput["links"]>;

export function resolveHeader(
  header: ConfigInput["header"],
  preset: HeaderPreset | undefined,
  heapSize: Bytes,
  report: Report,
): HeaderConfig {
  const written = header === undefined || header === "auto" ? {} : header;
  return {
    boundaryTag: written.boundaryTag ?? "auto",
    links: resolveLinks(written.links ?? {}, preset, heapSize, report),
    fields: resolveFields(written.fields ?? {}, report),
  };
}

/** One slot for each 256 bytes of heap, 8 to 1024: a table of a few percent of the heap. */
const defaultSlots = (heapSize: Bytes): number => Math.min(1024, Math.max(8, Math.floor(heapSize / 256)));

function resolveLinks(
  links: LinksInput,
  preset: HeaderPreset | undefined,
  heapSize: Bytes,
  report: Report,
): HeaderConfig["links"] {
  const path = (key: string): ConfigPath => ["header", "links", key];
  if (preset !== undefined && links.place !== undefined && links.place !== preset.linksPlace) {
    const reason = `preset ${showValue(preset.name)} has ${showValue(preset.linksPlace)}`;
    const parameters = { found: showValue(links.place), reason };
    report(diagnose("conflict", parameters, { path: path("place") }));
  }
  const place = preset?.linksPlace ?? links.place ?? "intrusive";
  if (place !== "slots" && links.slots !== undefined) {
    const reason = 'slots are counted only where header.links.place is "slots"';
    report(diagnose("conflict", { found: String(links.slots), reason }, { path: path("slots") }));
  }
  return {
    place,
    width: links.width ?? "auto",
    form: links.form ?? "auto",
    slots: links.slots ?? defaultSlots(heapSize),
  };
}

function resolveFields(fields: FieldsInput, report: Report): HeaderConfig["fields"] {
  const { size, free, prevFree, prevSize, requested, magic, tag, checksum, padding } = fields;
  return {
    size: { ...width(size), unit: size?.unit ?? "auto" },
    ...(free === undefined ? {} : { free }),
    ...(prevFree === undefined ? {} : { prevFree }),
    ...(prevSize === undefined ? {} : { prevSize: width(prevSize) }),
    ...(requested === undefined ? {} : { requested: width(requested) }),
    ...(magic === undefined ? {} : { magic: resolveMagic(magic, report) }),
    ...(tag === undefined ? {} : { tag: { bits: width(tag).bits ?? defaultFieldBits } }),
    ...(checksum === undefined ? {} : { checksum: { bits: width(checksum).bits ?? defaultFieldBits } }),
    ...(padding === undefined ? {} : { padding: { bits: padding.bits } }),
  };
}

/** Width of `magic`, `tag` and `checksum` where the config gives none: nothing of the heap decides it. */
const defaultFieldBits = 8;

function width(field: true | { readonly bits?: number | undefined } | undefined): { readonly bits?: number } {
  return field === undefined || field === true || field.bits === undefined ? {} : { bits: field.bits };
}

function resolveMagic(
  magic: NonNullable<FieldsInput["magic"]>,
  report: Report,
): NonNullable<HeaderConfig["fields"]["magic"]> {
  const bits = magic.bits ?? defaultFieldBits;
  const largest = 2 ** bits - 1;
  const value = magic.value ?? 0xa5a5a5a5 % 2 ** bits;
  if (value > largest) {
    const parameters = { found: String(value), allowed: `0 to ${largest} in ${bits} bits` };
    report(diagnose("invalid-value", parameters, { path: ["header", "fields", "magic", "value"] }));
  }
  return { bits, value };
}
