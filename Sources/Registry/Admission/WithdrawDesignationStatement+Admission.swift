// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension WithdrawDesignationStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.8.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.network)
        guard state.networks[id] != nil else { throw .unknownNetwork }
        try state.requireCouncil(charter.designateQuorum, entry)
        state.endDesignation(of: id)
        let earlier = state.networks[id]?.withdrawnOn ?? 0
        state.networks[id]?.withdrawnOn = max(earlier, self.head.date)
    }
}
