// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import StorageFaults
import Testing
import TransparencyLog

/// Every request goes wrong in every way, and two processes meet at every request: afterwards there
/// is one history, no tile was written twice, and every receipt proves.
@Suite struct BlobLogFaultTests {
    private let fixture: LogFixture

    init() throws {
        fixture = try LogFixture()
    }

    private func requestCount(_ keepsEntries: Bool) throws -> Int {
        let client = SimulatedBlobClient(SimulatedBlobs())
        let writer = BlobWriter(fixture, 1, client, keepsEntries: keepsEntries)
        try writer.create()
        writer.run()
        #expect(writer.state.size == 600)
        #expect(writer.state.end == nil)
        return client.requestCount
    }

    @Test(
        arguments: [Fault.failed, .failedButPersisted, .lost, .crashed, .crashedAfter],
        [true, false]
    )
    func whatWasReportedSurvivesAnyFault(fault: Fault, keepsEntries: Bool) throws {
        let requestCount = try requestCount(keepsEntries)
        #expect(requestCount >= 20)
        for index in 0..<requestCount {
            let place: Comment = "request \(index), \(fault)"
            let service = SimulatedBlobs()
            let client = SimulatedBlobClient(service, index: index, fault: fault)
            let writer = BlobWriter(fixture, 1, client, keepsEntries: keepsEntries)
            try? writer.create()
            if writer.state.isCreated { writer.run() }
            let other = BlobWriter(
                fixture,
                2,
                SimulatedBlobClient(service),
                keepsEntries: keepsEntries
            )
            if service.objects.isEmpty { try other.create() }
            let size = try BlobWriter.check(service, fixture, [writer], place)
            let state = writer.state
            #expect(size == state.size ?? 0 || size == state.inFlight, place)
        }
    }

    @Test func twoProcessesMayMeetAtEveryRequest() throws {
        let batches = [0..<2, 2..<300]
        var met: Set<String> = []
        for first in 0..<24 {
            for second in 0..<24 {
                let order =
                    [Int](repeating: 0, count: first) + [Int](repeating: 1, count: second)
                met.formUnion(try meet(order, batches, "\(first), then \(second)"))
            }
        }
        // One goes on, the other finds out.
        #expect(met.contains("superseded"))
    }

    @Test func twoProcessesMayMeetInAnyOrderWithAnyFault() throws {
        for seed in 0..<400 as Range<UInt64> {
            var random = SplitMix64(state: seed)
            let order = (0..<60).map { _ in Int.random(in: 0...1, using: &random) }
            let fault = Fault.allCases.randomElement(using: &random) ?? .failed
            let index = Int.random(in: 0..<30, using: &random)
            _ = try meet(order, [0..<2, 2..<300], "seed \(seed)", index: index, fault: fault)
        }
    }

    /// Two processes open one log and append to it.
    ///
    /// - Returns: How they ended.
    private func meet(
        _ order: [Int],
        _ batches: [Range<Int>],
        _ place: Comment,
        index: Int? = nil,
        fault: Fault = .failed
    ) throws -> Set<String> {
        let service = SimulatedBlobs()
        try BlobWriter(fixture, 9, SimulatedBlobClient(service)).create()
        let turns = Turns(order)
        let writers = (0...1).map { number in
            BlobWriter(
                fixture,
                UInt8(number),
                SimulatedBlobClient(
                    service,
                    index: number == 0 ? index : nil,
                    fault: fault,
                    turn: { turns.take(number, $0) }
                )
            )
        }
        turns.run(writers.map { writer in { writer.run(batches) } })
        try BlobWriter.check(service, fixture, writers, place)
        let ends = writers.compactMap(\.state.end)
        if index == nil {
            #expect(ends.allSatisfy { $0 == .superseded }, place)
            // Whoever opened last is in nobody's way.
            #expect(ends.count < 2 || writers.contains { $0.state.size == nil }, place)
        }
        return Set(ends.map { "\($0)" })
    }

    @Test func aHeadThatWasChangedIsRefused() throws {
        let service = SimulatedBlobs()
        let writer = BlobWriter(fixture, 1, SimulatedBlobClient(service))
        try writer.create()
        writer.run([0..<3])
        let head = try #require(service.objects["logs/vault/head"])
        for offset in stride(from: 0, to: head.count, by: 7) {
            var changed = head
            changed[offset] ^= 1
            let other = SimulatedBlobs()
            let client = SimulatedBlobClient(other)
            _ = try client.put("logs/vault/head", changed, if: .absent, isKept: false)
            #expect(throws: TiledLogError.self, "byte \(offset)") {
                try BlobWriter(fixture, 2, client).open()
            }
        }
    }

    @Test func aTileThatWasChangedIsNamed() throws {
        let service = SimulatedBlobs()
        let client = SimulatedBlobClient(service)
        let writer = BlobWriter(fixture, 1, client)
        try writer.create()
        writer.run([0..<3])
        let path = "logs/vault/tile/0/000.p/3"
        let old = try #require(try client.get(path, countMax: 1 << 20))
        _ = try client.put(
            path,
            [UInt8](repeating: 0, count: 96),
            if: .matching(old.tag),
            isKept: true
        )
        #expect(throws: TiledLogError.damaged(path: "tile/0/000.p/3")) {
            try BlobWriter(fixture, 2, client).open()
        }
    }
}
