// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

// BLAKE2b of eight messages side by side, word i of all of them in one vector. It is written for no
// processor: the compiler makes a version for each of the widths named below, and the loader takes
// the best that the machine has. Names are those of RFC 7693, section 3.

#include "blake2b_lanes.h"

#include <string.h>

#if defined(__x86_64__)
#define FOR_EACH_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_WIDTH
#endif

#define LANES RESGUARDO_LANES
#define BLOCK 128

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are loaded as they lie in memory, which RFC 7693 has in little-endian order"
#endif

typedef uint64_t words __attribute__((vector_size(LANES * sizeof(uint64_t))));

// RFC 7693, section 2.6.
static const uint64_t IV[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

// RFC 7693, section 2.7; BLAKE2b has two rounds more than rows, which take the first two again.
static const uint8_t SIGMA[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

#define ROTATE(x, bits) ((x) >> (bits) | (x) << (64 - (bits)))

// The mixing function G, section 3.1.
#define G(a, b, c, d, x, y)         \
    v[a] += v[b] + (x);             \
    v[d] = ROTATE(v[d] ^ v[a], 32); \
    v[c] += v[d];                   \
    v[b] = ROTATE(v[b] ^ v[c], 24); \
    v[a] += v[b] + (y);             \
    v[d] = ROTATE(v[d] ^ v[a], 16); \
    v[c] += v[d];                   \
    v[b] = ROTATE(v[b] ^ v[c], 63)

// The compression function F, section 3.2; t counts the same for all, being below 2^64.
#define COMPRESS(h, block, t, is_last)                                              \
    do {                                                                            \
        words m[16], v[16];                                                         \
        for (int i = 0; i < 16; i++)                                                \
            for (int lane = 0; lane < LANES; lane++) {                              \
                uint64_t word;                                                      \
                memcpy(&word, (block)[lane] + 8 * i, sizeof word);                  \
                m[i][lane] = word;                                                  \
            }                                                                       \
        for (int i = 0; i < 8; i++) {                                               \
            v[i] = h[i];                                                            \
            v[i + 8] = (words){} + IV[i];                                           \
        }                                                                           \
        v[12] ^= (uint64_t)(t);                                                     \
        if (is_last) v[14] = ~v[14];                                                \
        _Pragma("clang loop unroll(full)") for (int round = 0; round < 12; round++) { \
            const uint8_t *s = SIGMA[round % 10];                                   \
            G(0, 4, 8, 12, m[s[0]], m[s[1]]);                                       \
            G(1, 5, 9, 13, m[s[2]], m[s[3]]);                                       \
            G(2, 6, 10, 14, m[s[4]], m[s[5]]);                                      \
            G(3, 7, 11, 15, m[s[6]], m[s[7]]);                                      \
            G(0, 5, 10, 15, m[s[8]], m[s[9]]);                                      \
            G(1, 6, 11, 12, m[s[10]], m[s[11]]);                                    \
            G(2, 7, 8, 13, m[s[12]], m[s[13]]);                                     \
            G(3, 4, 9, 14, m[s[14]], m[s[15]]);                                     \
        }                                                                           \
        for (int i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];                        \
    } while (0)

FOR_EACH_WIDTH
void resguardo_blake2b256_lanes(uint8_t *digests, uint8_t prefix, const uint8_t *pieces,
                                size_t piece_size) {
    words h[8];
    for (int i = 0; i < 8; i++) h[i] = (words){} + IV[i];
    // Parameter block, section 2.5: 32 bytes of digest, no key, fanout and depth 1.
    h[0] ^= (uint64_t)0x01010020;

    // The prefix moves everything by one byte: blocks begin one byte before their place in the
    // piece, and one byte is left for the last block.
    uint8_t edge[LANES][BLOCK];
    const uint8_t *block[LANES];
    for (int lane = 0; lane < LANES; lane++) {
        edge[lane][0] = prefix;
        memcpy(edge[lane] + 1, pieces + lane * piece_size, BLOCK - 1);
        block[lane] = edge[lane];
    }
    size_t done = 0;
    while (done < piece_size) {
        if (done > 0)
            for (int lane = 0; lane < LANES; lane++)
                block[lane] = pieces + lane * piece_size + done - 1;
        done += BLOCK;
        COMPRESS(h, block, done, 0);
    }
    for (int lane = 0; lane < LANES; lane++) {
        memset(edge[lane], 0, BLOCK);
        edge[lane][0] = pieces[(lane + 1) * piece_size - 1];
        block[lane] = edge[lane];
    }
    COMPRESS(h, block, piece_size + 1, 1);

    for (int lane = 0; lane < LANES; lane++)
        for (int i = 0; i < 4; i++) {
            uint64_t word = h[i][lane];
            memcpy(digests + 32 * lane + 8 * i, &word, sizeof word);
        }
}
