// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Which stay in a state a statement is about.
///
/// Trustees who know the same statements by proofs of different logs see a stay begin some seconds
/// apart, so a statement names its beginning only roughly. Two stays of one kind are never so close
/// to each other that this could be mistaken where it matters: a release that was called off comes
/// back after a whole veto window at the earliest, which is a day or more.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
enum SwitchStay {
    /// How far apart two accounts of one beginning may be.
    static let toleranceSeconds: Int64 = 1800

    /// Whether a statement means the stay that began at `since`.
    static func isMeant(by named: Int64, since: Int64?) -> Bool {
        guard let since else { return false }
        // Differences of times as statements carry them do not overflow.
        return abs(named - since) <= toleranceSeconds
    }
}
