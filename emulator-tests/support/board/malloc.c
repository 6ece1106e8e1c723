/* Every function of the C library's malloc, and those of the library that allocate: all memory is the heap's. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app_heap.h"
#include "subject.h"

extern unsigned int sbrk_calls;
void *valloc(size_t size);
int   posix_memalign(void **pointer, size_t alignment, size_t size);

static unsigned int failures;

#define EXPECT(condition) expect((condition) != 0, __LINE__, #condition)

static void expect(int holds, int line, const char *condition)
{
    if (holds == 0) {
        failures++;
        (void)printf("line %d: %s\n", line, condition);
    }
}

static size_t used_payload(void)
{
    return mallinfo().uordblks;
}

/* Whether the heap has the block, asked of the heap itself. */
static bool is_it(const app_heap_block_t *block, void *context)
{
    void **const wanted = context;

    if (block->used && (block->payload == *wanted)) {
        *wanted = NULL;
    }
    return true;
}

static int is_ours(void *pointer)
{
    void *wanted = pointer;

    app_heap_walk(is_it, &wanted);
    return (pointer != NULL) && (wanted == NULL);
}

#define EXPECT_OURS(pointer) EXPECT(is_ours(pointer))

static char *formatted(const char *format, ...)
{
    char   *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    EXPECT(vasprintf(&text, format, arguments) > 0);
    va_end(arguments);
    return text;
}

int main(void)
{
    (void)setvbuf(stdout, NULL, _IONBF, 0);
    char *const first = malloc(10U);
    EXPECT_OURS(first);
    const size_t before = used_payload();

    char *const copy = strdup("a string");
    EXPECT_OURS(copy);
    EXPECT(strcmp(copy, "a string") == 0);
    free(copy);
    char *const shorter = strndup("a string", 3U);
    EXPECT_OURS(shorter);
    free(shorter);
    char *const text = formatted("%d %s", 42, "bottles");
    EXPECT_OURS(text);
    EXPECT(strcmp(text, "42 bottles") == 0);
    cfree(text);
    EXPECT(used_payload() == before);

    unsigned char *const zeros = calloc(7U, 3U);
    EXPECT_OURS(zeros);
    for (unsigned int index = 0U; index < 21U; index++) {
        EXPECT(zeros[index] == 0U);
    }
    unsigned char *grown = realloc(zeros, 100U);
    EXPECT_OURS(grown);
    grown = reallocarray(grown, 30U, 4U);
    EXPECT_OURS(grown);
    EXPECT(malloc_usable_size(grown) >= 120U);
    EXPECT(malloc_usable_size(NULL) == 0U);
    grown = reallocf(grown, 8U);
    EXPECT_OURS(grown);
    free(grown);

    void *aligned = aligned_alloc(64U, 64U);
    EXPECT_OURS(aligned);
    EXPECT(((uintptr_t)aligned % 64U) == 0U);
    free(aligned);
    aligned = memalign(32U, 5U);
    EXPECT_OURS(aligned);
    EXPECT(((uintptr_t)aligned % 32U) == 0U);
    free(aligned);
    EXPECT(posix_memalign(&aligned, 128U, 10U) == 0);
    EXPECT_OURS(aligned);
    EXPECT(((uintptr_t)aligned % 128U) == 0U);
    free(aligned);
    aligned = pvalloc(1U);
    EXPECT_OURS(aligned);
    EXPECT(malloc_usable_size(aligned) >= APP_HEAP_MAX_ALIGNMENT);
    free(aligned);
#ifdef HAS_VALLOC
    aligned = valloc(1U);
    EXPECT_OURS(aligned);
    EXPECT(((uintptr_t)aligned % APP_HEAP_MAX_ALIGNMENT) == 0U);
    free(aligned);
#endif
    EXPECT(used_payload() == before);

    /* What is refused says why; what has not failed leaves errno alone. */
    errno = 0;
    EXPECT(malloc(0xFFFFFFF0U) == NULL);
    EXPECT(errno == ENOMEM);
    errno = 0;
    EXPECT(calloc(0x10000U, 0x10001U) == NULL);
    EXPECT(errno == ENOMEM);
    errno = 0;
    EXPECT(reallocarray(first, 0x10000U, 0x10001U) == NULL);
    EXPECT(errno == ENOMEM);
    errno = 0;
    EXPECT(realloc(first, APP_HEAP_SIZE_BYTES) == NULL);
    EXPECT(errno == ENOMEM);
    EXPECT_OURS(first);
    errno = 0;
    EXPECT(aligned_alloc(24U, 24U) == NULL);
    EXPECT(errno == EINVAL);
    errno = 0;
    EXPECT(pvalloc(SIZE_MAX) == NULL);
    EXPECT(errno == ENOMEM);
    errno = 0;
    EXPECT(posix_memalign(&aligned, 24U, 10U) == EINVAL);
    EXPECT(posix_memalign(&aligned, 2U, 10U) == EINVAL);
    EXPECT(posix_memalign(&aligned, 8U, 0x7FFFFFFFU) == ENOMEM);
    EXPECT(calloc(0U, 5U) == NULL);
    EXPECT(malloc(0U) == NULL);
    free(NULL);
    EXPECT(errno == 0);

#ifdef HAS_REENTRANT
    struct _reent *const reent = _REENT;
    void *block = _malloc_r(reent, 20U);
    EXPECT_OURS(block);
    block = _realloc_r(reent, block, 50U);
    EXPECT_OURS(block);
    EXPECT(_malloc_usable_size_r(reent, block) >= 50U);
    _free_r(reent, block);
    block = _calloc_r(reent, 3U, 5U);
    EXPECT_OURS(block);
    _free_r(reent, block);
    block = _memalign_r(reent, 64U, 5U);
    EXPECT_OURS(block);
    _free_r(reent, block);
    block = _valloc_r(reent, 5U);
    EXPECT_OURS(block);
    _free_r(reent, block);
    block = _pvalloc_r(reent, 5U);
    EXPECT_OURS(block);
    _free_r(reent, block);
    EXPECT(_mallinfo_r(reent).arena == APP_HEAP_SIZE_BYTES);
    EXPECT(_mallopt_r(reent, M_TOP_PAD, 1) == 0);
    EXPECT(_malloc_trim_r(reent, 0U) == 0);
#endif
    EXPECT(mallinfo().ordblks >= 1U);
    EXPECT(mallinfo().fordblks + mallinfo().uordblks == APP_HEAP_SIZE_BYTES);
    EXPECT(mallopt(M_TOP_PAD, 1) == 0);
    EXPECT(malloc_trim(0U) == 0);
    malloc_stats();

    /* Buffers of files and digits of floating-point numbers. */
    (void)printf("%.3f\n", 2.5);
    free(first);
    EXPECT(sbrk_calls == 0U);
    (void)printf("%s\n", failures == 0U ? "all is ours" : "not all is ours");
    return (int)failures;
}
