// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements
import Testing

@Suite struct CharterTests {
    @Test func aCharterSurvivesTheWayThroughBytes() throws {
        let charter = try World.charter()
        #expect(try CharterStatement(payload: charter.payload) == charter)
    }

    @Test func noConstituencyHoldsMoreThanTwoFifthsOfTheSeats() throws {
        #expect(throws: StatementError.invalidValue(field: "seats")) {
            try World.charter(seats: World.seats + ["seat-third-press", "seat-fourth-press"])
        }
    }

    @Test func fewerThanFourConstituenciesAreRefused() throws {
        let text = String(decoding: try World.charter().payload, as: UTF8.self)
        let fewer = text.replacing(#"{"id":"academia","name":"academia"},"#, with: "")
        #expect(throws: StatementError.invalidValue(field: "constituencies")) {
            try CharterStatement(payload: Array(fewer.utf8))
        }
    }

    @Test func quorumsBelowHalfAndBadgesByOneConstituencyAreRefused() throws {
        let text = String(decoding: try World.charter().payload, as: UTF8.self)
        let weak = [
            (
                #""rootQuorum":{"constituencies":3,"count":3}"#,
                #""rootQuorum":{"constituencies":2,"count":2}"#, "rootQuorum"
            ),
            (
                #""revokeQuorum":{"constituencies":3,"count":4}"#,
                #""revokeQuorum":{"constituencies":2,"count":2}"#, "revokeQuorum"
            ),
            (
                #""designateQuorum":{"constituencies":3,"count":3}"#,
                #""designateQuorum":{"constituencies":2,"count":3}"#, "designateQuorum"
            ),
            (
                #""attested":{"constituencies":2,"count":3}"#,
                #""attested":{"constituencies":1,"count":3}"#, "rules"
            ),
            (
                #""provisional":{"constituencies":2,"count":2}"#,
                #""provisional":{"constituencies":1,"count":1}"#, "rules"
            ),
        ]
        for (from, to, field) in weak {
            #expect(text.contains(from))
            #expect(throws: StatementError.invalidValue(field: field)) {
                try CharterStatement(payload: Array(text.replacing(from, with: to).utf8))
            }
        }
    }

    @Test func quartersStartAndEndWhereTheCalendarSays() throws {
        let expected: [(String, Int64, Int64)] = [
            ("1970Q1", 0, 7_776_000), ("2024Q1", 1_704_067_200, 1_711_929_600),
            ("2026Q4", 1_790_812_800, 1_798_761_600), ("2100Q1", 4_102_444_800, 4_110_220_800),
        ]
        for (name, start, end) in expected {
            let epoch = try #require(RegistryEpoch(name: name))
            #expect(epoch.start == start)
            #expect(epoch.end == end)
            #expect(epoch.name == name)
            #expect(RegistryEpoch(containing: start) == epoch)
            #expect(RegistryEpoch(containing: end - 1) == epoch)
            #expect(RegistryEpoch(containing: end) == epoch.next)
        }
        for name in ["2026Q5", "2026Q0", "26Q1", "2026q1", "2026Q01", "", "Q", "2026Q+1"] {
            #expect(RegistryEpoch(name: name) == nil)
        }
    }
}
