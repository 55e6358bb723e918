// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// When two messages count as coordinated for the QUT coordination-network-toolkit 1.5.2.
///
/// The weight of the edge from one account to another is the number of the first one's messages
/// within the window of which, before or after, the other one shared the same thing.
package struct ToolkitRule: Equatable, Sendable {
    /// The most seconds between two messages, in either direction.
    package let windowSeconds: Int64
    /// Lighter edges are left out.
    package let minimumWeight: Int
    /// The most meetings that are held at once, at 12 bytes each.
    package let pairCountMax: Int

    /// Creates a rule.
    ///
    /// - Throws: `.parameterOutOfRange` with the parameter's name on the command line.
    package init(
        windowSeconds: Int64 = 60,
        minimumWeight: Int = 1,
        pairCountMax: Int = 1 << 28
    ) throws(FeedKernelError) {
        guard (0...CoShareRule.windowSecondsMax).contains(windowSeconds) else {
            throw .parameterOutOfRange("window")
        }
        guard (1...Int(UInt32.max)).contains(minimumWeight) else {
            throw .parameterOutOfRange("min-weight")
        }
        self.windowSeconds = windowSeconds
        self.minimumWeight = minimumWeight
        self.pairCountMax = pairCountMax
    }
}

/// An edge of the toolkit: how many messages of one account another one met.
package struct ToolkitEdge: Equatable, Sendable {
    /// Whose messages are counted, an index into the accounts.
    package let source: UInt32
    /// Who shared the same thing near them, an index into the accounts.
    package let target: UInt32
    /// How many messages.
    package let weight: Int
}
