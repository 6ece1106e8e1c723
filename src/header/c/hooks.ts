/** C functions that headers bring with them. */
import { standardPalette, type Palette } from "../palette.js";

/** Functions that some field of the palette provides: a call of one is left out where the header has no such field. */
export const headerHooks = ({ fields }: Palette = standardPalette): ReadonlySet<string> =>
  new Set(fields.flatMap(({ c }) => c.hooks));
