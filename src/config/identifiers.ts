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

/** Why `name` cannot prefix the public symbols, as the end of a sentence; undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return "a C identifier has only letters, digits and underscores, and does not begin with a digit";
  }
  if (c11.has(name)) return "it is a reserved word of C11";
  if (cpp20.has(name)) return "it is a reserved word of C++20";
  if (name.startsWith("_")) return "names that begin with an underscore are reserved in C";
  if (name.endsWith("_")) return "a name that ends in an underscore makes two in a row, which C++ reserves";
  if (name.includes("__")) return "names with two underscores in a row are reserved in C++";
  if (headers.has(name)) return `${name}.h is a header of the C standard library`;
  if (name.length > longestName) return `a name has at most ${longestName} characters`;
  return undefined;
}

/** Types of the generated C that a heap's own type, `<name>_t`, would collide with, and those of the C library. */
const takenTypes = new Set(
  "header link links control slot slot_number node cursor census word left piece room pool heap free_block size ptrdiff wchar max_align int8 int16 int32 int64 uint8 uint16 uint32 uint64 intptr uintptr".split(
    " ",
  ),
);

/** Why there is no type `<name>_t` for instances, as the end of a sentence; undefined when there is. */
export function instanceTypeFault(name: string): string | undefined {
  return takenTypes.has(name) ? `its type would be ${name}_t, and there is one already` : undefined;
}

/** Whether a C string and a file system can hold the name of the header as it is, in no folder above. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\.h$/.test(name);
}

/** Whether a linker script can name the section, and a C string hold it as it is. */
export function isSectionName(name: string): boolean {
  return /^[A-Za-z_.][A-Za-z0-9_.$-]*$/.test(name);
}
