// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Sodium
package import Statements
internal import Synchronization
package import TransparencyLog

/// A key, and the id under which envelopes list its signatures.
package struct RegistryKey: Hashable, Sendable {
    /// The Ed25519 key.
    package let key: Ed25519.PublicKey
    /// SHA-256 of the key.
    package let id: RegistryID

    package init(_ key: Ed25519.PublicKey) {
        self.key = key
        id = RegistryID(SHA256.hash(key.bytes))
    }

    /// - Parameter bytes: 32 bytes, as statements carry them.
    package init(bytes: [UInt8]) {
        do {
            self.init(try Ed25519.PublicKey(bytes))
        } catch {
            preconditionFailure("statements carry keys of 32 bytes")
        }
    }

    package static func == (left: RegistryKey, right: RegistryKey) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Which signatures of a log nobody found right: reading it again need not check the others.
///
/// Wrong ones change nothing, and must go on changing nothing. One that nobody asked for may be
/// asked for the next time, when a ring signature has come or a decision: it is checked then.
package final class SignatureMemory: Sendable {
    /// The most of them that are remembered.
    package static let countMax = 10_000

    /// One that is wrong or unchecked: the entry, and the key that is listed.
    package struct Wrong: Hashable, Sendable {
        /// Place of the entry in the log.
        package let index: Int64
        /// SHA-256 of the key.
        package let key: RegistryID

        package init(index: Int64, key: RegistryID) {
            self.index = index
            self.key = key
        }
    }

    /// Entries whose signatures were checked before.
    package let checkedCount: Int64
    private let wrong: Mutex<Set<Wrong>>
    /// Those of the entry that is being read which were found right.
    private let right = Mutex<Set<Wrong>>([])

    /// - Parameters:
    ///   - checkedCount: Entries at the beginning of the log that were checked before.
    ///   - wrong: What was found wrong in them.
    package init(checkedCount: Int64 = 0, wrong: Set<Wrong> = []) {
        self.checkedCount = checkedCount
        self.wrong = Mutex(wrong)
    }

    /// All wrong signatures; `nil` when there are more than can be remembered.
    package var all: Set<Wrong>? {
        wrong.withLock { $0.count <= Self.countMax ? $0 : nil }
    }

    func isWrong(_ signature: Wrong) -> Bool {
        wrong.withLock { $0.contains(signature) }
    }

    func note(_ signature: Wrong) {
        wrong.withLock { set in
            if set.count <= Self.countMax { set.insert(signature) }
        }
    }

    func noteRight(_ signature: Wrong) { right.withLock { _ = $0.insert(signature) } }

    /// An entry was read: what it lists and nobody found right is no known signature.
    func settle(_ index: Int64, _ keys: [RegistryID]) {
        let found = right.withLock { set in
            defer { set.removeAll(keepingCapacity: true) }
            return set
        }
        guard index >= checkedCount else { return }
        for key in keys {
            let signature = Wrong(index: index, key: key)
            if !found.contains(signature) { note(signature) }
        }
    }
}

/// Where ring signatures are kept, by their SHA-256; `nil` for what is not there.
package typealias SealSource = (RegistryID) -> [UInt8]?

/// A leaf of the log's tree, and what it holds.
package struct RegistryLeaf: Sendable {
    /// Its hash.
    package let hash: LogHash
    /// What it says; without the ring signature that it names.
    package var entry: RegistryEntry
}

/// One entry of the registry's log, read but not yet judged.
package struct RegistryEntry: Sendable {
    /// Place in the log, from zero.
    package private(set) var index: Int64
    /// What its bytes say, by reference: entries are handed from thread to thread.
    private let reading: Reading
    /// The ring signature that the statement names, if it is here.
    private(set) var sealBytes: [UInt8]?
    private let memory: SignatureMemory?

    private final class Reading: Sendable {
        let digest: RegistryID
        let statement: (any RegistryStatement)?
        let signerIDs: [RegistryID]
        let envelope: Envelope?
        let sealDigest: RegistryID?

        init(
            digest: RegistryID,
            statement: (any RegistryStatement)?,
            envelope: Envelope?
        ) {
            self.digest = digest
            self.statement = statement
            self.envelope = envelope
            sealDigest = statement?.seal.map { RegistryID($0.signature) }
            signerIDs = envelope?.signatures.map { RegistryID($0.keyDigest) } ?? []
        }
    }

    /// SHA-256 of the statement without its signatures: what other statements call it by.
    ///
    /// So a copy with other signatures is the same statement. For bytes that are no statement,
    /// SHA-256 of the bytes.
    package var digest: RegistryID { reading.digest }
    /// The statement; `nil` for bytes that are none.
    package var statement: (any RegistryStatement)? { reading.statement }
    /// SHA-256 of the ring signature that the statement names.
    var sealDigest: RegistryID? { reading.sealDigest }
    /// Ids of the keys that are listed as signers.
    var signerIDs: [RegistryID] { reading.signerIDs }

    /// Reads an entry.
    ///
    /// Never fails: what is no statement is refused by the fold, not skipped.
    ///
    /// - Parameters:
    ///   - index: Its place in the log.
    ///   - bytes: A canonical envelope, if it is a statement.
    ///   - memory: What was found out about the signatures of this log.
    ///   - seals: Where ring signatures are kept, by their SHA-256.
    package init(
        index: Int64,
        bytes: [UInt8],
        memory: SignatureMemory? = nil,
        seals: SealSource? = nil
    ) {
        // Why bytes are no statement does not matter to the fold.
        let parsed = Envelope(ifCanonical: bytes)
        let statement = parsed?.readable
        let envelope = statement == nil ? nil : parsed
        self.init(
            index: index,
            digest: RegistryID(SHA256.hash(envelope?.payload ?? bytes)),
            envelope: envelope,
            statement: statement,
            memory: memory,
            seals: seals
        )
    }

    /// Reads the entries of a log from its first one, their texts on all cores, while those before
    /// them are judged.
    ///
    /// - Parameters:
    ///   - memory: What was found out about the signatures of this log.
    ///   - next: The bytes of the next entries, some hundreds at a time; `nil` after the last.
    ///   - use: Gets what was read, in order; one call at a time, on any thread.
    /// - Throws: What `next` and `use` throw.
    package static func readAll(
        memory: SignatureMemory? = nil,
        next: () throws -> [[UInt8]]?,
        use: ([RegistryLeaf]) throws -> Void
    ) throws {
        var count: Int64 = 0
        try Conveyor.run {
            try next().map { texts in
                defer { count += Int64(texts.count) }
                return (first: count, texts: texts)
            }
        } make: { first, texts in
            texts.indices.map { place in
                RegistryLeaf(
                    hash: LogHash.leaf(texts[place]),
                    entry: RegistryEntry(
                        index: first + Int64(place),
                        bytes: texts[place],
                        memory: memory
                    )
                )
            }
        } use: {
            try use($0)
        }
    }

    /// An entry made of an envelope that is still to be appended.
    ///
    /// - Throws: `.unexpectedType`, the field errors.
    package init(
        index: Int64,
        envelope: Envelope,
        seals: SealSource? = nil
    ) throws(StatementError) {
        self.init(
            index: index,
            digest: RegistryID(SHA256.hash(envelope.payload)),
            envelope: envelope,
            statement: try envelope.registryStatement(),
            memory: nil,
            seals: seals
        )
    }

    private init(
        index: Int64,
        digest: RegistryID,
        envelope: Envelope?,
        statement: (any RegistryStatement)?,
        memory: SignatureMemory?,
        seals: SealSource?
    ) {
        self.index = index
        self.memory = memory
        reading = Reading(digest: digest, statement: statement, envelope: envelope)
        attach(seals)
    }

    /// The same at another place in the log.
    func moved(to index: Int64) -> RegistryEntry {
        var entry = self
        entry.index = index
        return entry
    }

    /// Looks for the ring signature that the statement names.
    package mutating func attach(_ seals: SealSource?) {
        guard let seals, let digest = reading.sealDigest, let bytes = seals(digest),
            RegistryID(SHA256.hash(bytes)) == digest
        else { return }
        sealBytes = bytes
    }

    /// Whether the one-time key and a member of the ring have signed.
    ///
    /// - Parameters:
    ///   - key: The one-time key.
    ///   - verify: Checks the ring signature.
    /// - Returns: `false` for a stranger's key, without a curve operation.
    func isSealed(by key: RegistryKey, _ verify: () -> Bool) -> Bool {
        guard signerIDs.contains(key.id) else { return false }
        let mark = SignatureMemory.Wrong(index: index, key: digest)
        if let memory, index < memory.checkedCount, !memory.isWrong(mark) { return true }
        return isSigned(by: key) && verify()
    }

    /// Remembers that nobody found this entry's ring signature right.
    ///
    /// Whether it is looked at depends on which others are there, so that it may be asked for
    /// another time.
    func noteUnproven() {
        guard statement?.seal != nil else { return }
        memory?.note(SignatureMemory.Wrong(index: index, key: digest))
    }

    /// Whether `key` has signed.
    ///
    /// Looks at the list first: no curve operation for a stranger.
    func isSigned(by key: RegistryKey) -> Bool {
        guard let envelope = reading.envelope, signerIDs.contains(key.id) else { return false }
        guard let memory else { return envelope.isSigned(by: key.key) }
        let signature = SignatureMemory.Wrong(index: index, key: key.id)
        if index < memory.checkedCount, !memory.isWrong(signature) { return true }
        let isRight = envelope.isSigned(by: key.key)
        if isRight { memory.noteRight(signature) } else { memory.note(signature) }
        return isRight
    }

    /// It was taken in or refused: nobody asks for more of its signatures in this reading.
    func settle() { memory?.settle(index, signerIDs) }
}
