// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
package import Storage
package import TransparencyLog

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

    /// The items of each log: those that one bag can hold.
    ///
    /// - Throws: ``VaultError/malformedReceipt(line:)``, ``FileFailure``.
    package func byLog(_ listings: [ItemListing]) throws -> [(NoteVerifier, [ItemListing])] {
        var groups: [(log: NoteVerifier, listings: [ItemListing])] = []
        for listing in listings {
            let log = try log(of: listing)
            if let place = groups.firstIndex(where: { $0.log == log }) {
                groups[place].listings.append(listing)
            } else {
                groups.append((log, [listing]))
            }
        }
        return groups
    }

    private func log(of listing: ItemListing) throws -> NoteVerifier {
        guard listing.member != nil else { return store.logKey }
        return try store.colleagues.deposit(listing.item).receipt.log
    }

    /// Writes items of a case into a court bag.
    ///
    /// The bag is made beside its place and moved there when it is whole; after a failure nothing
    /// is left.
    ///
    /// - Parameters:
    ///   - listings: The items, at least one, all of one log: own ones, or those of a colleague.
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
        let groups = try byLog(listings)
        precondition(groups.count == 1, "a bag holds items of one log")
        let log = groups[0].0
        let maker = BagMaker(
            log: log,
            casePseudonym: item.pseudonymText,
            // Of colleagues' logs no checkpoints are kept.
            kept: log == store.logKey ? try store.checkpoints.all().kept : [],
            options: options,
            now: now
        )
        return try maker.make(
            listings.map { try source(of: $0, from: item, options.identity) },
            at: path,
            key: item.memberSecretKey(),
            enclosures: enclosures,
            progress: progress
        )
    }

    private func source(
        of listing: ItemListing,
        from item: Case,
        _ identity: (any AgeIdentity)?
    ) throws -> BagMaker.Source {
        let theirs =
            listing.member == nil ? nil : try store.colleagues.deposit(listing.item).receipt
        return BagMaker.Source(
            index: listing.index,
            statement: try source(of: listing).statement,
            unpack: { [self] directory, progress in
                try get(
                    listing,
                    from: item,
                    identity: identity,
                    into: directory,
                    hashing: true,
                    progress: progress
                ).evidence
            },
            receipt: { [self] in try theirs ?? store.receipt(index: listing.index, in: $0) }
        )
    }
}
