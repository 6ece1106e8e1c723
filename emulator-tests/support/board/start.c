/* Reset of a program on a C library: .data and .bss, constructors, main, then the host is told how it ended. */
#include <stdint.h>

extern uint32_t data_start[], data_end[], data_load[], __bss_start__[], __bss_end__[];
extern char stack_top[];
extern void (*__init_array_start[])(void), (*__init_array_end[])(void);
extern int  main(void);

/* Of C++: names the one module of a program that is not loaded in parts. */
void *__dso_handle;

static uint32_t semihost(uint32_t operation, const void *parameter)
{
    register uint32_t    r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameter;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

__attribute__((used, noreturn)) void stopped(int result)
{
    const uint32_t block[2] = { 0x20026U, (uint32_t)result };

    (void)semihost(0x20U, block);
    for (;;) {
    }
}

__attribute__((used)) void _exit(int result) { stopped(result); }

__attribute__((used)) void board_write(const char *text, unsigned int length)
{
    for (unsigned int index = 0U; index < length; index++) {
        (void)semihost(0x03U, &text[index]);
    }
}

static void fault(void) { stopped(99); }

__attribute__((used, noreturn)) void Reset_Handler(void)
{
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = __bss_start__; to < __bss_end__;) {
        *to++ = 0U;
    }
    for (void (**each)(void) = __init_array_start; each < __init_array_end; each++) {
        (*each)();
    }
    stopped(main());
}

__attribute__((weak)) void SVC_Handler(void) { stopped(98); }
__attribute__((weak)) void PendSV_Handler(void) { stopped(98); }
__attribute__((weak)) void SysTick_Handler(void) { stopped(98); }

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    stack_top, (const void *)Reset_Handler, (const void *)fault, (const void *)fault, (const void *)fault,
    (const void *)fault, (const void *)fault, 0, 0, 0, 0, (const void *)SVC_Handler, 0, 0,
    (const void *)PendSV_Handler, (const void *)SysTick_Handler,
};
