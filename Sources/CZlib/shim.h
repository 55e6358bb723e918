// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

#include <zlib.h>

// What Swift does not import of zlib: a macro that passes the size of the stream.
static inline int resguardo_inflate_start(z_stream *stream) {
    // 15 window bits, and 32 to take gzip and zlib headers.
    return inflateInit2(stream, 15 + 32);
}
