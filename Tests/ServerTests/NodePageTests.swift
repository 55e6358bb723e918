// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Sodium
import Storage
import Testing
import TransparencyLog
import Vault

/// What a real node shows to people and to those who decide by its clock.
@Suite(.serialized) struct NodePageTests {
    @Test func heartbeatsHoldThePreviousCheckpoint() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode(["--heartbeat", "1"])
        func beats() throws -> [UInt64] {
            String(decoding: try node.get("/vault/heartbeat").body, as: UTF8.self)
                .split(separator: "\n").compactMap { UInt64($0) }
        }
        #expect(try eventually { try beats().count >= 3 })
        let key = try NoteVerifier(parsing: fixture.logKey)
        for index in try beats().prefix(3) {
            let bytes = try node.get("/vault/heartbeat/\(index)").body
            let note = try SignedNote(parsing: bytes)
            let checkpoint = try Checkpoint.open(note, log: key)
            #expect(checkpoint.size <= index)
            // The log keeps its hash.
            let current = try SignedNote(parsing: try node.get("/vault/checkpoint").body)
            let size = try Checkpoint.open(current, log: key).size
            let tile = try node.get("/vault/tile/0/000.p/\(size)").body
            let start = Int(index) * 32
            #expect(Array(tile[start..<(start + 32)]) == LogHash.leaf(bytes).bytes)
        }
        #expect(try node.get("/vault/heartbeat/999999").status == 404)
        #expect(try node.get("/vault/heartbeat/01").status == 404)
        #expect(node.terminate() == 0)
    }

    @Test func pagesTellPeopleAndCheckReceipts() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode(["--contact", "ana@node.example <&>"])
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        let item = try fixture.deposit(900, home: "elena")
        try fixture.must(["sync"], home: "elena")
        let kept = fixture.url("elena/remotes/node/receipts/\(item).receipt")
        let receipt = try String(contentsOf: kept, encoding: .utf8)
        for (language, good, bad, warning) in [
            ("es", "El recibo es correcto", "No es un recibo", "Ningún testigo mira"),
            ("en", "The receipt is right", "This is no receipt", "No witness looks"),
        ] {
            let page = try node.get("/\(language)")
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(page.mediaType == "text/html; charset=utf-8")
            let policy = page.headers["content-security-policy"] ?? ""
            #expect(policy.hasPrefix("default-src 'none'"))
            #expect(page.headers["set-cookie"] == nil)
            #expect(text.contains(fixture.logKey.replacing("+", with: "+")))
            #expect(text.contains("ana@node.example &lt;&amp;&gt;"))
            // This fixture has no witnesses, of which a page may not say that all is well.
            #expect(text.contains(warning))
            #expect(!text.contains("<script") && !text.contains("style="))
            func check(_ text: String) throws -> String {
                let form = "receipt=" + Self.encoded(text.replacing("\n", with: "\r\n"))
                let answer = try node.post("/\(language)/receipt", Array(form.utf8))
                return String(decoding: answer.body, as: UTF8.self)
            }
            #expect(try check(receipt).contains(good))
            #expect(try check(receipt).contains(item))
            #expect(try check(receipt.replacing("index 1\n", with: "index 2\n")).contains(bad))
            #expect(try check("<script>alert(1)</script>").contains(bad))
            #expect(!(try check("<script>alert(1)</script>")).contains("alert"))
        }
        #expect(try node.post("/en/receipt", [UInt8](repeating: 65, count: 300_000)).status == 413)
        try look(node, fixture)
    }

    /// Has a browser without scripts draw the pages, as wide as a phone and as a desk.
    private func look(_ node: ServerProcess, _ fixture: DepositFixture) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
            print("skipped: chromium is not installed")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        // No scripts: what Tor Browser does at its safest.
        let profile = fixture.url("browser/Default")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        try Data(#"{"profile":{"default_content_setting_values":{"javascript":2}}}"#.utf8)
            .write(to: profile.appending(path: "Preferences"))
        for width in [390, 1280] {
            let picture = fixture.folder.path("page-\(width).png")
            let browser = Process()
            browser.executableURL = URL(filePath: "/usr/bin/chromium")
            browser.arguments = [
                "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--window-size=\(width),1600",
                "--user-data-dir=" + fixture.folder.path("browser"), "--screenshot=" + picture,
                node.url + "/es",
            ]
            browser.environment = ["HOME": fixture.folder.url.path, "PATH": "/usr/bin:/bin"]
            browser.standardOutput = FileHandle.nullDevice
            browser.standardError = FileHandle.nullDevice
            try browser.run()
            browser.waitUntilExit()
            #expect(browser.terminationStatus == 0)
            let size = try #require(FileManager.default.contents(atPath: picture)?.count)
            // An empty picture of this size has less than a tenth of this.
            #expect(size > 30_000, "\(width): \(size)")
        }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
