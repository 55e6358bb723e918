// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import SnapshotFormat
import Sodium
import Testing
import TransparencyLog

extension World {
    private static func log() throws -> NoteSigner {
        NoteSigner(name: try KeyName(origin), key: try key("log"))
    }

    /// What the world's log signed once.
    static func checkpoint() throws -> SnapshotCheckpoint {
        let root = try LogHash(SHA256.hash([1]))
        let text = Checkpoint(origin: try KeyName(origin), size: 9, root: root).text
        return try SnapshotCheckpoint(note: log().note(text))
    }

    /// Whom readers of the world's snapshots believe.
    static func trust() throws -> SnapshotTrust {
        try #require(
            SnapshotTrust(
                origin: origin,
                policy: LogPolicy(log: log().verifier),
                keys: [key(snapshotKey).publicKey],
                threshold: 1
            )
        )
    }
}
