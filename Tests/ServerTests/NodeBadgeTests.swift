// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Sodium
import Statements
import Testing

/// What a real node shows to everybody of a switch whose owner wants it shown.
@Suite(.serialized) struct NodeBadgeTests {
    @Test func aNodeShowsABadgeAndNothingElse() throws {
        let stage = try SwitchStage()
        try stage.arm()
        let words = ["switch", "badge", "fosa", "--output", "badge", "--publish", "--json"]
        let said = try JSONValue(parsing: Array(stage.must(words, "owner").utf8.dropLast()))
        let id = try #require(said["badge"]?.string)
        #expect(
            try said["urls"]?.array?.compactMap(\.string)
                == stage.nodes.map { "\(try stage.node($0).url)/badges/\(id)" }
        )
        for name in stage.nodes { try look(at: stage.node(name), id, stage) }

        // Who has it needs nothing else to check it.
        let text = try stage.node("b").get("/badges/\(id).txt").body
        try Data(text).write(to: stage.folder.url.appending(path: "fetched"))
        let checked = try ProgramRun(
            ["switch", "verify", "fetched", "--home", "nothing"],
            in: stage.folder.url
        )
        #expect(checked.code == 0 && checked.output.contains("Any 3 of 5"), "\(checked.errors)")

        // It is there after a restart, and shown again to whoever shows it again.
        try stage.stopNode("a")
        try stage.startNode("a")
        #expect(try stage.node("a").get("/en/badges/\(id)").status == 200)
        try stage.must(words + ["--force"], "owner")
    }

    /// The page in both languages, the picture and the text; none of it leads anywhere.
    private func look(at node: ServerProcess, _ id: String, _ stage: SwitchStage) throws {
        var shown: [UInt8] = []
        for (language, sentence) in [
            ("es", "3 de 5 custodios cualesquiera"), ("en", "Any 3 of 5 trustees"),
        ] {
            let page = try node.get("/\(language)/badges/\(id)")
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(page.status == 200 && page.mediaType == "text/html; charset=utf-8")
            let policy = page.headers["content-security-policy"] ?? ""
            #expect(policy.hasPrefix("default-src 'none'"))
            #expect(page.headers["set-cookie"] == nil)
            #expect(page.headers["referrer-policy"] == "no-referrer")
            #expect(text.contains(sentence) && text.contains(id) && text.contains("<svg"))
            #expect(text.contains("href=\"/\(language == "es" ? "en" : "es")/badges/\(id)\""))
            #expect(!text.contains("<script") && !text.contains("style=\""))
            shown += page.body
        }
        #expect(try node.get("/badges/\(id)").status == 200)
        let picture = try node.get("/badges/\(id).svg")
        #expect(picture.mediaType == "image/svg+xml")
        #expect(picture.headers["content-security-policy"] == "default-src 'none'")
        shown += picture.body + (try node.get("/badges/\(id).txt").body)
        try leadsNowhere(shown, stage)
        let wrong = String(repeating: "0", count: 64)
        for path in [
            "/badges/\(wrong)", "/badges/\(id).png", "/badges/\(id.uppercased())", "/badges",
            "/es/badges/\(id).svg", "/badges/\(stage.id)", "/switches/\(id)",
            "/switches/\(id)/0", "/badges/..%2F\(id)",
        ] {
            #expect(try node.get(path).status == 404, "\(path)")
        }
    }

    /// Neither the bytes nor what is in base64 in them hold anything of the switch.
    private func leadsNowhere(_ shown: [UInt8], _ stage: SwitchStage) throws {
        var secrets: [[UInt8]] = [try Hex.decode(stage.id)]
        let invitation = try envelope("invitation", stage).read(SwitchInvitation.self)
        secrets += [invitation.owner.bytes, try #require(invitation.access).capability]
        for index in stage.countries.indices {
            let answer = try envelope("invitation-\(index)", stage).read(TrusteeAcceptance.self)
            secrets += [answer.signingKey.bytes, answer.escrowKey]
        }
        let card = try envelope("newsroom/successor.card", stage).read(SuccessorCard.self)
        secrets += [card.signingKey.bytes]
        var texts = [String(decoding: shown, as: UTF8.self)]
        while let text = texts.popLast() {
            for secret in secrets {
                #expect(!text.contains(Hex.encode(secret)))
            }
            for match in text.matches(of: #/[A-Za-z0-9+\/]{40,}={0,2}/#) {
                guard let inner = try? Base64.decode(String(match.output)) else { continue }
                for secret in secrets {
                    #expect(inner.firstRange(of: secret) == nil)
                }
                texts.append(String(decoding: inner, as: UTF8.self))
            }
        }
    }

    private func envelope(_ name: String, _ stage: SwitchStage) throws -> Envelope {
        let bytes = try Data(contentsOf: stage.folder.url.appending(path: name))
        return try Envelope(canonical: Array(bytes.dropLast()))
    }

    @Test func onlyBadgesOfTheSwitchAreTaken() throws {
        let stage = try SwitchStage(nodes: ["a", "b"])
        try stage.arm()
        try stage.arm("otra")
        for name in ["fosa", "otra"] {
            try stage.must(["switch", "badge", name, "--output", "badge-\(name)"], "owner")
        }
        let asked = try envelope("invitation", stage).read(SwitchInvitation.self)
        let capability = Hex.encode(try #require(asked.access).capability)
        let node = try stage.node("a")
        func hand(_ bytes: [UInt8], _ capability: String) throws -> String {
            let answer = try node.post("/switches/\(capability)/badges", bytes)
            return "\(answer.status) " + String(decoding: answer.body, as: UTF8.self)
        }
        func badge(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: stage.folder.url.appending(path: name)))
        }
        #expect(try hand(badge("badge-otra"), capability) == "403 otherDealing\n")
        #expect(try hand(Array("{}\n".utf8), capability) == "400 malformed\n")
        #expect(try hand(badge("invitation"), capability) == "400 malformed\n")
        let wrong = String(repeating: "0", count: 64)
        #expect(try hand(badge("badge-fosa"), wrong).hasPrefix("404 "))
        let long = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try hand(long, capability).hasPrefix("413 "))
        let answer = try hand(badge("badge-fosa"), capability)
        #expect(answer.hasPrefix("200 "))
        #expect(try node.get("/badges/\(answer.dropFirst(4).dropLast())").status == 200)
        // Twice is once.
        #expect(try hand(badge("badge-fosa"), capability) == answer)
    }

    // One comes with each epoch; a test that lives through seventeen would take minutes.
    @Test func sixteenBadgesAreEnoughForASwitch() throws {
        let stage = try SwitchStage(nodes: ["a", "b"])
        try stage.arm()
        try stage.must(["switch", "badge", "fosa", "--output", "badge"], "owner")
        let asked = try envelope("invitation", stage).read(SwitchInvitation.self)
        let capability = Hex.encode(try #require(asked.access).capability)
        let home = stage.folder.url.appending(path: "a")
        let below = FileManager.default.enumerator(at: home, includingPropertiesForKeys: nil)
        let room = (below?.allObjects ?? []).compactMap { $0 as? URL }
            .first { $0.pathComponents.last?.count == 64 }
        let shown = try #require(room).appending(path: "badges")
        try FileManager.default.createDirectory(at: shown, withIntermediateDirectories: true)
        for number in 1...16 {
            let id = String(repeating: "0", count: 62) + String(number + 10)
            try Data().write(to: shown.appending(path: id))
        }
        let bytes = Array(try Data(contentsOf: stage.folder.url.appending(path: "badge")))
        func hand() throws -> String {
            let answer = try stage.node("a").post("/switches/\(capability)/badges", bytes)
            return "\(answer.status) " + String(decoding: answer.body, as: UTF8.self)
        }
        #expect(try hand() == "507 quota\n")
        let last = String(repeating: "0", count: 62) + "26"
        try FileManager.default.removeItem(at: shown.appending(path: last))
        #expect(try hand().hasPrefix("200 "))
    }
}
