// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings

/// Where the randomness of panels comes from.
///
/// Spec: `docs/spec/sortition.md`, sections 2 to 4.
package enum PanelSeed {
    private static let inputDomain = Array("resguardo-registry/beacon/v1\n".utf8)
    private static let seedDomain = Array("resguardo-registry/panel-seed/v1\n".utf8)
    private static let postDomain = Array("resguardo-registry/panel-posts/v1\n".utf8)

    /// What a beacon holder gives the function of its key for a day.
    ///
    /// - Parameters:
    ///   - context: SHA-256 of the log's origin.
    ///   - day: Midnight of the day, seconds since 1970.
    /// - Returns: alpha.
    package static func input(context: [UInt8], day: Int64) -> [UInt8] {
        inputDomain + context + UInt64(day).bigEndianBytes
    }

    /// The seed of a subject's panel.
    ///
    /// - Parameters:
    ///   - context: SHA-256 of the log's origin.
    ///   - subject: The subject.
    ///   - epochName: `2026Q4`.
    ///   - day: The day that the third vouch fixed.
    ///   - outputs: Of the holders who spoke: key of the function, and output.
    /// - Returns: 32 bytes.
    package static func seed(
        context: [UInt8],
        subject: RegistryID,
        epochName: String,
        day: Int64,
        outputs: [(key: [UInt8], output: [UInt8])]
    ) -> [UInt8] {
        let sorted = outputs.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var text = seedDomain + context + subject.bytes + Array(epochName.utf8)
        text += UInt64(day).bigEndianBytes + [UInt8(sorted.count)]
        for (key, output) in sorted { text += key + output }
        return SHA256.hash(text)
    }

    /// The posts that a member of the panel reads.
    ///
    /// Each member reads others, and none chooses which.
    ///
    /// - Parameters:
    ///   - count: How many at most.
    ///   - posts: Their stable ids; each once, in any order.
    ///   - seed: The panel's.
    ///   - member: The member's ring key.
    /// - Returns: Ids in the order in which they were drawn.
    package static func posts(
        _ count: Int,
        of posts: [String],
        seed: [UInt8],
        member: [UInt8]
    ) -> [String] {
        let sorted = Set(posts.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
        let own = SHA256.hash(postDomain + seed + member)
        let places = Sortition.draw(min(count, sorted.count), of: sorted.count, seed: own)
        return places.map { String(decoding: sorted[$0], as: UTF8.self) }
    }
}
