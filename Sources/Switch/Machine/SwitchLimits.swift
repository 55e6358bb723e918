// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// The lengths of time and the counts that hold for every switch, whatever its profile.
///
/// Data, so that a test can change one at a time.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
package struct SwitchLimits: Equatable, Sendable {
    private static let hour: Int64 = 3600
    private static let day: Int64 = 24 * hour

    /// No profile releases sooner than this after a clean check-in.
    package var floorSeconds = 72 * hour
    /// The longest absence that can be announced.
    package var holdSecondsMax = 30 * day
    /// How many absences may follow each other without a check-in.
    package var holdsInARowMax: Int64 = 2
    /// The most that one trustee can delay a release.
    package var delaySecondsMax = Delay.secondsMax
    /// The most that all trustees together can delay one.
    package var delaySecondsSumMax = 7 * day
    /// How long k intents stand before the first share is published.
    package var intentSeconds = hour
    /// From a revocation to its effect.
    package var revocationSeconds = 72 * hour
    /// Shorter silences of all logs are no outage.
    package var outageSecondsMin = 2 * hour
    /// The most downtime that is credited to the owner in a cycle.
    package var downtimeSecondsMax = 14 * day
    /// How long the trustees' being asked waits for a reminder that was delivered.
    package var reminderSecondsMax = 48 * hour
    /// How long a trustee's drill is good.
    package var drillSeconds = 30 * day
    /// A trustee who has said nothing for longer than this is not counted as living.
    package var livenessSeconds = 60 * day
    /// How long nothing is deleted after a release.
    package var keepSeconds = 365 * day

    /// Those of the specification.
    package init() {}
}

/// How many more than k of the trustees each decision takes.
///
/// Data, so that a test can change one at a time.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
package struct SwitchQuorums: Equatable, Sendable {
    /// Newest answers *dead* with evidence, which need no deadline and void the owner's word.
    package var deadForCertain = 1
    /// Newest answers *alive*, which take that back.
    package var alive = 0
    /// Newest answers *dead* or *taken* once the grace has passed.
    package var answers = 0
    /// Newest answers *dead*, *taken* or *unknown* after one more grace.
    package var guesses = 0
    /// Consents to a revocation or to a new epoch.
    package var consents = 0
    /// Sealed statements that clear an alarm.
    package var clearings = 0
    /// Intents before the first share.
    package var intents = 0

    /// Those of the specification.
    package init() {}
}
