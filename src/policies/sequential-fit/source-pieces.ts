/** Pieces of this policy's C. */
import { piece, type Piece } from "../../csource/piece.js";

export const folder = "policies/sequential-fit";

/** templates/policies/sequential-fit/<template>.c.hbs, which defines `name`: what the template is called, if not given. */
export const own = (
  template: string,
  name: string = template.slice(template.lastIndexOf("/") + 1).replaceAll("-", "_"),
): Piece => piece(`${folder}/${template}`, name);

/** One that is always there: a type or a macro. */
export const ownType = (template: string): Piece => piece(`${folder}/${template}`);
