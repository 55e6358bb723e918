// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import Sodium
internal import Statements
package import Storage
package import TransparencyLog

/// What a successor does with a copy of a store and the key of a case: no passphrase is asked.
extension VaultStore {
    /// Digits of an item's name that name its directory.
    private static let directoryNameCount = 12

    /// Unpacks every item of a case, each into a directory of its own, and checks it against its
    /// statement in the log.
    ///
    /// - Parameters:
    ///   - pseudonym: The case, in hexadecimal.
    ///   - identity: The key that reads it.
    ///   - directory: Made if need be.
    /// - Returns: The paths of what was unpacked.
    /// - Throws: ``VaultError``, ``FileFailure``. Items before the one that failed stay unpacked.
    package func unpackAll(
        ofCase pseudonym: String,
        identity: any AgeIdentity,
        into directory: BytePath
    ) throws -> [BytePath] {
        let identity = AnyOfIdentities([identity] + (try earlier(pseudonym, identity)))
        let log = try log()
        var paths: [BytePath] = []
        for (entry, row) in try fromIndex({ try $0.items(of: pseudonym) }) {
            let statement = try record(entry, in: log).statement
            let name = String(row.object.prefix(Self.directoryNameCount))
            paths += try unpack(
                row.object,
                of: statement,
                identity: identity,
                into: directory.appending(name)
            ).paths
        }
        return paths
    }

    /// Writes every item of a case into a court bag, signed by a key that is made for it.
    ///
    /// - Parameters:
    ///   - pseudonym: The case, in hexadecimal.
    ///   - identity: The key that reads it.
    ///   - path: Gives the bag's directory for so many items; none is made that is there.
    ///   - options: How.
    ///   - now: Seconds since 1970.
    ///   - enclosures: As for ``Home/createBag(of:from:at:options:now:enclosures:progress:)``.
    /// - Returns: Where it is; nil where the case has no items.
    /// - Throws: ``VaultError``, ``FileFailure``, what `enclosures` and `path` throw.
    package func createBag(
        ofCase pseudonym: String,
        identity: any AgeIdentity,
        at path: (_ log: NoteVerifier, _ itemCount: Int) throws -> BytePath,
        options: Home.BagOptions,
        now: Int64,
        enclosures: (BagContents, BytePath) throws -> [(path: String, bytes: [UInt8])]
    ) throws -> BytePath? {
        let identity = AnyOfIdentities([identity] + (try earlier(pseudonym, identity)))
        let log = try log()
        var sources: [BagMaker.Source] = []
        for (entry, row) in try fromIndex({ try $0.items(of: pseudonym) }) {
            let statement = try record(entry, in: log).statement
            sources.append(
                BagMaker.Source(
                    index: entry,
                    statement: statement,
                    unpack: { directory, _ in
                        try unpack(row.object, of: statement, identity: identity, into: directory)
                            .evidence
                    },
                    receipt: { try receipt(index: entry, in: $0) }
                )
            )
        }
        guard !sources.isEmpty else { return nil }
        let place = try path(logKey, sources.count)
        guard !FileStatus.exists(place) else { return place }
        let maker = BagMaker(
            log: logKey,
            casePseudonym: pseudonym,
            kept: try checkpoints.all().kept,
            options: options,
            now: now
        )
        _ = try maker.make(
            sources,
            at: place,
            key: Ed25519.SecretKey(),
            enclosures: enclosures,
            progress: { _ in }
        )
        return place
    }

    /// The identities of the keys before this one, which it opens.
    private func earlier(
        _ pseudonym: String,
        _ identity: any AgeIdentity
    ) throws -> [any AgeIdentity] {
        let decryptor = AgeDecryptor(identities: [identity], armor: .refused)
        for number in try layout.caseKeys()[pseudonym] ?? [] {
            let path = layout.caseKey(pseudonym, number).appending("earlier.age")
            let countMax = CaseRecord.sealedCountMax
            guard let sealed = try Directory.contentsIfPresent(of: path, countMax: countMax),
                // Sealed to one key: the others do not open it, and that is no error.
                var text = try? decryptor.open(sealed)
            else { continue }
            // A key that is the first one has nobody before it.
            return (try? IdentityFile.identities(in: SecretBytes(wiping: &text))) ?? []
        }
        return []
    }

    private func unpack(
        _ object: String,
        of statement: DepositStatement,
        identity: any AgeIdentity,
        into directory: BytePath
    ) throws -> (evidence: Evidence, paths: [BytePath]) {
        let extractor = try Extractor(
            into: directory,
            overwriting: false,
            hashing: true,
            files: LocalFileSystem()
        )
        let root = try ObjectOpener.open(
            object,
            in: layout.objects,
            identity: identity,
            into: extractor,
            progress: { _ in }
        )
        guard root == statement.ciphertextRoot else { throw VaultError.objectDamaged(object) }
        let evidence = try extractor.evidence()
        guard evidence.commitment == statement.evidence else {
            throw VaultError.contentMismatch(object)
        }
        return (evidence, try extractor.finish(evidence))
    }
}
