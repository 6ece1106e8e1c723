/** Locks left out, taken late or returned early: interrupts come between. */
import { callsOf, statementsOf, type Statement } from "../../csource/ranges.js";
import type { Edits } from "../mutant.js";
import { exchanged, replaced, sourceOf, type Place } from "../place.js";
import { ofFunctions, type MutationOperator } from "./operator.js";

/** The functions that the templates lock by. */
const [take, giveBack] = ["lock_heap", "unlock_heap"];

export const lock: MutationOperator = ofFunctions({
  name: "lock",
  about: "the lock not taken, not returned, taken late, returned early, or without a part of its assembly",
  mutants: (place) => [
    ...callsOf(place.tokens, take).map((range) => [replaced(place.tokens, range, "0U")]),
    ...callsOf(place.tokens, giveBack).map((range) => [replaced(place.tokens, range, "(void)0")]),
    ...moved(place),
    ...assembly(place),
  ],
});

/** A call that changes places with the statement before it or after it, where these stand side by side. */
function moved(place: Place): readonly Edits[] {
  const { tokens } = place;
  const statements = statementsOf(tokens);
  return statements.flatMap((statement, index) => {
    const calls = (name: string): boolean =>
      callsOf(tokens, name).some(({ from }) => statement.from <= from && from < statement.to);
    if (calls(giveBack)) return swapped(place, statements[index - 1], statement);
    if (calls(take)) return swapped(place, statement, statements[index + 1]);
    return [];
  });
}

function swapped(
  place: Place,
  first: Statement | undefined,
  second: Statement | undefined,
): readonly Edits[] {
  if (first === undefined || second === undefined || first.to !== second.from) return [];
  const [before, after] = [sourceOf(place, first), sourceOf(place, second)];
  return [[replaced(place.tokens, first, after), replaced(place.tokens, second, before)]];
}

/** Each line of an assembly statement left out, and the clobber of memory. */
function assembly({ tokens }: Place): readonly Edits[] {
  return tokens.flatMap((token, index) => {
    if (!/^(?:__)?asm(?:__)?$/.test(token.text)) return [];
    const end = tokens.findIndex(({ text }, at) => at > index && text === ";");
    const operands = tokens.findIndex(({ text }, at) => at > index && (text === ":" || text === ";"));
    return tokens.slice(index, end).flatMap((each, offset): readonly Edits[] => {
      if (each.text === '"memory"') return exchanged(each, ['"cc"']);
      if (each.kind !== "string" || index + offset > operands) return [];
      const lines = each.text.slice(1, -1).split("\\n\\t");
      return exchanged(
        each,
        lines.map((_, at) => `"${lines.filter((__, other) => other !== at).join("\\n\\t")}"`),
      );
    });
  });
}
