// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzEntries
import Testing

/// Runs the fuzz entries over the corpus and over damaged copies of it, without a fuzzer.
@Suite struct CorpusTests {
    private static let corpus = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/Corpus")

    private func seeds(of name: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = Self.corpus.appending(path: name)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.sorted().map { name in
            (name, Array(try Data(contentsOf: folder.appending(path: name))))
        }
    }

    @Test(arguments: FuzzEntry.all.map(\.name)) func corpusIsAcceptedOrRefusedAsNamed(
        name: String
    ) throws {
        let entry = try #require(FuzzEntry.all.first { $0.name == name })
        let seeds = try seeds(of: name)
        for seed in seeds {
            #expect(entry.accepts(seed.bytes) == seed.name.hasPrefix("good"), "\(seed.name)")
        }
        #expect(seeds.contains { $0.name.hasPrefix("good") })
    }

    @Test(arguments: FuzzEntry.all.map(\.name)) func damagedSeedsNeverBreakAParser(
        name: String
    ) throws {
        let entry = try #require(FuzzEntry.all.first { $0.name == name })
        var generator = SeededGenerator(seed: 0xf022)
        for seed in try seeds(of: name) {
            for _ in 0..<200 {
                // A violation stops the process: the entry's own precondition.
                _ = entry.accepts(Self.damage(seed.bytes, with: &generator))
            }
        }
    }

    private static func damage(
        _ bytes: [UInt8],
        with generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            guard !bytes.isEmpty else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
            }
        }
        return bytes
    }
}
