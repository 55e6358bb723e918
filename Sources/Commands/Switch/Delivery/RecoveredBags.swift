// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Encodings
import Storage
import TransparencyLog
import Vault

/// The court bags of a recovered case: one for each log that accepted items of it.
///
/// A bag is called after its log and the number of its items. One that is there stays: when more
/// items come later, there is one more bag.
///
/// Spec: `docs/spec/switch.md`, section 16.
struct RecoveredBags {
    private static let nameCount = 12

    let output: String
    let context: Context

    private var options: Home.BagOptions { Home.BagOptions(tool: "resguardo " + Root.version) }

    private func path(_ log: NoteVerifier, _ itemCount: Int) throws -> BytePath {
        let folder = BytePath(output).appending("bags")
        try LocalFileSystem().makeUnsynced(folder, mode: 0o700)
        let digits = Hex.encode(SHA256.hash(Array(log.encoded.utf8))).prefix(Self.nameCount)
        return folder.appending("\(digits).\(itemCount)")
    }

    /// Of items that came from nodes.
    func make(of listings: [ItemListing], from item: Case, _ home: Home) throws -> [BytePath] {
        try home.byLog(listings).map { log, listings in
            let path = try path(log, listings.count)
            guard !FileStatus.exists(path) else { return path }
            _ = try home.createBag(
                of: listings,
                from: item,
                at: path,
                options: options,
                now: context.now,
                enclosures: {
                    try BagCreateCommand.enclosures($0, in: $1, hasPDF: false, context)
                }
            )
            return path
        }
    }

    /// Of items in a copy of a store.
    func make(
        ofCase pseudonym: String,
        identity: any AgeIdentity,
        in store: VaultStore
    ) throws -> [BytePath] {
        let made = try store.createBag(
            ofCase: pseudonym,
            identity: identity,
            at: path,
            options: options,
            now: context.now,
            enclosures: { try BagCreateCommand.enclosures($0, in: $1, hasPDF: false, context) }
        )
        return [made].compactMap(\.self)
    }
}
