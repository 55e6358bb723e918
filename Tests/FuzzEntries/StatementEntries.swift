// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import SnapshotFormat
internal import Statements

extension FuzzEntry {
    /// The parsers of signed things: envelopes and snapshots.
    static let statements: [FuzzEntry] = [
        entry("envelope", { try Envelope(parsing: $0) }) { value, _ in
            try Envelope(canonical: value.bytes).bytes == value.bytes
        },
        entry("envelope-canonical", { try Envelope(canonical: $0) }) { value, bytes in
            value.bytes == bytes
        },
        entry("snapshot", { try SnapshotFile(parsing: $0) }) { value, bytes in
            value.bytes == bytes
        },
    ]
}
