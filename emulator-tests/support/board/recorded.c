/*
 * Calls an allocator at random, in main and in handlers of interrupts, and tells the host of each context what it called:
 * entries of four words in main.log and handler.log. What the recorder gives goes to recording.bin.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "app_heap_recorder.h"
#include "host-files.h"
#include "subject.h" /* The allocator's functions, OPERATIONS, DRAINS: operations between drains. INTERRUPTS. */

#define SLOTS 24U
#define SYST  ((volatile uint32_t *)0xE000E010U)

void SysTick_Handler(void);

enum { CALLED_MALLOC, CALLED_FREE, CALLED_CALLOC, CALLED_ALIGNED, CALLED_REALLOC, KINDS };

/* A call: its kind, the address or alignment that it took, the address that it gave, its size. */
typedef struct {
    uint32_t kind;
    uint32_t taken;
    uint32_t given;
    uint32_t size;
} call_t;

typedef struct {
    void    *blocks[SLOTS];
    uint32_t random;
    uint32_t least; /* Sizes of each context are its own. */
    uint32_t logged;
    call_t   log[1024];
} context_t;

static context_t context_of_main    = { .random = 1U, .least = 1U };
static context_t context_of_handler = { .random = 2U, .least = 300U };
static uint32_t  recording;

static uint32_t draw(context_t *context, uint32_t below)
{
    context->random = (context->random * 1664525U) + 1013904223U;
    return (context->random >> 8) % below;
}

static void say(context_t *context, uint32_t kind, const void *taken, const void *given, uint32_t size)
{
    const call_t call = { kind, (uint32_t)(uintptr_t)taken, (uint32_t)(uintptr_t)given, size };

    context->log[context->logged] = call;
    context->logged++;
}

static void call_once(context_t *context)
{
    const uint32_t slot = draw(context, SLOTS);
    const uint32_t size = context->least + draw(context, 200U);
    const uint32_t kind = draw(context, 16U);
    void *const    old  = context->blocks[slot];
    uint32_t       alignment = 0U;
    void          *block;

    if (old == NULL) {
        const uint32_t how = (kind < 12U) ? CALLED_MALLOC : ((kind < 14U) || !HAS_ALIGNED) ? CALLED_CALLOC : CALLED_ALIGNED;

        if (how == CALLED_MALLOC) {
            block = MALLOC(size);
        } else if (how == CALLED_CALLOC) {
            block = CALLOC(1U, size);
        } else {
            alignment = 16U << (kind % 3U);
            block     = ALIGNED(alignment, size);
        }
        say(context, how, (const void *)(uintptr_t)alignment, block, size);
        context->blocks[slot] = block;
    } else if (kind < 4U) {
        block = REALLOC(old, size);
        say(context, CALLED_REALLOC, old, block, size);
        context->blocks[slot] = (block != NULL) ? block : old;
    } else {
        FREE(old);
        say(context, CALLED_FREE, old, NULL, 0U);
        context->blocks[slot] = NULL;
    }
}

static void tell(context_t *context, uint32_t file)
{
    /* Masked: a handler would add to what is written. */
    __asm__ volatile("cpsid i" ::: "memory");
    host_write(file, context->log, context->logged * sizeof(call_t));
    context->logged = 0U;
    __asm__ volatile("cpsie i" ::: "memory");
}

void SysTick_Handler(void)
{
    if (context_of_handler.logged < 1000U) {
        call_once(&context_of_handler);
    }
#ifdef SWEEPS
    SYST[0] = 0U;
#else
    /* The next comes anywhere in what main calls. */
    SYST[1] = 200U + draw(&context_of_handler, 397U);
    SYST[2] = 0U;
#endif
}

void app_heap_recorder_write(const uint8_t *bytes, uint32_t length)
{
    host_write(recording, bytes, length);
}

#ifdef TIMED
/* Ticks that the test knows: each call takes 3. */
uint32_t app_heap_recorder_ticks(void)
{
    static uint32_t ticks = 0xFFFFFF00U;

    ticks += 3U;
    return ticks;
}
#endif

int main(void)
{
    const uint32_t file_of_main    = host_create("main.log");
    const uint32_t file_of_handler = host_create("handler.log");

    recording = host_create("recording.bin");
    BEGIN();
    if (INTERRUPTS) {
        SYST[1] = 1000U;
        SYST[2] = 0U;
        SYST[0] = 7U;
    }
    for (uint32_t operation = 1U; operation <= OPERATIONS; operation++) {
#ifdef SWEEPS
        /* One interrupt in each call, an instruction later than in the one before. */
        SYST[1] = 1U + (operation % SWEEPS);
        SYST[2] = 0U;
        SYST[0] = 7U;
#endif
        call_once(&context_of_main);
        if ((operation % DRAINS) == 0U) {
            app_heap_recorder_drain();
        }
        if ((operation % 500U) == 0U) {
            tell(&context_of_main, file_of_main);
            tell(&context_of_handler, file_of_handler);
        }
    }
    SYST[0] = 0U;
    app_heap_recorder_stop();
    tell(&context_of_main, file_of_main);
    tell(&context_of_handler, file_of_handler);
    host_close(file_of_main);
    host_close(file_of_handler);
    END();
    host_close(recording);
    return 0;
}
