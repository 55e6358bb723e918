// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Switch
import Testing

/// An armed switch in an exchange: an owner, five trustees, a successor, and a sender of reminders.
///
/// Clocks are moved with `--as-of`.
struct ExchangeStage {
    static let start = "2026-01-01"

    let folder: TestFolder
    let id: String

    /// Arms it.
    ///
    /// - Parameters:
    ///   - folder: Where everything is.
    ///   - prepare: What the owner does before, with the case “fosa”.
    /// - Throws: What a run of the program throws.
    init(
        _ folder: TestFolder? = nil,
        prepare: (_ must: ([String]) throws -> Void) throws -> Void = { _ in }
    ) throws {
        let folder = try folder ?? TestFolder()
        self.folder = folder
        try Data("correct horse\n".utf8).write(to: folder.url.appending(path: "pass"))
        @discardableResult
        func must(_ words: [String], _ home: String) throws -> String {
            let run = try Self.run(words, home, Self.start, folder)
            #expect(run.code == 0, "\(words): \(run.errors)")
            return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        try must(["init"], "owner")
        try must(["case", "create", "fosa", "--classic", "--profile", "field"], "owner")
        try must(
            [
                "successor", "init", "--classic", "--plain", "--jurisdiction", "CH", "--output",
                "heir",
            ],
            "heir"
        )
        try prepare { try must($0, "owner") }
        let arm = ["switch", "arm", "fosa", "--exchange", "exchange"]
        try must(arm + ["--invitation", "invitation"], "owner")
        for (index, country) in ["MX", "MX", "US", "DE", "AR"].enumerated() {
            try must(["trustee", "init"], "t\(index)")
            let files = ["invitation", "--jurisdiction", country, "--output", "a\(index)"]
            try must(["trustee", "accept"] + files, "t\(index)")
        }
        try must(["trustee", "init"], "box")
        let sender = try must(["switch", "sender", "invitation"], "box")
        // The same again: one key a switch.
        #expect(try must(["switch", "sender", "invitation"], "box") == sender)
        let armed = try must(
            arm + ["--successor", "heir/successor.card", "--sender", sender, "--json"]
                + (0..<5).flatMap { ["--trustee", "a\($0)"] },
            "owner"
        )
        let match = try #require(armed.firstMatch(of: #/"switch":"([0-9a-f]{64})"/#))
        id = String(match.1)
    }

    private static func run(
        _ words: [String],
        _ home: String,
        _ time: String,
        _ folder: TestFolder
    ) throws -> ProgramRun {
        let asks = !["remote"].contains(words[0])
        let options = ["--demo", "--passphrase-file", "pass", "--as-of", time]
        return try ProgramRun(
            words + (asks ? options : []) + ["--home", home],
            in: folder.url
        )
    }

    func run(_ words: [String], at time: String, home: String = "box") throws -> ProgramRun {
        try Self.run(words + ["--exchange", "exchange"], home, time, folder)
    }

    /// The same, which has to succeed.
    @discardableResult
    func must(_ words: [String], at time: String, home: String) throws -> String {
        let run = try run(words, at: time, home: home)
        #expect(run.code == 0, "\(home) \(words): \(run.errors)")
        return run.output
    }

    /// Has a home remind by these contacts.
    func contacts(_ lines: [String], home: String = "box") throws {
        let text = lines.map { $0 + "\n" }.joined()
        try Data(text.utf8).write(to: folder.url.appending(path: "contacts"))
        let words = ["switch", "contacts", String(id.prefix(8)), "contacts"]
        try must(words, at: Self.start, home: home)
    }

    func remind(_ time: String) throws -> ProgramRun {
        try run(["switch", "remind"], at: time)
    }

    /// What the log says was sent: `MOMENT CHANNEL OUTCOME`.
    func said() throws -> [String] {
        let log = try Exchange.open(folder.path("exchange")).log()
        return log.entries.compactMap { entry in
            guard let envelope = try? Envelope(canonical: entry.bytes),
                let word = try? envelope.read(Reminder.self)
            else { return nil }
            return "\(word.moment) \(word.channel.rawValue) \(word.outcome.rawValue)"
        }
    }

    /// Has three trustees find the owner gone, and their programs release.
    ///
    /// The grace has waited 48 h for a reminder that nobody sent.
    func release() throws {
        for trustee in ["t0", "t2", "t4"] {
            let words = ["trustee", "attest", String(id.prefix(8)), "--taken"]
            try must(words, at: "2026-01-03T01:00:00Z", home: trustee)
        }
        for time in ["2026-01-06T02:00:00Z", "2026-01-06T03:00:01Z"] {
            for trustee in ["t0", "t2", "t4"] {
                try must(["trustee", "watch"], at: time, home: trustee)
            }
        }
    }
}
