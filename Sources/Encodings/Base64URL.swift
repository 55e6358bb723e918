// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Base64 for addresses (RFC 4648, section 5), without padding.
package enum Base64URL {
    /// Encodes bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        String(
            Base64.encode(bytes, padded: false).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        )
    }
}
