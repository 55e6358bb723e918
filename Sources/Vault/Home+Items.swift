// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import BulkCrypto
internal import Encodings
package import Statements
package import Storage
internal import TransparencyLog

/// An item as a list shows it.
package struct ItemListing: Sendable {
    /// Its name, the ciphertext root in hexadecimal.
    ///
    /// Its first digits suffice where they are unique.
    package let item: String
    /// Its entry in the log; in the colleague's log, if it is a colleague's.
    package let index: UInt64
    /// Length of the sealed object.
    package let sealedBytes: Int64
    /// Day of the deposit, by the depositor's clock.
    package let date: String
    /// Names and sizes; nil where the key that reads is not here.
    package let summary: Summary?
    /// The key of the colleague who deposited it, in hexadecimal; nil for what this home did.
    package let member: String?
}

extension Home {
    /// The items of a case, the oldest first; after them those of colleagues.
    ///
    /// - Throws: Errors of the store.
    package func items(in item: Case, prefix: String = "") throws -> [ItemListing] {
        try mapItems(in: item, prefix: prefix) { $0 }
    }

    /// As ``items(in:prefix:)``, with something made of each item on all cores.
    ///
    /// - Throws: Errors of the store.
    package func mapItems<Result: Sendable>(
        in item: Case,
        prefix: String = "",
        _ transform: @Sendable (ItemListing) -> Result
    ) throws -> [Result] {
        let keys = item.summaryKeys()
        @Sendable func summary(_ sealed: [UInt8]) -> Summary? {
            for key in keys {
                if let summary = Summary(opening: sealed, under: key) { return summary }
            }
            return nil
        }
        let own = try store.fromIndex { index in
            try index.map(of: item.pseudonymText, prefix: prefix) { entry, row in
                transform(
                    ItemListing(
                        item: row.object,
                        index: entry,
                        sealedBytes: row.sizeBytes,
                        date: row.date,
                        summary: summary(row.summary),
                        member: nil
                    )
                )
            }
        }
        let theirs = try store.colleagues.deposits().found.filter {
            $0.statement.casePseudonym == item.pseudonym && $0.name.hasPrefix(prefix)
        }
        return own
            + (try theirs.map { deposit in
                ItemListing(
                    item: deposit.name,
                    index: deposit.receipt.proof.index,
                    sealedBytes: deposit.statement.sizeBytes,
                    date: deposit.statement.date,
                    summary: try store.colleagues.summary(of: deposit.name).flatMap(summary),
                    member: Hex.encode(deposit.statement.member)
                )
            }.sorted { ($0.date, $0.item) < ($1.date, $1.item) }.map(transform))
    }

    /// How many items each case has, by pseudonym; those of colleagues count.
    package func itemCounts() throws -> [String: Int] {
        var counts = try store.fromIndex { try $0.countsByCase() }
        for deposit in try store.colleagues.deposits().found {
            counts[Hex.encode(deposit.statement.casePseudonym), default: 0] += 1
        }
        return counts
    }

    /// What a listed item's deposit statement says, and where its object lies.
    ///
    /// - Throws: ``VaultError/statementDamaged(index:)``, ``VaultError/malformedReceipt(line:)``,
    ///   ``FileFailure``.
    package func source(
        of listing: ItemListing
    ) throws -> (statement: DepositStatement, objects: ObjectStore) {
        if listing.member != nil {
            let deposit = try store.colleagues.deposit(listing.item)
            return (deposit.statement, store.colleagues.objects)
        }
        return (try store.record(listing.index, in: store.log()).statement, layout.objects)
    }

    /// The one item whose name begins with `prefix`.
    ///
    /// - Throws: ``VaultError/itemMissing(_:)``, ``VaultError/itemAmbiguous(_:)``.
    package func findItem(_ prefix: String, in item: Case) throws -> ItemListing {
        let digits = prefix.lowercased()
        let found = try items(in: item, prefix: digits)
        guard !digits.isEmpty, let first = found.first else {
            throw VaultError.itemMissing(prefix)
        }
        guard found.count == 1 else { throw VaultError.itemAmbiguous(prefix) }
        return first
    }

    /// The one item of all cases whose name begins with `prefix`, with its case.
    ///
    /// - Throws: ``VaultError/itemMissing(_:)``, ``VaultError/itemAmbiguous(_:)``.
    package func findItem(_ prefix: String) throws -> (Case, ItemListing) {
        let digits = prefix.lowercased()
        let found = try cases().flatMap { item in
            try items(in: item, prefix: digits).map { (item, $0) }
        }
        guard !digits.isEmpty, let first = found.first else {
            throw VaultError.itemMissing(prefix)
        }
        guard found.count == 1 else { throw VaultError.itemAmbiguous(prefix) }
        return first
    }

    /// Opens an item and unpacks its originals below a directory.
    ///
    /// Everything is unpacked into a directory of its own first, checked against the statement in
    /// the log, and only then moved to its place; after a failure nothing is left.
    ///
    /// - Parameters:
    ///   - listing: The item.
    ///   - item: Its case.
    ///   - identity: The key that reads, where it is not on this device.
    ///   - directory: Made if need be.
    ///   - overwriting: Whether files that are there may be replaced.
    ///   - hashing: Whether originals are compared with the digests in the evidence also where this
    ///     home put them there, as those of colleagues always are.
    ///   - files: Through which the files are written.
    ///   - progress: Called with the sealed bytes read so far; throws to stop.
    /// - Returns: The evidence, and the paths of what was unpacked.
    /// - Throws: ``VaultError``, ``FileFailure``, what `progress` throws.
    package func get(
        _ listing: ItemListing,
        from item: Case,
        identity: (any AgeIdentity)? = nil,
        into directory: BytePath,
        overwriting: Bool = false,
        hashing: Bool = false,
        files: any FileSystem = LocalFileSystem(),
        progress: @escaping (UInt64) throws -> Void = { _ in }
    ) throws -> (evidence: Evidence, paths: [BytePath]) {
        guard let key = try identity ?? item.identity() else {
            throw VaultError.noReadKey(item.name)
        }
        let (statement, objects) = try source(of: listing)
        let extractor = try Extractor(
            into: directory,
            overwriting: overwriting,
            hashing: hashing || listing.member != nil,
            files: files
        )
        let opened = try ObjectOpener.open(
            listing.item,
            in: objects,
            identity: key,
            into: extractor,
            progress: progress
        )
        guard opened == statement.ciphertextRoot else {
            throw VaultError.objectDamaged(listing.item)
        }
        let evidence = try extractor.evidence()
        guard evidence.commitment == statement.evidence else {
            throw VaultError.contentMismatch(listing.item)
        }
        return (evidence, try extractor.finish(evidence))
    }
}
