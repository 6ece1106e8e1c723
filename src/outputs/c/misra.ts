/**
 * Where the C deviates from MISRA C:2012, as its banner says. A test holds the list against what cppcheck's addon
 * reports: it knows no config, so each entry looks for its own construct in the text.
 */
interface Deviation {
  /** "11.4, 11.6" */
  readonly rules: string;
  readonly reason: string;
  readonly isIn: (code: string) => boolean;
}

const has =
  (pattern: RegExp) =>
  (code: string): boolean =>
    pattern.test(code);

/** Functions end with a brace in the first column. */
const returnsTwice = (code: string): boolean =>
  code
    .replace(/\/\*[^]*?\*\//g, "")
    .split(/^\}/m)
    .some((each) => (each.match(/\breturn\b/g)?.length ?? 0) > 1);

const deviations: readonly Deviation[] = [
  { rules: "1.4", reason: "_Alignas, of C11, aligns the heap.", isIn: has(/\b_Alignas\b/) },
  {
    rules: "8.11",
    reason: "the linker script, not the declaration, knows the size of the heap.",
    isIn: has(/^extern uint8_t \w+\[\];/m),
  },
  {
    rules: "10.8",
    reason: "the distance of two addresses in the heap is an offset, which is never negative.",
    isIn: has(/\(uint32_t\)\((?:\([^()]*\))?\w+ - \w+(?:(?:\.|->)bytes)?\)/),
  },
  {
    rules: "10.6",
    reason: "a count of 0 or 1 is assigned as such to a size_t.",
    isIn: has(/->\w+ += .* \? 1U : 0U;/),
  },
  {
    rules: "11.4, 11.6",
    reason: "an address is tested for alignment as an integer.",
    isIn: has(/\(uintptr_t\)/),
  },
  {
    rules: "11.5",
    reason: "headers, links and payloads are the same bytes, accessed as different types by design.",
    isIn: has(/_t \*\)|= memory;/),
  },
  {
    rules: "12.2",
    reason: "1U is shifted as the unsigned int that it is, not as the smallest type that holds 1.",
    isIn: has(/\b[12~]\d*U? *<<|~0U <</),
  },
  {
    rules: "14.2",
    reason: "a walk over blocks steps by what it finds there, in the loop's body.",
    isIn: has(/for \(\w+ (\w+) [^;]*;[^;]*;(?![^)\n]*\b\1\b)/),
  },
  {
    rules: "15.5",
    reason: "a function returns early where a second test of the result would cost cycles.",
    isIn: returnsTwice,
  },
  {
    rules: "15.7",
    reason: "what is neither of two kinds needs nothing done.",
    isIn: has(/\} else if \(.*\) \{[^{}]*\}\n/),
  },
  {
    rules: "18.4",
    reason: "sizes are added to the address of a block; the sum stays in the heap.",
    isIn: has(
      /(?:\(uint8_t \*\)|\b)(?!offset)\w*(?:block|payload|whole|right|old|memory|aligned|pointer|left|freed)\w* [+-]=? /,
    ),
  },
  { rules: "19.2", reason: "the control data is the start of the heap.", isIn: has(/\bunion\b/) },
];

/** Lines of the banner, one for each that applies. */
export function misraDeviations(code: string): readonly string[] {
  const found = deviations.filter(({ isIn }) => isIn(code));
  const width = Math.max(...found.map(({ rules }) => rules.length));
  return found.map(({ rules, reason }) => `${rules.padEnd(width)}  ${reason}`);
}
