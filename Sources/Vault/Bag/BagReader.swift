// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Statements
package import Storage
internal import TimeStamping
package import TransparencyLog

extension Bag {
    /// Verifies a bag, with nothing but what is in it.
    ///
    /// Everything that can be made again from the evidence is made again and compared: manifests,
    /// `bag-info.txt`, the custody log. What cannot (reports, specifications) is what the bag's
    /// maker signed.
    ///
    /// - Parameters:
    ///   - path: The bag.
    ///   - log: The log that it should be; nil believes the bag.
    ///   - roots: Certificates that time stamps have to lead to; nil takes those in the bag.
    ///   - progress: Called with the bytes read so far; throws to stop.
    /// - Returns: What it says.
    /// - Throws: ``VaultError/invalidBag(_:)`` with the first flaw; ``FileFailure``.
    /// - Complexity: Reads every file once, and small ones twice.
    package static func verify(
        at path: BytePath,
        log: NoteVerifier? = nil,
        roots: [UInt8]? = nil,
        progress: @escaping (UInt64) throws -> Void = { _ in }
    ) throws -> BagContents {
        var reader = try BagReader(path, roots: roots, progress: progress)
        let contents = try reader.read()
        guard log == nil || log == contents.log else { throw VaultError.invalidBag(.otherLog) }
        return contents
    }
}

/// Reads a bag and checks it on the way.
private struct BagReader {
    private let directory: BytePath
    private let roots: [UInt8]?
    private let files: [BagFile]
    /// Files by name; each is taken out once, so that what is left over has no place in the bag.
    ///
    /// By the bytes of the name: Swift takes two spellings of an accented letter for one.
    private var unread: [[UInt8]: BagFile]

    init(
        _ directory: BytePath,
        roots: [UInt8]?,
        progress: (UInt64) throws -> Void
    ) throws {
        self.directory = directory
        self.roots = roots
        var done: UInt64 = 0
        files = try BagFolder.paths(in: directory).map { path in
            try BagFile(reading: path, in: directory) { count in
                done += UInt64(count)
                try progress(done)
            }
        }
        unread = Dictionary(uniqueKeysWithValues: files.map { (Array($0.path.utf8), $0) })
    }

    mutating func read() throws -> BagContents {
        let statement = try readStatement()
        let log = try readLogKey()
        let checkpoints = try readCheckpoints(log)
        var items: [BagContents.Item] = []
        for name in itemNames() { items.append(try readItem(name, log, checkpoints, statement)) }
        items.sort { $0.receipt.proof.index < $1.receipt.proof.index }
        guard items.count == statement.itemCount else { throw VaultError.invalidBag(.signature) }
        try requireOneHistory(checkpoints, items)
        try requireNeeded(checkpoints, by: items)
        let contents = BagContents(
            log: log,
            casePseudonym: Hex.encode(statement.casePseudonym),
            member: Hex.encode(statement.member),
            createdAt: statement.createdAt,
            tool: statement.tool,
            items: items,
            checkpoints: checkpoints
        )
        let custody = SHA256.hash { BagCustody.write(contents, to: $0) }
        try take(Bag.custodyName, digest: custody, or: .custody)
        try take("bagit.txt", digest: SHA256.hash(Bag.declaration))
        try take("bag-info.txt", digest: SHA256.hash(Bag.info(contents, files)))
        for manifest in BagManifest.payload(files) + BagManifest.tags(files) {
            try take(manifest.name, digest: SHA256.hash { manifest.write(to: $0) })
        }
        // Whatever else there is lies beside the evidence, and was signed with the tag manifest.
        if let stranger = unreadNames(in: "data/").min() {
            throw VaultError.invalidBag(.file(stranger))
        }
        return contents
    }

    // MARK: Files

    private func unreadNames(in prefix: String) -> [String] {
        unread.values.filter { $0.isBelow(prefix) }.map(\.path)
    }

    private mutating func take(
        _ name: String,
        countMax: Int = BagFile.byteCountMax
    ) throws -> [UInt8] {
        guard let file = unread.removeValue(forKey: Array(name.utf8)),
            let bytes = try? Directory.contents(
                of: directory.appending(name),
                countMax: countMax
            ), Hex.encode(SHA256.hash(bytes)) == file.sha256
        else { throw VaultError.invalidBag(.file(name)) }
        return bytes
    }

    private mutating func take(
        _ name: String,
        digest: [UInt8],
        or flaw: BagFlaw? = nil
    ) throws {
        guard let file = unread.removeValue(forKey: Array(name.utf8)),
            file.sha256 == Hex.encode(digest)
        else { throw VaultError.invalidBag(flaw ?? .file(name)) }
    }

    // MARK: Parts

    private mutating func readStatement() throws -> BagStatement {
        let bytes = try take(Bag.statementName, countMax: 1 << 17)
        guard bytes.last == 0x0a,
            let envelope = try? Envelope(canonical: Array(bytes.dropLast())),
            let statement = try? envelope.read(BagStatement.self),
            let key = try? Ed25519.PublicKey(statement.member),
            (try? envelope.verify(keys: [key])) != nil,
            unread[Array("tagmanifest-sha256.txt".utf8)]?.sha256
                == Hex.encode(statement.tagManifest)
        else { throw VaultError.invalidBag(.signature) }
        return statement
    }

    private mutating func readLogKey() throws -> NoteVerifier {
        let bytes = try take(Bag.logKeyName, countMax: 4096)
        guard bytes.last == 0x0a, let key = try? Receipt.logKey(bytes.dropLast()) else {
            throw VaultError.invalidBag(.file(Bag.logKeyName))
        }
        return key
    }

    private mutating func readCheckpoints(_ log: NoteVerifier) throws -> [KeptCheckpoint] {
        let names = unreadNames(in: "data/log/").sorted()
        var checkpoints: [KeptCheckpoint] = []
        for name in names where name.hasSuffix(".checkpoint") {
            let stem = String(name.dropLast(".checkpoint".count))
            let tokens = try names.filter { $0.hasPrefix(stem + ".") && $0.hasSuffix(".tsr") }
                .map { try readToken($0, stem) }
            let bytes = try take(name, countMax: KeptCheckpoint.byteCountMax)
            guard let checkpoint = try? KeptCheckpoint(bytes, log: log, tokens: tokens),
                Bag.stem(of: checkpoint) == stem
            else { throw VaultError.invalidBag(.file(name)) }
            for token in tokens {
                guard (try? checkpoint.verify(token, roots: roots)) != nil else {
                    let stem = Bag.stem(of: token, over: checkpoint)
                    throw VaultError.invalidBag(.timestamp(stem + ".tsr"))
                }
            }
            checkpoints.append(checkpoint)
        }
        return checkpoints
    }

    private mutating func readToken(
        _ name: String,
        _ stem: String
    ) throws -> KeptCheckpoint.Token {
        let bytes = try take(name, countMax: TimestampResponse.byteCountMax)
        let pem = String(name.dropLast(".tsr".count)) + ".pem"
        let roots = try take(pem, countMax: TimestampResponse.rootsCountMax)
        guard let response = try? TimestampResponse(bytes),
            name == "\(stem).\(CheckpointArchive.digits(of: bytes)).tsr"
        else { throw VaultError.invalidBag(.timestamp(name)) }
        return KeptCheckpoint.Token(response: response, roots: roots)
    }

    private func itemNames() -> [String] {
        let prefix = "data/items/"
        let names = unreadNames(in: prefix).map { path in
            let below = path.utf8.dropFirst(prefix.utf8.count)
            return String(decoding: below.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
        }
        return Set(names).sorted()
    }

    private mutating func readItem(
        _ name: String,
        _ log: NoteVerifier,
        _ checkpoints: [KeptCheckpoint],
        _ bag: BagStatement
    ) throws -> BagContents.Item {
        let folder = "data/items/\(name)"
        let bytes = try take(folder + "/receipt.txt", countMax: Receipt.byteCountMax)
        guard let receipt = try? Receipt(parsing: bytes), receipt.bytes == bytes,
            let statement = try? receipt.verify(log: log).statement,
            Hex.encode(statement.ciphertextRoot) == name,
            statement.casePseudonym == bag.casePseudonym
        else { throw VaultError.invalidBag(.receipt(item: name)) }
        let document = try take(folder + "/evidence.json")
        guard let evidence = try? Evidence(canonical: document), evidence.bytes == document,
            evidence.commitment == statement.evidence, Self.isSound(evidence)
        else { throw VaultError.invalidBag(.evidence(item: name)) }
        let index = receipt.proof.index
        // What covers the entry is what its receipt proves it in; others are about other items.
        let bracket = TimeBracket(
            of: statement,
            index: index,
            kept: checkpoints.filter {
                $0.checkpoint.size <= index || $0.bytes == receipt.proof.note.encoded
            },
            roots: roots
        )
        let item = BagContents.Item(
            receipt: receipt,
            statement: statement,
            evidence: evidence,
            bracket: bracket
        )
        for (number, path) in item.paths {
            let entry = evidence.entries[number]
            guard let file = unread.removeValue(forKey: Array(path.utf8)),
                file.sizeBytes == entry.sizeBytes,
                file.sha256 == Hex.encode(entry.sha256)
            else { throw VaultError.invalidBag(.file(path)) }
        }
        try require(item, in: checkpoints, by: bag.member)
        return item
    }

    /// Whether names and times are such that they can be written down.
    private static func isSound(_ evidence: Evidence) -> Bool {
        let times = evidence.custody.map(\.at) + [evidence.deviceClock, evidence.capturedAt ?? 0]
        return times.allSatisfy { (0..<253_402_300_800).contains($0) }
            && evidence.entries.allSatisfy { TarReader.isSafe($0.name) }
    }

    /// What the statement binds is there and older; what somebody else than the depositor put into
    /// a bag may be without, and then proves less.
    private func require(
        _ item: BagContents.Item,
        in checkpoints: [KeptCheckpoint],
        by maker: [UInt8]
    ) throws {
        let flaw = VaultError.invalidBag(.bracket(item: item.name))
        guard
            item.bracket.earliest?.seconds ?? .min <= item.bracket.latest?.seconds ?? .max
        else { throw flaw }
        guard item.statement.member == maker else { return }
        let older = checkpoints.filter { $0.checkpoint.size <= item.receipt.proof.index }
        if let digest = item.statement.afterCheckpoint {
            guard older.contains(where: { $0.digest == digest }) else { throw flaw }
        }
        if let digest = item.statement.afterToken {
            guard older.contains(where: { $0.tokens.contains { $0.digest == digest } }) else {
                throw flaw
            }
        }
    }

    /// No entry is two items, and no size of the log has two roots.
    private func requireOneHistory(
        _ checkpoints: [KeptCheckpoint],
        _ items: [BagContents.Item]
    ) throws {
        var entries: Set<UInt64> = []
        var roots: [UInt64: LogHash] = [:]
        let notes = items.compactMap { try? Checkpoint(parsing: $0.receipt.proof.note.text) }
        for checkpoint in checkpoints.map(\.checkpoint) + notes {
            let root = roots.updateValue(checkpoint.root, forKey: checkpoint.size)
            guard root ?? checkpoint.root == checkpoint.root else {
                throw VaultError.invalidBag(.fork)
            }
        }
        for item in items where !entries.insert(item.receipt.proof.index).inserted {
            throw VaultError.invalidBag(.fork)
        }
    }

    /// Nothing is in the bag that says something about other deposits.
    private func requireNeeded(
        _ checkpoints: [KeptCheckpoint],
        by items: [BagContents.Item]
    ) throws {
        let bound = Set(
            items.flatMap { item in
                [
                    item.statement.afterCheckpoint, item.statement.afterToken,
                    item.bracket.latest?.token,
                ].compactMap { $0 }
            }
        )
        for checkpoint in checkpoints {
            let tokens = checkpoint.tokens.map(\.digest)
            guard tokens.allSatisfy(bound.contains),
                !tokens.isEmpty || bound.contains(checkpoint.digest)
            else { throw VaultError.invalidBag(.file(Bag.stem(of: checkpoint) + ".checkpoint")) }
        }
    }
}
