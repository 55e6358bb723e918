// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import FeedKernels

extension Cores {
    /// All cores of the machine.
    package static let allCores = Cores { count, body in
        DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
}
