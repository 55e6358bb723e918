// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Threads that live for one call: bulk work on all cores without tasks that outlive their owner.
package enum Workers {
    /// More threads than this would wait for each other's input and output.
    package static let countMax = 16

    /// Processors of this machine, at most ``countMax``.
    package static let count = min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), countMax)

    /// Calls `body` once for each index below `count`, each on a thread of its own, the last on the
    /// caller's, and returns when all are done.
    ///
    /// The compiler cannot check what the calls share: `body` sees to it that they touch different
    /// things, or one at a time. When the system gives no more threads, the calls that got none run
    /// one after the other; so none may wait for one with a higher index to start.
    ///
    /// - Parameters:
    ///   - count: 1...``countMax``.
    ///   - body: Gets the index.
    package static func run(_ count: Int, _ body: (Int) -> Void) {
        precondition((1...countMax).contains(count), "a bearable number of threads")
        withoutActuallyEscaping(body) { body in
            var threads: [pthread_t] = []
            var started = 0
            while started < count - 1 {
                let call = unsafe Unmanaged.passRetained(Call(body, started))
                var thread = pthread_t()
                let status = unsafe pthread_create(&thread, nil, Call.enter, call.toOpaque())
                guard status == 0 else {
                    unsafe call.release()
                    break
                }
                threads.append(thread)
                started += 1
            }
            for index in started..<count { body(index) }
            for thread in threads {
                let status = pthread_join(thread, nil)
                precondition(status == 0, "a thread that was started ends")
            }
        }
    }

    /// What a new thread is told.
    private final class Call {
        private let body: (Int) -> Void
        private let index: Int

        init(_ body: @escaping (Int) -> Void, _ index: Int) {
            self.body = body
            self.index = index
        }

        static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
            guard let pointer = unsafe $0 else { return nil }
            let call = unsafe Unmanaged<Call>.fromOpaque(pointer).takeRetainedValue()
            call.body(call.index)
            return nil
        }
    }
}
