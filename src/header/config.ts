/** The `header` of a config, with defaults filled in. */
import type { BoundaryChoice } from "./boundary-tag.js";
import type { FieldChoices, FieldSettings } from "./field-config.js";
import type { HeaderField } from "./field.js";
import type { Palette } from "./palette.js";

/** Fields asked for beside those the policy needs; widths in bits, left out where the plan decides. */
export interface HeaderConfig {
  /** What can be asked for. */
  readonly palette: Palette;
  readonly boundaryTag: BoundaryChoice;
  readonly links: {
    readonly place: "intrusive" | "slots";
    readonly width: "auto" | 16 | 32;
    readonly form: "auto" | "single" | "double";
    /** Slots of the side table; read when `place` is "slots". */
    readonly slots: number;
  };
  readonly fields: FieldChoices;
}

/** What the config says of a field; undefined where it does not ask for it. */
export function choiceOf({ fields }: HeaderConfig, { config }: HeaderField): FieldSettings | undefined {
  const choice = config === undefined ? undefined : fields[config.key];
  return choice === true ? {} : choice;
}

/** Whether a field was asked for by name, not only by default. */
export const isNamed = (header: HeaderConfig, field: HeaderField): boolean => {
  const choice = choiceOf(header, field);
  const unnamed = field.config?.unnamed;
  return (
    choice !== undefined && (unnamed === undefined || JSON.stringify(choice) !== JSON.stringify(unnamed))
  );
};
