// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Dispatch
internal import Synchronization

/// Reads, transforms and writes batches on all cores, writing in order.
///
/// Whoever has nothing to do and finds nobody reading, reads. A worker that has read a batch leaves
/// it to one that waits and reads on, so that a source that hashes what passes, which is the
/// slowest step, is never idle; where nobody waits it finishes the batch itself, while that is in
/// its cache. Each worker holds at most one batch, so memory is bounded by their number.
enum BatchPipeline {
    /// One worker more than processors: while one waits for its turn to write, all processors have
    /// work.
    static let workerCount = min(Workers.count + 1, Workers.countMax)

    /// Runs until a batch says that it was the last, or one fails.
    ///
    /// - Throws: The failure of the first batch, in order, that has one; all batches before it were
    ///   written, none after it.
    static func run<Work: BatchWork>(
        _ work: Work,
        workerCount: Int = workerCount
    ) throws(AgeError) {
        let state = State<Work>(workerCount: workerCount)
        // Nobody waits for a worker that has not started, so one that gets no thread and starts
        // after the others is no deadlock.
        Workers.run(workerCount) { worker in
            while true {
                switch state.next(for: worker) {
                case .read:
                    var batch = read(work, state)
                    while state.leave(batch) { batch = read(work, state) }
                    finish(batch.index, work, state)
                case .finish(let index): finish(index, work, state)
                case .wait: state.wakings[worker].wait()
                case .stop: return
                }
            }
        }
        if let failure = state.failure { throw failure }
    }

    private static func read<Work: BatchWork>(
        _ work: Work,
        _ state: State<Work>
    ) -> (index: Int, isLast: Bool) {
        let index = state.readCount
        state.readCount += 1
        let slot = state.slots[index % state.slots.count]
        let lane = slot.lane ?? work.makeLane()
        slot.lane = lane
        do {
            return (index, try work.fill(lane, batchIndex: index))
        } catch {
            slot.failure = error
            return (index, true)
        }
    }

    private static func finish<Work: BatchWork>(_ index: Int, _ work: Work, _ state: State<Work>) {
        let slot = state.slots[index % state.slots.count]
        if let lane = slot.lane, slot.failure == nil { work.transform(lane) }
        state.turns[index % state.turns.count].wait()
        if state.failure == nil {
            state.failure = slot.failure ?? slot.lane.flatMap(work.failureOfDraining)
            if state.failure != nil { state.stop() }
        }
        state.turns[(index + 1) % state.turns.count].signal()
    }

    /// What a worker does next.
    private enum Step {
        case read
        case finish(Int)
        case wait
        case stop
    }

    /// The memory of a batch, and why it could not be filled; belongs to whoever has the batch.
    private final class Slot<Lane> {
        var lane: Lane?
        var failure: AgeError?
    }

    /// Who does what.
    private struct Plan {
        var isReading = false
        /// Nothing more is to be read.
        var isInputDone = false
        /// Batches that their readers left to others.
        var left: [Int] = []
        /// Workers that wait, for a batch or for the end.
        var waiting: [Int] = []
    }

    private final class State<Work: BatchWork> {
        private let plan = Mutex(Plan())
        /// Batches in work are consecutive and at most as many as workers, so their indices modulo
        /// the count are distinct, here and among `turns`.
        let slots: [Slot<Work.Lane>]
        let turns: [DispatchSemaphore]
        /// One for each worker, to wait at.
        let wakings: [DispatchSemaphore]
        /// Belongs to whoever reads.
        var readCount = 0
        /// Belongs to whoever has the turn to write, and to the caller after all workers are done.
        var failure: AgeError?

        init(workerCount: Int) {
            slots = (0..<workerCount).map { _ in Slot() }
            turns = (0..<workerCount).map { DispatchSemaphore(value: $0 == 0 ? 1 : 0) }
            wakings = (0..<workerCount).map { _ in DispatchSemaphore(value: 0) }
        }

        deinit {
            // One turn is always free at the end. libdispatch traps when a semaphore dies with a
            // smaller value than it was born with; only the first was born with one.
            turns[0].signal()
        }

        func next(for worker: Int) -> Step {
            plan.withLock { plan in
                if !plan.left.isEmpty { return .finish(plan.left.removeFirst()) }
                if plan.isInputDone { return .stop }
                if plan.isReading {
                    plan.waiting.append(worker)
                    return .wait
                }
                plan.isReading = true
                return .read
            }
        }

        /// Leaves a batch to a worker that waits, if there is one and more is to be read.
        func leave(_ batch: (index: Int, isLast: Bool)) -> Bool {
            guard !batch.isLast else {
                stop()
                return false
            }
            let heir: Int? = plan.withLock { plan in
                guard !plan.isInputDone, let heir = plan.waiting.popLast() else {
                    plan.isReading = false
                    return nil
                }
                plan.left.append(batch.index)
                return heir
            }
            guard let heir else { return false }
            wakings[heir].signal()
            return true
        }

        func stop() {
            let waiting = plan.withLock { plan in
                plan.isInputDone = true
                defer { plan.waiting = [] }
                return plan.waiting
            }
            for worker in waiting { wakings[worker].signal() }
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
