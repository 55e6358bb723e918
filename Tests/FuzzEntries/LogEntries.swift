// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import TransparencyLog

extension FuzzEntry {
    /// The parsers of `TransparencyLog`.
    static let logs: [FuzzEntry] = [
        entry("note", { try SignedNote(parsing: $0) }) { value, bytes in
            value.encoded == bytes
        },
        entry("checkpoint", { try Checkpoint(parsing: $0) }) { value, bytes in
            value.text == bytes
        },
        entry("tlog-proof", { try TlogProof(parsing: $0) }) { value, bytes in
            value.encoded == bytes
        },
        entry("tile-path", { try TilePath(parsing: text($0)) }) { value, bytes in
            Array(value.path.utf8) == bytes
        },
        entry(
            "entry-bundle",
            { bytes in
                // The first byte says how many entries the path would promise.
                let width = Int(bytes.first ?? 0) + 1
                return try EntryBundle.parse(Array(bytes.dropFirst()), width: width)
            }
        ) { value, bytes in
            var written: [UInt8] = []
            for entry in value { try EntryBundle.append(entry, to: &written) }
            return written == Array(bytes.dropFirst())
        },
        entry("witness-request", { try WitnessRequest(parsing: $0) }) { value, bytes in
            value.encoded == bytes
        },
        entry("log-policy", { try LogPolicy(parsing: $0) }) { _, _ in true },
    ]
}
