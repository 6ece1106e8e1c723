/**
 * A decoder made for one layout: what the layout decides is decided, what then has no use is dropped, and the layout is
 * a constant of the module instead of a parameter.
 */
import type { Condition, Declaration, Part } from "./decoder.js";

interface Text {
  readonly text: string;
  /** The identifiers in it. */
  readonly names: ReadonlySet<string>;
}

/** The text of what `roots` need of a decoder, for this layout. */
export function specialise(
  declarations: readonly Declaration[],
  layout: object,
  roots: readonly string[],
): string {
  const texts = new Map(declarations.map((declaration) => [declaration.name, textOf(declaration, layout)]));
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const declared = texts.get(name);
    if (declared === undefined || reached.has(name)) return;
    reached.add(name);
    declared.names.forEach(visit);
  };
  roots.forEach(visit);
  return [...texts]
    .filter(([name]) => reached.has(name))
    .map(([, { text }]) => text)
    .join("\n\n");
}

/** Parameters that this layout does not need stay, for the others' sake, with an underscore before their names. */
function textOf({ parameters, head, body }: Declaration, layout: object): Text {
  const names = new Set<string>();
  const inBody = join(body, layout, names);
  const unused = parameters.filter((name) => !names.has(name));
  const text = (join(head, layout, names) + inBody).trim();
  return {
    text: unused.reduce((marked, name) => marked.replace(`${name}: `, `_${name}: `), text),
    names,
  };
}

/** @param names takes up the identifiers in what is left. */
function join(parts: readonly Part[], layout: object, names: Set<string>): string {
  return parts.map((part) => partText(part, layout, names)).join("");
}

function partText(part: Part, layout: object, names: Set<string>): string {
  switch (part.kind) {
    case "text":
      part.names.forEach((name) => names.add(name));
      return part.text;
    case "led": {
      const text = join(part.parts, layout, names);
      return text === "" ? "" : part.lead + text;
    }
    case "choice":
      return join(valueOf(part.condition, layout) === true ? part.yes : part.no, layout, names);
    case "unwrapped":
      return join(part.parts, layout, names).slice(1, -1).trim().replace(/^ {2}/gm, "");
  }
}

function valueOf(condition: Condition, layout: object): unknown {
  switch (condition.kind) {
    case "constant":
      return condition.value ?? undefined;
    case "member":
      return condition.path.reduce<unknown>(memberOf, layout);
    case "same":
      return valueOf(condition.left, layout) === valueOf(condition.right, layout);
    case "different":
      return valueOf(condition.left, layout) !== valueOf(condition.right, layout);
  }
}

/** @throws Error where the decoder asks for a member of what the layout does not have: it is to ask for that first. */
function memberOf(owner: unknown, name: string): unknown {
  if (typeof owner !== "object" || owner === null) throw new Error(`a decoder asks for ${name} of nothing`);
  return Reflect.get(owner, name);
}
