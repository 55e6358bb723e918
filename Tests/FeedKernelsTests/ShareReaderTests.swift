// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

@Suite struct ShareReaderTests {
    private func fault(_ rows: String) -> CSVFault? {
        do throws(FeedKernelError) {
            _ = try read(rows: rows)
            return nil
        } catch {
            guard case .csv(let fault) = error else { return nil }
            return fault
        }
    }

    @Test func readsColumnsInAnyOrderAndIgnoresOthers() throws {
        let text = "\u{feff}timestamp_share,x,content_id,object_id,account_id\r\n7,y,c,o,a\r\n"
        let shares = try read(Array(text.utf8)).shares
        #expect(shares.time == [7])
        #expect(shares.objects.text(0) == "o")
        #expect(shares.accounts.text(0) == "a")
        #expect(shares.contents.text(0) == "c")
    }

    @Test func readsQuotedFieldsWithCommasQuotesAndLineEnds() throws {
        let shares = try read(rows: "\"o,1\",\"a \"\"b\"\"\",\"c\nd\",\"1700000000\"\n").shares
        #expect(shares.objects.text(0) == "o,1")
        #expect(shares.accounts.text(0) == "a \"b\"")
        #expect(shares.contents.text(0) == "c\nd")
        #expect(shares.time == [1_700_000_000])
    }

    @Test func lastLineMayLackItsEndAndEmptyLinesAreNoRecords() throws {
        #expect(try read(rows: "\no,a,c,1\n\r\n\no,a,d,2").shares.count == 2)
    }

    @Test func equalIdentifiersGetEqualNumbersInOrderOfAppearance() throws {
        let shares = try read(rows: "p,b,1,1\no,a,2,1\np,a,3,1\n").shares
        #expect(shares.object == [0, 1, 0])
        #expect(shares.account == [0, 1, 1])
        #expect(shares.content == [0, 1, 2])
    }

    @Test func namesLineAndColumnOfWhatIsWrong() {
        #expect(
            fault("o,a,c,1\no,a,c,x\n")
                == CSVFault(line: 3, column: 7, field: "timestamp_share", expected: .time)
        )
        #expect(
            fault("o,,c,1\n")
                == CSVFault(line: 2, column: 3, field: "account_id", expected: .identifier)
        )
        #expect(fault("o,a,c\n") == CSVFault(line: 2, column: 5, expected: .fieldCount(4)))
        #expect(fault("o,a,c,1,z\n") == CSVFault(line: 2, column: 7, expected: .fieldCount(4)))
        #expect(fault("o,a\"b,c,1\n") == CSVFault(line: 2, column: 4, expected: .quoteAtFieldStart))
        #expect(
            fault("o,\"a\"b,c,1\n") == CSVFault(line: 2, column: 6, expected: .delimiterAfterQuote)
        )
        #expect(fault("o,\"a\n\n") == CSVFault(line: 2, column: 3, expected: .closingQuote))
        #expect(fault("o,a\rb,c,1\n") == CSVFault(line: 2, column: 5, expected: .lineFeed))
        #expect(fault("o,a\0,c,1\n") == CSVFault(line: 2, column: 4, expected: .text))
    }

    @Test func refusesBrokenUTF8() {
        var bytes = csv("o,a")
        bytes += [0xff]
        bytes += Array(",c,1\n".utf8)
        #expect(throws: FeedKernelError.csv(CSVFault(line: 2, column: 3, expected: .text))) {
            try read(bytes)
        }
    }

    @Test func refusesHugeFields() {
        let rows = "o,\(String(repeating: "a", count: 10 << 20)),c,1\n"
        guard let fault = fault(rows), case .shorter = fault.expected else {
            Issue.record("a field of 10 MiB is read")
            return
        }
        #expect(fault.line == 2)
    }

    @Test func namesMissingColumns() {
        #expect(throws: FeedKernelError.missingColumns(["content_id", "timestamp_share"])) {
            try read(Array("object_id,account_id,x\n".utf8))
        }
        #expect(throws: FeedKernelError.emptyFile) { try read([]) }
    }

    @Test func lenientReadingSkipsAndCounts() throws {
        let result = try read(
            rows: "o,a,c,1\nbad\no,a,d,x\no,a,\"e\"f,1\no,b,g,2,3,4\no,b,h,5\n",
            isLenient: true
        )
        #expect(result.shares.time == [1, 5])
        #expect(result.skippedCount == 4)
        #expect(result.faults.map(\.line) == [3, 4, 5, 6])
    }

    @Test func numbersLinesAcrossWindows() {
        // Two windows of 8 MiB before the bad line.
        let row = "o,account,content,1700000000\n"
        let count = (17 << 20) / row.utf8.count
        let rows = String(repeating: row, count: count) + "o,a,c,?\n"
        #expect(fault(rows)?.line == count + 2)
    }

    @Test func quotedLineEndsNeverSplitARecord() throws {
        var rows = ""
        for number in 0..<60_000 {
            rows += "\"o\n,\(number % 7)\",a\(number),\"c\n\n\(number)\",1\n"
        }
        let bytes = csv(rows)
        let whole = try read(bytes, cores: .parallel).shares
        #expect(whole.count == 60_000)
        #expect(whole.objects.count == 7)
        #expect(try read(bytes, pieceSize: 997).shares.content == whole.content)
    }
}
