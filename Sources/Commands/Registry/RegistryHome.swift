// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import SnapshotFormat
import Storage
import TransparencyLog

/// What a home holds of a registry: keys, the log of an operator, links and lists, and what was
/// seen of the logs of others.
///
/// | file | is |
/// |---|---|
/// | `registry/keys/NAME.age`, `NAME.pub` | a key under the passphrase; its public half |
/// | `registry/log/` | the log, if this home is the operator's |
/// | `registry/log.vkey` | the public key of the log that is followed |
/// | `registry/seen.json` | how far the log was read and found right |
/// | `registry/links/` | accounts behind commitments |
/// | `registry/lists/` | accounts of designated networks |
/// | `registry/rings/` | ring keys, sealed to keys that are kept elsewhere |
/// | `registry/seals/` | ring signatures beside the operator's log |
/// | `registry/pending/` | statements that wait for signatures |
/// | `registry/node.json` | the node on which a registry is followed |
/// | `registry/node/` | what that node showed |
/// | `registry/snapshots/` | versions of snapshots, made and seen |
struct RegistryHome {
    /// The largest file of ours that is read whole.
    static let fileCountMax = 16 << 20

    let directory: String
    let files = LocalFileSystem()

    init(_ context: Context) {
        directory = context.home + "/registry"
    }

    func path(_ name: String) -> String { directory + "/" + name }

    var logDirectory: String { path("log") }
    private var vkeyPath: String { path("log.vkey") }
    private var seenPath: String { path("seen.json") }

    /// Whether this home is the operator's.
    func hasLog() throws -> Bool {
        try files.exists(logDirectory + "/" + TiledLogReader.checkpointName)
    }

    /// Makes a directory below the registry's, with all directories above it.
    func makeDirectory(_ name: String) throws {
        try Self.makeDirectories(path(name))
    }

    /// Makes a directory with all directories above it.
    static func makeDirectories(
        _ path: String,
        _ files: any FileSystem = LocalFileSystem()
    ) throws {
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            prefix += "/" + part
            do {
                try files.makeDirectory(prefix)
            } catch {
                throw RegistryFailure.file(prefix, error)
            }
        }
    }

    /// Reads a file that a person named, or one of ours.
    static func read(_ path: String, countMax: Int = fileCountMax) throws -> [UInt8] {
        do {
            return try LocalFileSystem().read(path, countMax: countMax)
        } catch {
            throw RegistryFailure.file(path, error)
        }
    }

    /// Writes a file durably, readable by its owner only unless `files` says otherwise, in place of
    /// an older one.
    static func write(
        _ path: String,
        _ bytes: [UInt8],
        _ files: any FileSystem = LocalFileSystem()
    ) throws {
        do {
            try files.replace(path, with: bytes)
        } catch {
            throw RegistryFailure.file(path, error)
        }
    }

    /// Names in a directory that end in `suffix`; none when there is no directory.
    static func list(_ directory: String, suffix: String) throws -> [String] {
        do {
            return try LocalFileSystem().list(directory).filter { $0.hasSuffix(suffix) }
        } catch FileSystemError.notFound {
            return []
        } catch {
            throw RegistryFailure.file(directory, error)
        }
    }

    // MARK: The log

    /// The public key of the log that is followed.
    func verifier() throws -> NoteVerifier? {
        guard try files.exists(vkeyPath) else { return nil }
        return try Self.verifier(in: vkeyPath)
    }

    static func verifier(in path: String) throws -> NoteVerifier {
        let text = String(decoding: try read(path, countMax: 8192), as: UTF8.self)
        do {
            return try NoteVerifier(parsing: String(text.prefix { $0 != "\n" }))
        } catch {
            throw Failure(
                .failed,
                Text(
                    en: "\(path) is no public key of a log",
                    es: "\(path) no es la llave pública de un registro"
                )
            )
        }
    }

    func remember(_ verifier: NoteVerifier) throws {
        try makeDirectory("")
        try Self.write(vkeyPath, Array((verifier.encoded + "\n").utf8))
    }

    /// How far the log was read and found right.
    func seen() throws -> RegistryMark? {
        guard try files.exists(seenPath) else { return nil }
        // An unreadable memory is no memory: everything is checked again.
        let value = try? JSONValue(parsing: Self.read(seenPath))
        guard let size = value?["size"]?.integer, size >= 0,
            let root = value?["root"]?.string.flatMap({ RegistryID(hex: $0) }),
            let list = value?["wrong"]?.array
        else { return nil }
        var wrong: Set<SignatureMemory.Wrong> = []
        for element in list {
            guard let index = element["index"]?.integer,
                let key = element["key"]?.string.flatMap({ RegistryID(hex: $0) })
            else { return nil }
            wrong.insert(.init(index: index, key: key))
        }
        return RegistryMark(size: UInt64(size), root: root.bytes, wrong: wrong)
    }

    func remember(_ mark: RegistryMark) throws {
        try makeDirectory("")
        let wrong = mark.wrong.sorted { ($0.index, $0.key) < ($1.index, $1.key) }
        let value: JSONValue = [
            "root": .string(Hex.encode(mark.root)), "size": .integer(Int64(mark.size)),
            "wrong": .array(
                wrong.map { ["index": .integer($0.index), "key": .string($0.key.hex)] }
            ),
        ]
        try Self.write(seenPath, value.canonicalBytes)
    }

    // MARK: What is kept beside the log

    func links() throws -> [AccountLink] {
        try Self.list(path("links"), suffix: ".json").compactMap { name in
            AccountLink(parsing: try Self.read(path("links/\(name)")))
        }
    }

    func save(_ link: AccountLink) throws -> String {
        try makeDirectory("links")
        let path = path("links/\(link.commitment.hex).json")
        try Self.write(path, link.json.canonicalBytes + [UInt8(ascii: "\n")])
        return path
    }

    /// Lists of designated accounts, of this home and of the exchange directory.
    func lists(_ exchange: RegistryExchange?) throws -> [AccountList] {
        let directories = [path("lists"), exchange?.lists].compactMap { $0 }
        return try directories.flatMap { directory in
            try Self.list(directory, suffix: ".jsonl").compactMap { name in
                try? AccountList.parse(Self.read("\(directory)/\(name)")).get()
            }
        }
    }
}
