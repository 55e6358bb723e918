// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Dispatch

/// Reads, transforms and writes batches on all cores, writing in order.
///
/// Each worker owns one batch at a time: it takes the next from the input, works on it while others
/// read and write, and waits for its turn to write. So memory is bounded by the number of workers,
/// and no thread only reads or only writes.
enum BatchPipeline {
    /// One worker more than processors: while one waits for its turn, all processors have work.
    ///
    /// More only wake each other: on two cores, eight took a third longer to seal than three.
    static let workerCount = min(Workers.count + 1, Workers.countMax)

    /// Runs until a batch says that it was the last, or one fails.
    ///
    /// - Throws: The failure of the first batch, in order, that has one; all batches before it were
    ///   written, none after it.
    static func run<Work: BatchWork>(
        _ work: Work,
        workerCount: Int = workerCount
    ) throws(AgeError) {
        let state = State(workerCount: workerCount)
        // Workers never wait for a batch that nobody has taken, so a worker that got no thread and
        // starts after the others is no deadlock.
        Workers.run(workerCount) { _ in runWorker(work, state) }
        if let failure = state.failure { throw failure }
    }

    private static func runWorker<Work: BatchWork>(_ work: Work, _ state: State) {
        var lane: Work.Lane?
        while true {
            state.input.wait()
            guard !state.isInputDone else {
                state.input.signal()
                return
            }
            let index = state.batchIndex
            state.batchIndex += 1
            let batch = lane ?? work.makeLane()
            lane = batch
            var failure: AgeError?
            do {
                state.isInputDone = try work.fill(batch, batchIndex: index)
            } catch {
                failure = error
                state.isInputDone = true
            }
            state.input.signal()
            if failure == nil { work.transform(batch) }
            state.awaitTurn(index)
            if state.failure == nil {
                state.failure = failure ?? work.failureOfDraining(batch)
            }
            let hasFailed = state.failure != nil
            state.passTurn(index)
            if hasFailed { state.stop() }
        }
    }

    /// `batchIndex` and `isInputDone` belong to whoever holds `input`; `failure` to whoever has the
    /// turn to write, and to the caller after all workers are done.
    private final class State {
        let input = DispatchSemaphore(value: 1)
        var batchIndex = 0
        var isInputDone = false
        var failure: AgeError?
        /// Batches in work are consecutive and at most as many as workers, so their indices modulo
        /// the count are distinct.
        private let turns: [DispatchSemaphore]

        init(workerCount: Int) {
            turns = (0..<workerCount).map { DispatchSemaphore(value: $0 == 0 ? 1 : 0) }
        }

        deinit {
            // One turn is always free at the end. libdispatch traps when a semaphore dies with a
            // smaller value than it was born with; only the first was born with one.
            turns[0].signal()
        }

        func awaitTurn(_ index: Int) { turns[index % turns.count].wait() }
        func passTurn(_ index: Int) { turns[(index + 1) % turns.count].signal() }

        func stop() {
            input.wait()
            isInputDone = true
            input.signal()
        }
    }
}

/// What a pipeline does with its batches.
///
/// `fill` calls and `drain` calls come one at a time and in
/// order; `transform` runs on several lanes at once and touches nothing but its lane.
protocol BatchWork: AnyObject {
    associatedtype Lane: AnyObject

    /// Makes the memory of one batch.
    func makeLane() -> Lane
    /// Reads the next batch and tells whether it is the last.
    func fill(_ lane: Lane, batchIndex: Int) throws(AgeError) -> Bool
    /// Computes. Failures wait in the lane for their turn.
    func transform(_ lane: Lane)
    /// Writes the batch.
    func drain(_ lane: Lane) throws(AgeError)
}

extension BatchWork {
    fileprivate func failureOfDraining(_ lane: Lane) -> AgeError? {
        do throws(AgeError) {
            try drain(lane)
            return nil
        } catch {
            return error
        }
    }
}
