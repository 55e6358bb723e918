// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// What whoever inherits a case needs to fetch it from nodes, besides the key that reads it.
///
/// Spec: `docs/spec/switch.md`, section 16.
extension Case {
    private static let admissionPrefix = "# admission "

    /// Lines that go into an identity file behind the newest key: what finds the case on nodes and
    /// admits members, and the keys before it, the newest first.
    ///
    /// - Throws: `AgeError`.
    package func legacyLines() throws -> SecretBytes {
        var admission = admissionSeedCopy().reveal()
        var text = Array((Self.admissionPrefix + Hex.encode(admission) + "\n").utf8)
        wipe(&admission)
        // As long whether a key is here or not: the length of an escrow file is public.
        let count = try identityText()?.count ?? 0
        for key in keys.dropLast().reversed() {
            if let identity = try key.identityText() {
                var line = identity.reveal()
                text += line + [0x0a]
                wipe(&line)
            } else if count > 1 {
                FixedText.fill(&text, to: text.count + count + 1)
            }
        }
        return SecretBytes(wiping: &text)
    }

    /// The case with keys of nobody in the place of its own, as many and as long: what is written
    /// of it looks like what is written of the case, and opens nothing.
    ///
    /// - Throws: `AgeError`.
    package func standIn() throws -> Case {
        try with(
            keys: keys.map { key in
                try CaseKey(
                    number: key.number,
                    isClassic: key.isClassic,
                    seed: SecretBytes(random: 32)
                )
            }
        )
    }
}

extension Home {
    private static let admissionPrefix = Array("# admission ".utf8)
    private static let identityPrefix = Array("AGE-SECRET-KEY-".utf8)

    /// Takes a case from the identity file that was in an escrow.
    ///
    /// - Parameters:
    ///   - pseudonym: The case's.
    ///   - file: Identities, the newest first, and what ``Case/legacyLines()`` gave.
    ///   - name: What to call it here.
    ///   - now: Seconds since 1970.
    /// - Returns: The case; nil where the file does not say what finds it on nodes.
    /// - Throws: ``VaultError``, `AgeError`, ``FileFailure``.
    package func inherit(
        _ pseudonym: [UInt8],
        from file: borrowing SecretBytes,
        name: String,
        now: Int64
    ) throws -> Case? {
        let present = try layout.caseKeys()[Hex.encode(pseudonym)] ?? []
        guard present.isEmpty else { return try read(Hex.encode(pseudonym)) }
        var bytes = file.reveal()
        defer { wipe(&bytes) }
        var admission: SecretBytes?
        var texts: [[UInt8]] = []
        for line in bytes.split(separator: 0x0a) {
            if line.starts(with: Self.admissionPrefix) {
                let digits = String(
                    decoding: line.dropFirst(Self.admissionPrefix.count),
                    as: UTF8.self
                )
                guard var seed = try? Hex.decode(digits), seed.count == 32 else { return nil }
                admission = SecretBytes(wiping: &seed)
            } else if line.starts(with: Self.identityPrefix) {
                texts.append(Array(line))
            }
        }
        guard let seed = admission?.copy(), (1...CaseKey.numberMax).contains(texts.count) else {
            return nil
        }
        let keys = try texts.reversed().enumerated().map { index, text in
            try CaseKey(number: index + 1, identity: SecretBytes(copying: text))
        }
        let item = try Case(
            pseudonym: pseudonym,
            name: name,
            profile: .standard,
            createdAt: now,
            keys: keys,
            memberSeed: SecretBytes(random: 32),
            admissionSeed: seed
        )
        for key in item.keys { try add(key, to: item, isWriteOnly: false) }
        return try read(item.pseudonymText)
    }
}
