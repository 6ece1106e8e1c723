/* Of the program in tasks.c, on the kernel itself or on its stand-in. */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include <stdint.h>

#define configUSE_PREEMPTION                    1
#define configUSE_TIME_SLICING                  1
#define configUSE_PORT_OPTIMISED_TASK_SELECTION 1
#define configCPU_CLOCK_HZ                      25000000UL
#define configTICK_RATE_HZ                      20000
#define configMAX_PRIORITIES                    4
#define configMINIMAL_STACK_SIZE                128
#define configMAX_TASK_NAME_LEN                 8
#define configUSE_16_BIT_TICKS                  0
#define configTOTAL_HEAP_SIZE                   1 /* The heap is ours. */
#define configUSE_IDLE_HOOK                     0
#define configUSE_TICK_HOOK                     0
#define configCHECK_FOR_STACK_OVERFLOW          0
#define configSUPPORT_DYNAMIC_ALLOCATION        1
#define configSUPPORT_STATIC_ALLOCATION         0
#define configUSE_MALLOC_FAILED_HOOK            1
#define configKERNEL_INTERRUPT_PRIORITY         (7 << 5)
#define configMAX_SYSCALL_INTERRUPT_PRIORITY    (5 << 5)

void failed_assertion(const char *file, int line);
#define configASSERT(condition) do { if (!(condition)) { failed_assertion(__FILE__, __LINE__); } } while (0)

void traced_malloc(void *pointer, unsigned long size);
void traced_free(void *pointer, unsigned long size);
#define traceMALLOC(pvAddress, uiSize) traced_malloc((pvAddress), (unsigned long)(uiSize))
#define traceFREE(pvAddress, uiSize)   traced_free((pvAddress), (unsigned long)(uiSize))

#define vPortSVCHandler    SVC_Handler
#define xPortPendSVHandler PendSV_Handler
#define xPortSysTickHandler SysTick_Handler

#endif
