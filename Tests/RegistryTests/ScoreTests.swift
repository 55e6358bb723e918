// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Registry
import Statements
import Testing

@Suite struct ScoreTests {
    private static let vectors = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/spec/vectors/score.jsonl")

    /// The table of the design, which was computed with floating-point numbers.
    @Test func theWorkedExamplesComeOutAsPublished() {
        let fresh: (Int, Int64, Int64) = (1, 8, 2)
        #expect(scores([(2, 8, 2), fresh]) == [620, 485, 390])
        #expect(scores([(3, 8, 2)]) == [482, 388, 325])
        #expect(scores([(10, 8, 2)]) == [490, 419, 346])
        #expect(scores([(2, 8, 2), fresh, fresh]) == [776, 616, 482])
        #expect(scores([(2, 40, 4), (1, 40, 4)]) == [950, 872, 721])
        #expect(scores([(2, 20, 12), (1, 20, 12)]) == [273, 250, 235])
        var inputs = inputs([(2, 8, 2), fresh], ageDays: 0)
        inputs.soundCount = 20
        #expect(Score(inputs).thousandths == 880)
    }

    /// `scripts/verify/score.py`, written from the specification alone, made them.
    @Test func aReaderInPlainPythonAgreesToTheBit() throws {
        let lines = try String(contentsOf: Self.vectors, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 300)
        for line in lines {
            let vector = try JSONValue(parsing: Array(line.utf8))
            let score = Score(try #require(read(vector["inputs"])))
            #expect(score.sum == vector["sum"]?.integer, "\(line)")
            #expect(Int64(score.thousandths) == vector["thousandths"]?.integer, "\(line)")
        }
    }

    @Test func moreEvidenceNeverLowersAScoreAndDisputesNeverRaiseIt() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        for _ in 0..<500 {
            let rows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (
                    Int.random(in: 1...5, using: &random), Int64.random(in: 8...60, using: &random),
                    Int64.random(in: 2...20, using: &random)
                )
            }
            let age = Int64.random(in: 0...140, using: &random)
            let before = inputs(rows, ageDays: age)
            var more = before
            more.backings.append(
                ScoreInputs.Backing(constituency: "z", ageDays: [age], successes: 0, failures: 0)
            )
            #expect(Score(more).thousandths >= Score(before).thousandths, "seed \(seed)")
            for severity in ScoreSeverity.allCases {
                var disputed = before
                disputed.dispute = severity
                #expect(Score(disputed).thousandths <= Score(before).thousandths, "seed \(seed)")
                #expect(Score(disputed).thousandths * 1000 <= severity.cap, "seed \(seed)")
            }
            for state in Score.silentStates {
                var silent = before
                silent.state = state
                #expect(Score(silent).thousandths == 0)
                #expect(Score(silent).limit == .state)
            }
        }
    }

    @Test func arithmeticIsCloseToTheRealFunctions() {
        for n in stride(from: Int64(0), through: 4000, by: 7) {
            let real = pow(2, -Double(n) / 365) * 1e9
            #expect(abs(Double(ScoreArithmetic.halving(n, 365)) - real) < 1500)
            let x = (n - 2000) * 5000
            let sigmoid = 1e6 / (1 + exp(-Double(x) / 1e6))
            #expect(abs(Double(ScoreArithmetic.sigmoid(x)) - sigmoid) < 3)
            let (p, q) = (n * n + 1, 4001 - n)
            let ln = log(Double(p) / Double(q)) * 1e6
            #expect(abs(Double(ScoreArithmetic.logarithm(p, q)) - ln) < 3)
        }
        #expect(ScoreArithmetic.logarithm(1, 1) == 0)
        #expect(ScoreArithmetic.logit(200_000) == Score.start - 1)
    }

    @Test func aConstituencyIsJudgedByHowItsVouchesTurnedOut() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        for verifier in ["press-1", "rights-1", "academia-1"] {
            try world.vouch(subject, account, verifier)
        }
        #expect(score(world, subject, account).thousandths == 704)
        try world.pass(days: 3)
        let epoch = RegistryEpoch(containing: world.state.clock)
        let days = (epoch.end - world.state.clock) / World.day
        try world.pass(days: days)
        // A quarter that ended well, shared by three; a year later it counts half.
        let records = world.state.trackRecords(at: epoch.end)
        #expect(records.outcomes(of: "press").successes == 333_333)
        #expect(records.outcomes(of: "international").successes == 0)
        let later = world.state.trackRecords(at: epoch.end + 365 * World.day)
        #expect(later.outcomes(of: "press").successes == 166_666)
        let revocation = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .fabricatedEvidence
        )
        try world.submit(revocation, World.seats)
        let after = world.state.trackRecords(at: world.state.clock)
        #expect(after.outcomes(of: "rights").failures == 1_333_333)
        #expect(score(world, subject, account).limit == .state)
    }

    private func score(_ world: World, _ subject: RegistryID, _ account: RegistryID) -> Score {
        let state = world.state
        return Score(
            state.scoreInputs(
                of: subject,
                account: account,
                standing: world.standing(subject, account)?.state ?? .registered,
                state.trackRecords(at: state.clock),
                at: state.clock
            )
        )
    }

    private func inputs(_ rows: [(Int, Int64, Int64)], ageDays: Int64) -> ScoreInputs {
        let backings = rows.enumerated().map { index, row in
            ScoreInputs.Backing(
                constituency: "c\(index)",
                ageDays: [Int64](repeating: ageDays, count: row.0),
                successes: (row.1 - 8) * ScoreArithmetic.one,
                failures: (row.2 - 2) * ScoreArithmetic.one
            )
        }
        return ScoreInputs(state: .attested, backings: backings)
    }

    private func scores(_ rows: [(Int, Int64, Int64)]) -> [Int] {
        [0, 60, 120].map { Score(inputs(rows, ageDays: $0)).thousandths }
    }

    private func read(_ value: JSONValue?) -> ScoreInputs? {
        guard let value, let state = value["state"]?.string.flatMap(StandingState.init),
            let backings = value["backings"]?.array
        else { return nil }
        var inputs = ScoreInputs(
            state: state,
            backings: backings.map { backing in
                ScoreInputs.Backing(
                    constituency: backing["constituency"]?.string ?? "",
                    ageDays: backing["ageDays"]?.array?.compactMap(\.integer) ?? [],
                    successes: backing["successes"]?.integer ?? 0,
                    failures: backing["failures"]?.integer ?? 0
                )
            }
        )
        inputs.soundCount = value["sound"]?.integer ?? -1
        inputs.unsoundCount = value["unsound"]?.integer ?? -1
        inputs.upheld =
            value["upheld"]?.array?.compactMap { $0.string.flatMap(ScoreSeverity.init) } ?? []
        inputs.dispute = value["dispute"]?.string.flatMap(ScoreSeverity.init)
        return inputs
    }
}
