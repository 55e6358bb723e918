// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Sodium
import Storage
import Testing
import TransparencyLog
import Vault

/// A real node that takes new cases by invitation only.
@Suite(.serialized) struct InvitationServerTests {
    @Test func eachNewCaseNeedsAnInvitationOfItsOwn() throws {
        let fixture = try DepositFixture()
        var node = try fixture.startNode(["--invited-only"])
        try fixture.makeVault("elena")
        try fixture.must(["case", "create", "pozo", "--classic"], home: "elena")
        try fixture.must(["case", "create", "río", "--classic"], home: "elena")
        try fixture.addRemote(node, home: "elena")
        _ = try fixture.deposit(900, home: "elena")
        let refused = try fixture.run(["sync"], home: "elena")
        #expect(refused.code == 4 && refused.output.contains("by invitation only"))
        #expect(refused.output.contains("resguardo invite accept node CODE"))
        let code = try fixture.must(["invite", "create", "--count", "2"], home: "node")
            .trimmingCharacters(in: .newlines)
        func accept(_ code: String, _ home: String) throws -> ProgramRun {
            try fixture.run(["invite", "accept", "node", code], home: home)
        }
        #expect(try accept(code, "elena").output.contains("2 invitation(s)"))
        // An answer that was lost on its way comes again; another person's request does not pass.
        #expect(try accept(code, "elena").output.contains("2 invitation(s)"))
        try fixture.makeVault("diego")
        try fixture.addRemote(node, home: "diego")
        #expect(try accept(code, "diego").code == 4)
        #expect(try accept(InvitationCode(count: 1).text, "diego").code == 4)
        let mistyped = String(code.dropLast()) + (code.hasSuffix("q") ? "p" : "q")
        #expect(try accept(mistyped, "diego").code == 2)
        // One for the case, however often it comes.
        try fixture.must(["sync"], home: "elena")
        _ = try fixture.deposit(900, home: "elena")
        try fixture.must(["sync"], home: "elena")
        #expect(try accept(code, "elena").output.contains("1 invitation(s)"))
        node.kill()
        node = try fixture.startNode(["--invited-only", "--listen", node.address])
        _ = try fixture.deposit(900, home: "elena", case: "pozo")
        try fixture.must(["sync"], home: "elena")
        #expect(try accept(code, "elena").output.contains("0 invitation(s)"))
        _ = try fixture.deposit(900, home: "elena", case: "río")
        #expect(try fixture.run(["sync"], home: "elena").code == 4)
        let page = String(decoding: try node.get("/es").body, as: UTF8.self)
        #expect(page.contains("necesitan invitación"))
        #expect(node.terminate() == 0)
    }

    @Test func aTicketIsGoodForOneCaseAndOneKey() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode(["--invited-only"])
        try fixture.makeVault("elena")
        _ = try fixture.deposit(900, home: "elena")
        let home = try fixture.open("elena")
        let item = try #require(try home.cases().first)
        let code = try #require(
            InvitationCode(
                try fixture.must(["invite", "create"], home: "node")
                    .trimmingCharacters(in: .newlines)
            )
        )
        let purse = InvitationPurse(
            home,
            directory: BytePath(fixture.folder.path("elena/purse"))
        )
        let request = try purse.request(for: code)
        let answer = try #require(
            InvitationAnswer(parsing: try node.post("/invitations", request.bytes).body)
        )
        // Another key than the one in the log: nothing is kept.
        let seed = SecretBytes(random: InvitationIssuer.seedCount)
        guard let other = InvitationIssuer(seed: seed) else {
            Issue.record("32 bytes are a seed")
            return
        }
        #expect(try !purse.keep(answer, for: code, key: other.key))
        #expect(try purse.freeCount() == 0)
        let proof = try TlogProof(parsing: try node.get("/vault/invitation-key").body)
        let key = try #require(InvitationKey(entry: proof.extra ?? []))
        #expect(proof.index == 0)
        #expect(try purse.keep(answer, for: code, key: key))
        // What the node saw when it signed does not occur in what it is shown.
        let claim = CaseClaim(
            room: [UInt8](repeating: 1, count: 32),
            admission: item.admissionKey.bytes,
            pseudonym: item.pseudonym
        )
        let stranger = try #require(try purse.ticket(for: claim))
        let seen = Data(request.bytes + answer.bytes)
        #expect(seen.range(of: Data(stranger.input)) == nil)
        #expect(try purse.ticket(for: claim) == stranger)
        // It was made for another room.
        let statuses = try [stranger.text, String(repeating: "0", count: 128), "x", ""].map {
            text in
            try RawUpload.begin(home, node, ticket: text).response.status
        }
        #expect(statuses == [403, 403, 403, 403])
        #expect(try node.post("/invitations", [1, 2, 3]).status == 400)
        #expect(try node.post("/invitations", [UInt8](repeating: 65, count: 40_000)).status == 413)
        #expect(node.terminate() == 0)
    }
}
