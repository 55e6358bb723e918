// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Storage
import StorageFaults
import Testing
import TransparencyLog

@Suite struct TiledLogAuditTests {
    /// One way to damage a file.
    enum Damage: CaseIterable {
        case flipped, truncated, extended, missing

        func apply(to bytes: [UInt8]) -> [UInt8]? {
            switch self {
            case .flipped:
                var bytes = bytes
                bytes[bytes.count / 2] ^= 4
                return bytes
            case .truncated: return Array(bytes.dropLast())
            case .extended: return bytes + [0]
            case .missing: return nil
            }
        }
    }

    private func log(_ size: Int, keepsEntries: Bool) throws -> (SimulatedDisk, TiledLogReader) {
        let disk = SimulatedDisk()
        let log = try LogFixture().create(disk, keepsEntries: keepsEntries)
        _ = try log.append(LogFixture.entries(0..<size), time: 1)
        return (disk, log.reader)
    }

    @Test(arguments: [1, 255, 256, 700, 1024], [true, false])
    func auditNamesTheDamagedFile(size: Int, keepsEntries: Bool) throws {
        let (disk, reader) = try log(size, keepsEntries: keepsEntries)
        let files = disk.files().filter { $0.key.hasPrefix("/log/tile/") }
        #expect(try reader.audit() == files.count)
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let name = String(path.dropFirst("/log/".count))
            for damage in Damage.allCases {
                try disk.damage(path) { _ in damage.apply(to: bytes) }
                #expect(throws: TiledLogError.damaged(path: name), "\(damage)") {
                    try reader.audit()
                }
                try restore(disk, path, bytes)
            }
        }
        try reader.audit()
    }

    @Test func damagedTilesDoNotOpenAndGiveNoProof() throws {
        let (disk, reader) = try log(300, keepsEntries: true)
        let path = "tile/0/001.p/44"
        try disk.damage("/log/" + path) { bytes in Damage.flipped.apply(to: bytes) }
        #expect(throws: TiledLogError.damaged(path: path)) { try LogFixture().open(disk) }
        #expect(throws: TiledLogError.damaged(path: path)) { try reader.inclusionProof(of: 299) }
        // The proof of an entry in another tile needs the damaged one, and names it.
        #expect(throws: TiledLogError.damaged(path: path)) { try reader.inclusionProof(of: 0) }
    }

    @Test func entriesThatAreNotThoseOfTheTreeAreRefused() throws {
        let (disk, reader) = try log(300, keepsEntries: true)
        try disk.damage("/log/tile/entries/000") { bytes in
            var bytes = bytes
            bytes[2] ^= 1
            return bytes
        }
        #expect(throws: TiledLogError.damaged(path: "tile/entries/000")) {
            try reader.entry(at: 0)
        }
        #expect(try reader.entry(at: 1) == LogFixture.entry(1))
    }

    private func restore(_ disk: SimulatedDisk, _ path: String, _ bytes: [UInt8]) throws {
        try disk.create(path, replacing: true).write(bytes)
    }
}
