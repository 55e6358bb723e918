// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Fetchers
import SnapshotFormat
import Testing

@Suite struct AccountWatchTests {
    private static let day: Int64 = 86_400
    private let code = "resguardo-00"

    private func view(
        _ handle: String? = "ana",
        profile: String = "",
        post: String = ""
    ) throws -> Result<AccountView, LookFailure> {
        .success(
            AccountView(
                account: try #require(PlatformAccount(platform: "web", stableID: "a")),
                handle: handle,
                profile: [profile],
                posts: [.init(id: "1", text: post)]
            )
        )
    }

    /// What looks at successive times give; what is remembered goes through its text each time.
    private func verdicts(
        _ looks: [(Int64, Result<AccountView, LookFailure>)]
    ) throws -> [AccountWatch.Verdict] {
        var watch = AccountWatch()
        return try looks.map { time, look in
            let verdict = watch.note(look, codes: ["resguardo-ff", code], at: time)
            let again = try #require(
                AccountWatch(JSONValue(parsing: watch.json.canonicalBytes))
            )
            #expect(again == watch)
            return verdict
        }
    }

    @Test func anAccountIsSeenWithItsCodeFirst() throws {
        let found = try verdicts([
            (0, view()), (1, view(post: code)), (2, view()), (3, view(profile: code)),
        ])
        #expect(found == [.notShown, .seen, .seen, .seen])
    }

    @Test func anotherNameIsToldAtOnceAndAgain() throws {
        let found = try verdicts([
            (0, view(profile: code)), (1, view("eva", profile: code)), (2, view(nil)),
            (3, view(profile: code)),
        ])
        let expected: [AccountWatch.Verdict] = [
            .seen, .renamed(from: "ana", to: "eva"), .renamed(from: "ana", to: nil), .seen,
        ]
        #expect(found == expected)
    }

    @Test func twoFailuresADayApartAreOneTooMany() throws {
        let gone = Result<AccountView, LookFailure>.failure(.notFound)
        let found = try verdicts([
            (0, view(profile: code)), (10, gone), (Self.day + 9, gone), (Self.day + 10, gone),
            (Self.day + 11, view(profile: code)), (3 * Self.day, gone),
        ])
        let expected: [AccountWatch.Verdict] = [
            .seen, .failing(.notFound, since: 10), .failing(.notFound, since: 10),
            .lost(.notFound), .seen, .failing(.notFound, since: 3 * Self.day),
        ]
        #expect(found == expected)
    }

    @Test func codesTakenOutOfAProfileAreAFailure() throws {
        let found = try verdicts([
            (0, view(profile: code)), (1, view()), (1 + Self.day, view(post: "x")),
        ])
        #expect(found == [.seen, .failing(.notFound, since: 1), .lost(.notFound)])
    }

    @Test func silenceCountsAfterAWeek() throws {
        let silent = Result<AccountView, LookFailure>.failure(.unreachable)
        let found = try verdicts([
            (0, view(profile: code)), (1, silent), (7 * Self.day, silent),
            (7 * Self.day + 1, silent),
        ])
        let expected: [AccountWatch.Verdict] = [
            .seen, .failing(.unreachable, since: 1), .failing(.unreachable, since: 1),
            .lost(.unreachable),
        ]
        #expect(found == expected)
    }
}
