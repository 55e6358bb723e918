// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import Encodings
internal import Sodium
internal import Statements
package import Storage

extension Home {
    /// Opens an item and reads its evidence; no original reaches the disk.
    ///
    /// - Parameters:
    ///   - listing: The item.
    ///   - item: Its case.
    ///   - identity: The key that reads, where it is not on this device.
    ///   - progress: Called with the sealed bytes read so far; throws to stop.
    /// - Returns: The evidence, checked against the statement in the log.
    /// - Throws: ``VaultError``, ``FileFailure``, what `progress` throws.
    package func evidence(
        of listing: ItemListing,
        in item: Case,
        identity: (any AgeIdentity)? = nil,
        progress: @escaping (UInt64) throws -> Void = { _ in }
    ) throws -> Evidence {
        let handler = ChosenContent()
        return try read(listing, item, identity, into: handler, progress)
    }

    /// Writes a package with the chosen fields and files of an item, and verifies it.
    ///
    /// The item is opened once more for the files; of the others nothing touches the disk.
    ///
    /// - Parameters:
    ///   - choice: What to show of ``evidence(of:in:identity:progress:)``.
    ///   - evidence: The evidence of the item.
    ///   - listing: The item.
    ///   - item: Its case.
    ///   - identity: The key that reads, where it is not on this device.
    ///   - output: A directory that does not exist; it appears whole or not at all.
    ///   - progress: Called with the sealed bytes read so far; throws to stop.
    /// - Returns: What the package proves.
    /// - Throws: ``DisclosureError``, ``VaultError``, ``FileFailure``, what `progress` throws.
    package func disclose(
        _ choice: DisclosureChoice,
        of evidence: Evidence,
        _ listing: ItemListing,
        in item: Case,
        identity: (any AgeIdentity)? = nil,
        to output: BytePath,
        progress: @escaping (UInt64) throws -> Void = { _ in }
    ) throws -> DisclosurePackage.Verified {
        guard !FileStatus.exists(output) else { throw VaultError.destinationExists(output) }
        let disclosure = try Disclosure(of: evidence, showing: choice)
        let document = disclosure.bytes
        guard document.count <= Disclosure.byteCountMax else { throw DisclosureError.tooLarge }
        let staging = output.parent.appending(".resguardo-" + Hex.encode(randomBytes(8)))
        let files = LocalFileSystem()
        try files.makeUnsynced(staging, mode: 0o755)
        defer { if FileStatus.exists(staging) { Extractor.removeTree(staging, files) } }
        if !choice.contents.isEmpty {
            var destinations: [[UInt8]: BytePath] = [:]
            for leaf in disclosure.leaves where leaf.hasContent {
                let path = staging.appending(try DisclosurePackage.contentName(leaf).bytes)
                for name in evidence.entries[Int(leaf.index) - 1].archiveNames {
                    destinations[name] = path
                }
            }
            let handler = ChosenContent(destinations: destinations, files: files)
            _ = try read(listing, item, identity, into: handler, progress)
        }
        let receipt = try store.receipt(index: listing.index)
        for (name, bytes) in [
            (DisclosurePackage.documentName, document),
            (DisclosurePackage.receiptName, receipt.bytes),
        ] {
            try Directory.replace(staging.appending(name), with: bytes, mode: 0o644)
        }
        // Whatever is given away was verified as whoever gets it will.
        let verified = try DisclosurePackage.verify(at: staging, log: store.logKey)
        try Directory.rename(staging, to: output)
        return verified
    }

    private func read(
        _ listing: ItemListing,
        _ item: Case,
        _ identity: (any AgeIdentity)?,
        into handler: ChosenContent,
        _ progress: @escaping (UInt64) throws -> Void
    ) throws -> Evidence {
        // The receipt that goes with a disclosure is the depositor's.
        guard listing.member == nil else { throw VaultError.itemOfColleague(listing.item) }
        guard let key = try identity ?? item.identity() else {
            throw VaultError.noReadKey(item.name)
        }
        let statement = try store.record(listing.index, in: store.log()).statement
        let root = try ObjectOpener.open(
            listing.item,
            in: layout.objects,
            identity: key,
            into: handler,
            progress: progress
        )
        guard root == statement.ciphertextRoot else {
            throw VaultError.objectDamaged(listing.item)
        }
        let evidence = try handler.evidence()
        guard evidence.commitment == statement.evidence else {
            throw VaultError.contentMismatch(listing.item)
        }
        return evidence
    }
}
