// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import TransparencyLog

/// Figures for `docs/benchmarks.md`, printed and not judged; `Tests/Benchmarks/log/run` asks.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RESGUARDO_BENCHMARK"] != nil))
struct TiledLogProofBenchmark {
    @Test func proofsOfALogWithAMillionEntries() throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-proofs-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fixture = try LogFixture()
        let log = try TiledLog.create(
            directory: directory,
            signer: fixture.signer,
            keepsEntries: false,
            time: 1
        )
        // Neither a power of two nor a multiple of a tile: partial tiles take part.
        let size = 1_000_003
        for start in stride(from: 0, to: size, by: TiledLog.batchCountMax) {
            let end = min(start + TiledLog.batchCountMax, size)
            _ = try log.append(LogFixture.entries(start..<end), time: 1)
        }
        var random = SplitMix64(state: 1)
        var seconds: [Double] = []
        let clock = ContinuousClock()
        for _ in 0..<1001 {
            let index = UInt64.random(in: 0..<UInt64(size), using: &random)
            let time = try clock.measure { _ = try log.reader.proof(of: index) }
            seconds.append(time / .seconds(1))
        }
        seconds.sort()
        let milliseconds = [500, 990].map { String(format: "%.2f", seconds[$0] * 1000) }
        print(
            "inclusion proof, \(size) entries: median \(milliseconds[0]) ms, p99 \(milliseconds[1])"
        )
        let time = try clock.measure { _ = try log.reader.audit() }
        print("audit of hashes, \(size) entries: \(time)")
    }
}
