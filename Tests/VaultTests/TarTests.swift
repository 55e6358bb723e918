// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

@Suite struct TarTests {
    private final class Collector: TarHandler {
        var entries: [TarEntry] = []
        var contents: [[UInt8]] = []

        func begin(_ entry: TarEntry) throws {
            entries.append(entry)
            contents.append([])
        }

        func content(_ bytes: Span<UInt8>) throws {
            for index in bytes.indices { contents[contents.count - 1].append(bytes[index]) }
        }

        func end() throws {}
    }

    private static let names: [[UInt8]] = [
        Array("original/a.txt".utf8),
        Array("original/año/ñandú.jpg".utf8),
        Array("original/two\nlines".utf8),
        Array("original/".utf8) + [0xff, 0xfe, 0x20, 0x80],
        Array(("original/" + String(repeating: "long/", count: 60) + "name").utf8),
        Array("original/100=path".utf8) + [UInt8](repeating: 0x61, count: 83),
    ]

    private static func archive() -> [UInt8] {
        var archive: [UInt8] = []
        for (index, name) in names.enumerated() {
            let content = pattern(index * 511)
            archive += TarWriter.header(path: name, sizeBytes: UInt64(content.count), kind: .file)
            archive += content + TarWriter.padding(after: UInt64(content.count))
        }
        archive += TarWriter.header(
            path: Array("original/empty/".utf8),
            sizeBytes: 0,
            kind: .directory
        )
        return archive + TarWriter.end
    }

    private func read(_ archive: [UInt8], step: Int = 4096) throws -> Collector {
        let collector = Collector()
        var reader = TarReader()
        var rest = archive[...]
        while !rest.isEmpty {
            try reader.consume(Array(rest.prefix(step)).span, into: collector)
            rest = rest.dropFirst(step)
        }
        try reader.finish()
        return collector
    }

    @Test(arguments: [1, 7, 511, 512, 513, 100_000]) func readsWhatIsWritten(_ step: Int) throws {
        let collector = try read(Self.archive(), step: step)
        #expect(collector.entries.dropLast().map(\.path) == Self.names)
        #expect(collector.entries.last?.isDirectory == true)
        #expect(collector.entries.last?.path == Array("original/empty".utf8))
        for (index, content) in collector.contents.dropLast().enumerated() {
            #expect(content == pattern(index * 511))
        }
    }

    @Test func writesSizesBeyondEightGibibytes() throws {
        let size = UInt64(9) << 30
        let header = TarWriter.header(path: Self.names[0], sizeBytes: size, kind: .file)
        #expect(header.count == 3 * 512)
        let collector = Collector()
        var reader = TarReader()
        try reader.consume(header.span, into: collector)
        #expect(collector.entries.first?.sizeBytes == size)
    }

    @Test func refusesEveryChangeOfAHeader() throws {
        let archive =
            TarWriter.header(path: Self.names[0], sizeBytes: 0, kind: .file)
            + TarWriter.end
        _ = try read(archive)
        for offset in 0..<512 {
            var changed = archive
            changed[offset] ^= 0x01
            // The two bytes after the checksum are filling.
            guard !(154..<156).contains(offset) else { continue }
            #expect(throws: VaultError.self, "byte \(offset)") { _ = try read(changed) }
        }
    }

    @Test(arguments: ["/etc/passwd", "../x", "original/../../x", "a//b", "a/./b", "original/.."])
    func refusesPathsThatLeave(_ path: String) {
        let archive =
            TarWriter.header(path: Array(path.utf8), sizeBytes: 0, kind: .file)
            + TarWriter.end
        #expect(throws: VaultError.malformedItem("entry with an unsafe name or size")) {
            _ = try read(archive)
        }
    }

    @Test func refusesTruncationAndBytesAfterTheEnd() {
        let archive = Self.archive()
        for count in stride(from: 0, to: archive.count, by: 97) {
            #expect(throws: VaultError.self) { _ = try read(Array(archive.prefix(count))) }
        }
        #expect(throws: VaultError.self) { _ = try read(archive + [1]) }
    }

    @Test func isUnpackedByTheSystemsTar() throws {
        let temporary = try TemporaryHome()
        let path = try temporary.write("archive.tar", Self.archive())
        let output = temporary.directory.appending("out")
        try Directory.make(output)
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = ["tar", "-x", "-f", path.text, "-C", output.text]
        let errors = Pipe()
        tar.standardError = errors
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        #expect(errors.fileHandleForReading.availableData.isEmpty)
        for (index, name) in Self.names.enumerated() {
            #expect(try temporary.contents(output.appending(name)) == pattern(index * 511))
        }
    }
}
