/* What FreeRTOSConfig.h names, for a program that traces nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "FreeRTOS.h"

void failed_assertion(const char *file, int line)
{
    (void)printf("%s:%d: assertion\n", file, line);
    exit(90);
}

void traced_malloc(void *pointer, unsigned long size)
{
    (void)pointer;
    (void)size;
}

void traced_free(void *pointer, unsigned long size)
{
    (void)pointer;
    (void)size;
}
