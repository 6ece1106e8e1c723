/** The text of a baseline back to its figures. */
import { readDocument, type ConfigDocument } from "../config/document.js";
import { AllocGenError, diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import { showValue } from "../suggest.js";
import { baselineVersion, conditionNames, versionKey, type Baseline } from "./baseline.js";

/**
 * @param file what messages name
 * @throws AllocGenError (exit code 2) with every fault at its line and column
 */
export function parseBaseline(text: string, file: string): Baseline {
  const document = readDocument(text, file);
  const faults = [...document.faults];
  if (document.sound) {
    const fault = (path: ConfigPath, found: unknown, allowed: string): Diagnostic =>
      diagnose(
        "malformed-baseline",
        { found: found === undefined ? "nothing" : showValue(found), allowed },
        { file, path, ...document.locate(path) },
      );
    faults.push(...shapeFaults(document, fault));
  }
  if (faults.length > 0) throw new AllocGenError(2, faults);
  const root = document.value as Readonly<Record<string, unknown>>;
  return {
    conditions: Object.fromEntries(
      conditionNames.map((name) => [name, root[name]]),
    ) as Baseline["conditions"],
    figures: new Map(Object.entries(root["figures"] as Readonly<Record<string, number>>)),
  };
}

type MakeFault = (path: ConfigPath, found: unknown, allowed: string) => Diagnostic;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** None exactly when the value is a baseline. Keys that are not known are left alone. */
function shapeFaults({ value: root }: ConfigDocument, fault: MakeFault): readonly Diagnostic[] {
  if (!isObject(root)) return [fault([], root, "an object")];
  // The keys of another version need not be those of this one.
  if (root[versionKey] !== baselineVersion) {
    return [fault([versionKey], root[versionKey], String(baselineVersion))];
  }
  const { figures } = root;
  const isFigure = (value: unknown): boolean => typeof value === "number" && value >= 0;
  return [
    ...conditionNames
      .filter((name) => typeof root[name] !== "string")
      .map((name) => fault([name], root[name], "a string")),
    ...(isObject(figures)
      ? Object.entries(figures)
          .filter(([, value]) => !isFigure(value))
          .map(([name, value]) => fault(["figures", name], value, "a number from 0"))
      : [fault(["figures"], figures, "an object")]),
  ];
}
