/*
 * Debian's library is built without MBEDTLS_PLATFORM_MEMORY: its headers are the real ones, and the function that stores
 * the two hooks is written here.
 */
#include "ours.h"
#include "app_heap_mbedtls.h"

#include <string.h>

static void *(*hooked_calloc)(size_t, size_t);
static void (*hooked_free)(void *);

int mbedtls_platform_set_calloc_free(void *(*calloc_func)(size_t, size_t), void (*free_func)(void *))
{
    hooked_calloc = calloc_func;
    hooked_free   = free_func;
    return 0;
}

int main(void)
{
    static const unsigned char zeros[96];

    begin();
    void *const dirty = app_heap_malloc(sizeof zeros);
    (void)memset(dirty, 0xff, sizeof zeros);
    app_heap_free(dirty);
    EXPECT(app_heap_mbedtls_init() == 0);
    void *const state = hooked_calloc(6U, 16U);
    EXPECT((state != NULL) && (memcmp(state, zeros, sizeof zeros) == 0));
    EXPECT(used_blocks() == 1U);
    EXPECT(hooked_calloc(SIZE_MAX / 2U, 3U) == NULL);
    hooked_free(state);
    hooked_free(NULL);
    EXPECT(used_blocks() == 0U);
    return end();
}
