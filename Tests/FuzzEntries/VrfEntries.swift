// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
internal import Vrf

extension FuzzEntry {
    /// The parser of `Vrf`, and the verification of what it reads.
    static let functions: [FuzzEntry] = [
        entry("vrf-proof", { try VrfProof($0) }) { value, bytes in value.bytes == bytes },
        entry("vrf-output", { try output($0) }) { value, bytes in
            try value.count == Vrf.outputCount && output(bytes) == value
        },
    ]

    /// The output that a key, a proof and an input give.
    private static func output(_ bytes: [UInt8]) throws -> [UInt8] {
        let end = Element.byteCount + VrfProof.byteCount
        guard bytes.count >= end else { throw Vrf.Refusal.wrongLength }
        let key = try Element(nonIdentity: Array(bytes[..<Element.byteCount]))
        let proof = try VrfProof(Array(bytes[Element.byteCount..<end]))
        return try proof.verify(key: key, input: Array(bytes[end...]))
    }
}
