// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Storage

/// A file of a bag, as its manifests list it.
package struct BagFile: Equatable, Sendable {
    /// The longest small file of a bag that is read whole.
    static let byteCountMax = Evidence.byteCountMax

    /// Below the bag, components separated by slashes.
    package let path: String
    /// Length.
    package let sizeBytes: UInt64
    /// Digests, in hexadecimal.
    let sha256: String
    let sha512: String

    /// Whether it is evidence, and not a description of the bag.
    var isPayload: Bool { isBelow("data/") }
    /// Whether the tag manifests list it: they cannot list themselves, nor what signs them.
    var isTag: Bool {
        !isPayload && path != Bag.statementName && !isBelow("tagmanifest-")
    }

    /// Whether the path begins with these bytes.
    ///
    /// To Swift's `hasPrefix`, a slash with an accent behind it is one character, and no slash.
    func isBelow(_ prefix: String) -> Bool { path.utf8.starts(with: prefix.utf8) }

    /// Reads a file once, for both digests.
    ///
    /// - Throws: ``FileFailure``; what `progress` throws.
    init(
        reading path: String,
        in bag: BytePath,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        let file = try OpenedFile.reading(bag.appending(path), followingLinks: false)
        var short = SHA256()
        var long = SHA512()
        var sizeBytes: UInt64 = 0
        while true {
            let bytes = try file.read(1 << 20)
            if bytes.isEmpty { break }
            short.update(bytes)
            long.update(bytes)
            sizeBytes += UInt64(bytes.count)
            try progress(bytes.count)
        }
        self.path = path
        self.sizeBytes = sizeBytes
        sha256 = Hex.encode(short.finish())
        sha512 = Hex.encode(long.finish())
    }
}

/// A text that RFC 8493 asks for, made from the files.
struct BagManifest {
    /// What it is called.
    let name: String
    private let files: [BagFile]
    private let digest: KeyPath<BagFile, String>

    /// The manifests of the payload.
    static func payload(_ files: [BagFile]) -> [BagManifest] {
        both("manifest", files.filter(\.isPayload))
    }

    /// The manifests of everything else.
    static func tags(_ files: [BagFile]) -> [BagManifest] {
        both("tagmanifest", files.filter(\.isTag))
    }

    private static func both(_ name: String, _ files: [BagFile]) -> [BagManifest] {
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return [
            BagManifest(name: name + "-sha256.txt", files: sorted, digest: \.sha256),
            BagManifest(name: name + "-sha512.txt", files: sorted, digest: \.sha512),
        ]
    }

    /// Writes it line by line.
    ///
    /// - Throws: What `write` throws.
    func write(to write: ([UInt8]) throws -> Void) rethrows {
        var bytes: [UInt8] = []
        for file in files {
            bytes += Array("\(file[keyPath: digest])  \(file.path)\n".utf8)
            guard bytes.count >= 1 << 16 else { continue }
            try write(bytes)
            bytes.removeAll(keepingCapacity: true)
        }
        try write(bytes)
    }
}
