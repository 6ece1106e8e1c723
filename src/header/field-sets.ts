/** Which fields a header has: those the policy needs, those the config asks for, and what these need in turn. */
import { tagField } from "./boundary-tag.js";
import { choiceOf, type HeaderConfig } from "./config.js";
import type { HeaderField } from "./field.js";
import type { HeaderNeeds } from "./needs.js";

/**
 * The fields, in the palette's order. Where some are wanted only if there is room, the second choice is without them.
 *
 * @throws Error where the policy needs a field that the palette has not
 */
export function fieldSets(config: HeaderConfig, needs: HeaderNeeds): readonly (readonly HeaderField[])[] {
  const { fields: all } = config.palette;
  const tag = tagField(needs.boundaryTag);
  const must = withRequired([
    ...all.filter((field) => choiceOf(config, field) !== undefined),
    ...needs.fields.filter(({ when }) => when === "always").map(({ field }) => field),
    ...(tag === undefined ? [] : [tag]),
  ]);
  const missing = [...must].find((field) => !all.includes(field));
  if (missing !== undefined) throw new Error(`the palette has no field ${missing.name}`);
  const ifRoom = needs.fields.map(({ field }) => field).filter((field) => !must.has(field));
  const least = all.filter((field) => must.has(field));
  return ifRoom.length === 0
    ? [least]
    : [all.filter((field) => must.has(field) || ifRoom.includes(field)), least];
}

function withRequired(fields: readonly HeaderField[]): ReadonlySet<HeaderField> {
  const found = new Set(fields);
  // A set's iteration sees what is added on the way.
  for (const field of found) for (const required of field.requires ?? []) found.add(required);
  return found;
}
