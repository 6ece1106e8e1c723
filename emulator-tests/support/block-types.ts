/** Through which types a generated C file accesses blocks, read from its text, and whether they may alias payloads. */
import { closing, tokenize, withoutComments, type Token } from "../../src/csource/tokens.js";

export interface BlockType {
  readonly name: string;
  /** What can be written through a pointer to it: "->size", "->links[0]"; of a scalar "" alone. */
  readonly places: readonly string[];
  /** Whether its definition has the attribute. */
  readonly mayAlias: boolean;
}

/** Bytes alias everything, and the heap itself begins with its control data, which is never a payload. */
const others = /^(?:void|uint8_t|heap_t)$/;

/** A definition of a type: `typedef uint16_t link_t;`, `typedef struct { ... } links_t;`. */
interface Definition {
  readonly mayAlias: boolean;
  /** Type and place of what it consists of. */
  readonly parts: readonly { readonly type: string; readonly place: string }[];
}

/**
 * The types that an address is cast to, for only so does a pointer come to a block; and those of the members of these
 * that the text has pointers to.
 */
export function blockTypes(text: string): readonly BlockType[] {
  const code = withoutComments(tokenize(text)).filter(({ kind }) => kind !== "directive");
  const definitions = definitionsOf(code);
  const pointed = new Set(pointersIn(code).map(({ type }) => type));
  const cast = pointersIn(code).flatMap(({ type, isCast }) => (isCast && !others.test(type) ? [type] : []));
  const members = cast.flatMap((type) => definitions.get(type)?.parts.map((part) => part.type) ?? []);
  const names = new Set([...cast, ...members.filter((type) => pointed.has(type) && !others.test(type))]);
  return [...names].map((name) => {
    const { mayAlias = false, parts = [{ type: name, place: "" }] } = definitions.get(name) ?? {};
    return { name, mayAlias, places: parts.map(({ place }) => place) };
  });
}

/** Each `type *` of declarations and casts. */
function pointersIn(code: readonly Token[]): readonly { readonly type: string; readonly isCast: boolean }[] {
  return code.flatMap(({ text }, index) => {
    const type = code[index - 1]?.text ?? "";
    if (text !== "*" || !/_t$|^void$/.test(type)) return [];
    return [{ type, isCast: isCastAt(code, index) }];
  });
}

/** Whether the star ends a type in parentheses: `(header_t *)`, `(const header_t *)`. */
function isCastAt(code: readonly Token[], star: number): boolean {
  if (code[star + 1]?.text !== ")") return false;
  let open = star - 1;
  while (code[open]?.kind === "word") open--;
  return code[open]?.text === "(";
}

function definitionsOf(code: readonly Token[]): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const [index, { text }] of code.entries()) {
    if (text !== "typedef") continue;
    const brace = code.findIndex((each, at) => at > index && (each.text === "{" || each.text === ";"));
    const isStruct = code[brace]?.text === "{";
    const end = isStruct ? closing(code, brace) : brace - 2;
    const name = code[end + 1]?.text ?? "";
    const mayAlias = code.slice(index, brace).some((each) => each.text.endsWith("MAY_ALIAS"));
    const parts = isStruct ? membersIn(code.slice(brace + 1, end)) : [{ type: name, place: "" }];
    definitions.set(name, { mayAlias, parts });
  }
  return definitions;
}

/** `uint16_t size; uint8_t bytes[4U];`: their types, and where each begins. */
function membersIn(code: readonly Token[]): Definition["parts"] {
  const starts = code.flatMap((_, index) => (index === 0 || code[index - 1]?.text === ";" ? [index] : []));
  return starts.map((start) => {
    const member = `->${code[start + 1]?.text ?? ""}`;
    const isArray = code[start + 2]?.text === "[";
    return { type: code[start]?.text ?? "", place: isArray ? `${member}[0]` : member };
  });
}
