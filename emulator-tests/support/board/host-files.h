/* Files of the machine that runs the emulator, by semihosting. */
#ifndef HOST_FILES_H
#define HOST_FILES_H

#include <stdint.h>
#include <string.h>

static inline uint32_t host_call(uint32_t operation, const void *parameter)
{
    register uint32_t    r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameter;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/* Opens a file to be written anew, in binary. */
static inline uint32_t host_create(const char *name)
{
    const uint32_t block[3] = { (uint32_t)(uintptr_t)name, 5U, strlen(name) };

    return host_call(0x01U, block);
}

static inline void host_write(uint32_t file, const void *bytes, uint32_t length)
{
    const uint32_t block[3] = { file, (uint32_t)(uintptr_t)bytes, length };

    (void)host_call(0x05U, block);
}

static inline void host_close(uint32_t file)
{
    (void)host_call(0x02U, &file);
}

#endif
