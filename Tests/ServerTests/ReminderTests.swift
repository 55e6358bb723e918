// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Reminders through a real mail program, a real mail server and a receiver of webhooks.
@Suite(.serialized) struct ReminderTests {
    private static let quarters = [
        "2026-01-02T00:00:01Z", "2026-01-02T06:00:01Z", "2026-01-02T12:00:01Z",
        "2026-01-02T18:00:01Z",
    ]

    @Test func eachMomentGoesOutOnceOnEveryWayAndSaysNothing() throws {
        let stage = try ExchangeStage()
        guard let box = try Postbox(stage.folder) else { return }
        try stage.contacts([
            "sendmail \(box.sendmail)", "mail ana@example.org", "webhook \(box.hookURL)/ok",
            "subject Ñandú", "text Riega las plantas.", "timeout 20",
        ])
        #expect(try stage.remind("2026-01-01T23:00:00Z").code == 0)
        #expect(try box.received("mail").isEmpty)
        try box.setMode("slow")
        for time in Self.quarters {
            for _ in 0..<2 { #expect(try stage.remind(time).code == 0) }
        }
        let mails = try box.received("mail")
        let posts = try box.received("post")
        #expect(mails.count == 4 && posts.count == 4)
        let moments = [0, 25, 50, 75].flatMap {
            ["\($0) mail delivered", "\($0) webhook delivered"]
        }
        #expect(try stage.said() == moments)
        // Not a word of ours, no link, and nothing that links what is sent to the switch.
        let words = [
            "resguardo", "switch", "trustee", "custodi", "://", String(stage.id.prefix(8)),
        ]
        for text in mails + posts {
            #expect(!words.contains { text.lowercased().contains($0) }, "\(text)")
        }
        #expect(posts.allSatisfy { $0.hasSuffix("\n\nRiega las plantas.") })
        let ids = Set(mails.compactMap { $0.firstMatch(of: #/Message-ID: <([0-9a-f]{24})@/#)?.1 })
        #expect(ids.count == 4)
        // What opens links found none, and nobody's looking changes anything.
        #expect(try box.received("scan").isEmpty && box.received("get").isEmpty)
        _ = try HTTPProbe.get(box.hookURL + "/ok")
        #expect(try stage.said().count == 8)
        // Nothing in the home shows where it goes.
        let home = stage.folder.url.appending(path: "box")
        let places = try FileManager.default.subpathsOfDirectory(atPath: home.path)
        for place in places {
            let data = (try? Data(contentsOf: home.appending(path: place))) ?? Data()
            #expect(data.range(of: Data("ana@example.org".utf8)) == nil, "\(place)")
        }
        // A check-in ends it.
        #expect(
            try stage.run(["switch", "check-in"], at: "2026-01-02T19:00:00Z", home: "owner").code
                == 0
        )
        #expect(try stage.remind("2026-01-02T20:00:00Z").code == 0)
        #expect(try box.received("mail").count == 4)
    }

    @Test func aWayThatNeverAnswersKeepsNoOtherWaiting() throws {
        let stage = try ExchangeStage()
        guard let box = try Postbox(stage.folder) else { return }
        try stage.contacts([
            "sendmail \(box.sendmail)", "mail ana@example.org", "webhook \(box.hookURL)/hole",
            "webhook \(box.hookURL)/moved", "webhook \(box.hookURL)/ok", "timeout 1",
        ])
        try box.setMode("hole")
        #expect(try stage.remind("2026-01-02T00:00:01Z").code == 1)
        #expect(
            try stage.said() == [
                "0 mail failed", "0 webhook failed", "0 webhook failed", "0 webhook delivered",
            ]
        )
        // A redirect is not followed: one request each.
        #expect(try box.received("post").count == 3)
        // Too soon, and nothing is tried; a failure is told of once.
        #expect(try stage.remind("2026-01-02T00:00:30Z").code == 0)
        #expect(try box.received("post").count == 3)
        try box.setMode("refuse")
        #expect(try stage.remind("2026-01-02T00:01:01Z").code == 1)
        #expect(try stage.said().count == 4)
        #expect(try box.received("post").count == 5)
        // The mail server is back: after one minute came two.
        try box.setMode("ok")
        #expect(try stage.remind("2026-01-02T00:02:30Z").code == 0)
        #expect(try stage.remind("2026-01-02T00:03:01Z").code == 1)
        #expect(try stage.said().last == "0 mail delivered")
        #expect(try box.received("mail").count == 1)
    }

    @Test func aCrashAfterSendingRepeatsOneMessage() throws {
        let stage = try ExchangeStage()
        guard let box = try Postbox(stage.folder) else { return }
        let killer = stage.folder.path("killer")
        try Data("#!/bin/sh\n\(box.sendmail) \"$@\"\nkill -9 $PPID\n".utf8)
            .write(to: URL(filePath: killer))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: killer)
        try stage.contacts(["sendmail \(killer)", "mail ana@example.org"])
        #expect(try stage.remind("2026-01-02T00:00:01Z").code != 0)
        #expect(try box.received("mail").count == 1)
        #expect(try stage.said().isEmpty)
        try stage.contacts(["sendmail \(box.sendmail)", "mail ana@example.org"])
        #expect(try stage.remind("2026-01-02T00:01:01Z").code == 0)
        for minute in 2..<6 { #expect(try stage.remind("2026-01-02T00:0\(minute):01Z").code == 0) }
        let mails = try box.received("mail")
        #expect(mails.count == 2)
        // Whoever gets both can tell that it is one.
        let ids = mails.compactMap { $0.firstMatch(of: #/Message-ID: <([0-9a-f]{24})@/#)?.1 }
        #expect(ids.count == 2 && ids[0] == ids[1])
        #expect(try stage.said() == ["0 mail delivered"])
    }

    @Test func whatWasSentIsToldOnceTheLogIsBack() throws {
        let stage = try ExchangeStage()
        guard let box = try Postbox(stage.folder) else { return }
        try stage.contacts(["webhook \(box.hookURL)/ok"])
        let (key, away) = (stage.folder.path("exchange/log.key"), stage.folder.path("away"))
        try FileManager.default.moveItem(atPath: key, toPath: away)
        #expect(try stage.remind("2026-01-02T00:00:01Z").code != 0)
        #expect(try stage.said().isEmpty)
        try FileManager.default.moveItem(atPath: away, toPath: key)
        #expect(try stage.remind("2026-01-02T00:10:01Z").code == 0)
        #expect(try stage.said() == ["0 webhook delivered"])
        #expect(try box.received("post").count == 1)
    }

    @Test func contactsThatLeadSomewhereAreRefused() throws {
        let stage = try ExchangeStage()
        let wrong = [
            ("text see https://example.org/x\nmail a@b.c", "line 1 of the contacts holds a link"),
            ("subject www.example.org\nmail a@b.c", "holds a link"),
            ("mail -oQ/tmp@example.org", "line 1"), ("mail a@b@c", "line 1"),
            ("mail a b@example.org", "line 1"), ("webhook http://example.org/x", "line 1"),
            ("webhook https://user:word@example.org/x", "line 1"),
            ("webhook ftp://example.org", "line 1"), ("sendmail msmtp\nmail a@b.c", "line 1"),
            ("timeout 0\nmail a@b.c", "line 1"), ("carrier pigeon", "line 1"), ("# none", "nobody"),
        ]
        for (text, reason) in wrong {
            try Data(text.utf8).write(to: stage.folder.url.appending(path: "wrong"))
            let words = ["switch", "contacts", String(stage.id.prefix(8)), "wrong"]
            let run = try stage.run(words, at: "2026-01-01")
            #expect(run.code == 2 && run.errors.contains(reason), "\(text): \(run.errors)")
        }
        try stage.contacts(["webhook http://abcdefghij234567.onion/x", "mail a@example.org"])
    }
}

/// A look at a URL, as a scanner's.
private enum HTTPProbe {
    static func get(_ url: String) throws -> Int32 {
        try RequiredCommand(
            ["curl", "--silent", "--fail", "--max-time", "5", url],
            in: URL(filePath: "/tmp")
        ).code
    }
}
