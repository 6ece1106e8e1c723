/*
 * For behind a generated C file. One function writes a payload, then a block where it is, and reads the payload; another
 * the other way around. If the compiler takes the two for different memory, it returns what was written first.
 */
#include <stdio.h>

/* No member of a block is a float, and each byte of the values differs from 0. */
#define SOME_FLOAT (0x1.7f7f7f7f7f7f7p0f)
#define SOME_DOUBLE (0x1.7f7f7f7f7f7f7p0)

typedef struct {
    float of;
} user_t;

static _Alignas(64) uint8_t place[256];
static unsigned             missed;

static void tell(const char *title, int isSeen)
{
    if (!isSeen) {
        printf("%s\n", title);
        missed++;
    }
}

/* id: a word; type: of the block; at: what is accessed, "->size" or nothing; of: "*payload" or its member */
#define PROBE(id, type, at, user, of, value)                                                     \
    static int payload_first_##id(user *payload, type *block)                                    \
    {                                                                                            \
        of = value;                                                                              \
        at = 0;                                                                                  \
        return of != value;                                                                      \
    }                                                                                            \
    static int block_first_##id(user *payload, type *block)                                      \
    {                                                                                            \
        at = 85;                                                                                 \
        of = 0;                                                                                  \
        return at == 0;                                                                          \
    }                                                                                            \
    static void run_##id(void)                                                                   \
    {                                                                                            \
        int (*volatile payload_first)(user *, type *) = payload_first_##id;                      \
        int (*volatile block_first)(user *, type *)   = block_first_##id;                        \
        type *const  block  = (type *)(void *)place;                                             \
        const size_t offset = (size_t)((uint8_t *)&(at) - place) & ~(size_t)(sizeof(user) - 1U); \
        user *const  payload = (user *)(void *)&place[offset];                                   \
        tell(#id ": payload first", payload_first(payload, block));                              \
        tell(#id ": block first", block_first(payload, block));                                  \
    }
