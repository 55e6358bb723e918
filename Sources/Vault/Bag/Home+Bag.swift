// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import Encodings
internal import Sodium
internal import Statements
package import Storage

extension Home {
    /// How a bag is made.
    package struct BagOptions: Sendable {
        /// Name and version of the program.
        package var tool: String
        /// The key that reads, where it is not on this device.
        package var identity: (any AgeIdentity)?
        /// Certificates that time stamps have to lead to; nil takes those kept with them.
        package var timestampRoots: [UInt8]?

        /// Options.
        package init(
            tool: String,
            identity: (any AgeIdentity)? = nil,
            timestampRoots: [UInt8]? = nil
        ) {
            self.tool = tool
            self.identity = identity
            self.timestampRoots = timestampRoots
        }
    }

    /// Writes items of a case into a court bag.
    ///
    /// The bag is made beside its place and moved there when it is whole; after a failure nothing
    /// is left.
    ///
    /// - Parameters:
    ///   - listings: The items, at least one.
    ///   - item: Their case.
    ///   - path: A directory that does not exist, or is empty.
    ///   - options: How.
    ///   - now: Seconds since 1970.
    ///   - enclosures: Makes the files that go beside the evidence: reports, specifications. The
    ///     second argument is the directory that the bag is being made in.
    ///   - progress: Called with the sealed bytes read so far; throws to stop.
    /// - Returns: What the bag says.
    /// - Throws: ``VaultError``, ``FileFailure``, what `enclosures` and `progress` throw.
    package func createBag(
        of listings: [ItemListing],
        from item: Case,
        at path: BytePath,
        options: BagOptions,
        now: Int64,
        enclosures: (BagContents, BytePath) throws -> [(path: String, bytes: [UInt8])],
        progress: @escaping (UInt64) throws -> Void = { _ in }
    ) throws -> BagContents {
        precondition(!listings.isEmpty, "a bag holds something")
        let files = LocalFileSystem()
        if FileStatus.exists(path), try !Directory.names(in: path).isEmpty {
            throw VaultError.destinationExists(path)
        }
        let staging = path.parent.appending(".resguardo-" + Hex.encode(randomBytes(8)))
        try files.makeUnsynced(staging, mode: 0o755)
        do {
            var done: UInt64 = 0
            var items: [BagContents.Item] = []
            for listing in listings.sorted(by: { $0.index < $1.index }) {
                let before = done
                items.append(
                    try add(listing, from: item, to: staging, options, files) { bytes in
                        done = before + bytes
                        try progress(done)
                    }
                )
            }
            let contents = try contents(items, item, options, now)
            try BagWriter(staging, files).write(
                contents,
                enclosures: enclosures(contents, staging),
                key: item.memberSecretKey()
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
        _ listing: ItemListing,
        from item: Case,
        to bag: BytePath,
        _ options: BagOptions,
        _ files: any FileSystem,
        progress: @escaping (UInt64) throws -> Void
    ) throws -> BagContents.Item {
        let unpacked = bag.appending("unpacked")
        let (evidence, _) = try get(
            listing,
            from: item,
            identity: options.identity,
            into: unpacked,
            hashing: true,
            progress: progress
        )
        let statement = try store.record(listing.index, in: store.log()).statement
        let (kept, _) = try store.checkpoints.all()
        let bracket = TimeBracket(
            of: statement,
            index: listing.index,
            kept: kept,
            roots: options.timestampRoots
        )
        let covering = kept.first { checkpoint in
            checkpoint.tokens.contains { $0.digest == bracket.latest?.token }
        }
        let made = BagContents.Item(
            receipt: try covering.map { try store.receipt(index: listing.index, under: $0) }
                ?? store.receipt(index: listing.index),
            statement: statement,
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
        _ item: Case,
        _ options: BagOptions,
        _ now: Int64
    ) throws -> BagContents {
        let tokens = Set(
            items.flatMap { item in
                [item.statement.afterToken, item.bracket.latest?.token].compactMap { $0 }
            }
        )
        let bound = Set(items.compactMap(\.statement.afterCheckpoint))
        let checkpoints = try store.checkpoints.all().kept.compactMap { kept -> KeptCheckpoint? in
            let needed = kept.tokens.filter { tokens.contains($0.digest) }
            guard !needed.isEmpty || bound.contains(kept.digest) else { return nil }
            return try KeptCheckpoint(kept.bytes, log: store.logKey, tokens: needed)
        }
        return BagContents(
            log: store.logKey,
            casePseudonym: item.pseudonymText,
            member: Hex.encode(item.memberKey.bytes),
            createdAt: now,
            tool: options.tool,
            items: items,
            checkpoints: checkpoints
        )
    }
}
