// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Storage

/// Unpacks an item below a directory, in two steps: all of it into a hidden directory, and, once it
/// has been checked, each file to its place.
///
/// Names were checked by ``TarReader``; directories that exist are entered only if they are no
/// links, and files are replaced only when asked for.
final class Extractor: TarHandler {
    private let output: BytePath
    private let place: Staging
    private var staging: BytePath { place.path }
    private let isOverwriting: Bool
    private let isHashing: Bool
    private let files: any FileSystem
    private var file: (any WritableFile)?
    private var evidenceBytes: [UInt8]?
    private var isInEvidence = false
    /// Names below `original/` of what the archive has, with their sizes; nil for a directory.
    private var unpacked: [[UInt8]: UInt64?] = [:]
    /// SHA-256 of what was unpacked, by name.
    private var digests: [[UInt8]: [UInt8]] = [:]
    private var name: [UInt8] = []
    private var digest: SHA256?

    /// Starts below `output`.
    ///
    /// - Parameters:
    ///   - output: Made if need be.
    ///   - overwriting: Whether files that are there may be replaced.
    ///   - hashing: Whether the originals are compared with the digests in the evidence. The
    ///     ciphertext root shows already that they are what was deposited; the digests are the
    ///     depositor's word, and hashing takes longer than everything else together.
    ///   - files: Through which files are written.
    /// - Throws: ``FileFailure``.
    init(
        into output: BytePath,
        overwriting: Bool,
        hashing: Bool,
        files: any FileSystem
    ) throws {
        try files.makeUnsynced(output, mode: 0o755)
        Self.removeAbandoned(in: output, files)
        place = try Self.makeStaging(in: output, files)
        self.files = files
        self.output = output
        isOverwriting = overwriting
        isHashing = hashing
    }

    deinit {
        Self.removeTree(place.path, files)
    }

    func begin(_ entry: TarEntry) throws {
        guard evidenceBytes == nil else { throw VaultError.malformedItem("entry after evidence") }
        if entry.path == Evidence.path, !entry.isDirectory {
            guard entry.sizeBytes <= UInt64(Evidence.byteCountMax) else {
                throw VaultError.malformedItem("evidence.json")
            }
            evidenceBytes = []
            isInEvidence = true
            return
        }
        guard entry.path.starts(with: Evidence.originalsPrefix) else {
            throw VaultError.malformedItem("entry outside of original/")
        }
        let name = Array(entry.path.dropFirst(Evidence.originalsPrefix.count))
        guard unpacked.updateValue(entry.isDirectory ? nil : entry.sizeBytes, forKey: name) == nil
        else { throw VaultError.malformedItem("two entries of one name") }
        // Found early, a name that is taken saves the work of unpacking.
        if !entry.isDirectory { try requireFree(name) }
        let path = staging.appending(name)
        if entry.isDirectory {
            try files.makeUnsynced(path)
        } else {
            try files.makeUnsynced(path.parent)
            file = try files.create(path, replacing: false, mode: 0o600)
            self.name = name
            if isHashing { digest = SHA256() }
        }
    }

    func content(_ bytes: Span<UInt8>) throws {
        if isInEvidence {
            evidenceBytes?.append(bytes)
        } else {
            try file?.write(bytes)
            digest?.update(bytes)
        }
    }

    func end() throws {
        isInEvidence = false
        file = nil
        if let digest = digest.take() { digests[name] = digest.finish() }
    }

    /// The evidence that ended the archive.
    func evidence() throws -> Evidence {
        guard let evidenceBytes else { throw VaultError.malformedItem("no evidence") }
        return try Evidence(canonical: evidenceBytes)
    }

    /// Joins parts, sets times, and moves everything to its place.
    ///
    /// - Returns: The paths of files and of directories that were named in the evidence.
    func finish(_ evidence: Evidence) throws -> [BytePath] {
        try compare(evidence)
        for entry in evidence.entries where entry.kind == .file {
            if entry.partCount > 0 { try join(entry) }
            guard !isHashing || digests[entry.name] == entry.sha256 else {
                throw VaultError.originalMismatch(BytePath(entry.name))
            }
            if let seconds = entry.modifiedSeconds {
                try files.setModified(
                    staging.appending(entry.name),
                    seconds: seconds,
                    nanoseconds: entry.modifiedNanoseconds
                )
            }
        }
        for entry in evidence.entries where entry.kind == .file { try requireFree(entry.name) }
        var paths: [BytePath] = []
        for entry in evidence.entries {
            let destination = output.appending(entry.name)
            switch entry.kind {
            case .link, .skipped: continue
            case .directory: try makeDirectories(entry.name)
            case .file:
                try makeDirectories(Array(parent(of: entry.name)))
                try files.rename(
                    staging.appending(entry.name),
                    to: destination,
                    replacing: isOverwriting
                )
            }
            paths.append(destination)
        }
        // A directory's time changes with each name in it, so it is set last, the innermost first.
        for entry in evidence.entries.reversed() where entry.kind == .directory {
            guard let seconds = entry.modifiedSeconds else { continue }
            try files.setModified(
                output.appending(entry.name),
                seconds: seconds,
                nanoseconds: entry.modifiedNanoseconds
            )
        }
        return paths
    }

    /// The archive has exactly what its evidence describes.
    private func compare(_ evidence: Evidence) throws {
        var described: [[UInt8]: UInt64?] = [:]
        for entry in evidence.entries {
            guard TarReader.isSafe(entry.name) else { throw VaultError.malformedItem("a name") }
            switch entry.kind {
            case .link, .skipped: break
            case .directory: described[entry.name] = .some(nil)
            case .file where entry.partCount > 0:
                for number in 1...entry.partCount {
                    let part = EvidenceEntry.partName(entry.name, number)
                    guard let size = unpacked[part] else {
                        throw VaultError.malformedItem("a part is missing")
                    }
                    described[part] = size
                }
            case .file: described[entry.name] = entry.sizeBytes
            }
        }
        guard described == unpacked else {
            throw VaultError.malformedItem("archive and evidence differ")
        }
    }

    private func join(_ entry: EvidenceEntry) throws {
        let whole = try files.create(
            staging.appending(entry.name),
            replacing: false,
            mode: 0o600
        )
        var digest = isHashing ? SHA256() : nil
        for number in 1...entry.partCount {
            let path = staging.appending(EvidenceEntry.partName(entry.name, number))
            let part = try OpenedFile.reading(path)
            while true {
                let bytes = try part.read(1 << 20)
                if bytes.isEmpty { break }
                try whole.write(bytes)
                digest?.update(bytes)
            }
            try files.remove(path)
        }
        if let digest = digest.take() { digests[entry.name] = digest.finish() }
    }

    private func requireFree(_ name: [UInt8]) throws {
        let destination = output.appending(name)
        guard let status = try? FileStatus(of: destination, followingLinks: false) else { return }
        guard isOverwriting, status.kind != .directory else {
            throw VaultError.destinationExists(destination)
        }
    }

    private func parent(of name: [UInt8]) -> ArraySlice<UInt8> {
        guard let slash = name.lastIndex(of: UInt8(ascii: "/")) else { return [] }
        return name[..<slash]
    }

    /// Makes the directories of a name one by one, and refuses to pass through a link.
    private func makeDirectories(_ name: [UInt8]) throws {
        var path = output
        for part in name.split(separator: UInt8(ascii: "/")) {
            path = path.appending(Array(part))
            try files.makeUnsynced(path, mode: 0o755)
            guard try FileStatus(of: path, followingLinks: false).kind == .directory else {
                throw VaultError.destinationExists(path)
            }
        }
    }

    // MARK: Staging

    /// Where the archive is unpacked first.
    private struct Staging: ~Copyable {
        let path: BytePath
        /// Held as long as this run lives, so that a later one knows what was abandoned.
        let lock: OpenedFile
    }

    private static let stagingPrefix = ".resguardo-"
    private static let stagingDigits = 16

    private static func makeStaging(
        in output: BytePath,
        _ files: any FileSystem
    ) throws -> Staging {
        while true {
            let name = stagingPrefix + Hex.encode(randomBytes(stagingDigits / 2))
            let path = output.appending(name)
            try files.makeUnsynced(path)
            // Another run that cleans may find the directory before it is locked.
            guard let lock = try? OpenedFile.reading(path, followingLinks: false),
                try lock.lock(waiting: false), FileStatus.exists(path)
            else { continue }
            return Staging(path: path, lock: lock)
        }
    }

    /// Removes what killed runs left; the directories of runs that live are locked.
    private static func removeAbandoned(in output: BytePath, _ files: any FileSystem) {
        for name in (try? Directory.names(in: output)) ?? [] {
            guard name.starts(with: stagingPrefix.utf8),
                let digits = Optional(name.dropFirst(stagingPrefix.utf8.count)),
                digits.count == stagingDigits,
                (try? Hex.decode(String(decoding: digits, as: UTF8.self))) != nil
            else { continue }
            let path = output.appending(name)
            guard let lock = try? OpenedFile.reading(path, followingLinks: false),
                (try? lock.lock(waiting: false)) == true
            else { continue }
            removeTree(path, files)
        }
    }

    /// Removes our own staging directory; failures leave a hidden directory behind.
    static func removeTree(_ path: BytePath, _ files: any FileSystem) {
        for name in (try? Directory.names(in: path)) ?? [] {
            let child = path.appending(name)
            let kind = (try? FileStatus(of: child, followingLinks: false))?.kind
            if kind == .directory {
                removeTree(child, files)
            } else {
                try? files.remove(child)
            }
        }
        try? files.removeDirectory(path)
    }
}
