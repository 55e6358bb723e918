// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

#ifndef RESGUARDO_BLAKE2B_LANES_H
#define RESGUARDO_BLAKE2B_LANES_H

#include <stddef.h>
#include <stdint.h>

/// Eight messages are hashed at once: as many 64-bit words as the widest registers hold.
#define RESGUARDO_LANES 8

/// BLAKE2b-256 (RFC 7693, no key) of eight messages, each a byte before one of eight adjacent pieces.
///
/// - digests: 8 × 32 bytes, in the order of the pieces.
/// - prefix: The byte before each piece.
/// - pieces: 8 × piece_size bytes.
/// - piece_size: A multiple of 128, at least 128.
void resguardo_blake2b256_lanes(uint8_t *digests, uint8_t prefix, const uint8_t *pieces,
                                size_t piece_size);

#endif
