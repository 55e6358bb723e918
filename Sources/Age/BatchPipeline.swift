// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Dispatch
internal import Synchronization

/// Reads, observes, transforms and writes batches on all cores, writing in order.
///
/// Each worker takes any step that can be taken now, observing before reading before writing before
/// transforming. So hashing what passes, the slowest of the steps that cannot be shared out, never
/// has to wait; and nobody sleeps while there is work, for waking up takes as long as a small batch
/// on a virtual machine. Memory is bounded by the number of slots.
enum BatchPipeline {
    /// Batches in work beyond one for each worker: while one is written, which can take long, the
    /// others need not wait.
    private static let spareSlotCount = 4

    /// Runs until a batch says that it was the last, or one fails.
    ///
    /// - Throws: The failure of the first batch, in order, that has one; all batches before it were
    ///   written, none after it.
    static func run<Work: BatchWork>(
        _ work: Work,
        workerCount: Int = Workers.count
    ) throws(AgeError) {
        // One worker alone would only read ahead of itself.
        let slotCount = workerCount == 1 ? 1 : workerCount + spareSlotCount
        let state = State<Work>(
            workerCount: workerCount,
            slotCount: slotCount,
            isObserved: work.isObserved
        )
        // Nobody waits for a worker that has not started, so one that gets no thread and starts
        // after the others is no deadlock.
        Workers.run(workerCount) { worker in
            while let step = state.next(for: worker) { take(step, work, state) }
        }
        if let failure = state.failure { throw failure }
    }

    private static func take<Work: BatchWork>(_ step: Step, _ work: Work, _ state: State<Work>) {
        switch step {
        case .read(let index):
            let slot = state.slot(index)
            let lane = slot.lane ?? work.makeLane()
            slot.lane = lane
            do {
                state.didRead(try work.fill(lane, batchIndex: index))
            } catch {
                slot.failure = error
                state.didRead(.last)
            }
        case .observe(let index):
            let slot = state.slot(index)
            if let lane = slot.lane, slot.failure == nil { work.observe(lane) }
            state.didObserve(index)
        case .transform(let index):
            let slot = state.slot(index)
            if let lane = slot.lane, slot.failure == nil { work.transform(lane) }
            state.didTransform(index)
        case .write(let index):
            let slot = state.slot(index)
            state.failure = slot.failure ?? slot.lane.flatMap(work.failureOfDraining)
            state.didWrite(isEnd: state.failure != nil)
        case .wait(let waking): waking.wait()
        }
    }

    /// What a worker does next; the numbers are indices of batches.
    private enum Step {
        case read(Int)
        case observe(Int)
        case transform(Int)
        case write(Int)
        case wait(DispatchSemaphore)
    }

    /// The memory of a batch, and why it could not be filled; belongs to whoever has the batch.
    private final class Slot<Lane> {
        var lane: Lane?
        var failure: AgeError?
    }

    /// How far the batches are.
    private struct Plan {
        /// Whether batches are observed at all.
        let isObserved: Bool
        /// Batches that were read, that were observed, that somebody began to transform, that were
        /// written; each number at most the one before it.
        var readCount = 0
        var observedCount = 0
        var begunCount = 0
        var writtenCount = 0
        /// Of the batches between the last two, those that are transformed, by slot.
        var isTransformed: [Bool]
        var isReading = false
        /// A batch is partly read, and its rest is there only after that part was observed.
        var isParked = false
        var isObserving = false
        var isWriting = false
        var isInputDone = false
        var hasFailed = false
        /// Workers that wait for a step.
        var waiting: [Int] = []

        var isEnd: Bool { hasFailed || (isInputDone && writtenCount == readCount) }

        /// Takes a step, if any can be taken now.
        mutating func step() -> Step? {
            let slotCount = isTransformed.count
            if isObserved && !isObserving && (observedCount < readCount || isParked) {
                isObserving = true
                return .observe(observedCount)
            }
            let canRead = !isReading && !isParked && !isInputDone
            if canRead && readCount - writtenCount < slotCount {
                isReading = true
                return .read(readCount)
            }
            if !isWriting && isTransformed[writtenCount % slotCount] {
                isWriting = true
                return .write(writtenCount)
            }
            if begunCount < (isObserved ? observedCount : readCount) {
                begunCount += 1
                return .transform(begunCount - 1)
            }
            return nil
        }

        /// Whether ``step()`` would give one.
        var hasStep: Bool {
            var copy = self
            return copy.step() != nil
        }
    }

    private final class State<Work: BatchWork> {
        private let plan: Mutex<Plan>
        private let slots: [Slot<Work.Lane>]
        /// One for each worker, to wait at.
        private let wakings: [DispatchSemaphore]
        /// Belongs to whoever writes, and to the caller after all workers are done.
        var failure: AgeError?

        init(workerCount: Int, slotCount: Int, isObserved: Bool) {
            let isTransformed = Array(repeating: false, count: slotCount)
            plan = Mutex(Plan(isObserved: isObserved, isTransformed: isTransformed))
            slots = (0..<slotCount).map { _ in Slot() }
            wakings = (0..<workerCount).map { _ in DispatchSemaphore(value: 0) }
        }

        func slot(_ index: Int) -> Slot<Work.Lane> { slots[index % slots.count] }

        /// The next step of a worker, or nil at the end.
        func next(for worker: Int) -> Step? {
            var woken: [Int] = []
            defer { for worker in woken { wakings[worker].signal() } }
            return plan.withLock { plan in
                if plan.isEnd {
                    swap(&woken, &plan.waiting)
                    return nil
                }
                guard let step = plan.step() else {
                    plan.waiting.append(worker)
                    return .wait(wakings[worker])
                }
                if !plan.waiting.isEmpty && plan.hasStep { woken = [plan.waiting.removeLast()] }
                return step
            }
        }

        func didRead(_ filling: BatchFilling) {
            plan.withLock { plan in
                plan.isReading = false
                plan.isParked = filling == .parked
                plan.isInputDone = filling == .last
                if filling != .parked { plan.readCount += 1 }
            }
        }

        func didObserve(_ index: Int) {
            plan.withLock { plan in
                plan.isObserving = false
                // The batch after all that were read is the parked one.
                if index == plan.readCount {
                    plan.isParked = false
                } else {
                    plan.observedCount += 1
                }
            }
        }

        func didTransform(_ index: Int) {
            plan.withLock { $0.isTransformed[index % slots.count] = true }
        }

        func didWrite(isEnd: Bool) {
            plan.withLock { plan in
                plan.isWriting = false
                plan.isTransformed[plan.writtenCount % slots.count] = false
                plan.writtenCount += 1
                plan.hasFailed = isEnd
            }
        }
    }
}

/// What came of reading a batch.
enum BatchFilling {
    /// More batches follow.
    case more
    /// It was the last one.
    case last
    /// It holds a part; the rest comes after that part was observed.
    case parked
}

/// What a pipeline does with its batches.
///
/// `fill` calls come one at a time and in order, and so do `observe` and `drain` calls; `transform`
/// runs on several lanes at once and touches nothing but its lane.
protocol BatchWork: AnyObject {
    associatedtype Lane: AnyObject

    /// Makes the memory of one batch.
    func makeLane() -> Lane
    /// Reads the next batch, or the rest of one that was parked.
    func fill(_ lane: Lane, batchIndex: Int) throws(AgeError) -> BatchFilling
    /// Whether `observe` wants to be called.
    var isObserved: Bool { get }
    /// Looks at what was read into a batch since it was looked at.
    func observe(_ lane: Lane)
    /// Computes. Failures wait in the lane for their turn.
    func transform(_ lane: Lane)
    /// Writes the batch.
    func drain(_ lane: Lane) throws(AgeError)
}

extension BatchWork {
    var isObserved: Bool { false }

    func observe(_ lane: Lane) {}

    fileprivate func failureOfDraining(_ lane: Lane) -> AgeError? {
        do throws(AgeError) {
            try drain(lane)
            return nil
        } catch {
            return error
        }
    }
}
