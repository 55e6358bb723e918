// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

@Suite struct CoShareRuleTests {
    private func pairs(
        _ rows: String,
        window: Int64 = 10,
        participation: Int = 1
    ) throws -> [String] {
        let text = try Tables(csv(rows), window: window, participation: participation).pairs
        return text.split(separator: "\n").dropFirst().map { String($0) }
    }

    @Test func windowIncludesItsLastSecond() throws {
        #expect(try pairs("o,a,1,100\no,b,2,110\n") == ["o,a,b,1,2,10"])
        #expect(try pairs("o,a,1,100\no,b,2,111\n") == [])
    }

    @Test func windowSlidesAndHasNoBins() throws {
        #expect(try pairs("o,a,1,59\no,b,2,61\n", window: 2).count == 1)
    }

    @Test func olderShareComesFirstWhateverTheOrderOfRows() throws {
        #expect(try pairs("o,b,2,105\no,a,1,100\n") == ["o,a,b,1,2,5"])
    }

    @Test func tiesFollowFirstAppearanceOfAccounts() throws {
        // b appears first, with another object; so its later row comes before a's.
        #expect(try pairs("x,b,0,1\no,a,1,100\no,b,2,100\n") == ["o,b,a,2,1,0"])
    }

    @Test func sameAccountSameContentAndOriginNeverMatch() throws {
        #expect(try pairs("o,a,1,100\no,a,2,101\n") == [])
        #expect(try pairs("o,a,1,100\no,b,1,101\n") == [])
        #expect(try pairs("o,a,o,100\no,b,2,101\n") == [])
    }

    @Test func emptyObjectNeverMatches() throws {
        #expect(try pairs(",a,1,100\n,b,2,101\n") == [])
    }

    @Test func duplicateRowsCountTwice() throws {
        let tables = try Tables(
            csv("o,a,1,100\no,a,1,100\no,b,2,101\n"),
            window: 10,
            participation: 1
        )
        #expect(tables.edges.contains("a,b,2,1,1,1,1,"))
    }

    @Test func oneParticipatingAccountSuffices() throws {
        // a takes part in two pairs, b and c in one each: both pairs stay.
        let rows = "o,a,1,100\no,b,2,101\np,a,3,200\np,c,4,201\nz,b,5,900\nz,c,6,9000\n"
        #expect(try pairs(rows, participation: 2).count == 2)
        #expect(try pairs(rows, participation: 3) == [])
    }

    @Test func edgesNameOlderAndNewerContentsNotAccounts() throws {
        // abe is the lesser account and always the newer one; he posts twice, zed once.
        let tables = try Tables(
            csv("o,zed,1,100\no,abe,2,101\no,abe,3,102\n"),
            window: 10,
            participation: 1
        )
        #expect(tables.edges.contains("abe,zed,2,1.5,1,2,0.5,"))
    }

    @Test func thresholdIsStrictAndInterpolated() throws {
        // Weights 1, 1, 2: the median is 1, and only 2 exceeds it.
        let rows = "o,a,1,1\no,b,2,1\np,a,3,100\np,b,4,100\nq,c,5,1\nq,d,6,1\nr,e,7,1\nr,f,8,1\n"
        let edges = try Tables(csv(rows), window: 0, participation: 1).edges
        #expect(edges.split(separator: "\n").filter { $0.hasSuffix(",1") }.count == 1)
        let all = try Tables(csv(rows), window: 0, participation: 1, quantile: 1).edges
        #expect(all.split(separator: "\n").allSatisfy { !$0.hasSuffix(",1") })
    }

    @Test func refusesMorePairsThanTheLimitBeforeListingThem() throws {
        var builder = ShareTableBuilder()
        for number in 0..<20_000 {
            try builder.append(
                object: "o",
                account: "a\(number)",
                content: "c\(number)",
                time: 5
            )
        }
        let shares = builder.finish()
        let rule = try CoShareRule(windowSeconds: 0, minimumParticipation: 1, pairCountMax: 1000)
        #expect(throws: FeedKernelError.tooManyPairs(limit: 1000)) {
            try CoSharePairs(of: shares, rule: rule, cores: .single)
        }
    }

    @Test func refusesParametersOutOfRange() {
        #expect(throws: FeedKernelError.parameterOutOfRange("window")) {
            try CoShareRule(windowSeconds: -1)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("min-participation")) {
            try CoShareRule(minimumParticipation: 0)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("edge-weight")) {
            try CoShareRule(edgeWeightQuantile: .nan)
        }
    }

    @Test func networksAreComponentsOfStrongEdges() throws {
        // a-b and b-c twice, d-e twice, x-y once: the weak edge makes no network.
        var rows = ""
        for turn in 0..<2 {
            rows += "o\(turn),a,a\(turn),1\no\(turn),b,b\(turn),1\n"
            rows += "p\(turn),b,c\(turn),1\np\(turn),c,d\(turn),1\n"
            rows += "q\(turn),d,e\(turn),1\nq\(turn),e,f\(turn),1\n"
        }
        for number in 0..<4 { rows += "r\(number),x\(number),x,1\nr\(number),y\(number),y,1\n" }
        let shares = try read(csv(rows)).shares
        let rule = try CoShareRule(windowSeconds: 0, minimumParticipation: 1)
        let found = try CoSharePairs(of: shares, rule: rule, cores: .single)
        let network = CoShareEdges(of: found, cores: .single)
        let groups = network.networks(of: shares).map { group in
            group.accounts.map { shares.accounts.text($0) }
        }
        #expect(groups == [["a", "b", "c"], ["d", "e"]])
        #expect(network.networks(of: shares)[0].weight == 4)
    }

    @Test func inputWithoutPairsGivesEmptyTables() throws {
        let tables = try Tables(csv("o,a,1,100\n"), window: 10)
        #expect(tables.pairs.split(separator: "\n").count == 1)
        #expect(tables.edges.split(separator: "\n").count == 1)
        #expect(tables.accounts.split(separator: "\n").count == 1)
        #expect(tables.objects.split(separator: "\n").count == 1)
    }
}
