// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

// Checks a response of a time-stamping authority (RFC 3161). OpenSSL's stacks are macros, which
// Swift does not see, and each of its objects has an owner of its own: both stay in here.

#ifndef RESGUARDO_CLIBCRYPTO_TIMESTAMP_H
#define RESGUARDO_CLIBCRYPTO_TIMESTAMP_H

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

enum { resguardo_ts_text_count = 512 };

// What a response says; texts end in zero.
typedef struct {
    long status;               // PKIStatus: 0 and 1 grant
    int64_t seconds;           // genTime since 1970, fractions cut off
    int has_fraction;          // whether something was cut off
    int64_t accuracy_micros;   // 0 where the authority says nothing
    char policy[resguardo_ts_text_count];
    char serial[resguardo_ts_text_count];
    char signer[resguardo_ts_text_count];
} resguardo_ts_facts;

// In the order in which they are looked for.
typedef enum {
    resguardo_ts_good, resguardo_ts_malformed, resguardo_ts_refused, resguardo_ts_other_data,
    resguardo_ts_other_nonce, resguardo_ts_no_roots, resguardo_ts_untrusted
} resguardo_ts_verdict;

static inline int64_t resguardo_ts_number(const ASN1_INTEGER *integer, int64_t max) {
    int64_t value = 0;
    if (integer == NULL) return 0;
    if (!ASN1_INTEGER_get_int64(&value, integer) || value < 0 || value > max) return -1;
    return value;
}

static inline int resguardo_ts_read_time(TS_TST_INFO *info, resguardo_ts_facts *facts) {
    const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(info);
    struct tm parts;
    if (time == NULL || !ASN1_TIME_to_tm(time, &parts)) return 0;
    facts->seconds = (int64_t)timegm(&parts);
    facts->has_fraction =
        memchr(ASN1_STRING_get0_data(time), '.', (size_t)ASN1_STRING_length(time)) != NULL;
    TS_ACCURACY *accuracy = TS_TST_INFO_get_accuracy(info);
    if (accuracy == NULL) return 1;
    int64_t seconds = resguardo_ts_number(TS_ACCURACY_get_seconds(accuracy), 1 << 30);
    int64_t millis = resguardo_ts_number(TS_ACCURACY_get_millis(accuracy), 999);
    int64_t micros = resguardo_ts_number(TS_ACCURACY_get_micros(accuracy), 999);
    if (seconds < 0 || millis < 0 || micros < 0) return 0;
    facts->accuracy_micros = seconds * 1000000 + millis * 1000 + micros;
    return 1;
}

static inline int resguardo_ts_read(TS_TST_INFO *info, resguardo_ts_facts *facts) {
    BIGNUM *serial = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), NULL);
    char *digits = serial == NULL ? NULL : BN_bn2hex(serial);
    int count = OBJ_obj2txt(
        facts->policy, sizeof facts->policy, TS_TST_INFO_get_policy_id(info), 1
    );
    int is_good = digits != NULL && strlen(digits) < sizeof facts->serial
        && count > 0 && count < (int)sizeof facts->policy;
    if (is_good) strcpy(facts->serial, digits);
    OPENSSL_free(digits);
    BN_free(serial);
    return is_good && resguardo_ts_read_time(info, facts);
}

static inline int resguardo_ts_has_digest(TS_TST_INFO *info, const unsigned char *digest) {
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT *algorithm = NULL;
    X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    const ASN1_OCTET_STRING *text = TS_MSG_IMPRINT_get_msg(imprint);
    return OBJ_obj2nid(algorithm) == NID_sha256 && ASN1_STRING_length(text) == 32
        && memcmp(ASN1_STRING_get0_data(text), digest, 32) == 0;
}

static inline int resguardo_ts_has_nonce(
    TS_TST_INFO *info, const unsigned char *nonce, size_t count
) {
    const ASN1_INTEGER *found = TS_TST_INFO_get_nonce(info);
    if (found == NULL) return 0;
    BIGNUM *wanted = BN_bin2bn(nonce, (int)count, NULL);
    BIGNUM *number = ASN1_INTEGER_to_BN(found, NULL);
    int is_same = wanted != NULL && number != NULL && BN_cmp(wanted, number) == 0;
    BN_free(wanted);
    BN_free(number);
    return is_same;
}

// Certificates to start from, valid at the moment that the token states.
static inline X509_STORE *resguardo_ts_store(
    const char *roots, size_t count, STACK_OF(X509) *within, int64_t seconds
) {
    X509_STORE *store = X509_STORE_new();
    int added = 0;
    if (store != NULL && roots != NULL) {
        BIO *text = BIO_new_mem_buf(roots, (int)count);
        X509 *root;
        ERR_clear_error();
        while (text != NULL && (root = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL) {
            added += X509_STORE_add_cert(store, root);
            X509_free(root);
        }
        BIO_free(text);
        // A file ends where no certificate begins; one that is damaged is no end.
        unsigned long error = ERR_peek_last_error();
        if (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
            added = 0;
    }
    for (int index = 0; store != NULL && roots == NULL && index < sk_X509_num(within); index++)
        added += X509_STORE_add_cert(store, sk_X509_value(within, index));
    // The end of a PEM file is an error to OpenSSL.
    ERR_clear_error();
    if (added == 0) {
        X509_STORE_free(store);
        return NULL;
    }
    X509_VERIFY_PARAM *rules = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_time(rules, (time_t)seconds);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    return store;
}

static inline STACK_OF(X509) *resguardo_ts_certificates(PKCS7 *token) {
    return PKCS7_type_is_signed(token) ? token->d.sign->cert : NULL;
}

static inline int resguardo_ts_is_signed(
    TS_RESP *response, X509_STORE *store, const unsigned char *digest, resguardo_ts_facts *facts
) {
    PKCS7 *token = TS_RESP_get_token(response);
    X509 *signer = NULL;
    // Signature, chain, purpose and the signer's hash in the signed attributes.
    if (!TS_RESP_verify_signature(token, NULL, store, &signer)) return 0;
    BIO *text = BIO_new(BIO_s_mem());
    int count = 0;
    if (text != NULL
        && X509_NAME_print_ex(text, X509_get_subject_name(signer), 0,
            XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
        count = BIO_read(text, facts->signer, sizeof facts->signer - 1);
    facts->signer[count > 0 ? count : 0] = 0;
    BIO_free(text);
    X509_free(signer);
    // Version, and once more the digest, as OpenSSL reads it.
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    unsigned char *copy = OPENSSL_memdup(digest, 32);
    int is_good = 0;
    if (context != NULL && copy != NULL) {
        TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_IMPRINT);
        TS_VERIFY_CTX_set_imprint(context, copy, 32);
        is_good = TS_RESP_verify_response(context, response);
    } else {
        OPENSSL_free(copy);
    }
    TS_VERIFY_CTX_free(context);
    return is_good;
}

// Checks a response over a SHA-256 digest. Without a nonce none is compared; without roots the
// certificates that came with the token are believed.
static inline resguardo_ts_verdict resguardo_ts_verify(
    const unsigned char *bytes, size_t count, const unsigned char *digest,
    const unsigned char *nonce, size_t nonce_count,
    const char *roots, size_t roots_count, resguardo_ts_facts *facts
) {
    const unsigned char *end = bytes;
    TS_RESP *response = d2i_TS_RESP(NULL, &end, (long)count);
    resguardo_ts_verdict verdict = resguardo_ts_malformed;
    X509_STORE *store = NULL;
    if (response == NULL || end != bytes + count) goto done;
    facts->status = ASN1_INTEGER_get(
        TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response))
    );
    verdict = resguardo_ts_refused;
    if (facts->status != 0 && facts->status != 1) goto done;
    TS_TST_INFO *info = TS_RESP_get_tst_info(response);
    verdict = resguardo_ts_malformed;
    if (info == NULL || TS_RESP_get_token(response) == NULL) goto done;
    if (!resguardo_ts_read(info, facts)) goto done;
    verdict = resguardo_ts_other_data;
    if (!resguardo_ts_has_digest(info, digest)) goto done;
    verdict = resguardo_ts_other_nonce;
    if (nonce != NULL && !resguardo_ts_has_nonce(info, nonce, nonce_count)) goto done;
    verdict = resguardo_ts_no_roots;
    store = resguardo_ts_store(
        roots, roots_count, resguardo_ts_certificates(TS_RESP_get_token(response)), facts->seconds
    );
    if (store == NULL) goto done;
    verdict = resguardo_ts_untrusted;
    if (resguardo_ts_is_signed(response, store, digest, facts)) verdict = resguardo_ts_good;
done:
    X509_STORE_free(store);
    TS_RESP_free(response);
    ERR_clear_error();
    return verdict;
}

// Writes the certificates that came with a token as PEM; returns their length, or 0.
static inline size_t resguardo_ts_pem(
    const unsigned char *bytes, size_t count, char *text, size_t text_count
) {
    const unsigned char *end = bytes;
    TS_RESP *response = d2i_TS_RESP(NULL, &end, (long)count);
    BIO *output = BIO_new(BIO_s_mem());
    size_t written = 0;
    if (response != NULL && output != NULL && TS_RESP_get_token(response) != NULL) {
        STACK_OF(X509) *found = resguardo_ts_certificates(TS_RESP_get_token(response));
        int is_good = 1;
        for (int index = 0; index < sk_X509_num(found); index++)
            is_good = is_good && PEM_write_bio_X509(output, sk_X509_value(found, index));
        char *data = NULL;
        long length = BIO_get_mem_data(output, &data);
        if (is_good && length > 0 && (size_t)length <= text_count) {
            memcpy(text, data, (size_t)length);
            written = (size_t)length;
        }
    }
    BIO_free(output);
    TS_RESP_free(response);
    ERR_clear_error();
    return written;
}

#endif
