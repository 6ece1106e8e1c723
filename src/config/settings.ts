/** Values set on the command line over those of the file. */
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";

/** One `--set key=value`, or `--target name`. */
export interface Setting {
  /** As typed, for messages: "--set heap.size=24KiB". */
  readonly text: string;
  readonly path: ConfigPath;
  readonly value: unknown;
  /** A key of the config that it stands for: what is written there no longer counts. */
  readonly insteadOf?: string;
}

/** `heap.size=24KiB`: the value is read as JSON, and taken as text where it is none. */
export function parseSetting(text: string): Setting | Diagnostic {
  const shown = `--set ${text}`;
  const equals = text.indexOf("=");
  const keys = text.slice(0, Math.max(0, equals)).trim().split(".");
  if (equals < 0 || keys.includes("")) {
    return diagnose(
      "invalid-value",
      { found: JSON.stringify(text), allowed: "key=value, such as heap.size=24KiB" },
      { file: shown },
    );
  }
  const path = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return { text: shown, path, value: parseValue(text.slice(equals + 1)) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** `config` with the setting's value in place; objects on the way are made where they are missing. */
export function applySetting(config: unknown, setting: Setting): unknown {
  const { path, value, insteadOf } = setting;
  const rest = insteadOf === undefined ? config : withoutKey(config, insteadOf);
  return replaceAt(rest, path, value);
}

const withoutKey = (config: unknown, key: string): unknown =>
  typeof config === "object" && config !== null && Object.hasOwn(config, key)
    ? removeAll(config, [[key]])
    : config;

function replaceAt(current: unknown, path: ConfigPath, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(current) && typeof part === "number") {
    const items: readonly unknown[] = current;
    if (part <= items.length) {
      return [...items.slice(0, part), replaceAt(items[part], rest, value), ...items.slice(part + 1)];
    }
  }
  const object: object =
    typeof current === "object" && current !== null && !Array.isArray(current) ? current : {};
  const inner = (Object.entries(object) as [string, unknown][]).find(([key]) => key === String(part))?.[1];
  // fromEntries and not a literal: a key such as __proto__ must become a key.
  return Object.fromEntries([...Object.entries(object), [String(part), replaceAt(inner, rest, value)]]);
}

/**
 * `config` without the values at `paths`; in a list the whole list goes, as the items after it would move. Each value is
 * looked at once, however many paths there are.
 */
export function removeAll(config: unknown, paths: readonly ConfigPath[]): unknown {
  if (paths.length === 0) return config;
  if (paths.some((path) => path.length === 0)) return undefined;
  if (typeof config !== "object" || config === null || Array.isArray(config)) return undefined;
  const within = new Map<string, ConfigPath[]>();
  for (const [part, ...rest] of paths) {
    const key = String(part);
    const others = within.get(key);
    if (others === undefined) within.set(key, [rest]);
    else others.push(rest);
  }
  const entries = Object.entries(config) as [string, unknown][];
  return Object.fromEntries(
    entries.flatMap(([name, value]): [string, unknown][] => {
      const left = removeAll(value, within.get(name) ?? []);
      return left === undefined && within.has(name) ? [] : [[name, left]];
    }),
  );
}

/** Whether `inner` is `outer`, or inside it. */
export function isWithin(inner: ConfigPath, outer: ConfigPath): boolean {
  return outer.every((part, depth) => String(inner[depth]) === String(part));
}
