// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
package import Storage

/// Writes the plaintext of an item, in one pass over the originals: an archive, padded.
///
/// The originals are hashed on the side while they pass, so no file is read twice and none is held
/// in memory.
///
/// Spec: `docs/spec/vault.md`, section 2.
package struct ItemWriter: ~Copyable {
    /// Bytes read at a time.
    static let readCount = 512 << 10
    /// Bytes in a part of standard input, whose length nobody knows before it ends.
    package static let partCount = 16 << 20

    /// Where the plaintext goes.
    package typealias Sink = (Span<UInt8>) throws -> Void
    /// Called with the bytes of originals read so far; throws to stop the deposit.
    package typealias Progress = (UInt64) throws -> Void

    private let sink: Sink
    private let progress: Progress
    private let lane = HashLane()
    private var entries: [EvidenceEntry] = []
    private var sizeBytes: UInt64 = 0
    private var readBytes: UInt64 = 0

    /// A writer that passes everything on as it comes.
    package init(progress: @escaping Progress = { _ in }, sink: @escaping Sink) {
        self.sink = sink
        self.progress = progress
    }

    /// Adds what was found.
    ///
    /// - Throws: ``VaultError/changedWhileRead(_:)``, ``VaultError/vanishedWhileRead(_:)``,
    ///   ``FileFailure``, and what sink and progress throw. The item is spoilt then.
    package mutating func add(_ original: Original) throws {
        let path = Evidence.originalsPrefix + original.name
        var sizeBytes: UInt64 = 0
        switch original.kind {
        case .link, .skipped: break
        case .directory:
            let path = path + [UInt8(ascii: "/")]
            try put(TarWriter.header(path: path, sizeBytes: 0, kind: .directory))
        case .file:
            sizeBytes = UInt64(original.status.sizeBytes)
            try put(TarWriter.header(path: path, sizeBytes: sizeBytes, kind: .file))
            try addContent(of: original)
            try put(TarWriter.padding(after: sizeBytes))
            lane.finishFile(entries.count)
        }
        entries.append(
            EvidenceEntry(
                kind: original.kind,
                name: original.name,
                sizeBytes: sizeBytes,
                modifiedSeconds: original.status.modifiedSeconds,
                modifiedNanoseconds: original.status.modifiedNanoseconds,
                target: original.target
            )
        )
    }

    private mutating func addContent(of original: Original) throws {
        let file = try Self.open(original)
        guard try file.status() == original.status else {
            throw VaultError.changedWhileRead(original.path)
        }
        var remaining = UInt64(original.status.sizeBytes)
        while remaining > 0 {
            let bytes = try file.read(Int(min(remaining, UInt64(Self.readCount))))
            guard !bytes.isEmpty else { throw VaultError.changedWhileRead(original.path) }
            remaining -= UInt64(bytes.count)
            try addOriginal(bytes)
        }
        // The same file, as long and as old as before, and still in its place.
        guard try file.status() == original.status else {
            throw VaultError.changedWhileRead(original.path)
        }
        guard let now = try? FileStatus(of: original.path) else {
            throw VaultError.vanishedWhileRead(original.path)
        }
        guard now == original.status else { throw VaultError.changedWhileRead(original.path) }
    }

    private static func open(_ original: Original) throws -> OpenedFile {
        do {
            return try OpenedFile.reading(original.path)
        } catch {
            if error.isMissing { throw VaultError.vanishedWhileRead(original.path) }
            throw error
        }
    }

    /// Adds a stream whose length is unknown, under `name`: one file if it fits a part, numbered
    /// parts otherwise.
    ///
    /// - Throws: ``FileFailure``, and what sink and progress throw.
    package mutating func addStream(_ stream: borrowing OpenedFile, name: [UInt8]) throws {
        var partCount = 0
        var sizeBytes: UInt64 = 0
        var part = try stream.read(Self.partCount)
        repeat {
            // A part that is not full is the last one; a full one may be, so look ahead.
            let next = part.count == Self.partCount ? try stream.read(Self.partCount) : []
            partCount += 1
            let isWhole = partCount == 1 && next.isEmpty
            let partName = isWhole ? name : EvidenceEntry.partName(name, partCount)
            let path = Evidence.originalsPrefix + partName
            try put(TarWriter.header(path: path, sizeBytes: UInt64(part.count), kind: .file))
            try addOriginal(part)
            try put(TarWriter.padding(after: UInt64(part.count)))
            sizeBytes += UInt64(part.count)
            part = next
        } while !part.isEmpty
        lane.finishFile(entries.count)
        entries.append(
            EvidenceEntry(
                kind: .file,
                name: name,
                sizeBytes: sizeBytes,
                partCount: partCount > 1 ? partCount : 0
            )
        )
    }

    /// Ends the item: `evidence.json`, end of archive, zeros up to the Padmé size.
    ///
    /// - Parameter describe: Makes the evidence of the entries, digests filled in.
    /// - Returns: The evidence as written.
    /// - Throws: ``VaultError/tooManyFiles(limit:)`` if the document becomes too long; what sink
    ///   throws.
    package consuming func finish(describe: ([EvidenceEntry]) -> Evidence) throws -> Evidence {
        let digests = lane.digests()
        let described = entries.enumerated().map { index, entry in
            EvidenceEntry(
                kind: entry.kind,
                name: entry.name,
                sizeBytes: entry.sizeBytes,
                sha256: digests[index] ?? [],
                modifiedSeconds: entry.modifiedSeconds,
                modifiedNanoseconds: entry.modifiedNanoseconds,
                partCount: entry.partCount,
                target: entry.target
            )
        }
        let evidence = describe(described)
        let document = evidence.bytes
        guard document.count <= Evidence.byteCountMax else {
            throw VaultError.tooManyFiles(limit: entries.count)
        }
        let size = UInt64(document.count)
        try put(TarWriter.header(path: Evidence.path, sizeBytes: size, kind: .file))
        try put(document)
        try put(TarWriter.padding(after: size))
        try put(TarWriter.end)
        var missing = Padme.paddedSize(sizeBytes) - sizeBytes
        let zeros = [UInt8](repeating: 0, count: Int(min(missing, UInt64(Self.readCount))))
        while missing > 0 {
            let count = Int(min(missing, UInt64(zeros.count)))
            try sink(zeros.span.extracting(first: count))
            missing -= UInt64(count)
        }
        return evidence
    }

    private mutating func addOriginal(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        lane.update(bytes)
        try put(bytes)
        readBytes += UInt64(bytes.count)
        try progress(readBytes)
    }

    private mutating func put(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        sizeBytes += UInt64(bytes.count)
        try sink(bytes.span)
    }
}
