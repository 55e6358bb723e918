// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// No country alone may force a release, nor block one by silence.
///
/// Spec: `docs/spec/switch.md`, section 3.4.
package struct JurisdictionRule: Sendable {
    /// n.
    package let trusteeCount: Int
    /// k.
    package let threshold: Int

    /// The rule for n trustees and threshold k.
    package init(trusteeCount: Int, threshold: Int) {
        self.trusteeCount = trusteeCount
        self.threshold = threshold
    }

    /// The most trustees in one country: min(k − 1, n − k).
    package var countMax: Int { min(threshold - 1, trusteeCount - threshold) }

    /// Throws if a country has too many of the trustees.
    ///
    /// - Parameter jurisdictions: One a trustee.
    /// - Throws: ``SwitchError/jurisdictionTooStrong(_:trustees:max:)``, the first in byte order.
    package func check(_ jurisdictions: [Jurisdiction]) throws(SwitchError) {
        for (jurisdiction, count) in counts(jurisdictions) where count > countMax {
            throw .jurisdictionTooStrong(jurisdiction, trustees: count, max: countMax)
        }
    }

    /// Countries whose silence would block the path of k+1 trustees: more than n − k − 1 of them.
    package func blockingEarlyPath(_ jurisdictions: [Jurisdiction]) -> [Jurisdiction] {
        counts(jurisdictions).filter { $0.1 > trusteeCount - threshold - 1 }.map(\.0)
    }

    private func counts(_ jurisdictions: [Jurisdiction]) -> [(Jurisdiction, Int)] {
        Dictionary(grouping: jurisdictions) { $0 }.map { ($0, $1.count) }.sorted { $0.0 < $1.0 }
    }
}
