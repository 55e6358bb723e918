// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Statements
import Storage
import StorageFaults
import Switch
import Testing
import TransparencyLog

/// What a trustee's program does on its own, and what it leaves to its person.
@Suite struct TrusteeRoundTests {
    /// A round of one trustee over the log in memory.
    private func round(
        _ cast: Cast,
        _ index: Int,
        _ hours: Double
    ) throws -> (done: [TrusteeDuty], questions: [TrusteeDuty]) {
        let now = cast.time(hours)
        let ways = TrusteeRound.Ways(
            record: { try cast.record() },
            refresh: { try cast.log.refresh(now) },
            now: { now },
            publish: { try cast.log.append($0, now) }
        )
        let trustee = cast.trustees[index]
        return try TrusteeRound(ways).run(signer: trustee.signer, secret: trustee.secret)
    }

    private func armedCast() throws -> Cast {
        let cast = try Cast()
        try cast.log.append(cast.armed().envelope, cast.time(0))
        return cast
    }

    @Test func aFreshArmingIsConfirmedByADrillThatIsRepeatedInTime() throws {
        let cast = try armedCast()
        for index in 0..<5 { #expect(try round(cast, index, 1).done == [.drill]) }
        #expect(try round(cast, 0, 2).done.isEmpty)
        var hours = 0.0
        for _ in 0..<24 {
            hours += 23
            try cast.checkIn(hours)
        }
        #expect(try round(cast, 0, 24 * 24).done.isEmpty)
        try cast.checkIn(24 * 24 + 20)
        #expect(try round(cast, 0, 24 * 25 + 2).done == [.drill])
        #expect(try round(cast, 0, 24 * 25 + 3).done.isEmpty)
        #expect(try cast.record().machine(asOf: cast.time(24 * 25 + 4)).flags().isEmpty)
    }

    @Test func theProgramSpeaksOnlyForAPersonWhoHasSpoken() throws {
        let cast = try armedCast()
        for index in 0..<5 { _ = try round(cast, index, 1) }
        let suspect = TrusteeDuty.ask(.owner, since: cast.time(48))
        for index in 0..<5 {
            let (done, questions) = try round(cast, index, 49)
            #expect(done.isEmpty && questions == [suspect])
        }
        try cast.attest(49, 0..<1, .taken)
        try cast.attest(49, 1..<2, .dead)
        try cast.attest(49, 2..<3, .unknown)
        try cast.attest(49, 3..<4, .taken)
        try cast.attest(50, 4..<5, .alive)
        #expect(try cast.state(50) == .pending)
        for index in 0..<5 { #expect(try round(cast, index, 60).done.isEmpty) }
        // Who asks for time does not want the program to go on.
        let delay = try cast.seat(3).delay(seconds: 3600, asOf: cast.time(60))
        try cast.log.append(delay.signed(by: cast.trustees[3].signer), cast.time(60))
        #expect(try cast.state(74.5) == .releasing)
        let release = TrusteeDuty.ask(.release, since: cast.time(74))
        for index in [3, 4] {
            let (done, questions) = try round(cast, index, 74.5)
            #expect(done.isEmpty && questions == [release], "\(index)")
        }
        for index in 0..<3 {
            #expect(try round(cast, index, 74.5).done == [.announce])
            #expect(try round(cast, index, 74.5).done.isEmpty)
        }
        // Not before all have stood one hour.
        #expect(try round(cast, 0, 75.4).done.isEmpty)
        for index in 0..<2 { #expect(try round(cast, index, 75.5).done == [.publish]) }
        #expect(try cast.state(75.5) == .releasing)
        #expect(try round(cast, 2, 76).done == [.publish])
        #expect(try cast.state(76) == .released)
        for index in 0..<5 {
            let (done, questions) = try round(cast, index, 77)
            #expect(done.isEmpty && questions.isEmpty)
        }
    }

    @Test func anAnswerOfAnEarlierCycleIsNoLeave() throws {
        let cast = try armedCast()
        for index in 0..<5 { _ = try round(cast, index, 1) }
        try cast.attest(49, 0..<2, .dead)
        try cast.checkIn(50)
        try cast.attest(100, 2..<5, .taken)
        #expect(try cast.state(126) == .releasing)
        for index in 0..<2 {
            let (done, questions) = try round(cast, index, 126)
            #expect(done.isEmpty && questions.count == 1, "\(questions)")
        }
        #expect(try round(cast, 2, 126).done == [.announce])
    }

    @Test func everyDayIsSaidOnceBySomebodyWhoWasBriefed() throws {
        let cast = try Cast()
        try cast.arm()
        let keys = try cast.trustees.map { [try BriefingKey(signer: $0.signer)] }
        func round(_ index: Int, _ hours: Double) throws -> [TrusteeDuty] {
            let now = cast.time(hours)
            let ways = TrusteeRound.Ways(
                record: { try SwitchRecord(cast.id, in: cast.log.witnessed(), as: keys[index]) },
                refresh: { try cast.log.refresh(now) },
                now: { now },
                publish: { try cast.log.append($0, now) }
            )
            let trustee = cast.trustees[index]
            return try TrusteeRound(ways).run(signer: trustee.signer, secret: trustee.secret).done
        }
        for index in 0..<5 { #expect(try round(index, 1) == [.drill, .day]) }
        #expect(try round(0, 2).isEmpty)
        #expect(try round(0, 23.9).isEmpty)
        for day in 1..<4 { #expect(try round(1, Double(24 * day) + 1) == [.day]) }
        #expect(try cast.record().refused.isEmpty)
    }

    // MARK: Crashes

    /// A switch in an exchange on a disk, at a moment when a round of trustee 0 says all it can.
    private struct Scene {
        let cast: Cast
        let folder: URL

        init() throws {
            cast = try Cast()
            folder = FileManager.default.temporaryDirectory
                .appending(path: "resguardo-round-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true
            )
            let exchange = try Exchange.openOrCreate(path(nil), time: cast.time(0))
            let invitation = try SwitchInvitation(
                epoch: 1,
                owner: cast.owner.publicKey,
                profile: .field,
                origins: exchange.policy.origins,
                time: cast.time(0)
            ).signed(by: cast.owner)
            let armer = try SwitchArmer(
                invitation: invitation,
                acceptances: cast.trustees.map { try $0.accept(invitation) },
                threshold: 3,
                successors: [cast.card()],
                caseRecipient: cast.caseRecipient
            )
            let armed = try armer.arm(
                caseIdentity: cast.caseText,
                comment: "case",
                policy: exchange.policyText,
                checkpoint: exchange.refresh(asOf: cast.time(0)),
                owner: cast.owner,
                token: cast.token
            )
            try exchange.append([armed.envelope], asOf: cast.time(0))
            for index in 0..<4 {
                let (seat, trustee) = (try seat(index, exchange), cast.trustees[index])
                let time = cast.time(49)
                let answer = try seat.attest(.taken, evidenceDigest: nil, asOf: time)
                try exchange.append([answer.signed(by: trustee.signer)], asOf: time)
            }
            for index in 1..<4 {
                let (seat, trustee) = (try seat(index, exchange), cast.trustees[index])
                let intent = try #require(try seat.intent(asOf: cast.time(74)))
                try exchange.append([intent.signed(by: trustee.signer)], asOf: cast.time(74))
            }
        }

        func path(_ copy: String?) -> String { folder.path + "/" + (copy ?? "exchange") }

        func record(_ exchange: Exchange) throws -> SwitchRecord {
            try SwitchRecord(cast.id, in: exchange.log())
        }

        func seat(_ index: Int, _ exchange: Exchange) throws -> TrusteeSeat {
            try TrusteeSeat(record(exchange), signingKey: cast.trustees[index].signer.publicKey)
        }

        func round(_ copy: String, _ files: any FileSystem) throws -> [TrusteeDuty] {
            let now = cast.time(76)
            let exchange = try Exchange.open(path(copy), fileSystem: files)
            let ways = TrusteeRound.Ways(
                record: { try record(exchange) },
                refresh: { try exchange.refresh(asOf: now) },
                now: { now },
                publish: { try exchange.append([$0], asOf: now) }
            )
            let trustee = cast.trustees[0]
            return try TrusteeRound(ways).run(signer: trustee.signer, secret: trustee.secret).done
        }

        /// What trustee 0 said besides the answer, in order.
        func said(_ copy: String) throws -> [String] {
            let key = cast.trustees[0].signer.publicKey
            return try Exchange.open(path(copy)).log().entries.dropFirst().compactMap { entry in
                let envelope = try Envelope(canonical: entry.bytes)
                guard envelope.isSigned(by: key) else { return nil }
                return try envelope.kind().type
            }
        }
    }

    @Test func whoIsKilledAtAnyWriteSaysEverythingOnce() throws {
        let scene = try Scene()
        let manager = FileManager.default
        defer { try? manager.removeItem(at: scene.folder) }
        let all = [Attestation.type, Drill.type, ReleaseIntent.type, PublishedShare.type]
        func copy(_ name: String) throws {
            try manager.copyItem(atPath: scene.path(nil), toPath: scene.path(name))
        }
        try copy("whole")
        let counting = FaultyFileSystem(SharedFileSystem(root: scene.path("whole")))
        #expect(try scene.round("whole", counting) == [.drill, .announce, .publish])
        #expect(try scene.said("whole") == all)
        #expect(counting.operationCount > 20)
        for fault in [Fault.crashed, .crashedAfter] {
            for index in 0..<counting.operationCount {
                let name = "\(fault)-\(index)"
                try copy(name)
                let base = SharedFileSystem(root: scene.path(name))
                let faulty = FaultyFileSystem(base, index: index, fault: fault)
                _ = try? scene.round(name, faulty)
                #expect(faulty.isDead, "\(name)")
                // Started again, it goes on from what the log has.
                _ = try scene.round(name, base)
                let said = try scene.said(name)
                #expect(said == all, "\(name): \(said)")
                #expect(try scene.record(Exchange.open(scene.path(name))).refused.isEmpty)
                try manager.removeItem(atPath: scene.path(name))
            }
        }
    }
}
