// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension MemorialStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.7.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject, evenRevoked: true)
        if state.guardianSigners(of: entry, subject).count < Subject.guardianThreshold {
            try state.requireCouncil(charter.revokeQuorum, entry)
        }
        guard !subject.closures.contains(where: { $0.isPending(at: state.clock) }) else {
            throw .repeated
        }
        try state.requirePast(self.lastTrustedAt)
        state.close(subject, as: .memorial, .deceased, self.lastTrustedAt, by: entry)
    }
}
