// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import SnapshotFormat
import Statements
import Testing

@Suite struct TwoPartTestTests {
    @Test func bothReadingsAgreeWithTheirWordsOnAllSmallCases() throws {
        let grades = NetworkHarmGrade.allCases
        let harms = NetworkHarm.allCases
        for coordination in [[], [NetworkCoordination.social]] {
            for first in grades {
                for second in grades {
                    for (harm, other) in [(harms[0], harms[0]), (harms[0], harms[1])] {
                        let test = TwoPartTest(
                            of: try Self.statement(
                                coordination: coordination,
                                activities: [(harm, first), (other, second)]
                            )
                        )
                        let high = first == .high || second == .high
                        let bothModerate = first >= .moderate && second >= .moderate
                        let isMet = !coordination.isEmpty && (high || bothModerate)
                        #expect((test.rule != nil) == isMet)
                        #expect(test.hasTwoModerateActivities == bothModerate)
                        #expect(test.hasTwoModerateKinds == (bothModerate && harm != other))
                    }
                }
            }
        }
    }

    @Test func aGradeWithoutItsDossiersCountsLess() throws {
        let counts: [(Int, NetworkHarmGrade)] = [(0, .low), (1, .low), (2, .moderate), (3, .high)]
        for (count, severity) in counts {
            let statement = try Self.statement(
                activities: [(.physical, .high)],
                evidenceCount: count
            )
            #expect(TwoPartTest(of: statement).severity == severity)
        }
    }

    @Test func designationNeedsTheTestAndTheCouncilAndEndsByItself() throws {
        var world = try World()
        let weak = try Self.statement(activities: [(.physical, .moderate)])
        let seats = ["seat-press", "seat-rights", "seat-academia"]
        #expect(try world.submit(weak, seats) == .testNotMet)
        let grave = try Self.statement(activities: [(.physical, .high)])
        #expect(
            try world.submit(grave, ["seat-press", "seat-more-press", "seat-rights"]) == .noQuorum
        )
        #expect(try world.submit(grave, seats) == nil)
        let network = try #require(world.state.networks.values.first)
        #expect(network.designation(at: world.state.clock)?.rule == "two-part/high")
        #expect(network.designation(at: World.start + 90 * World.day) == nil)

        try world.pass(days: 10)
        let renewal = try Self.statement(
            network: network.id,
            date: world.state.clock,
            activities: [(.physical, .moderate), (.information, .moderate)]
        )
        #expect(try world.submit(renewal, seats) == nil)
        let renewed = try #require(world.state.networks[network.id])
        #expect(renewed.designations.count == 2)
        #expect(renewed.designation(at: World.start + 9 * World.day)?.rule == "two-part/high")
        #expect(renewed.designation(at: world.state.clock)?.rule == "two-part/kinds")

        try world.pass(days: 1)
        let withdrawal = WithdrawDesignationStatement(
            head: world.head,
            network: network.id.bytes,
            reason: .administrativeError
        )
        #expect(try world.submit(withdrawal, seats) == nil)
        #expect(world.state.networks[network.id]?.designation(at: world.state.clock) == nil)

        // Neither an old statement nor one that was signed and held back brings it back.
        #expect(try world.submit(grave, seats) == .repeated)
        #expect(try world.submit(grave, seats + ["seat-international"]) == .repeated)
        #expect(try world.submit(renewal, seats) == .repeated)
        let heldBack = try Self.statement(
            network: network.id,
            date: world.state.clock,
            activities: [(.physical, .high), (.information, .high)]
        )
        #expect(try world.submit(heldBack, seats) == .withdrawn)
        #expect(world.state.networks[network.id]?.designation(at: world.state.clock) == nil)
        #expect(world.state.networks.count == 1)
    }

    @Test func aDesignationOfMoreThanNinetyDaysCannotBeWritten() throws {
        #expect(throws: StatementError.invalidValue(field: "until")) {
            try Self.statement(activities: [(.physical, .high)], days: 91)
        }
    }

    static func statement(
        network: RegistryID? = nil,
        date: Int64 = World.start,
        coordination: [NetworkCoordination] = [.social],
        activities: [(NetworkHarm, NetworkHarmGrade)],
        evidenceCount: Int = 3,
        list: AccountList = AccountList([]),
        days: Int64 = 90
    ) throws -> DesignateNetworkStatement {
        let evidence = (0..<UInt8(evidenceCount)).map { SHA256.hash([$0]) }
            .sorted { $0.lexicographicallyPrecedes($1) }
        let dossiers = (0..<UInt8(2)).map { SHA256.hash([$0]) }
            .sorted { $0.lexicographicallyPrecedes($1) }
        return try DesignateNetworkStatement(
            head: RegistryHead(context: RegistryState.context(of: World.origin), dayOf: date),
            network: network?.bytes,
            name: "Red de prueba",
            isIdentifiableGroup: true,
            hasUnifiedPurpose: true,
            coordination: coordination,
            activities: activities.map { harm, grade in
                NetworkActivity(
                    description: "amenazas",
                    harm: harm,
                    grade: grade,
                    evidence: evidence
                )
            },
            terms: [
                NetworkTerm(term: "🦂", form: .emoji, regions: ["mx-tam"], source: dossiers[0])
            ],
            dossiers: dossiers,
            rightsImpact: "Residents who report blockades use the same words.",
            reasons: ["The same minutes, the same threats."],
            actions: [.noRecommend, .noTrend],
            accountList: list.digest.bytes,
            accountCount: Int64(list.accounts.count),
            until: date + days * World.day
        )
    }
}

extension NetworkHarmGrade {
    static func >= (left: NetworkHarmGrade, right: NetworkHarmGrade) -> Bool {
        let order = NetworkHarmGrade.allCases
        return order.firstIndex(of: left) ?? 0 >= order.firstIndex(of: right) ?? 0
    }
}
