/* As FreeRTOS.h. */
#ifndef STAND_IN_TASK_H
#define STAND_IN_TASK_H

typedef void (*TaskFunction_t)(void *);
typedef void *TaskHandle_t;

void       vTaskSuspendAll(void);
BaseType_t xTaskResumeAll(void);
BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint16_t usStackDepth, void *pvParameters,
                       UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask);
void       vTaskStartScheduler(void);

#endif
