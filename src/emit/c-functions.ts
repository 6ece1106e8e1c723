/** The functions of the generated C, as far as its own layout tells them: definitions begin at a line's start. */

/** The text with blanks for comments, strings and preprocessor lines: what is left is code, each at its place. */
export function withoutWords(text: string): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, " ");
  return text.replace(/\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|^#.*$/gm, blank);
}

/** A function of the file: where its parameters and its body stand. */
export interface Definition {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly body: { readonly start: number; readonly end: number };
}

export function definitions(code: string): readonly Definition[] {
  const found = code.matchAll(/^[A-Za-z_][\w *]*?\b(\w+)\(([^;{}]*)\)\n\{\n/gm);
  return Array.from(found, (match) => {
    const [whole, name = "", parameters = ""] = match;
    const end = match.index + whole.lastIndexOf(")");
    const body = match.index + whole.length;
    return {
      name,
      start: end - parameters.length,
      end,
      body: { start: body, end: code.indexOf("\n}\n", body) },
    };
  });
}

/** Functions whose body `does` something, and those that call them, however far. */
export function callers(
  code: string,
  functions: readonly Definition[],
  does: (body: string) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const reaches = ({ body }: Definition): boolean => {
    const text = code.slice(body.start, body.end);
    return does(text) || Array.from(text.matchAll(/\b(\w+)\(/g)).some(([, to = ""]) => found.has(to));
  };
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const definition of functions) if (reaches(definition)) found.add(definition.name);
  }
  return found;
}
