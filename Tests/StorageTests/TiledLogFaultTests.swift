// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Storage
import StorageFaults
import Testing
import TransparencyLog

/// Every operation of every step goes wrong in every way; afterwards the log is whole.
@Suite struct TiledLogFaultTests {
    private static let batches = [0..<3, 3..<260, 260..<261, 261..<600]

    private let fixture: LogFixture

    init() throws {
        fixture = try LogFixture()
    }

    /// What a run with one fault came to.
    private struct Run {
        let disk = SimulatedDisk()
        /// Sizes that were reported as durable.
        var acknowledged = 0
        /// Size that an append which did not return would have made.
        var inFlight: Int?
        var isCreated = false
    }

    private func count() throws -> Int {
        let files = FaultyFileSystem(SimulatedDisk())
        let log = try fixture.create(files)
        for batch in Self.batches {
            _ = try log.append(LogFixture.entries(batch), time: 1)
        }
        return files.operationCount
    }

    /// Runs all steps until one fails.
    private func run(_ index: Int, _ fault: Fault) -> (Run, FaultyFileSystem) {
        var run = Run()
        let files = FaultyFileSystem(run.disk, index: index, fault: fault)
        do {
            let log = try fixture.create(files)
            run.isCreated = true
            for batch in Self.batches {
                run.inFlight = batch.upperBound
                _ = try log.append(LogFixture.entries(batch), time: 1)
                run.acknowledged = batch.upperBound
                run.inFlight = nil
            }
        } catch {
            // What was reported until here is what counts.
        }
        return (run, files)
    }

    @Test(arguments: [Fault.failed, .failedButPersisted, .torn, .crashed])
    func whatWasReportedSurvivesAFaultAndAPowerCut(fault: Fault) throws {
        let operationCount = try count()
        #expect(operationCount > 60)
        for index in 0..<operationCount {
            for seed in 0..<6 as Range<UInt64> {
                let (run, _) = run(index, fault)
                var random = SplitMix64(state: seed)
                run.disk.crash(&random)
                try check(run, "operation \(index), \(fault), seed \(seed)")
            }
        }
    }

    @Test(arguments: [Fault.failed, .failedButPersisted, .torn, .crashed])
    func whatWasReportedSurvivesAFaultAndAKill(fault: Fault) throws {
        for index in 0..<(try count()) {
            let (run, _) = run(index, fault)
            try check(run, "operation \(index), \(fault)")
        }
    }

    /// Opens what is on the disk: acknowledged entries are there, the last batch wholly or not.
    private func check(_ run: Run, _ place: Comment) throws {
        let log: TiledLog
        do {
            log = try fixture.open(run.disk)
        } catch TiledLogError.notFound where !run.isCreated {
            log = try fixture.create(run.disk)
        }
        let size = Int(log.size)
        #expect(size == run.acknowledged || size == run.inFlight, place)
        #expect(throws: Never.self, place) { try log.reader.audit() }
        // Life goes on, over whatever the interrupted append left behind.
        _ = try log.append([[1], [2]], time: 2)
        let entries = LogFixture.entries(0..<size) + [[1], [2]]
        #expect(log.reader.checkpoint.root == MerkleTree.root(of: entries.map(LogHash.leaf)), place)
        #expect(throws: Never.self, place) { try log.reader.audit() }
    }

    @Test(arguments: [Fault.failed, .failedButPersisted, .torn])
    func failedAppendsAreRepeatedWithoutHarm(fault: Fault) throws {
        for index in 0..<(try count()) {
            let disk = SimulatedDisk()
            let files = FaultyFileSystem(disk, index: index, fault: fault)
            guard var log = try? fixture.create(files) else {
                // Creation is tested by itself.
                continue
            }
            for batch in Self.batches {
                do {
                    _ = try log.append(LogFixture.entries(batch), time: 1)
                } catch TiledLogError.needsReopening {
                    #expect(throws: TiledLogError.needsReopening) { try log.append([], time: 1) }
                    log = try reopened(consume log, files)
                    if log.size == UInt64(batch.lowerBound) {
                        _ = try log.append(LogFixture.entries(batch), time: 1)
                    }
                } catch is FileSystemError {
                    #expect(log.size == UInt64(batch.lowerBound))
                    _ = try log.append(LogFixture.entries(batch), time: 1)
                }
            }
            let leaves = LogFixture.entries(0..<600).map(LogHash.leaf)
            #expect(log.reader.checkpoint.root == MerkleTree.root(of: leaves), "operation \(index)")
            #expect(throws: Never.self, "operation \(index)") { try log.reader.audit() }
        }
    }

    private func reopened(_ log: consuming TiledLog, _ files: any FileSystem) throws -> TiledLog {
        // The lock goes with the broken log.
        _ = consume log
        return try fixture.open(files)
    }

    /// A disk that lies about one operation can lose what was reported, which nothing can prevent;
    /// but it is noticed, and no wrong entry is ever served as right.
    @Test func aDiskThatLiesIsNoticed() throws {
        let whole = LogFixture.entries(0..<600)
        for index in 0..<(try count()) {
            for seed in 0..<4 as Range<UInt64> {
                let (run, _) = run(index, .lost)
                if seed > 0 {
                    var random = SplitMix64(state: seed)
                    run.disk.crash(&random)
                }
                do {
                    let log = try fixture.open(run.disk)
                    try log.reader.audit()
                    let leaves = whole[..<Int(log.size)].map(LogHash.leaf)
                    #expect(log.reader.checkpoint.root == MerkleTree.root(of: leaves))
                } catch let error as TiledLogError {
                    switch error {
                    case .damaged, .notFound: break
                    default: Issue.record(error, "operation \(index), seed \(seed)")
                    }
                }
            }
        }
    }
}
