// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension CanaryStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.18.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        var canary = subject.canary ?? Canary()
        let promise = promise.map { Canary.Promise($0, charter.limits) }
        try canary.hold(promise, on: head.date, at: state.clock)
        state.subjects[subject.id]?.canary = canary
    }
}

extension AliveStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.18.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard var canary = subject.canary, canary.hear(self, at: state.clock) else {
            throw .noCanary
        }
        // Whoever read the word may bring it, as long as somebody answers for the day of it.
        guard entry.isSigned(by: subject.key) || !state.activeSigners(of: entry).isEmpty else {
            throw .notSigned
        }
        state.subjects[subject.id]?.canary = canary
    }
}
