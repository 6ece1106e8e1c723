/** What a C file is put together from; `unit.ts` renders it. */

/** Something at the top level of a C file. */
export interface Piece {
  /** What it defines: whoever uses one of the names needs the piece. None: it is always there. */
  readonly defines: readonly string[];
  /** templates/<template>.c.hbs */
  readonly template: string;
  /** In place of a template: the text, which depends on the words of all other pieces. It needs none of them. */
  readonly text?: (words: ReadonlySet<string>) => string;
}

export interface Section {
  /** In its comment; none for what stands in front of all sections. */
  readonly title?: string;
  readonly pieces: readonly Piece[];
}

export const piece = (template: string, ...defines: readonly string[]): Piece => ({ template, defines });
/** A piece that defines what its template is called, with underscores. */
export const functionIn = (folder: string, name: string): Piece =>
  piece(`${folder}/${name.replaceAll("_", "-")}`, name);
