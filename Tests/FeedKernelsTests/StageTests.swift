// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

/// The stages that Spark's workers run, against the kernel that sees everything at once.
@Suite struct StageTests {
    private static let header = "object_id,account_id,content_id,timestamp_share"
    private static let names = ["o", "ó\\\to", "a", "\r", "a\\t", "b"]

    private func run<Work: Stage>(_ work: Work, _ input: [UInt8]) throws -> (Work, [[String]]) {
        var pipe = StagePipe(work)
        var output: [UInt8] = []
        // In small pieces: records lie across them.
        for start in stride(from: 0, to: input.count, by: 7) {
            output += try pipe.append(input[start..<min(start + 7, input.count)])
        }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        return (
            try pipe.finish(),
            lines.map { line in
                line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            }
        )
    }

    private func line(_ fields: [String]) -> [UInt8] {
        Array((fields + [".\n"]).joined(separator: "\t").utf8)
    }

    private func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        StageRecord.append(Array(text.utf8)[...], to: &bytes)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private func key(_ row: Int) -> String {
        let digits = String(row, radix: 16)
        return "|" + String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Rows of few accounts, objects and seconds, negative ones too: ties and duplicates abound.
    private func rows(_ generator: inout SeededGenerator) -> [(String, String, String, Int64)] {
        (0..<Int.random(in: 1...120, using: &generator)).map { row in
            let object = Self.names[Int.random(in: 0..<3, using: &generator)]
            let isOrigin = Int.random(in: 0..<9, using: &generator) == 0
            let isRepeated = Int.random(in: 0..<6, using: &generator) == 0
            return (
                object,
                Self.names[Int.random(in: 0..<6, using: &generator)],
                isOrigin ? object : "c\(isRepeated ? row / 2 : row)",
                Int64.random(in: -40...60, using: &generator)
            )
        }
    }

    private func csv(_ rows: [(String, String, String, Int64)]) -> [[UInt8]] {
        rows.map { row in
            var writer = CSVWriter()
            writer.record([row.0, row.1, row.2, "\(row.3)"])
            return writer.bytes.dropLast()
        }
    }

    /// What Spark does between the stages, in so few words that it can be checked by reading.
    private func swept(
        _ shares: [[String]],
        window: Int64,
        width: Int64,
        _ output: StageSweep.Output
    ) throws -> [[String]] {
        var firsts: [String: String] = [:]
        for share in shares where firsts[share[3]] == nil { firsts[share[3]] = share[0] }
        var records: [(object: String, bucket: Int64, time: Int64, rest: [String])] = []
        for share in shares where share[1] == "m" {
            let time = try #require(Int64(share[5]))
            let bucket = time >= 0 ? time / width : (time - width + 1) / width
            let rest = [firsts[share[3]] ?? "", share[0], share[3], share[4]]
            records.append((share[2], bucket, time, rest + ["o"]))
            if time - bucket * width < window {
                records.append((share[2], bucket - 1, time, rest + ["c"]))
            }
        }
        records.sort { left, right in
            (left.object, left.bucket, left.time, left.rest[0], left.rest[1])
                < (right.object, right.bucket, right.time, right.rest[0], right.rest[1])
        }
        let input = records.flatMap { record in
            line([
                record.object, "\(record.bucket)", "\(record.time)", record.rest[2],
                record.rest[3], record.rest[1], record.rest[4],
            ])
        }
        return try run(StageSweep(windowSeconds: window, output: output), input).1
    }

    private func read(_ rows: [(String, String, String, Int64)]) throws -> [[String]] {
        let lines = [Array(Self.header.utf8)] + csv(rows)
        let input = lines.enumerated().flatMap { index, text in
            line([key(index), escaped(String(decoding: text, as: UTF8.self))])
        }
        let source = StageReader.Source.csv(header: Array(Self.header.utf8))
        return try run(try StageReader(source, isLenient: false), input).1
    }

    @Test(arguments: UInt64(1)...60) func findsThePairsOfTheKernel(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rows = rows(&generator)
        let window = Int64.random(in: 0...20, using: &generator)
        let width = window + Int64.random(in: 1...9, using: &generator)
        let file = Array(Self.header.utf8) + csv(rows).flatMap { [0x0a] + $0 }
        let shares = try FeedKernelsTests.read(file).shares
        let rule = try CoShareRule(windowSeconds: window, minimumParticipation: 1)
        let found = try CoSharePairs(of: shares, rule: rule, cores: .single)
        let expected = found.pairs.map { pair in
            let (older, newer) = (Int(pair.older), Int(pair.newer))
            let accounts = [older, newer].map { shares.accounts.text(shares.account[$0]) }
            let contents = [older, newer].map { shares.contents.text(shares.content[$0]) }
            let isBefore = accounts[0].utf8.lexicographicallyPrecedes(accounts[1].utf8)
            let texts = (accounts + contents).map(escaped)
            return texts + ["\(found.delay(pair))", isBefore ? "<" : ">", "."]
        }
        let pairs = try swept(try read(rows), window: window, width: width, .pairs)
        let sorted = { (lists: [[String]]) in lists.map { $0.joined(separator: "\t") }.sorted() }
        #expect(sorted(pairs) == sorted(expected), "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...60) func gatheredSharesGiveTheSameTables(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rows = rows(&generator)
        let window = Int64.random(in: 0...20, using: &generator)
        let minimum = Int.random(in: 1...6, using: &generator)
        let file = Array(Self.header.utf8) + csv(rows).flatMap { [0x0a] + $0 }
        let expected = try Tables(file, window: window, participation: minimum)

        let all = try read(rows)
        var counts: [String: Int] = [:]
        for share in all { counts[share[3], default: 0] += 1 }
        let kept = all.filter { counts[$0[3], default: 0] >= minimum }
        let keys = Set(try swept(kept, window: window, width: window + 5, .rows).map { $0[0] })
        let found = kept.filter { keys.contains($0[0]) }
        let contents = Set(found.map { $0[4] })
        var paired: [String: Int] = [:]
        for share in kept where contents.contains(share[4]) { paired[share[3], default: 0] += 1 }
        let active = kept.filter { paired[$0[3], default: 0] >= minimum }.map { $0[4] }
        let participating = Set(active).intersection(contents)
        var order: [String: String] = [:]
        for share in all where order[share[3]] == nil { order[share[3]] = share[0] }
        func record(_ share: [String], _ mark: String) -> [UInt8] {
            line([share[0], order[share[3]] ?? "", mark] + share[2...5])
        }
        var input = found.flatMap { record($0, participating.contains($0[4]) ? "p" : "n") }
        for object in Set(found.map { $0[2] }) {
            let first = kept.filter { $0[2] == object }.min { left, right in
                (order[left[3]] ?? "", left[0]) < (order[right[3]] ?? "", right[0])
            }
            input += record(try #require(first), "f")
        }
        let (shares, isParticipating) = try run(GatheredShares(), input).0.table()
        let rule = try CoShareRule(windowSeconds: window, minimumParticipation: minimum)
        let pairs = try CoSharePairs(
            ofGathered: shares,
            isParticipating: isParticipating,
            rule: rule,
            cores: .single
        )
        #expect(Tables(pairs, cores: .single) == expected, "seed \(seed)")
    }

    @Test func refusesWhatNoSenderOfOursWrites() throws {
        let sweep = StageSweep(windowSeconds: 10, output: .rows, pairCountMax: 2)
        func refusal(_ lines: [[String]]) throws -> StageError? {
            do {
                _ = try run(sweep, lines.flatMap(line))
                return nil
            } catch let error as StageError {
                return error
            }
        }
        let share = ["o", "0", "5", "a", "c", "k", "o"]
        #expect(try refusal([share]) == nil)
        #expect(try refusal([share, Array(share.dropLast())]) == .record(2))
        #expect(try refusal([["o", "0", "5x", "a", "c", "k", "o"]]) == .record(1))
        #expect(try refusal([["o", "0", "5", "a", "c", "k", "z"]]) == .record(1))
        #expect(try refusal([share, ["o", "0", "4", "a", "c", "k", "o"]]) == .order(2))
        #expect(try refusal([share, share, share]) == .tooManyPairs(limit: 2))
        var pipe = StagePipe(sweep)
        _ = try pipe.append(Array("o\t0".utf8)[...])
        #expect(throws: StageError.truncated) { _ = try pipe.finish() }
    }

    @Test func namesTheMalformedLine() throws {
        let lines = [Self.header, "o,a,c,17", "o,a,c,x", "o,a,\"c,17"]
        func read(_ count: Int, isLenient: Bool) throws -> [[String]] {
            let input = lines.prefix(count).enumerated().flatMap { index, text in
                line([key(index), escaped(text)])
            }
            let source = StageReader.Source.csv(header: Array(Self.header.utf8))
            return try run(try StageReader(source, isLenient: isLenient), input).1
        }
        let part = Array(key(0).dropLast(16).utf8)
        let fault = CSVFault(line: 3, column: 7, field: "timestamp_share", expected: .time)
        #expect(throws: StageError.csv(fault, part: part)) { try read(3, isLenient: false) }
        #expect(try read(3, isLenient: true).map { $0[1] } == ["m", "x"])
        // Whether it ends on a later line is not known here: it is no record to skip.
        let open = CSVFault(line: 4, column: 5, expected: .closingQuote)
        #expect(throws: StageError.csv(open, part: part)) { try read(4, isLenient: true) }
    }

    @Test func errorsComeBackAsTheyWere() {
        let fault = CSVFault(line: 3, column: 7, field: "account_id", expected: .shorter(limit: 9))
        let errors: [StageError] = [
            .csv(fault, part: Array("a;b|0".utf8)), .header(.missingColumns(["a", "b"])),
            .header(.emptyFile), .record(3), .order(4), .truncated, .tooManyPairs(limit: 5),
            .csv(CSVFault(line: 1, column: 1, expected: .lineFeed), part: []),
        ]
        for error in errors { #expect(StageError(line: error.line) == error) }
        #expect(StageError(line: "csv;1;1;;anything;") == nil)
    }
}
