// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Resguardo's own co-share rule: which groups of accounts meet more often than chance explains.
///
/// `docs/spec/detection.md` states it.
package struct TimingRule: Equatable, Sendable {
    /// The most seconds between two shares of one object that meet.
    package let windowSeconds: Int64
    /// The least episodes of a pair that is judged.
    package let minimum: Int
    /// The least seconds between two meetings that count.
    package let gapSeconds: Int64
    /// The seconds after an object's first share in which meetings say nothing of a group.
    package let launchSeconds: Int64
    /// The declared share of false groups, and of false members.
    package let rate: Double
    /// The most pairs that are held at once, at 8 bytes each.
    package let pairCountMax: Int

    /// Objects in which more than this part of the pairs of shares meet are left out.
    static let tellingMax = 0.25
    /// How many shares like everybody's are added to an account's own when its rhythm is judged.
    static let prior = 8.0
    /// The least meetings of a link, and of a member with its group.
    static let leastMeetings = 2
    /// Into how many parts the objects fall, of which one judges what the others suggest.
    static let halfCount: UInt32 = 2
    /// How many times likelier than by chance meetings are taken to be when evidence is weighed.
    static let tilts = [2.0, 4, 8, 16, 32, 64]
    /// Into how many parts the objects fall when stability is judged.
    static let foldCount = 5

    /// Creates a rule.
    ///
    /// - Throws: `.parameterOutOfRange` with the parameter's name on the command line.
    package init(
        windowSeconds: Int64 = 60,
        minimum: Int = 3,
        gapSeconds: Int64 = 1800,
        launchSeconds: Int64 = 600,
        rate: Double = 0.05,
        pairCountMax: Int = 1 << 28
    ) throws(FeedKernelError) {
        guard (0...CoShareRule.windowSecondsMax).contains(windowSeconds) else {
            throw .parameterOutOfRange("window")
        }
        guard (2...Int(UInt16.max)).contains(minimum) else {
            throw .parameterOutOfRange("min-participation")
        }
        guard (0...CoShareRule.windowSecondsMax).contains(gapSeconds) else {
            throw .parameterOutOfRange("gap")
        }
        guard (0...CoShareRule.windowSecondsMax).contains(launchSeconds) else {
            throw .parameterOutOfRange("launch")
        }
        guard rate > 0 && rate < 1 else { throw .parameterOutOfRange("rate") }
        self.windowSeconds = windowSeconds
        self.minimum = minimum
        self.gapSeconds = gapSeconds
        self.launchSeconds = launchSeconds
        self.rate = rate
        self.pairCountMax = pairCountMax
    }
}
