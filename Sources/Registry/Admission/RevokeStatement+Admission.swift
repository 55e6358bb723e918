// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension RevokeStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.7.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let isOwnRequest = self.reason == .subjectRequest
        let subject = try state.open(self.subject, evenRevoked: isOwnRequest)
        if isOwnRequest {
            guard entry.isSigned(by: subject.key) else { throw .notSigned }
            // Whoever has a dead person's phone shall not keep the death from being told.
            guard !subject.closures.contains(where: { $0.isPending(at: state.clock) }) else {
                throw .subjectClosed
            }
        } else {
            try state.requireCouncil(charter.revokeQuorum, entry)
        }
        try state.requirePast(self.lastTrustedAt)
        state.close(
            subject,
            as: isOwnRequest ? .withdrawn : .revoked,
            self.reason,
            self.lastTrustedAt,
            by: entry
        )
    }
}
