// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The cores that a stage may use.
///
/// How work is put on them is the caller's affair: this layer has no
/// threads of its own, and its results do not depend on their number.
package struct Cores: Sendable {
    /// Runs `body(0)` … `body(count − 1)`, in any order, and returns when all are done.
    package typealias Perform = @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

    private let perform: Perform

    /// One core: everything in order on the caller's thread.
    package static let single = Cores { count, body in
        for index in 0..<count { body(index) }
    }

    /// Creates cores from a parallel loop, such as Dispatch's `concurrentPerform`.
    package init(perform: @escaping Perform) {
        self.perform = perform
    }

    /// Applies `body` to every index and collects the results in order.
    ///
    /// - Throws: The error of the lowest index that failed, so that it is the same on every run.
    package func map<Value: Sendable, Fault: Error>(
        _ count: Int,
        _ body: @Sendable (Int) throws(Fault) -> Value
    ) throws(Fault) -> [Value] {
        let results = Mutex([Result<Value, Fault>?](repeating: nil, count: count))
        perform(count) { index in
            let result: Result<Value, Fault>
            do throws(Fault) {
                result = .success(try body(index))
            } catch {
                result = .failure(error)
            }
            results.withLock { $0[index] = result }
        }
        var values: [Value] = []
        values.reserveCapacity(count)
        for result in results.withLock({ $0 }) {
            guard let result else { preconditionFailure("the parallel loop left out an index") }
            values.append(try result.get())
        }
        return values
    }
}
