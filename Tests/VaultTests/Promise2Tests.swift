// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Storage
import Testing
import Vault

/// Promise 2 of the vault: whoever takes the store learns how many items a case pseudonym has,
/// their size classes, their order and the hour, and nothing else.
@Suite struct Promise2Tests {
    private static let secrets = ["Operación Ñandú", "la-fuente-anónima.txt", "vio al general"]

    /// A home of two cases and three items; what differs is what must not show.
    private func home(_ names: [String], fileCount: Int, byteCount: Int) throws -> TemporaryHome {
        let temporary = try TemporaryHome()
        let first = try temporary.home.createCase(named: names[0], now: TemporaryHome.now)
        let second = try temporary.home.createCase(
            named: names[0] + "2",
            isWriteOnly: true,
            now: TemporaryHome.now + 7
        )
        for (number, item) in [first, first, second].enumerated() {
            for file in 0..<fileCount {
                try temporary.write(
                    "in\(number)/\(file)-\(names[1])",
                    Array(names[2].utf8) + pattern(byteCount, seed: UInt64(number))
                )
            }
            let source = temporary.directory.appending("in\(number)")
            let deposit = try temporary.deposit(
                [source],
                in: item,
                note: names[2],
                now: TemporaryHome.now + Int64(number) * 86_400
            )
            _ = try temporary.home.keepReceipt(of: deposit)
        }
        #expect(try temporary.home.items(in: first).count == 2)
        return temporary
    }

    /// A file as the operator sees it, with random names replaced by their pattern.
    private struct Sight: Equatable, Comparable {
        let place: String
        let size: Int64
        let mode: Int

        static func < (a: Sight, b: Sight) -> Bool {
            (a.place, a.size, a.mode) < (b.place, b.size, b.mode)
        }
    }

    private func files(_ home: BytePath) throws -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: home.text) else { return [] }
        return walk.compactMap { $0 as? String }.sorted()
    }

    /// The rows of the table in the specification: a pattern of paths each.
    private func rows() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "docs/spec/vault.md"),
            encoding: .utf8
        )
        let start = try #require(text.range(of: "What a store gives away"))
        let section = text[start.upperBound...]
        let end = section.range(of: "\n## ")?.lowerBound ?? section.endIndex
        return section[..<end].split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| `") else { return nil }
            return line.split(separator: "`").dropFirst().first.map(String.init)
        }
    }

    private func matches(_ path: String, _ pattern: String) -> Bool {
        let (parts, wanted) = (path.split(separator: "/"), pattern.split(separator: "/"))
        if wanted.last == "**" {
            return parts.count >= wanted.count && parts.starts(with: wanted.dropLast())
        }
        guard parts.count == wanted.count else { return false }
        return zip(parts, wanted).allSatisfy { part, wanted in
            guard let star = wanted.firstIndex(of: "*") else { return part == wanted }
            return part.hasPrefix(wanted[..<star])
                && part.hasSuffix(wanted[wanted.index(after: star)...])
        }
    }

    private func sights(_ home: BytePath, _ rows: [String]) throws -> [Sight] {
        try files(home).compactMap { file in
            let attributes = try FileManager.default.attributesOfItem(
                atPath: home.appending(file).text
            )
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
            let row = rows.first { matches(file, $0) }
            #expect(row != nil, "\(file) has no row in the table of the specification")
            return Sight(
                place: row ?? file,
                size: (attributes[.size] as? NSNumber)?.int64Value ?? -1,
                mode: (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
            )
        }.sorted()
    }

    @Test func homesWithOtherSecretsLookTheSame() throws {
        let rows = try rows()
        #expect(rows.count > 8)
        // Other names, notes, numbers of files and sizes, within the same size classes.
        let one = try home(Self.secrets, fileCount: 1, byteCount: 100_000)
        let two = try home(["b", "x", "y"], fileCount: 3, byteCount: 33_400)
        let sights = try sights(one.home.layout.home, rows)
        #expect(try self.sights(two.home.layout.home, rows) == sights)
        for row in rows {
            #expect(sights.contains { $0.place == row }, "nothing matches \(row)")
        }
    }

    @Test func noFileHoldsASecretOrAMinute() throws {
        let temporary = try home(Self.secrets, fileCount: 2, byteCount: 1000)
        let home = temporary.home.layout.home
        for file in try [""] + files(home) {
            let path = file.isEmpty ? home : home.appending(file)
            let status = try FileStatus(of: path, followingLinks: false)
            #expect(status.modifiedSeconds % 3600 == 0, "\(file)")
            #expect(status.modifiedNanoseconds == 0, "\(file)")
            guard status.kind == .file else { continue }
            let bytes = Data(try temporary.contents(path))
            for secret in Self.secrets {
                let encodings = [
                    Data(secret.utf8), secret.data(using: .utf16LittleEndian) ?? Data(),
                    Data(Data(secret.utf8).base64EncodedString().dropLast(4).utf8),
                    Data(secret.utf8.map { String(format: "%02x", $0) }.joined().utf8),
                ]
                for text in encodings { #expect(bytes.range(of: text) == nil, "\(file)") }
                #expect(!file.contains(secret))
            }
        }
    }

    /// Statements say the day and nothing of the hour; members are the known ones.
    @Test func statementsSayWhatTheyMaySay() throws {
        let temporary = try home(Self.secrets, fileCount: 1, byteCount: 10)
        let allowed: Set<String> = [
            "afterCheckpoint", "case", "ciphertextRoot", "date", "evidence", "member", "size",
            "type", "v",
            "afterToken", "key",
        ]
        let log = try temporary.home.store.log()
        for index in 0..<log.size {
            let record = try temporary.home.store.record(index, in: log)
            let json = try JSONSerialization.jsonObject(with: Data(record.envelope.payload))
            let members = try #require(json as? [String: Any])
            #expect(Set(members.keys).isSubset(of: allowed), "\(members.keys.sorted())")
            #expect(
                ["2026-11-18", "2026-11-19", "2026-11-20"].contains(members["date"] as? String)
            )
        }
    }
}
