// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Storage
import Switch
import Testing
import TransparencyLog

@Suite struct ExchangeTests {
    /// Runs `body` with a directory that is removed afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("resguardo-exchange-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.path + "/exchange")
    }

    private func statement(_ cast: Cast, _ hours: Double) throws -> Envelope {
        let epoch = SwitchEpoch(id: cast.id, number: 1)
        return try Hold(epoch: epoch, until: cast.time(hours), checkpoint: "a\n", token: cast.token)
            .signed(by: cast.owner)
    }

    @Test func entriesKeepTheTimeAtWhichTheWitnessFirstSawThem() throws {
        try withDirectory { path in
            let cast = try Cast()
            #expect(throws: ExchangeError.missing) { try Exchange.open(path) }
            let exchange = try Exchange.openOrCreate(path, time: cast.time(0))
            #expect(try exchange.log().entries.isEmpty)
            for hours in [1.0, 2, 3] {
                try exchange.append([statement(cast, hours)], asOf: cast.time(hours))
            }
            // Signing the same tree again makes no statement younger, however often.
            _ = try exchange.refresh(asOf: cast.time(8))
            _ = try exchange.refresh(asOf: cast.time(9))
            try exchange.append([statement(cast, 10), statement(cast, 11)], asOf: cast.time(10))
            // Another process that opens it later reads the same.
            let log = try Exchange.open(path).log()
            #expect(log.entries.map(\.time) == [1, 2, 3, 10, 10].map { cast.time($0) })
            #expect(log.entries.map(\.leaf) == [0, 2, 4, 6, 7])
            #expect(log.time == cast.time(10))
        }
    }

    @Test func theWitnessSignsNoEarlierTime() throws {
        try withDirectory { path in
            let cast = try Cast()
            let exchange = try Exchange.openOrCreate(path, time: cast.time(5))
            #expect(throws: SwitchError.clockRunsBackwards(seconds: 3600, leaf: 0)) {
                try exchange.refresh(asOf: cast.time(4))
            }
            #expect(try exchange.refresh(asOf: cast.time(5)).signatures.count == 2)
        }
    }

    @Test func aClockFarAheadBlocksNobody() throws {
        try withDirectory { path in
            let cast = try Cast()
            let exchange = try Exchange.openOrCreate(path, time: cast.time(0))
            try exchange.append([statement(cast, 1)], asOf: cast.time(1))
            try exchange.append([statement(cast, 2)], asOf: cast.time(24 * 365 * 30))
            // What that clock dated is as old as the next honest signature.
            _ = try exchange.refresh(asOf: cast.time(3))
            try exchange.append([statement(cast, 4)], asOf: cast.time(4))
            #expect(try exchange.log().entries.map(\.time) == [1, 3, 4].map { cast.time($0) })
            // A clock that lost its battery is behind everything, and signs nothing.
            #expect(throws: SwitchError.self) { try exchange.refresh(asOf: 0) }
        }
    }

    @Test func aChangedEntryIsSeen() throws {
        try withDirectory { path in
            let cast = try Cast()
            let exchange = try Exchange.openOrCreate(path, time: cast.time(0))
            try exchange.append([statement(cast, 1)], asOf: cast.time(1))
            let file = path + "/log/tile/entries/000.p/1"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            bytes[40] ^= 1
            try bytes.write(to: URL(fileURLWithPath: file))
            #expect(throws: SwitchError.logContradictsItself(leaf: 1)) { try exchange.log() }
        }
    }

    @Test func escrowFilesAreFoundByDigestAndChecked() throws {
        try withDirectory { path in
            let exchange = try Exchange.openOrCreate(path, time: 0)
            let file = EscrowFile(bytes: [1, 2, 3])
            #expect(throws: SwitchError.escrowMissing) { try exchange.escrow(file.digest) }
            try exchange.store(file)
            #expect(try exchange.escrow(file.digest) == file)
            try Data([1, 2, 4]).write(to: URL(fileURLWithPath: exchange.escrowPath(file.digest)))
            #expect(throws: SwitchError.escrowChanged) { try exchange.escrow(file.digest) }
        }
    }

    @Test func aDemonstrationIsToldFromTheRealThing() throws {
        try withDirectory { path in
            let real = try Exchange.openOrCreate(path, time: 0)
            #expect(!real.isDemo)
            let same = try Exchange.openOrCreate(path, time: 0, isDemo: true)
            #expect(!same.isDemo)
            let demo = try Exchange.openOrCreate(path + "2", time: 0, isDemo: true)
            #expect(demo.isDemo)
        }
    }

    @Test func anInterruptedCreationIsRunAgain() throws {
        try withDirectory { path in
            _ = try Exchange.openOrCreate(path, time: 0)
            try FileManager.default.removeItem(atPath: path + "/policy")
            #expect(throws: ExchangeError.missing) { try Exchange.open(path) }
            let exchange = try Exchange.openOrCreate(path, time: 1)
            _ = try exchange.refresh(asOf: 2)
            #expect(try exchange.log().time == 2)
        }
    }

    @Test func aMissingWitnessKeyIsNamed() throws {
        try withDirectory { path in
            let exchange = try Exchange.openOrCreate(path, time: 0)
            try FileManager.default.removeItem(atPath: path + "/witness.key")
            #expect(throws: ExchangeError.damaged(name: "witness.key")) {
                try exchange.refresh(asOf: 2)
            }
        }
    }
}
