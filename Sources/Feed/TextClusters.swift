// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// Which posts say nearly the same.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.5.
struct TextClusters {
    /// Different words and pictograms that a text needs: “gracias” is everybody's.
    static let tokenCountMin = 5

    private var tokens = TextTokens()
    private var sets = SimilarSets()
    /// For each text its set; `nil` if it is too short.
    private var places: [UInt32?] = []

    /// Adds the next text.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    mutating func append(_ text: String) throws(FeedKernelError) {
        let numbers = try tokens.numbers(of: text)
        guard Set(numbers).count >= Self.tokenCountMin else { return places.append(nil) }
        places.append(UInt32(sets.count))
        sets.append(pairsOf: numbers)
    }

    /// For each text the number of its cluster; `nil` if it is too short.
    ///
    /// - Throws: `.tooManyPairs`.
    consuming func finish() throws(FeedKernelError) -> [UInt32?] {
        let places = self.places
        let clusters = try sets.clusters()
        return places.map { $0.map { clusters[Int($0)] } }
    }
}
