// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

/// A registry with an attested source, and what people say about it.
struct ComplaintStage {
    static let evidence = SHA256.hash(Array("dossier".utf8))
    static let verifiers = World.constituencies.flatMap { constituency in
        (1...6).map { "\(constituency)-\($0)" }
    }

    var world: World
    let subject: RegistryID
    let account: RegistryID

    var state: StandingState? { world.standing(subject, account)?.state }

    func complaint(
        _ about: ComplaintAbout = .subject,
        _ target: [UInt8]? = nil,
        network: [UInt8]? = nil,
        grade: NetworkHarmGrade = .high,
        evidence: [[UInt8]] = [evidence],
        key: String = "neighbour"
    ) throws -> ComplaintStatement {
        ComplaintStatement(
            head: world.head,
            about: about,
            target: target ?? subject.bytes,
            network: network,
            harm: .physical,
            grade: grade,
            evidence: evidence,
            key: try World.publicKey(key)
        )
    }

    /// As grave as was said, unless told otherwise.
    func review(
        _ id: RegistryID,
        _ outcome: AppealOutcome,
        grade: NetworkHarmGrade? = nil,
        limit: ReviewLimit? = nil
    ) -> ReviewStatement {
        let claimed = world.state.complaints[id]?.statement.grade ?? .low
        return ReviewStatement(
            head: world.head,
            complaint: id.bytes,
            outcome: outcome,
            grade: grade ?? (outcome == .upheld ? claimed : .none),
            limit: limit,
            reason: .fabricatedEvidence,
            reasons: Self.evidence
        )
    }

    func contest(_ id: RegistryID, key: String? = nil) throws -> ContestStatement {
        ContestStatement(
            head: world.head,
            complaint: id.bytes,
            grounds: Self.evidence,
            key: try key.map { try World.publicKey($0) }
        )
    }

    /// Hands a complaint in, and has its panel drawn the day after.
    mutating func file(
        _ statement: ComplaintStatement,
        by key: String = "neighbour"
    ) throws -> RegistryID {
        #expect(try world.submit(statement, [key]) == nil)
        try draw()
        return RegistryID(SHA256.hash(statement.payload))
    }

    /// The day after, holders speak.
    mutating func draw() throws {
        let day = world.state.clock
        try world.pass(days: 1)
        for name in World.beacons { try world.speak(name, for: day) }
    }

    func members(_ id: RegistryID) throws -> [String] {
        let drawn = world.state.complaints[id]?.draws.last?.members ?? []
        return try Self.verifiers.filter { drawn.contains(try World.keyID($0)) }
    }

    /// Four of a panel that are of three constituencies.
    func four(_ id: RegistryID) throws -> [String] {
        let members = try members(id)
        let single = members.first { name in
            members.count { $0.prefix(3) == name.prefix(3) } == 1
        }
        return Array((([single].compactMap { $0 }) + members.filter { $0 != single }).prefix(4))
    }

    /// An attested subject, that nobody drew a panel for, and holders of a beacon since.
    static func start(beacons: Bool = true) throws -> ComplaintStage {
        var world = try World()
        try world.accreditAll(count: 6)
        let (subject, account) = try world.controlled()
        for name in ["press-1", "press-2", "rights-1"] { try world.vouch(subject, account, name) }
        try world.pass(days: 3)
        if beacons { #expect(try world.nameBeacons() == nil) }
        let stage = ComplaintStage(world: world, subject: subject, account: account)
        #expect(stage.state == .attested)
        return stage
    }
}
