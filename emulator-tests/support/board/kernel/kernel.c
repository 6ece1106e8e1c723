/*
 * Tasks of one priority, each for one tick after the other, unless the scheduler is suspended: as much of a kernel as
 * shows whether a heap keeps tasks apart. ARMv7-M.
 */
#include "FreeRTOS.h"
#include "task.h"

#define MOST_TASKS 4U
#define SYST       ((volatile uint32_t *)0xE000E010U)
#define ICSR       (*(volatile uint32_t *)0xE000ED04U)
#define SHPR3      (*(volatile uint32_t *)0xE000ED20U)
#define PENDSVSET  (1UL << 28)

void PendSV_Handler(void);
void SysTick_Handler(void);

static uint32_t *stacks[MOST_TASKS]; /* Stack pointers of tasks that wait. */
static uint32_t  tasks;
static uint32_t  running;

static volatile uint32_t suspensions;
static volatile uint32_t is_due;

void vTaskSuspendAll(void)
{
    suspensions++;
    __asm__ volatile("" ::: "memory");
}

BaseType_t xTaskResumeAll(void)
{
    __asm__ volatile("" ::: "memory");
    configASSERT(suspensions > 0U);
    suspensions--;
    if ((suspensions == 0U) && (is_due != 0U)) {
        is_due = 0U;
        ICSR   = PENDSVSET;
    }
    return pdFALSE;
}

void SysTick_Handler(void)
{
    if (suspensions == 0U) {
        ICSR = PENDSVSET;
    } else {
        is_due = 1U;
    }
}

/* Called by PendSV: where the next task's registers lie. */
__attribute__((used)) uint32_t *next_task(uint32_t *stack)
{
    stacks[running] = stack;
    running         = (running + 1U) % tasks;
    return stacks[running];
}

__attribute__((naked)) void PendSV_Handler(void)
{
    __asm__ volatile("mrs   r0, psp           \n"
                     "stmdb r0!, {r4-r11}     \n"
                     "push  {r3, lr}          \n"
                     "bl    next_task         \n"
                     "pop   {r3, lr}          \n"
                     "ldmia r0!, {r4-r11}     \n"
                     "msr   psp, r0           \n"
                     "bx    lr                \n");
}

static void ended(void)
{
    configASSERT(0);
}

BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint16_t usStackDepth, void *pvParameters,
                       UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask)
{
    uint32_t *const stack = pvPortMalloc(usStackDepth * sizeof(uint32_t));
    uint32_t       *frame = stack + usStackDepth - 16U;

    (void)pcName;
    (void)uxPriority;
    (void)pxCreatedTask;
    if ((stack == NULL) || (tasks == MOST_TASKS)) {
        return pdFALSE;
    }
    frame[8]  = (uint32_t)pvParameters; /* r0 */
    frame[13] = (uint32_t)ended;        /* lr */
    frame[14] = (uint32_t)pxTaskCode;   /* pc */
    frame[15] = 0x01000000U;            /* xPSR: Thumb */
    stacks[tasks] = frame;
    tasks++;
    return pdPASS;
}

void vTaskStartScheduler(void)
{
    SHPR3   = 0xFFFF0000U;
    running = 0U;
    /* As if the first task had been interrupted: what it does not know is lost. */
    uint32_t *const frame = stacks[0];

    SYST[1] = (configCPU_CLOCK_HZ / configTICK_RATE_HZ) - 1U;
    SYST[2] = 0U;
    SYST[0] = 7U;
    __asm__ volatile("msr psp, %0   \n"
                     "movs r1, #2   \n"
                     "msr control, r1 \n"
                     "isb           \n"
                     "mov r0, %1    \n"
                     "bx  %2        \n"
                     :
                     : "r"(frame + 16), "r"(frame[8]), "r"(frame[14] | 1U)
                     : "r0", "r1", "memory");
    configASSERT(0);
}
