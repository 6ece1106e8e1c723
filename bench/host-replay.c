/*
 * Replays a trace on an allocator that is built for the host, in heaps of the sizes that are given, and prints for each
 * whether every request was served: "y" or "n". Each size has a process of its own, so that it finds an allocator that
 * nobody has called.
 *
 * The file: the number of operations in 4 bytes, the kind of each in a byte, the argument of each in 4 bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM (2U << 20)
#define MOST (4U << 20)

void  alloc_gen_init(void);
void *PEER_MALLOC(size_t bytes);
void  PEER_FREE(void *block);

_Alignas(4096) unsigned char alloc_gen_heap[ROOM];
size_t alloc_gen_heap_bytes;

enum { FREE = 2 }; /* Any other kind asks for a block. */

/* Memory of no malloc: the allocator that is tried may be called so. */
static unsigned char kinds[MOST];
static uint32_t      arguments[MOST];
static void         *blocks[MOST];

static int serves(uint32_t length)
{
    alloc_gen_init();
    for (uint32_t index = 0; index < length; index++) {
        if (kinds[index] == FREE) {
            PEER_FREE(blocks[arguments[index]]);
        } else {
            blocks[index] = PEER_MALLOC(arguments[index]);
            if ((blocks[index] == NULL) && (arguments[index] != 0U)) {
                return 0;
            }
        }
    }
    return 1;
}

int main(int count, char **words)
{
    uint32_t    length = 0;
    FILE *const file   = (count > 1) ? fopen(words[1], "rb") : NULL;

    if ((file == NULL) || (fread(&length, 4, 1, file) != 1) || (length > MOST) ||
        (fread(kinds, 1, length, file) != length) || (fread(arguments, 4, length, file) != length)) {
        return 2;
    }
    for (int word = 2; word < count; word++) {
        int         status = 0;
        const pid_t child  = fork();

        if (child == 0) {
            alloc_gen_heap_bytes = (size_t)strtoul(words[word], NULL, 10);
            _exit(serves(length) ? 0 : 1);
        }
        if ((child < 0) || (waitpid(child, &status, 0) != child)) {
            return 2;
        }
        putchar((WIFEXITED(status) && (WEXITSTATUS(status) == 0)) ? 'y' : 'n');
    }
    return 0;
}
