// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0
//
// ChaCha20-Poly1305 on chunks of 64 KiB by three libraries, in gigabytes per second of CPU time.
// Built and run by Tests/Benchmarks/age/ciphers.

#include <CCryptoBoringSSL_aead.h>
#include <dlfcn.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// OpenSSL is loaded at run time: its header has the names of BoringSSL's.
#define AEAD_GET_TAG 0x10
#define AEAD_SET_TAG 0x11

enum { COUNT = 65536, TAG = 16, ROUNDS = 16384 };

static unsigned char plain[COUNT], sealed[COUNT + TAG], key[32], nonce[12];

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void report(const char *name, double sealing, double opening) {
    double bytes = (double)COUNT * ROUNDS;
    printf("| %s | %.2f | %.2f |\n", name, bytes / sealing / 1e9, bytes / opening / 1e9);
}

static void require(int ok) {
    if (!ok) abort();
}

static void sodium(void) {
    double start = seconds();
    for (int i = 0; i < ROUNDS; i++)
        crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, plain, COUNT, NULL, 0, NULL, nonce, key);
    double middle = seconds();
    for (int i = 0; i < ROUNDS; i++)
        require(!crypto_aead_chacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed, COUNT + TAG, NULL, 0, nonce, key));
    report("libsodium", middle - start, seconds() - middle);
}

static void boringssl(void) {
    EVP_AEAD_CTX *context = CCryptoBoringSSL_EVP_AEAD_CTX_new(CCryptoBoringSSL_EVP_aead_chacha20_poly1305(), key, 32, TAG);
    size_t count;
    double start = seconds();
    for (int i = 0; i < ROUNDS; i++)
        require(CCryptoBoringSSL_EVP_AEAD_CTX_seal(context, sealed, &count, sizeof sealed, nonce, 12, plain, COUNT, NULL, 0));
    double middle = seconds();
    for (int i = 0; i < ROUNDS; i++)
        require(CCryptoBoringSSL_EVP_AEAD_CTX_open(context, plain, &count, COUNT, nonce, 12, sealed, COUNT + TAG, NULL, 0));
    report("swift-crypto (its BoringSSL)", middle - start, seconds() - middle);
}

static void openssl(void) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    require(library != NULL);
    void *(*new)(void) = dlsym(library, "EVP_CIPHER_CTX_new");
    void *(*cipher)(void) = dlsym(library, "EVP_chacha20_poly1305");
    int (*init)(void *, void *, void *, const void *, const void *, int) = dlsym(library, "EVP_CipherInit_ex");
    int (*update)(void *, void *, int *, const void *, int) = dlsym(library, "EVP_CipherUpdate");
    int (*final)(void *, void *, int *) = dlsym(library, "EVP_CipherFinal_ex");
    int (*control)(void *, int, int, void *) = dlsym(library, "EVP_CIPHER_CTX_ctrl");
    void *context = new();
    int count;
    require(init(context, cipher(), NULL, key, NULL, 1));
    double start = seconds();
    for (int i = 0; i < ROUNDS; i++) {
        require(init(context, NULL, NULL, NULL, nonce, 1));
        require(update(context, sealed, &count, plain, COUNT));
        require(final(context, sealed + COUNT, &count));
        require(control(context, AEAD_GET_TAG, TAG, sealed + COUNT));
    }
    double middle = seconds();
    require(init(context, NULL, NULL, key, NULL, 0));
    for (int i = 0; i < ROUNDS; i++) {
        require(init(context, NULL, NULL, NULL, nonce, 0));
        require(control(context, AEAD_SET_TAG, TAG, sealed + COUNT));
        require(update(context, plain, &count, sealed, COUNT));
        require(final(context, plain + COUNT, &count));
    }
    report("OpenSSL's libcrypto", middle - start, seconds() - middle);
}

int main(void) {
    require(sodium_init() >= 0);
    puts("| 64 KiB chunks, one core | seal, GB/s | open, GB/s |\n|---|---|---|");
    sodium();
    boringssl();
    openssl();
}
