/*
 * A parser in an arena: the tree of a sum is built, evaluated, and given back with one release. main returns 0 when the
 * sums are right and the arena is as it was.
 */
#include <stddef.h>
#include <stdint.h>

#include "parse_arena.h"

typedef struct node {
    const struct node *left; /* NULL in a leaf. */
    const struct node *right;
    int32_t            value;
} node_t;

/* A tree of the digits: ((1 + 2) + 3) + ... NULL when the arena is too small. */
static const node_t *parse(const char *text)
{
    const node_t *sum = NULL;

    for (const char *at = text; *at != '\0'; at++) {
        if ((*at < '0') || (*at > '9')) {
            continue;
        }
        node_t *const leaf = parse_arena_malloc(sizeof *leaf);
        node_t *const both = parse_arena_malloc(sizeof *both);

        if ((leaf == NULL) || (both == NULL)) {
            return NULL;
        }
        *leaf = (node_t){ .left = NULL, .right = NULL, .value = *at - '0' };
        *both = (node_t){ .left = sum, .right = leaf, .value = 0 };
        sum   = both;
    }
    return sum;
}

static int32_t evaluate(const node_t *tree)
{
    int32_t sum = 0;

    for (const node_t *at = tree; at != NULL; at = at->left) {
        sum += at->right->value;
    }
    return sum;
}

int main(void)
{
    parse_arena_init();

    int32_t *const result = parse_arena_malloc(sizeof *result);
    const uint32_t mark   = parse_arena_mark();

    /* Each parse takes an eighth of the arena: without the release the ninth would fail. */
    for (uint32_t round = 0U; round < 100U; round++) {
        const node_t *const tree = parse("1+2+3+4+5+6+7+8+9+1+2+3+4+5+6");

        if (tree == NULL) {
            return 1;
        }
        *result = evaluate(tree);
        if (*result != 66) {
            return 2;
        }
        parse_arena_release(mark);
    }
    parse_arena_free(result);
    return (parse_arena_malloc(PARSE_ARENA_MAX_REQUEST) != NULL) ? 0 : 3;
}
