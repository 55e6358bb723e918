// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Statements

/// What is still missing before people may rely on an arming.
///
/// The clock of an armed switch runs from its arming on; until all have confirmed, it is shown as
/// not protected.
///
/// Spec: `docs/spec/switch.md`, section 3.4.
package struct SwitchReadiness: Equatable, Sendable {
    /// Trustees to whom the owner has not written: a new epoch is needed.
    package let unbriefed: [TrusteeNumber]
    /// Trustees who have not shown since the arming that they have their keys.
    package let unconfirmed: [TrusteeNumber]
    /// Whether a successor has shown to have the escrow file.
    package let hasSuccessor: Bool

    /// Whether nothing is missing.
    package var isComplete: Bool { unbriefed.isEmpty && unconfirmed.isEmpty && hasSuccessor }
}

extension SwitchRecord {
    /// What is missing in the epoch that counts.
    package var readiness: SwitchReadiness { readiness(of: arming.statement.epoch.number) }

    /// What is missing in an epoch.
    package func readiness(of epoch: Int64) -> SwitchReadiness {
        let numbers =
            (armings[epoch]?.statement.trustees.indices)
            .map { $0.map { TrusteeNumber($0 + 1) } } ?? []
        return SwitchReadiness(
            unbriefed: numbers.filter { briefed[epoch]?.contains($0) != true },
            unconfirmed: numbers.filter { drilled[epoch]?.contains($0) != true },
            hasSuccessor: ready[epoch]?.isEmpty == false
        )
    }

    /// Whether a reader who can open it finds this statement under seal.
    package func hasSealed(_ inner: DayContents.Inner) -> Bool {
        sealedPayloads.contains(SHA256.hash(inner.payload))
    }

    /// Whether a trustee has said something under seal on a day.
    package func hasDay(_ day: Int64, of trustee: TrusteeNumber, epoch: Int64) -> Bool {
        days.contains(DayName(epoch: epoch, trustee: trustee, day: day))
    }
}
