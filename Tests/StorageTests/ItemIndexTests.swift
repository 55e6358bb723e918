// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing

@Suite final class ItemIndexTests {
    private let directory = FileManager.default.temporaryDirectory
        .appending(path: "resguardo-index-\(UUID().uuidString)")
    private var path: BytePath { BytePath(directory.appending(path: "index.sqlite").path) }

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// Two cases by turns, so that the entries of neither are all there are.
    private static func row(_ entry: UInt64) -> ItemIndex.Row {
        let digits = String(entry, radix: 16)
        return ItemIndex.Row(
            object: String(repeating: "0", count: 8 - digits.count) + digits
                + String(repeating: "0", count: 56),
            casePseudonym: entry % 2 == 0 ? "even" : "odd",
            sizeBytes: Int64(entry) * 10,
            date: "2026-11-22",
            summary: [UInt8](repeating: UInt8(truncatingIfNeeded: entry), count: 40)
        )
    }

    private func fill(_ index: ItemIndex, upTo count: UInt64) throws {
        try index.append { $0.filter { $0 < count }.map(Self.row) }
    }

    // Counts around those at which another core takes part.
    @Test(arguments: [0, 1, 2, 8191, 8192, 8193, 20_001] as [UInt64])
    func rowsComeInTheOrderOfTheLogOnAnyNumberOfCores(_ count: UInt64) throws {
        let index = try ItemIndex.open(path)
        try fill(index, upTo: count)
        for (name, first) in [("even", 0), ("odd", 1)] as [(String, UInt64)] {
            let entries = Array(stride(from: first, to: count, by: 2))
            let items = try index.items(of: name)
            #expect(items.map(\.entry) == entries)
            #expect(items.map(\.row) == entries.map(Self.row))
            #expect(try index.map(of: name) { entry, _ in entry } == entries)
        }
        #expect(try index.items(of: "none").isEmpty)
    }

    @Test func namesAreFoundByTheirFirstDigits() throws {
        let index = try ItemIndex.open(path)
        try fill(index, upTo: 20_000)
        let expected = (0x1f00...0x1fff).filter { $0 % 2 == 1 }.map(UInt64.init)
        #expect(try index.items(of: "odd", prefix: "00001f").map(\.entry) == expected)
        #expect(try index.items(of: "odd", prefix: "1").isEmpty)
    }

    @Test func anIndexInMemoryIsReadWhole() throws {
        let index = try ItemIndex.open(BytePath("/proc/index.sqlite"))
        try fill(index, upTo: 20_000)
        #expect(try index.items(of: "even").count == 10_000)
    }

    @Test func anIndexThatIsMadeAnewMeanwhileHidesNothing() throws {
        let index = try ItemIndex.open(path)
        try fill(index, upTo: 20_000)
        // As another process does it, which has come as far as a third.
        let other = try ItemIndex.replace(path)
        try fill(other, upTo: 7000)
        #expect(try index.items(of: "even").count == 10_000)
        #expect(try other.items(of: "even").count == 3500)
    }

    @Test func rowsThatAnotherProcessAddsMeanwhileAreAddedOnce() throws {
        let index = try ItemIndex.open(path)
        let other = try ItemIndex.open(path)
        // The other one is ahead of what was read, by a part of a batch and by more.
        for ahead in [4000, 27_000] as [UInt64] {
            let first = try index.count()
            var isFirst = true
            try index.append { range in
                defer { isFirst = false }
                if isFirst { try fill(other, upTo: first + ahead) }
                return range.filter { $0 < first + 25_000 }.map(Self.row)
            }
            #expect(try index.count() == first + max(25_000, ahead))
        }
        let entries = Array(stride(from: 0, to: 52_000, by: 2)).map(UInt64.init)
        #expect(try index.items(of: "even").map(\.row) == entries.map(Self.row))
    }

    @Test func whatWasAddedBeforeAFailureStays() throws {
        struct Unreadable: Error {}
        let index = try ItemIndex.open(path)
        #expect(throws: Unreadable.self) {
            try index.append { range in
                guard range.lowerBound < 20_000 else { throw Unreadable() }
                return range.map(Self.row)
            }
        }
        #expect(try index.count() == 20_000)
        try fill(index, upTo: 21_000)
        #expect(try index.items(of: "odd").count == 10_500)
    }
}
