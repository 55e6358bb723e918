// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// SHA-1 (FIPS 180-4), where a protocol asks for it: tus for its checksums, WebSockets for their
/// greeting, version 5 UUIDs for their names.
///
/// It protects nothing here.
package struct SHA1: ~Copyable {
    /// Bytes in a digest.
    package static let digestCount = 20

    private var state = resguardo_sha1()

    /// Starts a digest.
    package init() {
        unsafe resguardo_sha1_init(&state)
    }

    /// Adds bytes to the digest.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe resguardo_sha1_update(&state, bytes, bytes.count)
    }

    /// Ends the digest and returns its 20 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestCount)
        unsafe resguardo_sha1_final(&state, &digest)
        return digest
    }
}
