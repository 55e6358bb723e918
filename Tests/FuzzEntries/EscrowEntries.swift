// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Escrow

extension FuzzEntry {
    /// The parsers of `Escrow`.
    static let escrow: [FuzzEntry] = [
        entry("escrow-context", { try EscrowContext(parsing: $0) }) { value, _ in
            try EscrowContext(json: value.json) == value
        },
        entry("escrow-dealing", { try Dealing(parsing: $0) }) { value, _ in
            try Dealing(json: value.json) == value && Dealing(bytes: value.bytes) == value
        },
        entry("escrow-dealing-binary", { try Dealing(bytes: $0) }) { value, bytes in
            try value.bytes == bytes && Dealing(json: value.json) == value
        },
        entry("escrow-share", { try OpenedShare(parsing: $0) }) { value, _ in
            try OpenedShare(json: value.json) == value && OpenedShare(bytes: value.bytes) == value
        },
        entry("escrow-share-binary", { try OpenedShare(bytes: $0) }) { value, bytes in
            try value.bytes == bytes && OpenedShare(json: value.json) == value
        },
    ]
}
