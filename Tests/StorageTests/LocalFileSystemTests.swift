// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import TransparencyLog

@Suite struct LocalFileSystemTests {
    private let files = LocalFileSystem()
    private let directory: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-\(UUID().uuidString)")
        directory = url.path
        try files.makeDirectory(directory)
    }

    private func cleanUp() {
        try? FileManager.default.removeItem(atPath: directory)
    }

    @Test func filesAreWrittenReadReplacedAndRemoved() throws {
        defer { cleanUp() }
        let path = directory + "/a"
        #expect(try files.exists(path) == false)
        let file = try files.create(path, replacing: false)
        try file.write([1, 2, 3])
        try file.write([])
        try file.write([4])
        file.startWriteback()
        try file.sync()
        try file.close()
        #expect(throws: FileSystemError.exists(path)) { try files.create(path, replacing: false) }
        #expect(try files.read(path, countMax: 4) == [1, 2, 3, 4])
        #expect(throws: FileSystemError.tooLarge(path, limit: 3)) {
            try files.read(path, countMax: 3)
        }
        #expect(try files.open(path).read(at: 2, count: 9) == [3, 4])
        #expect(try files.open(path).read(at: .max, count: 9) == [])
        #expect(try files.open(path).count() == 4)
        try files.replace(path, with: [9])
        #expect(try files.read(path, countMax: 4) == [9])
        #expect(try files.list(directory) == ["a"])
        try files.remove(path)
        #expect(throws: FileSystemError.notFound(path)) { try files.open(path) }
        #expect(throws: FileSystemError.notFound(path)) { try files.remove(path) }
    }

    @Test func directoriesAreMadeAndRemoved() throws {
        defer { cleanUp() }
        let path = directory + "/d"
        try files.makeDirectory(path)
        try files.makeDirectory(path)
        try files.syncDirectory(path)
        try files.removeDirectory(path)
        #expect(throws: FileSystemError.notFound(path)) { try files.list(path) }
        #expect(throws: FileSystemError.notFound(path)) { try files.syncDirectory(path) }
        #expect(LocalFileSystem.parent(of: "/a/b") == "/a")
        #expect(LocalFileSystem.parent(of: "/a") == "/")
        #expect(LocalFileSystem.parent(of: "a") == ".")
    }

    @Test func locksExcludeAndEndWithTheirOwner() throws {
        defer { cleanUp() }
        let path = directory + "/lock"
        var lock: (any FileLock)? = try files.lock(path)
        #expect(throws: FileSystemError.locked(path)) { try files.lock(path) }
        withExtendedLifetime(lock) {}
        lock = nil
        _ = try files.lock(path)
    }

    @Test func filesAreTheirOwnersAlone() throws {
        defer { cleanUp() }
        let path = directory + "/private"
        try files.replace(path, with: [1])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func logsWorkOnTheRealFileSystem() throws {
        defer { cleanUp() }
        let fixture = try LogFixture()
        let path = directory + "/log"
        do {
            let log = try TiledLog.create(
                directory: path,
                signer: fixture.signer,
                keepsEntries: true,
                time: 1
            )
            _ = try log.append(LogFixture.entries(0..<1000), time: 1)
            #expect(throws: TiledLogError.locked) {
                try TiledLog.open(directory: path, signer: fixture.signer)
            }
        }
        let log = try TiledLog.open(directory: path, signer: fixture.signer)
        _ = try log.append(LogFixture.entries(1000..<1001), time: 1)
        try log.reader.audit()
        #expect(try log.reader.entry(at: 1000) == LogFixture.entry(1000))
    }
}
