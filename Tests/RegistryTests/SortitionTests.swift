// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Registry
import Testing

@Suite struct SortitionTests {
    private struct Vector: Decodable {
        struct Holder: Decodable {
            let key: String
            let output: String
        }

        let context: String
        let subject: String
        let epoch: String
        let day: Int64
        let outputs: [Holder]
        let input: String
        let seed: String
        let pool: Int
        let panel: [Int]
        let posts: [String]
        let member: String
        let read: [String]
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    @Test func everyVectorAgrees() throws {
        let file = Self.root.appending(path: "docs/spec/vectors/sortition.json")
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: file))
        #expect(vectors.count >= 40)
        for vector in vectors {
            let context = try Hex.decode(vector.context)
            let subject = try #require(RegistryID(hex: vector.subject))
            #expect(
                Hex.encode(PanelSeed.input(context: context, day: vector.day)) == vector.input
            )
            let seed = PanelSeed.seed(
                context: context,
                subject: subject,
                epochName: vector.epoch,
                day: vector.day,
                outputs: try vector.outputs.map {
                    (key: try Hex.decode($0.key), output: try Hex.decode($0.output))
                }
            )
            #expect(Hex.encode(seed) == vector.seed)
            let panel = Sortition.draw(vector.panel.count, of: vector.pool, seed: seed)
            #expect(panel == vector.panel)
            let posts = PanelSeed.posts(
                AuditSheet.postCount,
                of: vector.posts.reversed(),
                seed: seed,
                member: try Hex.decode(vector.member)
            )
            #expect(posts == vector.read)
        }
    }

    @Test func aLongerDrawBeginsWithTheShorterOne() {
        var generator = SplitMix(state: 1)
        for poolCount in 0...70 {
            let seed = generator.bytes(Sortition.seedCount)
            let all = Sortition.draw(poolCount, of: poolCount, seed: seed)
            #expect(all.sorted() == Array(0..<poolCount))
            for count in 0...poolCount {
                let fewer = Sortition.draw(count, of: poolCount, seed: seed)
                #expect(fewer == Array(all.prefix(count)))
            }
        }
    }

    @Test func allOrderedChoicesAreEquallyLikely() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("sortition: seed \(seed)")
        var generator = SplitMix(state: seed)
        // 5 · 4 · 3 ordered choices: chi-squared with 59 degrees of freedom.
        let drawCount = 30_000
        var counts: [[Int]: Int] = [:]
        for _ in 0..<drawCount {
            counts[Sortition.draw(3, of: 5, seed: generator.bytes(32)), default: 0] += 1
        }
        #expect(counts.count == 60)
        let expected = Double(drawCount) / 60
        let chiSquared = counts.values.reduce(0.0) { sum, count in
            sum + (Double(count) - expected) * (Double(count) - expected) / expected
        }
        // Beyond 125 once in a million.
        #expect(chiSquared < 125, "seed \(seed)")
    }

    @Test func panelsGrowWithTheNumberOfVerifiers() {
        #expect(PanelRule(poolCount: 0) == nil)
        #expect(PanelRule(poolCount: 11) == nil)
        #expect(PanelRule(poolCount: 12) == .bootstrap)
        #expect(PanelRule(poolCount: 47) == .bootstrap)
        #expect(PanelRule(poolCount: 48) == .full)
        for rule in [PanelRule.full, .bootstrap] {
            #expect(!rule.isMet(by: rule.threshold - 1) && rule.isMet(by: rule.threshold))
        }
    }

    @Test func membersReadDifferentPosts() {
        var generator = SplitMix(state: 2)
        let seed = generator.bytes(32)
        let posts = (0..<200).map { "post-\($0)" }
        let read = (0..<20).map { _ in
            PanelSeed.posts(10, of: posts, seed: seed, member: generator.bytes(32))
        }
        #expect(read.allSatisfy { Set($0).count == 10 })
        #expect(Set(read).count == 20)
        let member = [UInt8](repeating: 1, count: 32)
        #expect(PanelSeed.posts(10, of: [], seed: seed, member: member).isEmpty)
        let few = PanelSeed.posts(10, of: ["b", "a", "b"], seed: seed, member: member)
        #expect(few.sorted() == ["a", "b"])
    }

    @Test func sheetsAskForSoundPostsAndBothLocalItems() {
        let all = Set(AuditItem.allCases)
        func sheet(without items: AuditItem..., sound: Int = 10, unsound: Int = 0) -> AuditSheet {
            AuditSheet(
                passed: all.subtracting(items),
                soundCount: sound,
                unsoundCount: unsound
            )
        }
        #expect(AuditSheet.weightSum == 825)
        #expect(sheet().grade == 1000 && sheet().asksToConcur)
        #expect(sheet(without: .noFalseContent).grade == 733)
        #expect(sheet(without: .noFalseContent).asksToConcur)
        #expect(!sheet(without: .noFalseContent, .responsibleGathering).asksToConcur)
        #expect(sheet(without: .accuracy).asksToConcur)
        #expect(!sheet(without: .accuracy, .sources).asksToConcur)
        #expect(!sheet(without: .glorifiesNobody).asksToConcur)
        #expect(!sheet(without: .endangersNobody).asksToConcur)
        #expect(!sheet(sound: 5, unsound: 5).asksToConcur)
        #expect(!sheet(sound: 0).asksToConcur)
    }
}
