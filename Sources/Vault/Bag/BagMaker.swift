// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
internal import Statements
internal import Storage
internal import TransparencyLog

/// Makes a court bag of items of one case that one log accepted.
///
/// Spec: `docs/spec/bag.md`.
struct BagMaker {
    /// An item that goes into the bag.
    struct Source {
        /// Its entry in the log.
        let index: UInt64
        /// What its depositor signed.
        let statement: DepositStatement
        /// Unpacks its originals below a directory, checked against the statement.
        let unpack: (BytePath, @escaping (UInt64) throws -> Void) throws -> Evidence
        /// Its receipt, in the checkpoint that is given if there is a choice.
        let receipt: (KeptCheckpoint?) throws -> Receipt
    }

    /// Makes the files that go beside the evidence; the second argument is the directory that the
    /// bag is being made in.
    typealias Enclosures = (BagContents, BytePath) throws -> [(path: String, bytes: [UInt8])]

    let log: NoteVerifier
    let casePseudonym: String
    /// Checkpoints of that log, with what time-stamping authorities said of them, as far as they
    /// are here.
    let kept: [KeptCheckpoint]
    let options: Home.BagOptions
    /// Seconds since 1970.
    let now: Int64

    /// Makes it beside its place and moves it there when it is whole.
    ///
    /// - Throws: ``VaultError``, ``FileFailure``, what `enclosures` and `progress` throw; nothing
    ///   is left then.
    func make(
        _ sources: [Source],
        at path: BytePath,
        key: borrowing Ed25519.SecretKey,
        enclosures: Enclosures,
        progress: @escaping (UInt64) throws -> Void
    ) throws -> BagContents {
        precondition(!sources.isEmpty, "a bag holds something")
        let files = LocalFileSystem()
        if FileStatus.exists(path), try !Directory.names(in: path).isEmpty {
            throw VaultError.destinationExists(path)
        }
        let staging = path.parent.appending(".resguardo-" + Hex.encode(randomBytes(8)))
        try files.makeUnsynced(staging, mode: 0o755)
        do {
            var done: UInt64 = 0
            var items: [BagContents.Item] = []
            for source in sources.sorted(by: { $0.index < $1.index }) {
                let before = done
                items.append(
                    try add(source, to: staging, files) { bytes in
                        done = before + bytes
                        try progress(done)
                    }
                )
            }
            let contents = try contents(items, member: key.publicKey)
            try BagWriter(staging, files).write(
                contents,
                enclosures: enclosures(contents, staging),
                key: key
            )
            try files.rename(staging, to: path)
            return contents
        } catch {
            Extractor.removeTree(staging, files)
            throw error
        }
    }

    /// Unpacks one item into the bag.
    private func add(
        _ source: Source,
        to bag: BytePath,
        _ files: any FileSystem,
        progress: @escaping (UInt64) throws -> Void
    ) throws -> BagContents.Item {
        let unpacked = bag.appending("unpacked")
        let evidence = try source.unpack(unpacked, progress)
        let bracket = TimeBracket(
            of: source.statement,
            index: source.index,
            kept: kept,
            roots: options.timestampRoots
        )
        let covering = kept.first { checkpoint in
            checkpoint.tokens.contains { $0.digest == bracket.latest?.token }
        }
        let made = BagContents.Item(
            receipt: try source.receipt(covering),
            statement: source.statement,
            evidence: evidence,
            bracket: bracket
        )
        for (index, path) in made.paths {
            let destination = bag.appending(path)
            try files.makeUnsynced(destination.parent, mode: 0o755)
            let name = evidence.entries[index].name
            try files.rename(unpacked.appending(name), to: destination, replacing: false)
        }
        Extractor.removeTree(unpacked, files)
        return made
    }

    /// Gathers what the items say, with the checkpoints and time stamps that they need.
    private func contents(
        _ items: [BagContents.Item],
        member: Ed25519.PublicKey
    ) throws -> BagContents {
        let tokens = Set(
            items.flatMap { item in
                [item.statement.afterToken, item.bracket.latest?.token].compactMap { $0 }
            }
        )
        let bound = Set(items.compactMap(\.statement.afterCheckpoint))
        let checkpoints = try kept.compactMap { kept -> KeptCheckpoint? in
            let needed = kept.tokens.filter { tokens.contains($0.digest) }
            guard !needed.isEmpty || bound.contains(kept.digest) else { return nil }
            return try KeptCheckpoint(kept.bytes, log: log, tokens: needed)
        }
        return BagContents(
            log: log,
            casePseudonym: casePseudonym,
            member: Hex.encode(member.bytes),
            createdAt: now,
            tool: options.tool,
            items: items,
            checkpoints: checkpoints
        )
    }
}

extension VaultStore {
    /// How an item of this home's own log gets its receipt.
    func receipt(index: UInt64, in checkpoint: KeptCheckpoint?) throws -> Receipt {
        try checkpoint.map { try receipt(index: index, under: $0) } ?? receipt(index: index)
    }
}
