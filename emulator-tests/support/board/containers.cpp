// Everything of C++ that allocates: all memory is the heap's, also what constructors of objects outside main ask for.
#include <cstdint>
#include <cstdio>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <new>
#include <string>
#include <vector>

#include "app_heap.hpp"

extern "C" unsigned int sbrk_calls;

namespace {

unsigned int failures;

void expect(bool holds, int line, const char *condition)
{
    if (!holds) {
        failures++;
        std::printf("line %d: %s\n", line, condition);
    }
}

#define EXPECT(condition) expect((condition), __LINE__, #condition)

bool is_it(const app_heap_block_t *block, void *context)
{
    void **const wanted = static_cast<void **>(context);

    if (block->used && (block->payload == *wanted)) {
        *wanted = nullptr;
    }
    return true;
}

bool is_ours(const void *pointer)
{
    void *wanted = const_cast<void *>(pointer);

    app_heap_walk(is_it, &wanted);
    return (pointer != nullptr) && (wanted == nullptr);
}

bool count(const app_heap_block_t *block, void *context)
{
    *static_cast<unsigned int *>(context) += block->used ? 1U : 0U;
    return true;
}

unsigned int used_blocks()
{
    unsigned int number = 0U;

    app_heap_walk(count, &number);
    return number;
}

struct alignas(64) Line {
    unsigned char bytes[64];
};

unsigned int destroyed;

struct Counted {
    std::uint32_t value = 7U;
    virtual ~Counted() { destroyed++; }
};

// Constructed before main.
std::vector<int> early{1, 2, 3};

unsigned int handled;
void *spare;

void give_up_spare()
{
    handled++;
    app_heap_free(spare);
    std::set_new_handler(nullptr);
}

} // namespace

int main()
{
    std::setvbuf(stdout, nullptr, _IONBF, 0);
    EXPECT(is_ours(early.data()));
    const unsigned int before = used_blocks();
    {
        std::vector<int> numbers;
        for (int number = 0; number < 100; number++) {
            numbers.push_back(number);
        }
        EXPECT(is_ours(numbers.data()));
        std::map<std::string, int> words;
        words["a word that is longer than what a string holds in itself"] = 1;
        EXPECT(is_ours(words.begin()->first.data()));
        std::unique_ptr<Counted> one = std::make_unique<Counted>();
        EXPECT(is_ours(one.get()));
        std::unique_ptr<Line> line = std::make_unique<Line>();
        EXPECT(is_ours(line.get()));
        EXPECT(reinterpret_cast<std::uintptr_t>(line.get()) % 64U == 0U);
        std::unique_ptr<Line[]> lines = std::make_unique<Line[]>(3U);
        EXPECT(reinterpret_cast<std::uintptr_t>(lines.get()) % 64U == 0U);
        Counted *const many = new Counted[3];
        delete[] many;
        std::shared_ptr<int> shared = std::make_shared<int>(3);
        EXPECT(*shared == 3);

        std::pmr::vector<int> pooled(app_heap::resource());
        pooled.resize(50U);
        EXPECT(is_ours(pooled.data()));
        std::pmr::monotonic_buffer_resource arena(app_heap::resource());
        std::pmr::list<int> numbered({1, 2, 3}, &arena);
        EXPECT(numbered.size() == 3U);
        std::vector<Line, app_heap::allocator<Line>> aligned(2U);
        EXPECT(reinterpret_cast<std::uintptr_t>(aligned.data()) % 64U == 0U);
        std::list<int, app_heap::allocator<int>> rebound{1, 2};
        EXPECT(is_ours(&rebound.front()) || rebound.size() == 2U);
        EXPECT(app_heap::allocator<int>() == app_heap::allocator<char>());
    }
    EXPECT(destroyed == 4U);
    EXPECT(used_blocks() == before);

    // new(0) is an object of its own.
    void *const nothing = ::operator new(0U);
    void *const nothing_else = ::operator new(0U);
    EXPECT(is_ours(nothing));
    EXPECT(nothing != nothing_else);
    ::operator delete(nothing);
    ::operator delete(nothing_else, 0U);

    EXPECT(::operator new(APP_HEAP_SIZE_BYTES, std::nothrow) == nullptr);
    EXPECT(::operator new[](APP_HEAP_SIZE_BYTES, std::nothrow) == nullptr);
    EXPECT(::operator new(APP_HEAP_SIZE_BYTES, std::align_val_t{64}, std::nothrow) == nullptr);
    void *wide = ::operator new(40U, std::align_val_t{128}, std::nothrow);
    EXPECT(reinterpret_cast<std::uintptr_t>(wide) % 128U == 0U);
    ::operator delete(wide, std::align_val_t{128}, std::nothrow);

    // The handler makes room, and is asked once.
    spare = app_heap_malloc(20000U);
    std::set_new_handler(give_up_spare);
    void *const large = ::operator new(20000U);
    EXPECT(is_ours(large));
    EXPECT(handled == 1U);
    ::operator delete(large, 20000U);
#if defined(__cpp_exceptions)
    bool thrown = false;
    try {
        static_cast<void>(::operator new(APP_HEAP_SIZE_BYTES));
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    EXPECT(thrown);
    thrown = false;
    try {
        std::pmr::vector<int> too_many(app_heap::resource());
        too_many.resize(APP_HEAP_SIZE_BYTES);
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    EXPECT(thrown);
    thrown = false;
    try {
        static_cast<void>(app_heap::allocator<Line>().allocate(SIZE_MAX / 32U));
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    EXPECT(thrown);
#endif
    EXPECT(used_blocks() == before);
    EXPECT(sbrk_calls == 0U);
    std::printf("%s\n", failures == 0U ? "all is ours" : "not all is ours");
    return static_cast<int>(failures);
}
