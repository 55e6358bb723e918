// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization

/// Work that is taken piece by piece, made on all cores, and used in the order in which it came.
///
/// Every worker takes any step that can be taken now, using before taking: so neither the reading
/// of the next piece nor the judging of the last one leaves a core idle.
package enum Conveyor {
    /// Pieces in work beyond one for each worker: while one is used, the others need not wait.
    private static let spareCount = 2

    /// Runs until nothing is left, or a piece fails.
    ///
    /// - Parameters:
    ///   - workerCount: Threads, the caller's among them.
    ///   - take: The next piece, or `nil` after the last; called one at a time, on any thread.
    ///   - make: What is to be done with a piece alone; called on several threads at once.
    ///   - use: What is to be done with all that were made; one at a time, in order, on any thread.
    /// - Throws: The failure of the first piece, in order, that has one: all before it were used,
    ///   none after it.
    package static func run<Piece: Sendable, Made: Sendable, Failure: Error>(
        workerCount: Int = Workers.count,
        take: () throws(Failure) -> Piece?,
        make: @Sendable (Piece) -> Made,
        use: (Made) throws(Failure) -> Void
    ) throws(Failure) {
        let belt = Belt<Made, Failure>(slotCount: workerCount + spareCount)
        Workers.run(workerCount) { _ in
            while let step = belt.next() {
                switch step {
                case .take(let index):
                    do throws(Failure) {
                        let piece = try take()
                        belt.didTake(isLast: piece == nil)
                        if let piece { belt.put(.success(make(piece)), at: index) }
                    } catch {
                        belt.didTake(isLast: true, failure: error)
                    }
                case .use(let made):
                    do throws(Failure) {
                        try use(made.get())
                        belt.didUse(nil)
                    } catch {
                        belt.didUse(error)
                    }
                case .wait: belt.wait()
                }
            }
        }
        if let failure = belt.failure { throw failure }
    }

    /// What a worker does next.
    private enum Step<Made: Sendable, Failure: Error> {
        case take(Int)
        case use(Result<Made, Failure>)
        case wait
    }

    /// How far the pieces are.
    private struct Plan<Made: Sendable, Failure: Error> {
        /// Pieces that were taken, and of them those that were used.
        var takenCount = 0
        var usedCount = 0
        /// Of those between, the ones that are made, by slot.
        var made: [Result<Made, Failure>?]
        var isTaking = false
        var isUsing = false
        var isInputDone = false
        var failure: Failure?
        /// Workers that wait for a step.
        var waitingCount = 0

        var isEnd: Bool { failure != nil || (isInputDone && usedCount == takenCount) }

        private var canUse: Bool { !isUsing && made[usedCount % made.count] != nil }
        private var canTake: Bool {
            !isTaking && !isInputDone && takenCount - usedCount < made.count
        }
        var hasStep: Bool { isEnd || canUse || canTake }

        /// Takes a step, if any can be taken now.
        mutating func step() -> Step<Made, Failure>? {
            if canUse, let piece = made[usedCount % made.count] {
                isUsing = true
                made[usedCount % made.count] = nil
                return .use(piece)
            }
            guard canTake else { return nil }
            isTaking = true
            return .take(takenCount)
        }
    }

    private final class Belt<Made: Sendable, Failure: Error>: Sendable {
        private let plan: Mutex<Plan<Made, Failure>>
        private let waking = DispatchSemaphore(value: 0)

        init(slotCount: Int) {
            plan = Mutex(Plan(made: Array(repeating: nil, count: slotCount)))
        }

        var failure: Failure? { plan.withLock { $0.failure } }

        /// The next step of a worker, or `nil` at the end.
        func next() -> Step<Made, Failure>? {
            plan.withLock { plan in
                if plan.isEnd {
                    wake(plan.waitingCount, &plan)
                    return nil
                }
                guard let step = plan.step() else {
                    plan.waitingCount += 1
                    return .wait
                }
                if plan.waitingCount > 0 && plan.hasStep { wake(1, &plan) }
                return step
            }
        }

        func wait() { waking.wait() }

        private func wake(_ count: Int, _ plan: inout Plan<Made, Failure>) {
            plan.waitingCount -= count
            for _ in 0..<count { waking.signal() }
        }

        func didTake(isLast: Bool, failure: Failure? = nil) {
            plan.withLock { plan in
                plan.isTaking = false
                plan.isInputDone = isLast
                // A failure waits for its turn like a piece.
                if let failure { plan.made[plan.takenCount % plan.made.count] = .failure(failure) }
                if !isLast || failure != nil { plan.takenCount += 1 }
                // Who took it now makes it; another may take the next one meanwhile.
                if plan.waitingCount > 0 && plan.hasStep { wake(1, &plan) }
            }
        }

        func put(_ result: Result<Made, Failure>, at index: Int) {
            plan.withLock { $0.made[index % $0.made.count] = result }
        }

        func didUse(_ failure: Failure?) {
            plan.withLock { plan in
                plan.isUsing = false
                plan.usedCount += 1
                plan.failure = failure
            }
        }
    }
}
