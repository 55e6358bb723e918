// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import BulkCrypto
internal import Encodings
package import Storage

/// The plaintext of an item, made while it is read: an archive of the originals, padded.
///
/// Originals are hashed as they pass, on another core, so no file is read twice and none is held in
/// memory. The evidence, which holds the digests, is made when all of them have passed.
///
/// Spec: `docs/spec/vault.md`, section 2.
package final class ItemStream {
    /// Bytes in a part of standard input, whose length nobody knows before it ends.
    package static let partCount = 16 << 20
    /// Bytes of padding made at a time.
    private static let zeroCount: UInt64 = 64 << 10

    /// Called with the bytes of originals read so far; throws to stop the deposit.
    package typealias Progress = (UInt64) throws -> Void
    /// Makes the evidence of the entries, which are complete then.
    package typealias Description = ([EvidenceEntry]) -> Evidence

    /// What is made next, once everything before it was read.
    private enum Step {
        case original(Int)
        case endOfOriginal(Int)
        case part(Int)
        case evidence
        case padding(UInt64)
        case end
    }

    private let originals: [Original]
    private let name: [UInt8]
    private let progress: Progress
    private let describe: Description

    private var step: Step
    private var pending: [UInt8] = []
    private var pendingOffset = 0
    /// The original that is being read, or the standard input.
    private var file: OpenedFile?
    private var remainingCount: UInt64 = 0
    private let hasher = OriginalHasher()
    private var entries: [EvidenceEntry] = []
    /// Whether the end that was announced is none: the digests are still to come.
    private var isAwaited = false
    /// Bytes of plaintext so far, those in `pending` included.
    private var sizeBytes: UInt64 = 0
    private var readBytes: UInt64 = 0

    /// The evidence as it was written; nil before the end.
    private(set) var evidence: Evidence?
    /// Why the stream ended early.
    private(set) var failure: (any Error)?

    /// An item of files and directories.
    ///
    /// - Parameters:
    ///   - originals: What was found, a directory before its content.
    ///   - progress: See ``Progress``.
    ///   - describe: See ``Description``.
    package init(
        _ originals: [Original],
        progress: @escaping Progress = { _ in },
        describe: @escaping Description
    ) {
        self.originals = originals
        name = []
        self.progress = progress
        self.describe = describe
        step = .original(0)
    }

    /// An item of one stream whose length is unknown: one file if it fits a part, numbered parts
    /// otherwise.
    ///
    /// - Parameters:
    ///   - stream: Read to its end.
    ///   - name: What to call it: one path component.
    ///   - progress: See ``Progress``.
    ///   - describe: See ``Description``.
    package init(
        _ stream: consuming OpenedFile,
        name: [UInt8],
        progress: @escaping Progress = { _ in },
        describe: @escaping Description
    ) {
        originals = []
        self.name = name
        self.progress = progress
        self.describe = describe
        step = .part(1)
        file = consume stream
    }

    /// What `age` reads from; its failures stand in ``failure``.
    var source: ByteSource {
        { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            guard let count = self.readOrNote(into: &target) else {
                throw .sourceFailed(code: (self.failure as? FileFailure)?.code ?? 0)
            }
            return count
        }
    }

    /// What hashes the originals.
    var observer: SourceObserver {
        SourceObserver(observe: hasher.observe, isAwaited: { self.isAwaited })
    }

    private func readOrNote(into target: inout MutableSpan<UInt8>) -> Int? {
        do {
            return try read(into: &target)
        } catch {
            failure = error
            return nil
        }
    }

    /// Fills the front of `target`.
    ///
    /// - Returns: How many bytes; zero at the end.
    /// - Throws: ``VaultError/changedWhileRead(_:)``, ``VaultError/vanishedWhileRead(_:)``,
    ///   ``VaultError/evidenceTooLong(limit:)``, ``FileFailure``, what `progress` throws.
    func read(into target: inout MutableSpan<UInt8>) throws -> Int {
        while true {
            if pendingOffset < pending.count {
                let count = min(pending.count - pendingOffset, target.count)
                let end = pendingOffset + count
                target.copyToFront(pending.span.extracting(pendingOffset..<end))
                pendingOffset = end
                return count
            }
            if remainingCount > 0 { return try readOriginal(into: &target) }
            if case .end = step { return 0 }
            if case .evidence = step {
                isAwaited = hasher.digests == nil
                if isAwaited { return 0 }
            }
            pending.removeAll(keepingCapacity: true)
            pendingOffset = 0
            step = try nextStep()
            sizeBytes += UInt64(pending.count)
        }
    }

    private func nextStep() throws -> Step {
        switch step {
        case .original(let index):
            guard index < originals.count else { return .evidence }
            return try begin(originals[index]) ? .endOfOriginal(index) : .original(index + 1)
        case .endOfOriginal(let index):
            try end(originals[index])
            return .original(index + 1)
        case .part(let number):
            return try takePart(number) ? .part(number + 1) : .evidence
        case .evidence:
            try putEvidence()
            let size = sizeBytes + UInt64(pending.count)
            return .padding(Padme.paddedSize(size) - size)
        case .padding(let missing):
            let count = min(missing, Self.zeroCount)
            pending += repeatElement(0, count: Int(count))
            return missing == count ? .end : .padding(missing - count)
        case .end:
            return .end
        }
    }

    // MARK: Originals

    /// Starts an original, and tells whether it has content.
    private func begin(_ original: Original) throws -> Bool {
        let path = Evidence.originalsPrefix + original.name
        switch original.kind {
        case .link, .skipped: break
        case .directory:
            let path = path + [UInt8(ascii: "/")]
            put(TarWriter.header(path: path, sizeBytes: 0, kind: .directory))
        case .file:
            let sizeBytes = UInt64(original.status.sizeBytes)
            put(TarWriter.header(path: path, sizeBytes: sizeBytes, kind: .file))
            let opened = try Self.open(original)
            guard try opened.status() == original.status else {
                throw VaultError.changedWhileRead(original.path)
            }
            file = consume opened
            remainingCount = sizeBytes
            hasher.expect(.content(count: Int(sizeBytes)))
            return true
        }
        append(original)
        return false
    }

    private func readOriginal(into target: inout MutableSpan<UInt8>) throws -> Int {
        let countMax = Int(min(remainingCount, UInt64(Int.max)))
        let count = try file?.read(into: &target, countMax: countMax) ?? 0
        guard count > 0 else {
            guard let path = file?.path else { preconditionFailure("content comes from a file") }
            throw VaultError.changedWhileRead(path)
        }
        remainingCount -= UInt64(count)
        sizeBytes += UInt64(count)
        try advance(count)
        return count
    }

    private func advance(_ count: Int) throws {
        readBytes += UInt64(count)
        try progress(readBytes)
    }

    /// Checks that it was the same file all the while, as long and as old as before, and still in
    /// its place.
    private func end(_ original: Original) throws {
        let opened = file.take()
        guard try opened?.status() == original.status else {
            throw VaultError.changedWhileRead(original.path)
        }
        guard let now = try? FileStatus(of: original.path) else {
            throw VaultError.vanishedWhileRead(original.path)
        }
        guard now == original.status else { throw VaultError.changedWhileRead(original.path) }
        let sizeBytes = UInt64(original.status.sizeBytes)
        hasher.expect(.endOfOriginal)
        put(TarWriter.padding(after: sizeBytes))
        append(original, sizeBytes: sizeBytes)
    }

    /// Puts bytes into the archive that belong to no original.
    private func put(_ bytes: [UInt8]) {
        hasher.expect(.other(count: bytes.count))
        pending += bytes
    }

    private func append(_ original: Original, sizeBytes: UInt64 = 0) {
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

    private static func open(_ original: Original) throws -> OpenedFile {
        do {
            return try OpenedFile.reading(original.path)
        } catch {
            if error.isMissing { throw VaultError.vanishedWhileRead(original.path) }
            throw error
        }
    }

    // MARK: Standard input

    /// The first byte of the next part, which tells that there is one.
    private var lookAhead: [UInt8] = []

    /// Reads a part into memory, since its header says how long it is, and tells whether another
    /// one follows.
    private func takePart(_ number: Int) throws -> Bool {
        var part = lookAhead
        part += try file?.read(Self.partCount - part.count) ?? []
        // A part that is not full is the last one; a full one may be.
        lookAhead = part.count == Self.partCount ? try file?.read(1) ?? [] : []
        let isWhole = number == 1 && lookAhead.isEmpty
        let partName = isWhole ? name : EvidenceEntry.partName(name, number)
        let path = Evidence.originalsPrefix + partName
        put(TarWriter.header(path: path, sizeBytes: UInt64(part.count), kind: .file))
        hasher.expect(.content(count: part.count))
        pending += part
        put(TarWriter.padding(after: UInt64(part.count)))
        try advance(part.count)
        guard lookAhead.isEmpty else { return true }
        hasher.expect(.endOfOriginal)
        file = nil
        entries.append(
            EvidenceEntry(
                kind: .file,
                name: name,
                sizeBytes: readBytes,
                partCount: isWhole ? 0 : number
            )
        )
        return false
    }

    // MARK: The end

    private func putEvidence() throws {
        guard let digests = hasher.digests else {
            preconditionFailure("whoever reads on has observed what was read")
        }
        let places = entries.indices.filter { entries[$0].kind == .file }
        precondition(places.count == digests.count, "each file has a digest")
        for (place, digest) in zip(places, digests) { entries[place].sha256 = digest }
        let evidence = describe(entries)
        let document = evidence.bytes
        guard document.count <= Evidence.byteCountMax else {
            throw VaultError.evidenceTooLong(limit: Evidence.byteCountMax)
        }
        let size = UInt64(document.count)
        pending += TarWriter.header(path: Evidence.path, sizeBytes: size, kind: .file)
        pending += document
        pending += TarWriter.padding(after: size)
        pending += TarWriter.end
        self.evidence = evidence
    }
}
