// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Storage
import TransparencyLog
import Vault

/// A node that a home trades with, and what it is trusted to be: whoever has the key that its log
/// signs with, and nobody else.
struct Remote {
    /// The path of the log that a node gives receipts in.
    static let logName = "vault"
    /// The paths of the logs of switches, and of a registry.
    static let switchLogName = "switch"
    static let registryLogName = "registry"

    let name: String
    let url: String
    /// The log's key, its witnesses and how many of them have to sign.
    let policy: LogPolicy
    /// The same, as it was given.
    let policyText: String
    /// Where the home keeps what belongs to this node.
    let directory: BytePath

    /// The key of one of the node's logs, of that for deposits by default.
    ///
    /// A policy that names one log names that one; one that names several says by their URLs which
    /// is which.
    ///
    /// - Throws: `.usage` where the policy does not tell.
    func log(_ name: String = logName) throws -> NoteVerifier {
        let named = policy.logs.filter { $0.url?.hasSuffix("/" + name) ?? false }
        if let log = named.first, named.count == 1 { return log.verifier }
        let others = ["/" + Self.switchLogName, "/" + Self.registryLogName]
        if name == Self.logName, let only = policy.logs.first, policy.logs.count == 1,
            !others.contains(where: { only.url?.hasSuffix($0) ?? false })
        {
            return only.verifier
        }
        throw Failure(
            .usage,
            Text(
                en: "the policy of “\(self.name)” does not say which log is “\(name)”",
                es: "la política de «\(self.name)» no dice qué registro es «\(name)»"
            ),
            hint: Text(
                en: "write its URL behind the key: log VKEY \(url)/\(name)",
                es: "escriba su URL tras la llave: log LLAVE \(url)/\(name)"
            )
        )
    }

    var uploads: BytePath { directory.appending("uploads") }
    var receipts: BytePath { directory.appending("receipts") }
    var incoming: BytePath { directory.appending("incoming") }
    var invitations: BytePath { directory.appending("invitations") }

    /// Objects of which the node gave other bytes; they are sent again.
    var changed: BytePath { directory.appending("changed") }

    /// Notes that the node gave other bytes for an object.
    func mark(_ object: String, _ files: any FileSystem) throws {
        try files.make(changed)
        try files.replace(changed.appending(object), with: [])
    }

    /// The node's receipt of an object.
    func receipt(of object: String) -> BytePath { receipts.appending(object + ".receipt") }
}

/// The nodes that a home knows, a directory each below `remotes`.
///
/// Spec: `docs/spec/node.md`, section 7.
struct RemoteBook {
    private static let fileCountMax = LogPolicy.countMax * 2 + 8192

    private let directory: BytePath
    private let files: any FileSystem

    init(_ layout: HomeLayout) {
        directory = layout.home.appending("remotes")
        files = layout.files
    }

    /// All nodes, by name.
    func all() throws -> [Remote] {
        guard FileStatus.exists(directory) else { return [] }
        return try Directory.names(in: directory).compactMap { bytes in
            let name = String(decoding: bytes, as: UTF8.self)
            return PlainName.isOne(name) ? try find(name) : nil
        }
    }

    /// A node, nil if the home does not know it.
    func find(_ name: String) throws -> Remote? {
        let folder = directory.appending(name)
        guard
            let bytes = try Directory.contentsIfPresent(
                of: folder.appending("remote"),
                countMax: Self.fileCountMax
            )
        else { return nil }
        guard let json = try? JSONValue(parsing: bytes), let url = json["url"]?.string,
            let text = json["policy"]?.string,
            let policy = try? LogPolicy(parsing: Array(text.utf8))
        else { throw FileFailure.damaged(folder.appending("remote")) }
        return Remote(
            name: name,
            url: url,
            policy: policy,
            policyText: text,
            directory: folder
        )
    }

    /// Adds a node.
    ///
    /// - Throws: `.notAllowed` for a name that is taken: a key is never replaced silently.
    func add(_ name: String, url: String, policy: [UInt8]) throws -> Remote {
        guard PlainName.isOne(name) else {
            throw Failure(
                .usage,
                Text(
                    en: "a remote's name has letters a–z, digits and hyphens",
                    es: "el nombre de un remoto lleva letras a–z, cifras y guiones"
                )
            )
        }
        let parsed = try LogPolicy(parsing: policy)
        let folder = directory.appending(name)
        let remote = Remote(
            name: name,
            url: url,
            policy: parsed,
            policyText: String(decoding: policy, as: UTF8.self),
            directory: folder
        )
        // It has some log that is of use; by default it takes deposits.
        let others = [Remote.switchLogName, Remote.registryLogName]
        if !others.contains(where: { (try? remote.log($0)) != nil }) { _ = try remote.log() }
        guard try find(name) == nil else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is a remote “\(name)” already",
                    es: "ya hay un remoto «\(name)»"
                ),
                hint: Text(
                    en:
                        "another key for the same node is an alarm; if you know why, remove"
                        + " it first",
                    es:
                        "otra llave para el mismo nodo es una alarma; si sabe por qué,"
                        + " quítelo antes"
                )
            )
        }
        let json: JSONValue = [
            "policy": .string(String(decoding: policy, as: UTF8.self)), "url": .string(url),
        ]
        for path in [folder, remote.uploads, remote.receipts, remote.incoming, remote.changed] {
            try files.make(path)
        }
        try files.replace(folder.appending("remote"), with: json.canonicalBytes)
        return remote
    }

    /// Forgets a node; its receipts and what was seen of its log stay.
    func remove(_ remote: Remote) throws {
        try files.remove(remote.directory.appending("remote"))
        try files.syncDirectory(remote.directory)
    }
}
