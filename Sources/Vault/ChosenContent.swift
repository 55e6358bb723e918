// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Storage

/// Takes from an archive its evidence and the originals that were asked for; everything else passes
/// by and touches no disk.
final class ChosenContent: TarHandler {
    /// Where originals go, by their names in the archive; parts of one file go to one place.
    private let destinations: [[UInt8]: BytePath]
    private let files: any FileSystem
    private var file: (any WritableFile)?
    private var destination: BytePath?
    private var isTaking = false
    private var isInEvidence = false
    private var evidenceBytes: [UInt8]?

    init(
        destinations: [[UInt8]: BytePath] = [:],
        files: any FileSystem = LocalFileSystem()
    ) {
        self.files = files
        self.destinations = destinations
    }

    func begin(_ entry: TarEntry) throws {
        guard evidenceBytes == nil else { throw VaultError.malformedItem("entry after evidence") }
        isTaking = false
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
        guard !entry.isDirectory, let path = destinations[name] else { return }
        isTaking = true
        // The parts of a file follow each other.
        if path == destination { return }
        try files.makeUnsynced(path.parent, mode: 0o755)
        file = try files.create(path, replacing: false, mode: 0o644)
        destination = path
    }

    func content(_ bytes: Span<UInt8>) throws {
        if isInEvidence {
            evidenceBytes?.append(bytes)
        } else if isTaking {
            try file?.write(bytes)
        }
    }

    func end() throws {
        isInEvidence = false
    }

    /// The evidence that ended the archive.
    func evidence() throws -> Evidence {
        guard let evidenceBytes else { throw VaultError.malformedItem("no evidence") }
        return try Evidence(canonical: evidenceBytes)
    }
}
