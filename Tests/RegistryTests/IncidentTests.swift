// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import Statements
import Testing

/// Incidents: what the log takes of them, and what their readers believe.
@Suite struct IncidentTests {
    private var world: World

    init() throws {
        world = try World()
        try world.accreditAll(count: 2)
        try world.accredit("checker", "academia", kind: .factChecker)
    }

    private static let salt = SHA256.hash(Array("salt".utf8))

    private func statement(
        _ audience: [UInt8] = SHA256.hash(Array("audience".utf8)),
        key: String = "once",
        days: Int64 = 90,
        head: RegistryHead? = nil
    ) throws -> IncidentStatement {
        IncidentStatement(
            head: head ?? world.head,
            sealed: SHA256.hash(Array("sealed".utf8)),
            audience: audience,
            key: try World.publicKey(key),
            until: (head ?? world.head).date + days * World.day
        )
    }

    private func report(
        by verifier: String = "press-1",
        audience: [UInt8],
        key: String = "once",
        context: [UInt8]? = nil,
        description: String = ""
    ) throws -> IncidentReport {
        let value: JSONValue = [
            "accounts": [["id": "u-1", "platform": "example"]],
            "audience": .string(Hex.encode(audience)), "contents": [],
            "context": .string(Hex.encode(context ?? world.state.context)),
            "date": .integer(world.head.date), "description": .string(description),
            "from": .integer(World.start), "grade": "high", "harm": "physical",
            "key": .string(Hex.encode(try World.publicKey(key))), "links": [],
            "techniques": ["T0049", "T0049.003"], "title": "Amenazas",
            "to": .integer(World.start), "type": .string(IncidentReport.type), "v": 1,
            "verifier": .string(try World.keyID(verifier).hex),
        ]
        return try IncidentReport(payload: value.canonicalBytes)
    }

    private func card(_ verifier: String, by signer: String? = nil) throws -> Envelope {
        let card = IncidentCard(
            head: world.head,
            verifier: try World.keyID(verifier).bytes,
            recipient: "age1pq1\(verifier)"
        )
        return try World.envelope(card, [signer ?? verifier])
    }

    // MARK: The log

    @Test mutating func theLogTakesWhatItsOneKeySigned() throws {
        let statement = try statement()
        #expect(try world.submit(statement, ["another"]) == .notSigned)
        #expect(world.state.incidents.isEmpty)
        #expect(try world.submit(statement, ["once"]) == nil)
        #expect(world.state.incidents.map(\.statement) == [statement])
        #expect(try world.submit(statement, ["once", "another"]) == .repeated)
        #expect(world.state.incidents.count == 1)
        #expect(throws: StatementError.invalidValue(field: "until")) {
            try IncidentStatement(payload: try self.statement(days: 367).payload)
        }
        #expect(throws: StatementError.invalidValue(field: "until")) {
            try IncidentStatement(payload: try self.statement(days: 0).payload)
        }
        let late = try self.statement(key: "late", days: 2)
        try world.pass(days: 2)
        #expect(try world.submit(late, ["late"]) == .wrongDate)
        #expect(world.state.incidents.count == 1)
    }

    @Test func nothingIsTakenUnderAnExpiredCharter() throws {
        var world = try World(days: 30)
        try world.pass(days: 30)
        let statement = try statement(head: world.head)
        #expect(try world.submit(statement, ["once"]) == .expiredCharter)
        #expect(world.state.incidents.isEmpty)
    }

    // MARK: Groups

    @Test func aGroupIsWhoSignedTheirCards() throws {
        let cards = [try card("press-1"), try card("rights-1"), try card("academia-1")]
        let group = try IncidentGroup(name: "elecciones", basis: .event, cards: cards)
        try group.verify(in: world.state, at: world.state.clock)
        #expect(try IncidentGroup(parsing: group.bytes).digest == group.digest)
        let reordered = try IncidentGroup(
            name: "elecciones",
            basis: .event,
            cards: cards.reversed()
        )
        #expect(reordered.digest == group.digest)
        #expect(throws: IncidentError.malformed) {
            try IncidentGroup(name: "elecciones", basis: .event, cards: cards + [cards[0]])
        }
        for (envelope, error) in [
            (try card("press-1", by: "press-2"), IncidentError.notSigned),
            (try card("nobody"), .unknownVerifier),
        ] {
            let wrong = try IncidentGroup(name: "elecciones", basis: .event, cards: [envelope])
            #expect(throws: error) {
                try wrong.verify(in: world.state, at: world.state.clock)
            }
        }
    }

    @Test func aGroupOfAKindHoldsThatKindOnly() throws {
        let two = [try card("press-1"), try card("press-2")]
        let group = try IncidentGroup(name: "newsroom", basis: .kind, cards: two)
        try group.verify(in: world.state, at: world.state.clock)
        let mixed = try IncidentGroup(
            name: "newsroom",
            basis: .kind,
            cards: two + [card("checker")]
        )
        #expect(throws: IncidentError.wrongKind) {
            try mixed.verify(in: world.state, at: world.state.clock)
        }
    }

    // MARK: Files

    private func incident(_ audience: [UInt8], key: String = "once") throws -> Incident {
        var world = world
        #expect(try world.submit(statement(audience, key: key), [key]) == nil)
        return try #require(world.state.incidents.first)
    }

    @Test func aFileShowsLittleByItsLength() throws {
        let group = RegistryID(SHA256.hash([1]))
        for (count, expected) in [(0, 4096), (1000, 4096), (2500, 8192), (16_384, 32_768)] {
            let audience = IncidentFile.audience(of: [group], salt: Self.salt)
            let text = String(repeating: "x", count: count)
            let report = try report(audience: audience, description: text)
            let file = IncidentFile(
                groups: [group],
                salt: Self.salt,
                report: try World.envelope(report, ["press-1"])
            )
            #expect(file.bytes.count == expected)
            #expect(try IncidentFile(parsing: file.bytes).bytes == file.bytes)
            var damaged = file.bytes
            damaged[damaged.count - 1] = 1
            #expect(throws: IncidentError.malformed) { try IncidentFile(parsing: damaged) }
            #expect(throws: IncidentError.malformed) {
                try IncidentFile(parsing: file.bytes + [UInt8](repeating: 0, count: 4096))
            }
        }
        let counts = [1, 8, 9, 16, 17, 256].map { IncidentFile.recipientCount(for: $0) }
        #expect(counts == [8, 8, 16, 16, 32, 256])
    }

    @Test func aReaderBelievesTheAuthorAndNobodyElse() throws {
        let groups = [RegistryID(SHA256.hash([2])), RegistryID(SHA256.hash([1]))]
        let audience = IncidentFile.audience(of: groups, salt: Self.salt)
        let incident = try incident(audience)
        func file(_ report: IncidentReport, by signer: String = "press-1") throws -> IncidentFile {
            IncidentFile(
                groups: groups,
                salt: Self.salt,
                report: try World.envelope(report, [signer])
            )
        }
        let (report, maker) = try file(report(audience: audience)).open(incident, in: world.state)
        #expect(report.title == "Amenazas")
        #expect(maker.name == "press-1")
        // Passed on to other groups, or under another statement.
        let other = IncidentFile(
            groups: [groups[0]],
            salt: Self.salt,
            report: try World.envelope(report, ["press-1"])
        )
        let wrong: [(IncidentFile, IncidentError)] = [
            (other, .otherAudience),
            (try file(self.report(audience: SHA256.hash([9]))), .otherAudience),
            (try file(self.report(audience: audience, key: "another")), .otherAudience),
            (
                try file(self.report(audience: audience, context: SHA256.hash([3]))),
                .otherRegistry
            ),
            (try file(self.report(audience: audience), by: "press-2"), .notSigned),
            (try file(self.report(by: "nobody", audience: audience)), .unknownVerifier),
        ]
        for (file, error) in wrong {
            #expect(throws: error) { try file.open(incident, in: world.state) }
        }
        let again = try self.incident(
            IncidentFile.audience(of: [groups[0]], salt: Self.salt),
            key: "mallory"
        )
        #expect(throws: IncidentError.otherAudience) {
            try other.open(again, in: world.state)
        }
    }

    @Test mutating func whoLeftIsBelievedOfTheTimeBefore() throws {
        let group = [RegistryID(SHA256.hash([1]))]
        let audience = IncidentFile.audience(of: group, salt: Self.salt)
        let report = try report(audience: audience)
        let file = IncidentFile(
            groups: group,
            salt: Self.salt,
            report: try World.envelope(report, ["press-1"])
        )
        #expect(try world.submit(statement(audience), ["once"]) == nil)
        try world.pass(days: 1)
        let removal = RemoveVerifierStatement(
            head: world.head,
            verifier: try World.keyID("press-1").bytes,
            reason: .verifierFraud
        )
        #expect(try world.submit(removal, World.seats) == nil)
        let before = try #require(world.state.incidents.first)
        #expect(try file.open(before, in: world.state).by.name == "press-1")
        #expect(try world.submit(statement(audience, days: 91), ["once"]) == nil)
        let after = try #require(world.state.incidents.last)
        #expect(throws: IncidentError.unknownVerifier) { try file.open(after, in: world.state) }
    }
}
