// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Storage
import Vault

/// Fetches every item of a case that was released, checks it and unpacks it.
///
/// All of it lies below one directory and can be run again: what is there is kept.
///
/// Spec: `docs/spec/switch.md`, section 16.
struct CaseDelivery {
    /// What came of it.
    struct Report {
        /// Items that were unpacked, and where.
        var paths: [BytePath] = []
        var itemCount = 0
        /// Nodes that were not heard, or did wrong.
        var failures: [Failure] = []
        /// What a node did wrong outweighs that others were not heard.
        var kind: FailureClass? {
            let kinds = failures.map(\.kind)
            return kinds.contains(.doesNotVerify) ? .doesNotVerify : kinds.first
        }
        /// The court bags of all items.
        var bags: [BytePath] = []
        /// What the owner wanted to be read first.
        var instructions: String?
    }

    private static let passphraseLabel = Array("resguardo/recovered-home/v1".utf8)
    private static let nameCount = 12

    let output: String
    let hasBags: Bool
    let context: Context

    /// Fetches from the nodes that the case's identity file names.
    ///
    /// - Returns: Nil where it names none.
    func fetch(
        _ file: borrowing SecretBytes,
        pseudonym: String
    ) throws -> Report? {
        let nodes = CaseLegacy.nodes(in: file)
        guard !nodes.isEmpty, let bytes = try? Hex.decode(pseudonym), let route = context.route
        else { return nil }
        let home = try openHome(file)
        guard
            let item = try home.inherit(bytes, from: file, name: pseudonym, now: context.now)
        else { return nil }
        var report = Report()
        let book = RemoteBook(home.layout)
        for (index, node) in nodes.enumerated() {
            let name = "node-\(index + 1)"
            let known = try book.find(name)
            let remote = try known ?? book.add(name, url: node.url, policy: node.policy)
            let sync = NodeSync(
                home: home,
                remote: remote,
                route: route,
                context: context,
                isFull: false,
                transferCountMax: NodeSync.transferCountUsual
            )
            let came = try sync.run([item])
            if let failure = came.failure {
                report.failures.append(failure)
                let said = failure.message
                context.console.note(
                    Text(en: "\(node.url): \(said.en)", es: "\(node.url): \(said.es)")
                )
            }
            for refused in came.refused {
                let file = refused.file
                let failure = Failure(
                    .doesNotVerify,
                    Text(
                        en: "\(node.url): refused: \(file)",
                        es: "\(node.url): rechazado: \(file)"
                    )
                )
                report.failures.append(failure)
                context.console.note(failure.message)
            }
        }
        try unpack(item, home, &report)
        return report
    }

    /// The home in which the items are kept; only whoever has the case's key opens it.
    private func openHome(_ file: borrowing SecretBytes) throws -> Home {
        let secret = HKDFSHA256.derive(
            secret: file,
            salt: [],
            info: Self.passphraseLabel,
            count: 32
        )
        let passphrase = SecretBytes(copying: Array(Hex.encode(secret.reveal()).utf8))
        let path = BytePath(output).appending("store")
        // The passphrase has 256 bits: stretching it would add nothing.
        if FileStatus.exists(HomeLayout(path).keyring) {
            return try Home.open(at: path, passphrase: passphrase, least: .demo)
        }
        return try Home.create(at: path, passphrase: passphrase, work: .demo).home
    }

    private func unpack(_ item: Case, _ home: Home, _ report: inout Report) throws {
        let listings = try home.items(in: item)
        report.itemCount = listings.count
        guard !listings.isEmpty else { return }
        let folder = BytePath(output).appending("items")
        try LocalFileSystem().makeUnsynced(folder, mode: 0o700)
        for listing in listings {
            let place = folder.appending(String(listing.item.prefix(Self.nameCount)))
            // What an earlier run unpacked was checked, and may be worked on by now.
            if FileStatus.exists(place) {
                report.paths.append(place)
                continue
            }
            report.paths += try home.get(listing, from: item, into: place).paths
        }
        report.instructions = Self.instructions(listings, in: folder)
        guard hasBags else { return }
        report.bags = try RecoveredBags(output: output, context: context)
            .make(of: listings, from: item, home)
    }

    /// The newest instructions among the items that were unpacked.
    private static func instructions(_ listings: [ItemListing], in folder: BytePath) -> String? {
        let newest = listings.filter { $0.summary?.names == [SwitchInstructions.fileName] }
            .max { ($0.summary?.depositedAt ?? 0) < ($1.summary?.depositedAt ?? 0) }
        guard let newest else { return nil }
        return SwitchInstructions.read(
            below: folder.appending(String(newest.item.prefix(nameCount)))
        )
    }
}
