// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
