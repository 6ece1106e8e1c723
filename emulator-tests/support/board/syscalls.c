/* What newlib and picolibc ask of a system. The memory for a heap of the library's own is counted. */
#include <stddef.h>
#include <sys/stat.h>

#ifdef __PICOLIBC__
extern char __heap_start[];
extern char __heap_end[];
#define HEAP_START __heap_start
#define HEAP_END   __heap_end
#define SBRK       sbrk
void *sbrk(ptrdiff_t bytes);
#else
extern char end[];
extern char heap_top[];
#define HEAP_START end
#define HEAP_END   heap_top
#define SBRK       _sbrk
#endif

unsigned int sbrk_calls;

void *SBRK(ptrdiff_t bytes)
{
    static char *top = HEAP_START;
    char *const  before = top;

    sbrk_calls++;
    if (top + bytes > HEAP_END) {
        return (void *)-1;
    }
    top += bytes;
    return before;
}

#ifndef __PICOLIBC__
void board_write(const char *text, unsigned int length);

int _write(int file, const char *text, int length)
{
    (void)file;
    board_write(text, (unsigned int)length);
    return length;
}

int _read(int file, char *text, int length) { (void)file; (void)text; (void)length; return 0; }
int _open(const char *name, int flags, int mode) { (void)name; (void)flags; (void)mode; return -1; }
int _close(int file) { (void)file; return -1; }
int _isatty(int file) { (void)file; return 1; }
int _lseek(int file, int offset, int from) { (void)file; (void)offset; (void)from; return 0; }
int _fstat(int file, struct stat *state) { (void)file; state->st_mode = S_IFCHR; return 0; }
int _kill(int process, int signal) { (void)process; (void)signal; return -1; }
int _getpid(void) { return 1; }
int _times(void *times) { (void)times; return -1; }
int _gettimeofday(void *time, void *zone) { (void)time; (void)zone; return -1; }
#endif
