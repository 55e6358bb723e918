// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Commands
import Encodings
import Foundation
import Testing

@Suite struct LanguageTests {
    private func decide(_ arguments: [String], _ variables: [String: String]) -> Language {
        Language.decide(arguments: ["resguardo"] + arguments) { variables[$0] }
    }

    @Test func optionComesBeforeTheEnvironment() {
        #expect(decide(["case", "--lang", "en"], ["LC_ALL": "es_MX.UTF-8"]) == .english)
        #expect(decide(["--lang=es"], ["LC_ALL": "en_US"]) == .spanish)
        #expect(decide(["--", "--lang=es"], [:]) == .english)
        #expect(decide(["--lang"], ["LANG": "es"]) == .spanish)
    }

    @Test func variablesComeInTheOrderOfPOSIX() {
        let all = ["LC_ALL": "es_MX.UTF-8", "LC_MESSAGES": "en_US", "LANG": "en_US"]
        #expect(decide([], all) == .spanish)
        #expect(decide([], ["LC_ALL": "", "LC_MESSAGES": "es", "LANG": "en"]) == .spanish)
        #expect(decide([], ["LC_MESSAGES": "en", "LANG": "es"]) == .english)
        #expect(decide([], ["LANG": "es-419"]) == .spanish)
        #expect(decide([], ["LANG": "est_EE"]) == .english)
        #expect(decide([], ["LANG": "C"]) == .english)
        #expect(decide([], [:]) == .english)
    }
}

@Suite struct TimestampTests {
    @Test func readsAndWritesRFC3339() {
        let known: [(String, Int64)] = [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-21T18:00:00Z", 1_795_284_000), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ]
        for (text, seconds) in known {
            #expect(Timestamp(parsing: text)?.seconds == seconds)
            #expect(Timestamp(seconds: seconds).rfc3339 == text)
        }
        #expect(Timestamp(parsing: "2026-11-21T12:00:00-06:00")?.seconds == 1_795_284_000)
        #expect(Timestamp(parsing: "2026-11-21")?.seconds == 1_795_219_200)
        #expect(Timestamp(parsing: "1795284000")?.seconds == 1_795_284_000)
        #expect(Timestamp(seconds: 1_795_284_000).minutes == "2026-11-21 18:00 UTC")
        #expect(Timestamp(seconds: 253_402_300_800).minutes == "10000-01-01 00:00 UTC")
    }

    @Test(arguments: [
        "", "x", "2026-13-01", "2026-02-29", "2026-00-10", "2026-1-1", "1969-12-31",
        "2026-11-21T18:00:00", "2026-11-21T24:00:00Z", "2026-11-21T18:60:00Z",
        "2026-11-21T18:00:00+0600", "2026-11-21T18:00:00Z ", "-1", "99999999999999",
        "1970-01-01T00:00:00+01:00",
    ]) func refusesWhatIsNoMoment(_ text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }

    @Test func agreesWithFoundationOnEveryDayOfFourCenturies() {
        let format = Date.ISO8601FormatStyle()
        for day in stride(from: Int64(0), to: 146_097, by: 1) {
            let seconds = day * 86_400 + day % 86_400
            let text = Date(timeIntervalSince1970: Double(seconds)).formatted(format)
            guard Timestamp(seconds: seconds).rfc3339 == text,
                Timestamp(parsing: text)?.seconds == seconds
            else {
                Issue.record("\(text) is \(seconds)")
                return
            }
        }
    }
}

@Suite struct ConsoleTests {
    @Test func showsControlCharactersInsteadOfObeyingThem() {
        #expect(Console.printable("a\nb\r\u{1b}[31m") == "a\\nb\\r\\u{1b}[31m")
        #expect(Console.printable("foto\u{202e}gpj.exe") == "foto\\u{202e}gpj.exe")
        #expect(Console.printable("Ñandú — 🏴\t1") == "Ñandú — 🏴\t1")
    }
}

@Suite struct HomeDirectoryTests {
    private func path(_ option: String?, _ variables: [String: String]) throws -> String {
        try HomeDirectory.path(option: option) { variables[$0] }
    }

    @Test func followsTheOptionThenTheVariables() throws {
        let all = ["RESGUARDO_HOME": "/r", "XDG_DATA_HOME": "/x", "HOME": "/h"]
        #expect(try path("here", all) == "here")
        #expect(try path(nil, all) == "/r")
        #expect(try path(nil, ["XDG_DATA_HOME": "/x", "HOME": "/h"]) == "/x/resguardo")
        #expect(try path(nil, ["XDG_DATA_HOME": "x", "HOME": "/h"]) == "/h/.local/share/resguardo")
    }

    @Test func saysSoWhenThereIsNone() {
        let failure = #expect(throws: Failure.self) { try path(nil, [:]) }
        #expect(failure?.kind == .usage)
    }
}

@Suite struct ProgressBarTests {
    @Test func showsShareRateAndTimeLeft() {
        let line = ProgressBar.render(
            label: "Sealing",
            done: 512 << 20,
            total: 1 << 30,
            elapsed: .seconds(4),
            language: .english
        )
        #expect(
            line == "Sealing  ██████████░░░░░░░░░░  50 %  512 MiB, 128 MiB/s  0:04 left"
        )
    }

    @Test func showsAmountsInTheLanguage() {
        #expect(ProgressBar.amount(1023, .english) == "1023 B")
        #expect(ProgressBar.amount(1536, .english) == "1.5 KiB")
        #expect(ProgressBar.amount(1536, .spanish) == "1,5 KiB")
        #expect(ProgressBar.amount(5 << 30, .english) == "5.0 GiB")
        #expect(ProgressBar.amount(5 << 40, .english) == "5120 GiB")
    }
}
