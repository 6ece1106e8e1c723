/** What `--arg` and `--before` say a function is given. */

export type ArgumentWords =
  | { readonly kind: "number"; readonly value: number }
  /** The address of a buffer with the file's contents. */
  | { readonly kind: "file"; readonly path: string }
  /** The address of a buffer of that many zeros, so many bytes behind a multiple of a page. */
  | { readonly kind: "buffer"; readonly bytes: number; readonly offset: number }
  /** The address of a buffer of words. */
  | { readonly kind: "words"; readonly words: readonly ArgumentWords[] }
  /** Of the call itself the argument with that index. */
  | { readonly kind: "same"; readonly index: number }
  /** What the call before it returned. */
  | { readonly kind: "returned" };

/** A call that is made before: "app_heap_init", "app_heap_malloc:100", "key_schedule:=1,@key.bin". */
export interface CallBefore {
  readonly function: string;
  readonly given: readonly ArgumentWords[];
}

/** Largest buffer, in bytes. */
const maximumBufferBytes = 8 << 20;
/** No offset is a page or more. */
const offsets = 4096;

/**
 * "12", "-1", "0x20000000", "@key.bin", "buffer:64", "buffer:64+2", "[1,buffer:64,@key.bin]", "returned"; and "=1", the
 * first argument of the call itself, where `count` says that it has so many. Undefined for anything else.
 */
export function parseArgument(text: string, count = 0): ArgumentWords | undefined {
  if (text === "returned") return { kind: "returned" };
  if (text.startsWith("[") && text.endsWith("]")) return parseWords(text.slice(1, -1));
  if (text.startsWith("@")) return text.length > 1 ? { kind: "file", path: text.slice(1) } : undefined;
  if (text.startsWith("=")) {
    const index = /^=\d+$/.test(text) ? Number(text.slice(1)) : 0;
    return index >= 1 && index <= count ? { kind: "same", index: index - 1 } : undefined;
  }
  return parseBuffer(text) ?? parseNumber(text);
}

/** Undefined where it is no call, or `count` arguments of the call itself do not have what it asks for. */
export function parseBefore(text: string, count: number): CallBefore | undefined {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  if (name === "") return undefined;
  const given = colon < 0 ? [] : split(text.slice(colon + 1)).map((part) => parseArgument(part, count));
  return given.every((each) => each !== undefined) ? { function: name, given } : undefined;
}

/** What a call returned is not known yet where buffers are made. */
function parseWords(text: string): ArgumentWords | undefined {
  const words = split(text).map((part) => parseArgument(part));
  if (!words.every((each) => each !== undefined)) return undefined;
  return words.some(({ kind }) => kind === "returned") ? undefined : { kind: "words", words };
}

/** At commas outside of brackets. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "[") depth += 1;
    if (character === "]") depth -= 1;
    if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function parseBuffer(text: string): ArgumentWords | undefined {
  const [, size, behind = "0"] = /^buffer:(\d+|0x[0-9a-f]+)(?:\+(\d+|0x[0-9a-f]+))?$/i.exec(text) ?? [];
  if (size === undefined) return undefined;
  const [bytes, offset] = [Number(size), Number(behind)];
  const isPossible = bytes > 0 && bytes <= maximumBufferBytes && offset < offsets;
  return isPossible ? { kind: "buffer", bytes, offset } : undefined;
}

function parseNumber(text: string): ArgumentWords | undefined {
  if (!/^(?:-?\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 32 ? { kind: "number", value } : undefined;
}
