// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

// OpenSSL's one-block-at-a-time SHA-256 has no allocation and no dispatch per call, which is what
// hashing many 65-byte tree nodes needs. Version 3 calls it deprecated in favour of EVP; the
// functions below are the only place that uses it.

#ifndef RESGUARDO_CLIBCRYPTO_SHIM_H
#define RESGUARDO_CLIBCRYPTO_SHIM_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "timestamp.h"

typedef struct { SHA256_CTX context; } resguardo_sha256;

static inline void resguardo_sha256_init(resguardo_sha256 *state) {
    SHA256_Init(&state->context);
}

static inline void resguardo_sha256_update(resguardo_sha256 *state, const void *bytes, size_t count) {
    SHA256_Update(&state->context, bytes, count);
}

static inline void resguardo_sha256_final(resguardo_sha256 *state, unsigned char *digest) {
    SHA256_Final(digest, &state->context);
}

typedef struct { SHA_CTX context; } resguardo_sha1;

static inline void resguardo_sha1_init(resguardo_sha1 *state) {
    SHA1_Init(&state->context);
}

static inline void resguardo_sha1_update(resguardo_sha1 *state, const void *bytes, size_t count) {
    SHA1_Update(&state->context, bytes, count);
}

static inline void resguardo_sha1_final(resguardo_sha1 *state, unsigned char *digest) {
    SHA1_Final(digest, &state->context);
}

#endif
