// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Server
import Statements
import Storage
import TransparencyLog

/// The registry's part of a directory through which people trade statements.
///
/// | file | is |
/// |---|---|
/// | `registry/pending/*.json` | statements that wait for signatures or for the operator |
/// | `registry/log/` | the operator's published log |
/// | `registry/log.vkey` | the log's public key, for whoever has no better way to get it |
/// | `registry/lists/` | accounts of designated networks |
/// | `registry/seals/` | ring signatures, by their SHA-256 |
/// | `registry/incidents/` | sealed incidents, by their SHA-256 |
///
/// Where a registry is followed on a node, it is a copy below the home of what the node shows, and
/// what is left there is handed to the node.
struct RegistryExchange {
    /// The most statements that wait at a time.
    static let pendingCountMax = 50_000

    let directory: String
    let files: any FileSystem
    /// The node that it is a copy of.
    let node: RegistryNode?

    init(_ exchange: String) {
        directory = exchange + "/registry"
        files = SharedFileSystem(root: exchange)
        node = nil
    }

    /// The copy of what a node shows.
    init(of node: RegistryNode, in directory: String) {
        self.directory = directory
        files = LocalFileSystem()
        self.node = node
    }

    var pending: String { directory + "/pending" }
    var log: String { directory + "/log" }
    var vkey: String { directory + "/log.vkey" }
    var lists: String { directory + "/lists" }
    var seals: String { directory + "/seals" }
    var incidents: String { directory + "/incidents" }

    /// A statement that waits.
    struct Pending {
        let path: String
        let envelope: Envelope
    }

    /// The name under which a statement waits: the same however many have signed it.
    static func name(of envelope: Envelope) -> String { RegistryInbox.name(of: envelope) }

    /// Leaves a statement for others, together with the signatures that it has there already.
    func leave(_ envelope: Envelope) throws -> String {
        if let node { return try node.hand(envelope) }
        try RegistryHome.makeDirectories(pending, files)
        return try Self.merge(envelope, into: pending + "/" + Self.name(of: envelope), files)
    }

    /// Leaves the accounts of a designated network; a node gets them with the statement.
    func leave(_ list: AccountList) throws {
        guard node == nil else { return }
        try RegistryHome.makeDirectories(lists, files)
        try RegistryHome.write("\(lists)/\(list.digest.hex).jsonl", list.bytes, files)
    }

    /// Leaves a ring signature.
    func leave(seal: [UInt8], _ id: RegistryID) throws {
        if let node { return try node.hand(seal: seal) }
        try RegistryHome.makeDirectories(seals, files)
        try RegistryHome.write("\(seals)/\(id.hex)", seal, files)
    }

    /// Leaves a sealed incident; a node takes it once it knows the statement that names it.
    func leave(incident: [UInt8], _ id: RegistryID) throws {
        try RegistryHome.makeDirectories(incidents, files)
        try RegistryHome.write("\(incidents)/\(id.hex)", incident, files)
        try node?.hand(incident: incident)
    }

    /// Writes a statement to a file, together with the signatures that it has there already.
    static func merge(
        _ envelope: Envelope,
        into path: String,
        _ files: any FileSystem = LocalFileSystem()
    ) throws -> String {
        var merged = envelope
        if try LocalFileSystem().exists(path) {
            try merged.merge(try read(path))
        }
        try RegistryHome.write(path, merged.bytes, files)
        return path
    }

    /// Reads a statement that somebody left.
    static func read(_ path: String) throws -> Envelope {
        let bytes = try RegistryHome.read(path, countMax: Envelope.byteCountMax + 1)
        let text = bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
        do {
            return try Envelope(canonical: text)
        } catch {
            throw Failure(
                .failed,
                Text(
                    en: "\(path) is no signed statement",
                    es: "\(path) no es una declaración firmada"
                )
            )
        }
    }

    /// All statements that wait in a directory; what is none is left alone.
    static func waiting(in directory: String) throws -> [Pending] {
        try RegistryHome.list(directory, suffix: ".json").prefix(pendingCountMax)
            .compactMap { name in
                let path = directory + "/" + name
                // Anybody can leave a file; it must not stop the others.
                guard let envelope = try? read(path) else { return nil }
                return Pending(path: path, envelope: envelope)
            }
    }

    /// Copies the new tiles of the operator's log, the checkpoint last.
    func publish(_ reader: TiledLogReader, since oldSize: UInt64, vkey text: String) throws {
        try RegistryHome.makeDirectories(log, files)
        try RegistryHome.write(vkey, Array((text + "\n").utf8), files)
        for content in (0..<8).map({ TilePath.Content.hashes(level: $0) }) + [.entries] {
            let full = UInt64(TilePath.fullWidth)
            let count = TilePath.count(content, size: reader.size)
            var number = TilePath.count(content, size: oldSize) / full
            while number * full < count {
                if let path = TilePath(content, number: number, size: reader.size) {
                    try copy(path.path, of: reader)
                }
                number += 1
            }
        }
        try RegistryHome.write(
            log + "/" + TiledLogReader.checkpointName,
            reader.note.encoded,
            files
        )
    }

    private func copy(_ name: String, of reader: TiledLogReader) throws {
        let target = log + "/" + name
        try RegistryHome.makeDirectories(LocalFileSystem.parent(of: target), files)
        try RegistryHome.write(
            target,
            try RegistryHome.read(reader.directory + "/" + name),
            files
        )
    }
}
