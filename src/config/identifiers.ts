/** Names that may prefix C and C++ symbols and name two files. */

/** ISO/IEC 9899:2011, 6.4.1. */
const c11Keywords =
  "auto break case char const continue default do double else enum extern float for goto if inline int long " +
  "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while " +
  "_Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local";

/** ISO/IEC 14882:2020, 5.11, tables 5 and 6. */
const cpp20Keywords =
  "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class " +
  "compl concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype " +
  "default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline " +
  "int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register " +
  "reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template " +
  "this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t " +
  "while xor xor_eq";

/** Headers of C11: a heap of such a name would write a file that hides one of them. */
const standardHeaders =
  "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic " +
  "stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype";

const c11 = new Set(c11Keywords.split(" "));
const cpp20 = new Set(cpp20Keywords.split(" "));
const headers = new Set(standardHeaders.split(" "));

/** Longest name: C11 5.2.4.1 promises 63 significant characters of a name inside a file. */
const longestName = 63;

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
const identifierRule =
  "a C identifier has only letters, digits and underscores, and does not begin with a digit";

/** Why `name` cannot prefix the public symbols, as the end of a sentence; undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (!identifier.test(name)) return identifierRule;
  if (c11.has(name)) return "it is a reserved word of C11";
  if (cpp20.has(name)) return "it is a reserved word of C++20";
  if (later.has(name)) return "it is a reserved word of C23 or GNU C";
  if (name.startsWith("_")) return "names that begin with an underscore are reserved in C";
  if (name.endsWith("_")) return "a name that ends in an underscore makes two in a row, which C++ reserves";
  if (name.includes("__")) return "names with two underscores in a row are reserved in C++";
  if (headers.has(name)) return `${name}.h is a header of the C standard library`;
  if (name.length > longestName) return `a name has at most ${longestName} characters`;
  return undefined;
}

/** ISO/IEC 9899:2024, 6.4.1, and GNU C: what C11 does not have. */
const laterKeywords =
  "alignas alignof asm bool constexpr false nullptr static_assert thread_local true typeof typeof_unqual";
const later = new Set(laterKeywords.split(" "));

/**
 * Why a linker script's `symbol` cannot be declared in C, as the end of a sentence; undefined when it can. It may begin
 * with underscores, as the symbols of GNU linker scripts do.
 */
export function symbolFault(symbol: string): string | undefined {
  if (!identifier.test(symbol)) return identifierRule;
  if (c11.has(symbol)) return "it is a reserved word of C11";
  if (later.has(symbol)) return "it is a reserved word of C23 or GNU C";
  return symbol.length > longestName ? `a name has at most ${longestName} characters` : undefined;
}

/** Whether a C string and a file system can hold the name of the header as it is, in no folder above. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\.h$/.test(name);
}

/** Whether a linker script can name the section, and a C string hold it as it is. */
export function isSectionName(name: string): boolean {
  return /^[A-Za-z_.][A-Za-z0-9_.$-]*$/.test(name);
}

/** System V ABI, "Special Sections", with GNU's and Arm's: their types and flags are not those of a variable's. */
const readOnlySections = /^\.(?:text|rodata|init|fini|vectors|isr_vector|interp|plt|ARM)(?:[._]|$)/;
const reservedSections =
  /^\.(?:comment|note|symtab|symtab_shndx|strtab|shstrtab|dynsym|dynstr|dynamic|hash|got|group|preinit_array|ctors|dtors|rela?|eh_frame|gcc_except_table|debug|line|stab|stabstr|tdata|tbss|gnu)(?:[._]|$)/;

/** Why a variable cannot stand in a section, as the end of a sentence; undefined when it can. */
export function sectionFault(section: string): string | undefined {
  if (readOnlySections.test(section)) return "it holds code or constants, which the program cannot write";
  return reservedSections.test(section)
    ? "linkers and debuggers use it for something other than variables"
    : undefined;
}
