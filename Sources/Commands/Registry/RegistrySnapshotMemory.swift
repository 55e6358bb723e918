// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import SnapshotFormat
import Storage

/// What a home remembers of snapshots for one audience of one log.
struct RegistrySnapshotMemory {
    private let home: RegistryHome
    private let name: String

    init(_ home: RegistryHome, origin: String, audience: SnapshotAudience) {
        self.home = home
        name = Hex.encode(SHA256.hash(Array("\(origin)\n\(audience.name)".utf8)).prefix(16))
    }

    private func path(_ kind: String) -> String {
        home.path("snapshots/\(name).\(kind).json")
    }

    /// The newest snapshot of a kind: `made` or `seen`.
    func load(_ kind: String) throws -> SnapshotSeen? {
        guard try home.files.exists(path(kind)) else { return nil }
        let value = try? JSONValue(parsing: RegistryHome.read(path(kind)))
        guard let version = value?["version"]?.integer,
            let digest = value?["digest"]?.string.flatMap({ RegistryID(hex: $0) })
        else {
            throw Failure(
                .storeDamaged,
                Text(
                    en: "\(path(kind)) is damaged; without it an old snapshot cannot be told",
                    es: "\(path(kind)) está dañado; sin él no se reconoce una instantánea vieja"
                )
            )
        }
        // What was remembered by an older program does not say.
        return SnapshotSeen(
            version: version,
            digest: digest.bytes,
            size: value?["size"]?.integer
        )
    }

    func save(_ seen: SnapshotSeen, _ kind: String) throws {
        try home.makeDirectory("snapshots")
        var members: [String: JSONValue] = [
            "digest": .string(Hex.encode(seen.digest)), "version": .integer(seen.version),
        ]
        if let size = seen.size { members["size"] = .integer(size) }
        try RegistryHome.write(path(kind), JSONValue.object(members).canonicalBytes)
    }
}
