// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import Foundation
import Testing

@Suite struct ClusterShareTests {
    @Test func oneAccountGivesNoInterval() {
        #expect(ClusterShare([(hits: 3, count: 9)]).interval == nil)
        #expect(ClusterShare([]).share == 0)
    }

    /// The simple case, for which Wilson's interval is in textbooks: 20 of 100 gives 0.1334 to
    /// 0.2888.
    ///
    /// Here one account less counts.
    @Test func accountsOfOnePostGiveWilsonsInterval() throws {
        let clusters = (0..<100).map { (hits: $0 < 20 ? 1 : 0, count: 1) }
        let interval = try #require(ClusterShare(clusters).interval)
        #expect((interval.lowerBound - 0.1334).magnitude < 6e-4)
        #expect((interval.upperBound - 0.2888).magnitude < 6e-4)
    }

    @Test func fewAccountsLeaveMoreInDoubtThanManyWithAsManyPosts() throws {
        let few = ClusterShare([(50, 50), (0, 50), (0, 50), (0, 50)])
        let many = ClusterShare((0..<200).map { (hits: $0 < 50 ? 1 : 0, count: 1) })
        #expect(few.share == many.share)
        let (wide, narrow) = (try #require(few.interval), try #require(many.interval))
        #expect(wide.lowerBound < narrow.lowerBound && narrow.upperBound < wide.upperBound)
        let none = try #require(ClusterShare([(0, 30), (0, 30)]).interval)
        #expect(none.lowerBound == 0 && none.upperBound > 0.3)
    }

    /// Draws accounts again and again from a world whose share is known.
    @Test func theIntervalHoldsTheWorldsShareAsOftenAsItSays() {
        var state: UInt64 = 11
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / 9_007_199_254_740_992
        }
        let tries = 2000
        var held = 0
        for _ in 0..<tries {
            let clusters = (0..<60).map { _ in
                let count = 1 + Int(random() * 12)
                return (hits: random() < 0.3 ? count : 0, count: count)
            }
            if ClusterShare(clusters).interval?.contains(0.3) == true { held += 1 }
        }
        #expect((0.93...0.97).contains(Double(held) / Double(tries)), "\(held) of \(tries)")
    }
}

@Suite struct TopicBurstTests {
    private func bursts(_ counts: [Int]) -> [TopicBurst] {
        let batches = counts.enumerated().map { (batch: Int64($0.offset), count: $0.element) }
        return TopicBurst.bursts(batches.filter { $0.count > 0 })
    }

    @Test func aFloodIsOneBurst() {
        var counts = [Int](repeating: 1, count: 48)
        for batch in 20...22 { counts[batch] = 30 }
        let found = bursts(counts)
        #expect(found.map(\.batches) == [20...22])
        #expect(found.first?.postCount == 90)
        #expect(found.allSatisfy { $0.weight > 0 })
    }

    @Test func whatIsAlwaysThereHasNone() {
        #expect(bursts([Int](repeating: 7, count: 48)).isEmpty)
        #expect(bursts([]).isEmpty)
        #expect(bursts([5]).isEmpty)
        // Days and nights.
        #expect(bursts((0..<240).map { $0 % 24 < 8 ? 1 : 12 }).isEmpty)
    }

    /// Against all ways through a short topic: none is cheaper than the one that was found.
    @Test(arguments: 0..<60) func theCheapestWayIsFound(_ seed: Int) {
        var state = UInt64(seed + 1)
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let batchCount = 11
        var counts = (0..<batchCount).map { _ in below(4) == 0 ? below(30) : below(3) }
        // Both ends have posts, so that they are the first and the last.
        counts[0] += 1
        counts[batchCount - 1] += 1
        let found = bursts(counts)
        let entry = log(Double(batchCount))
        let saved = found.reduce(0) { $0 + $1.weight - entry }
        let usual = Double(counts.reduce(0, +)) / Double(batchCount)
        var best = 0.0
        for way in 1..<(1 << batchCount) {
            let isBurst = (0..<batchCount).map { way >> $0 & 1 == 1 }
            let starts = (0..<batchCount).count { isBurst[$0] && ($0 == 0 || !isBurst[$0 - 1]) }
            let saving = (0..<batchCount).filter { isBurst[$0] }.reduce(0.0) { sum, batch in
                sum + Double(counts[batch]) * log(3.0) - 2 * usual
            }
            best = max(best, saving - Double(starts) * entry)
        }
        #expect((saved - best).magnitude < 1e-9, "seed \(seed)")
    }
}
