// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Server
import Sodium
import Storage
import TransparencyLog

/// A log of a node's own, below its home: its key, its directory, and a policy to publish it by.
///
/// Spec: `docs/spec/node.md`, sections 5 and 12.
struct NodeLog {
    /// The name of the log within the node.
    let name: String
    /// Where all of it is.
    let directory: String

    /// The log's signing key.
    var key: String { directory + "/key" }
    /// The log.
    var log: String { directory + "/log" }
    /// What `serve --init` writes, for the operator to add witnesses to.
    var policy: String { directory + "/policy" }

    /// Whether the node has it.
    var isThere: Bool { FileStatus.exists(BytePath(policy)) }

    /// Makes everything, the policy last.
    ///
    /// - Parameters:
    ///   - origin: Name of the log: the node's address without scheme, for example.
    ///   - others: Files besides, which are written before the log is.
    ///   - first: The log's first entry, so that there is something to witness.
    ///   - store: Where the log is to be, unless it is in the directory.
    /// - Returns: What others have to know of it.
    /// - Throws: `.notAllowed` if it is there.
    func create(
        _ origin: String,
        files others: [(path: String, bytes: [UInt8])] = [],
        first: [UInt8],
        in store: (any BlobStore)? = nil
    ) throws -> Outcome {
        guard !isThere else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is a node in \(directory) already",
                    es: "ya hay un nodo en \(directory)"
                )
            )
        }
        let files = LocalFileSystem(isDiscreet: true)
        let key = SignerKey(
            name: try KeyName(origin),
            seed: SecretBytes(random: Ed25519.keyCount)
        )
        try files.make(BytePath(directory))
        // A run that was interrupted left a key that nobody was told.
        for path in [log, self.key] + others.map(\.path)
        where FileStatus.exists(BytePath(path)) {
            throw Failure(
                .notAllowed,
                Text(
                    en: "\(path) is left of an interrupted run: remove it",
                    es: "\(path) quedó de una ejecución interrumpida: quítelo"
                )
            )
        }
        var text = key.encoded().reveal() + [UInt8(ascii: "\n")]
        defer { wipe(&text) }
        try files.replace(BytePath(self.key), with: text)
        for other in others { try files.replace(BytePath(other.path), with: other.bytes) }
        let signer = try signer()
        _ = try makeLog(signer, store, files).append([first], time: 0)
        let verifier = signer.verifier.encoded
        let policyText = """
            log \(verifier)
            # Witnesses, and how many of them have to sign before a receipt is given:
            # witness w1 VKEY https://witness.example
            # group most 2 w1 w2 w3
            # quorum most
            quorum none

            """
        try files.replace(BytePath(policy), with: Array(policyText.utf8))
        return Outcome(
            json: ["log": .string(verifier), "policy": .string(policy)],
            lines: [verifier]
        )
    }

    private func makeLog(
        _ signer: NoteSigner,
        _ store: (any BlobStore)?,
        _ files: any FileSystem
    ) throws -> any AppendableLog {
        if let store {
            return try BlobLog.create(
                prefix: name + "/",
                store: store,
                signer: signer,
                keepsEntries: false,
                writer: StoredLog.makeWriter()
            )
        }
        return try TiledLog.create(
            directory: log,
            signer: signer,
            keepsEntries: false,
            time: 0,
            fileSystem: files
        )
    }

    /// What signs the log.
    func signer() throws -> NoteSigner {
        try NoteSigner(parsing: try PlumbingLogFiles.secret(key))
    }
}

/// What a node needs to keep switches, below its home.
///
/// Spec: `docs/spec/node.md`, section 12.
struct NodeSwitches {
    /// The name of the log within the node.
    static let name = Remote.switchLogName

    /// The log's first entry, so that there is something to witness.
    private static let first = Array("resguardo-switch-log/1\n".utf8)

    /// The log that stands for the statements.
    let log: NodeLog

    init(_ context: Context) {
        log = NodeLog(name: Self.name, directory: context.home + "/node-switch")
    }

    /// Makes the log.
    func create(_ origin: String) throws -> Outcome {
        try log.create(origin, first: Self.first)
    }

    /// The parts of a server that take and show statements, and show badges.
    func sites(_ queue: AppendQueue) throws -> [any Site] {
        let shelf = try SwitchShelf(
            directory: BytePath(log.directory + "/switches"),
            origin: log.signer().verifier.name.description,
            queue: queue
        )
        return [SwitchSite(shelf), BadgeSite(shelf)]
    }
}
