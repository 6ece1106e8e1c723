/** Identifiers of the C standard library, and of compilers: a second use of one is undefined, C11 7.1.3. */

/** ISO/IEC 9899:2011, 7.18 to 7.20 and 7.31.10: what <stdint.h>, <stddef.h> and <stdbool.h> define or may define. */
const includedPatterns: readonly RegExp[] = [
  /^u?int\w*_t$/,
  /^U?INT\w*_(?:MAX|MIN|C)$/,
  /^(?:size|ptrdiff|wchar|max_align|wint|sig_atomic)_t$/,
  /^(?:SIZE|PTRDIFF|WCHAR|WINT|SIG_ATOMIC)_(?:MAX|MIN)$/,
  /^(?:NULL|offsetof|bool|true|false)$/,
];

/** External identifiers of annex B, which are reserved whether or not a header is included. */
const functions =
  "abort abs aligned_alloc asctime at_quick_exit atexit atof atoi atol atoll bsearch btowc calloc clearerr clock cnd_init " +
  "cnd_destroy cnd_signal cnd_broadcast cnd_wait cnd_timedwait call_once ctime difftime div errno exit fclose feof ferror " +
  "fflush fgetc fgetpos fgets fgetwc fgetws fopen fprintf fputc fputs fputwc fputws fread free freopen fscanf fseek " +
  "fsetpos ftell fwide fwprintf fwrite fwscanf getc getchar getenv getwc getwchar gmtime imaxabs imaxdiv labs ldiv llabs " +
  "lldiv localeconv localtime longjmp main malloc mblen mbrlen mbrtowc mbsinit mbsrtowcs mbstowcs mbtowc memchr memcmp " +
  "memcpy memmove memset mktime mtx_init mtx_destroy mtx_lock mtx_timedlock mtx_trylock mtx_unlock perror printf putc " +
  "putchar puts putwc putwchar qsort quick_exit raise rand realloc remove rename rewind scanf setbuf setjmp setlocale " +
  "setvbuf signal snprintf sprintf srand sscanf strftime strtod strtof strtoimax strtol strtold strtoll strtoul strtoull " +
  "strtoumax swprintf swscanf system time timespec_get tmpfile tmpnam tss_create tss_delete tss_get tss_set thrd_create " +
  "thrd_current thrd_detach thrd_equal thrd_exit thrd_join thrd_sleep thrd_yield ungetc ungetwc vfprintf vfscanf " +
  "vfwprintf vfwscanf vprintf vscanf vsnprintf vsprintf vsscanf vswprintf vswscanf vwprintf vwscanf wcrtomb wcstombs " +
  "wctob wctomb wctrans wctype wmemchr wmemcmp wmemcpy wmemmove wmemset wprintf wscanf";

/** <math.h> and <complex.h>: each also with an f or an l behind it. */
const mathematics =
  "acos acosh asin asinh atan atan2 atanh cabs cacos cacosh carg casin casinh catan catanh cbrt ccos ccosh ceil cexp cimag " +
  "clog conj copysign cos cosh cpow cproj creal csin csinh csqrt ctan ctanh erf erfc exp exp2 expm1 fabs fdim floor fma " +
  "fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint " +
  "nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh tgamma trunc";

const external = new Set([
  ...functions.split(" "),
  ...mathematics.split(" ").flatMap((name) => [name, `${name}f`, `${name}l`]),
]);

/** 7.17: <stdatomic.h>, whose macros would apply to others of that name. */
const atomics = /^(?:atomic|memory_order)_\w+$/;

/** Words of GNU C with two underscores, and macros that a compiler defines. */
const compilerPatterns: readonly RegExp[] = [
  /^__(?:builtin|sync|atomic|has|is)_\w+$/,
  /^__[A-Z][A-Z0-9_]*__$/,
  /^__(?:asm|attribute|inline|extension|restrict|typeof|volatile|const|signed|label|thread|real|imag|complex|alignof)(?:__)?$/,
  /^__(?:func|FUNCTION|PRETTY_FUNCTION|auto_type)(?:__)?$/,
];

const matches = (patterns: readonly RegExp[], word: string): boolean =>
  patterns.some((pattern) => pattern.test(word));

/** Why an identifier cannot be given to something else, as the end of a sentence; undefined when it can. */
export function standardIdentifierFault(word: string): string | undefined {
  if (external.has(word) || atomics.test(word) || matches(includedPatterns, word))
    return "the C standard library has that name";
  return matches(compilerPatterns, word) ? "compilers have that name" : undefined;
}
