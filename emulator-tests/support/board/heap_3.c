/* The kernel's heap made of the C library's malloc, with the scheduler suspended: what FreeRTOS' own heap_3.c does. */
#include <stdlib.h>

#include "FreeRTOS.h"
#include "task.h"

void *pvPortMalloc(size_t xWantedSize)
{
    vTaskSuspendAll();
    void *const pointer = malloc(xWantedSize);
    (void)xTaskResumeAll();
    if (pointer == NULL) {
        vApplicationMallocFailedHook();
    }
    return pointer;
}

void vPortFree(void *pv)
{
    vTaskSuspendAll();
    free(pv);
    (void)xTaskResumeAll();
}
