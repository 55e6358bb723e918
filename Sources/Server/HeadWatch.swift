// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Looks now and then whether a log in a store is still this process's to append to.
///
/// It would find out with its next append anyhow; so it finds out before somebody uploads in vain.
///
/// Spec: `docs/spec/node-s3.md`, section 4.
package struct HeadWatch: NodeService {
    private static let seconds = 5

    private let view: BlobLog.View

    /// A watch over a log.
    package init(_ view: BlobLog.View) {
        self.view = view
    }

    /// See ``NodeService/run()``.
    package func run() async throws {
        while true {
            try await Task.sleep(for: .seconds(Self.seconds))
            do {
                try await Blocking.run { [view] in try view.check() }
            } catch is BlobFailure {
                // Whoever cannot ask cannot append either.
            }
        }
    }
}
