/** What `--arg` says a function is given. */

export type ArgumentWords =
  | { readonly kind: "number"; readonly value: number }
  /** The address of a buffer with the file's contents. */
  | { readonly kind: "file"; readonly path: string }
  /** The address of a buffer of that many zeros. */
  | { readonly kind: "buffer"; readonly bytes: number };

/** Largest buffer, in bytes. */
const maximumBufferBytes = 8 << 20;

/** "12", "-1", "0x20000000", "@key.bin", "buffer:64"; undefined for anything else. */
export function parseArgument(text: string): ArgumentWords | undefined {
  if (text.startsWith("@")) return text.length > 1 ? { kind: "file", path: text.slice(1) } : undefined;
  const [, size] = /^buffer:(\d+|0x[0-9a-f]+)$/i.exec(text) ?? [];
  if (size !== undefined) {
    const bytes = Number(size);
    return bytes > 0 && bytes <= maximumBufferBytes ? { kind: "buffer", bytes } : undefined;
  }
  if (!/^(?:-?\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 32 ? { kind: "number", value } : undefined;
}
