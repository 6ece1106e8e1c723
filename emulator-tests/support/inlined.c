/*
 * The heap in one program with its user, inlined into it: payloads are written as types of all widths right before they
 * are freed and right after they are allocated. Tells a hash of where payloads were and of what was read from them.
 */
#ifdef IN_ONE_UNIT
#include SOURCE
#else
#include HEADER
#endif

#include <stdint.h>
#include <stddef.h>

enum { LIVE = 32, OPERATIONS = 20000, BYTES = 16, KINDS = 9 };

typedef struct {
    double  first;
    float   second;
    int16_t third;
} mixed_t;

static void         *live[LIVE];
static uint32_t      kinds[LIVE];
static uint64_t      hash         = 14695981039346656037ULL;
static uint32_t      random_state = 0x9E3779B9U;
static const uint8_t targets[128];

#ifdef HAS_LOCK
uint32_t test_lock(void)
{
    return 0U;
}

void test_unlock(uint32_t state)
{
    (void)state;
}
#endif

static uint32_t draw(uint32_t below)
{
    random_state ^= random_state << 13U;
    random_state ^= random_state >> 17U;
    random_state ^= random_state << 5U;
    return random_state % below;
}

static void mix(uint64_t value)
{
    hash = (hash ^ value) * 1099511628211ULL;
}

#define EACH_TYPE(DO) \
    DO(0, char) DO(1, uint8_t) DO(2, int16_t) DO(3, uint32_t) DO(4, uint64_t) DO(5, float) DO(6, double)

static inline void write(void *payload, uint32_t kind, uint32_t value)
{
    mixed_t *const mixed = payload;

    switch (kind) {
#define WRITE(NUMBER, TYPE)                                  \
    case NUMBER:                                             \
        for (unsigned i = 0U; i < BYTES / sizeof(TYPE); i++) { \
            ((TYPE *)payload)[i] = (TYPE)(value + i);        \
        }                                                    \
        break;
        EACH_TYPE(WRITE)
    case 7:
        for (unsigned i = 0U; i < BYTES / sizeof(void *); i++) {
            ((const uint8_t **)payload)[i] = &targets[value];
        }
        break;
    default:
        mixed->first  = (double)value;
        mixed->second = (float)value;
        mixed->third  = (int16_t)value;
    }
}

static inline void read(const void *payload, uint32_t kind)
{
    const mixed_t *const mixed = payload;

    switch (kind) {
#define READ(NUMBER, TYPE)                                   \
    case NUMBER:                                             \
        for (unsigned i = 0U; i < BYTES / sizeof(TYPE); i++) { \
            mix((uint64_t)((const TYPE *)payload)[i]);       \
        }                                                    \
        break;
        EACH_TYPE(READ)
    case 7: /* The last differ in number, as pointers do in width. */
        mix((uint64_t)(((const uint8_t *const *)payload)[0] - targets));
        mix((uint64_t)(((const uint8_t *const *)payload)[BYTES / sizeof(void *) - 1U] - targets));
        break;
    default:
        mix((uint64_t)mixed->first + (uint64_t)mixed->second + (uint64_t)mixed->third);
    }
}

static const uint8_t *origin;

/* A payload just allocated, or none. */
static inline void keep(uint32_t at, void *payload, uint32_t value)
{
    live[at] = payload;
    if (payload != NULL) {
        kinds[at] = draw(KINDS);
        write(payload, kinds[at], value);
        mix((uint64_t)(int64_t)((const uint8_t *)payload - origin));
    } else if (draw(4U) == 0U) { /* What frees nothing is begun again. */
        for (uint32_t each = 0U; each < LIVE; each++) {
            live[each] = NULL;
        }
        HEAP(init)();
    }
}

static inline void change(uint32_t at, uint32_t value)
{
#ifdef HAS_REALLOC
    if (draw(3U) == 0U) {
        void *const moved = HEAP(realloc)(live[at], BYTES + draw(200U));

        if (moved != NULL) {
            read(moved, kinds[at]);
            keep(at, moved, value);
        }
        return;
    }
#endif
    read(live[at], kinds[at]);
    write(live[at], draw(KINDS), value);
    HEAP(free)(live[at]);
    live[at] = NULL;
}

static inline void allocate(uint32_t at, uint32_t value)
{
#ifdef HAS_CALLOC
    if (draw(3U) == 0U) {
        void *const payload = HEAP(calloc)(1U + draw(4U), BYTES);

        if (payload != NULL) {
            read(payload, draw(7U));
        }
        keep(at, payload, value);
        return;
    }
#endif
    keep(at, HEAP(malloc)(BYTES + draw(200U)), value);
}

uint64_t use_heap(void)
{
    HEAP(init)();
    origin = HEAP(malloc)(BYTES);
    HEAP(free)((void *)(uintptr_t)origin);
    for (uint32_t operation = 0U; operation < OPERATIONS; operation++) {
        const uint32_t at = draw(LIVE);

        if (live[at] != NULL) {
            change(at, operation & 63U);
        } else {
            allocate(at, operation & 63U);
        }
    }
    return hash;
}

#ifdef __arm__
/* A Cortex-M3 of QEMU: what a debugger prints and does, asked for by a breakpoint. */
extern uint32_t stack_end[];

static void ask(uint32_t request, const void *argument)
{
    register uint32_t    number __asm("r0") = request;
    register const void *what __asm("r1")   = argument;

    __asm volatile("bkpt 0xab" : "+r"(number) : "r"(what) : "memory");
}

__attribute__((used)) void reset(void)
{
    static char    text[17];
    const uint64_t result = use_heap();

    for (unsigned i = 0U; i < 16U; i++) {
        text[i] = "0123456789abcdef"[(result >> (60U - (4U * i))) & 15U];
    }
    ask(4U, text);
    ask(0x18U, (const void *)0x20026U);
    for (;;) {
    }
}

__attribute__((used, section(".vectors"))) const void *const vectors[] = {stack_end, (const void *)reset};
#else
#include <stdio.h>

int main(void)
{
    printf("%016llx\n", (unsigned long long)use_heap());
    return 0;
}
#endif
