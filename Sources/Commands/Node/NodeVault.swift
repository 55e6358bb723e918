// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Server
import Sodium
import Storage
import TransparencyLog
import Vault

/// What a node needs to take deposits, below its home: the key and the directory of its own log, a
/// policy to publish it by, and what it keeps for cases.
///
/// Spec: `docs/spec/node.md`, section 5.
struct NodeVault {
    /// The name of the log within the node.
    static let name = Remote.logName

    /// The log of its deposits.
    let log: NodeLog

    init(_ context: Context) {
        log = NodeLog(name: Self.name, directory: context.home + "/node-vault")
    }

    private var directory: String { log.directory }
    private var deposits: BytePath { BytePath(directory + "/deposits") }
    /// The seed of the key that makes invitations.
    private var invitationSeed: String { directory + "/invitation-key" }

    /// Whether the node takes deposits.
    var isThere: Bool { log.isThere }

    /// Makes everything, the policy last.
    ///
    /// - Parameters:
    ///   - name: Of the log: the node's address without scheme, for example.
    ///   - store: Where the log is to be, unless it is in the home.
    /// - Returns: What others have to know of it.
    /// - Throws: `.notAllowed` if it is there.
    func create(_ name: String, in store: (any BlobStore)?) throws -> Outcome {
        let seed = SecretBytes(random: InvitationIssuer.seedCount)
        guard let issuer = InvitationIssuer(seed: seed) else {
            throw FileFailure.damaged(BytePath(invitationSeed))
        }
        var bytes = seed.reveal()
        defer { wipe(&bytes) }
        // The first entry: whoever sees the log sees this key and no other.
        return try log.create(
            name,
            files: [(invitationSeed, bytes)],
            first: issuer.key.entry,
            in: store
        )
    }

    /// The key that signs the log.
    func signer() throws -> NoteSigner { try log.signer() }

    private func issuer() throws -> InvitationIssuer {
        let seed = try PlumbingLogFiles.secret(invitationSeed)
        guard let issuer = InvitationIssuer(seed: seed) else {
            throw FileFailure.damaged(BytePath(invitationSeed))
        }
        return issuer
    }

    /// What gives out invitations and takes them.
    ///
    /// - Parameter store: Where the node keeps codes, unless it is in the home.
    /// - Returns: The desk.
    /// - Throws: `.notAllowed` where there is no node.
    func invitations(in store: (any BlobStore)?) throws -> InvitationDesk {
        guard isThere else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is no node in \(directory)",
                    es: "no hay ningún nodo en \(directory)"
                ),
                hint: Text(
                    en: "name its home with --home; serve --init makes one",
                    es: "indique su carpeta con --home; serve --init crea uno"
                )
            )
        }
        if let store {
            let files = BlobFiles(store, prefix: "invitations/")
            return InvitationDesk(issuer: try issuer(), files: files)
        }
        return InvitationDesk(
            issuer: try issuer(),
            files: try DirectoryFiles(
                BytePath(directory + "/invitations"),
                folders: ["codes", "spent"]
            )
        )
    }

    /// The parts of a server that take and show deposits.
    func open(
        limits: DepositShelf.Limits,
        isInvitedOnly: Bool,
        store: (any BlobStore)?,
        read: @escaping @Sendable () throws -> TiledLogReader,
        published: PublishedCheckpoint,
        queue: AppendQueue,
        events: ServerLog
    ) throws -> (sites: [any Site], service: any NodeService) {
        let signer = try signer()
        let node = signer.verifier.name.description
        // A node of before there were invitations has no key for them.
        let hasKey = isInvitedOnly || FileStatus.exists(BytePath(invitationSeed))
        let desk = hasKey ? try invitations(in: store) : nil
        let shelf = try DepositShelf(
            directory: deposits,
            cases: store.map { BlobCases($0, prefix: "cases/") },
            node: node,
            limits: limits,
            invitations: isInvitedOnly ? desk : nil
        )
        let sequencer = DepositSequencer(
            shelf: shelf,
            queue: queue,
            read: read,
            key: signer.verifier,
            log: events
        )
        let uploads = UploadSite(shelf: shelf, node: node, sequencer: sequencer, log: events)
        var sites: [any Site] = [uploads, CaseSite(shelf)]
        if let desk {
            sites.append(
                InvitationSite(
                    desk: desk,
                    name: Self.name,
                    read: read,
                    published: published,
                    log: events
                )
            )
        }
        return (sites, sequencer)
    }
}
