// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Lets processes make their requests one at a time, in an order that is given.
package final class Turns: Sendable {
    private struct State {
        var position = 0
        var ended: Set<Int> = []
    }

    private let order: [Int]
    private let state = Mutex(State())

    /// After the order, the first process that has not ended goes on.
    package init(_ order: [Int]) {
        self.order = order
    }

    private func current(_ state: inout State) -> Int {
        while state.position < order.count, state.ended.contains(order[state.position]) {
            state.position += 1
        }
        if state.position < order.count { return order[state.position] }
        return state.ended.contains(0) ? 1 : 0
    }

    /// Does a request when it is this process's turn.
    package func take(_ process: Int, _ body: () -> Void) {
        var isDone = false
        while !isDone {
            isDone = state.withLock { state in
                guard current(&state) == process else { return false }
                body()
                state.position += 1
                return true
            }
            if !isDone { sched_yield() }
        }
    }

    /// Runs two processes to their ends.
    package func run(_ processes: [@Sendable () -> Void]) {
        let group = DispatchGroup()
        for (index, process) in processes.enumerated() {
            group.enter()
            Thread.detachNewThread {
                process()
                self.state.withLock { _ = $0.ended.insert(index) }
                group.leave()
            }
        }
        group.wait()
    }
}
