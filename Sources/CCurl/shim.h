// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

// Setting and getting options takes a variable number of arguments, which Swift cannot call.

typedef size_t (*resguardo_curl_sink)(char *bytes, size_t size, size_t count, void *context);
typedef int (*resguardo_curl_progress)(
    void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now);

static inline CURLcode resguardo_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode resguardo_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode resguardo_curl_set_list(CURL *handle, struct curl_slist *headers) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode resguardo_curl_set_sink(
    CURL *handle, resguardo_curl_sink sink, resguardo_curl_progress progress, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, sink);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    return code;
}

static inline CURLcode resguardo_curl_set_header_sink(
    CURL *handle, resguardo_curl_sink sink, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, sink);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    return code;
}

static inline CURLcode resguardo_curl_status(CURL *handle, long *status) {
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, status);
}

static inline CURLcode resguardo_curl_media_type(CURL *handle, char **text) {
    return curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, text);
}

static inline CURLcode resguardo_curl_socket(CURL *handle, curl_socket_t *socket) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, socket);
}
