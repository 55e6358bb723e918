// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Age)
internal import Age
#endif

extension FuzzEntry {
    /// The parsers of `Age`; absent where the harness is built without swift-crypto.
    static let age: [FuzzEntry] = {
        #if canImport(Age)
        [
            entry("age-header", { try AgeHeader(parsing: $0) }) { value, bytes in
                value.encoded == bytes
            }
        ]
        #else
        []
        #endif
    }()
}
