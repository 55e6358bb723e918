// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// All that decides about a switch, as data: what counts, what follows, how many, how long.
///
/// Programs use standard. Tests change one thing at a time and have to notice.
///
/// Spec: `docs/spec/switch.md`, section 5.
package struct SwitchRules: Equatable, Sendable {
    /// Which statements count.
    package var admissions = SwitchAdmission.table
    /// What follows from what counts.
    package var transitions = SwitchTransition.table
    /// How many trustees each decision takes.
    package var quorums = SwitchQuorums()
    /// How long things take.
    package var limits = SwitchLimits()

    /// Those of the specification.
    package init() {}

    /// Those of the specification.
    package static let standard = SwitchRules()
}
