// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Statements

/// Whose signature on a statement could count.
///
/// A node keeps no other signature: strangers could fill up what waits, or take the place of one.
///
/// Spec: `docs/spec/node.md`, section 13.
package struct RegistryVoices {
    /// Keys that the registry knows, by the id under which envelopes list them.
    private var known: [RegistryID: RegistryKey] = [:]
    /// Keys that the statement itself brings along.
    private var new: [RegistryID: RegistryKey] = [:]
    private let waiting: (RegistryID) -> RegistryKey?

    /// - Parameters:
    ///   - statement: What is signed.
    ///   - state: What the log says.
    ///   - waiting: Finds a key in the other statements that wait: that of a source which is not in
    ///     the log yet.
    package init(
        of statement: any RegistryStatement,
        _ state: RegistryState,
        waiting: @escaping (RegistryID) -> RegistryKey?
    ) {
        self.waiting = waiting
        if let charter = state.charter {
            add(keys: (charter.root + charter.seats).map(\.key) + [charter.operatorKey])
            add(keys: charter.beacons.map(\.key))
        }
        for verifier in state.verifiers.values { known[verifier.key.id] = verifier.key }
        for id in Self.digests(in: statement.json) { add(state, named: id) }
        for key in Self.keys(in: statement) { new[key.id] = key }
    }

    /// Leaves the right signatures of these keys in an envelope.
    ///
    /// - Parameter envelope: Of the statement; afterwards with the signatures that could count.
    /// - Returns: Whether any of them is by a key that the registry knows; whether there is any.
    package func keepRight(in envelope: inout Envelope) -> (isKnown: Bool, isSigned: Bool) {
        envelope.keepRight { id in
            RegistryID(hex: id).flatMap { known[$0] ?? new[$0] ?? waiting($0) }?.key
        }
        let isKnown = envelope.signatures.contains { signature in
            RegistryID(hex: signature.keyID).map { known[$0] != nil } ?? false
        }
        return (isKnown, !envelope.signatures.isEmpty)
    }

    /// The keys that a statement brings along.
    package static func keys(in statement: any RegistryStatement) -> [RegistryKey] {
        digests(in: statement.json).map { RegistryKey(bytes: $0.bytes) }
    }

    /// Everything in a statement that can be a key or a digest.
    private static func digests(in json: JSONValue) -> [RegistryID] {
        switch json {
        case .string(let text): RegistryID(hex: text).map { [$0] } ?? []
        case .array(let elements): elements.flatMap { digests(in: $0) }
        case .object(let members): members.values.flatMap { digests(in: $0) }
        case .integer, .boolean: []
        }
    }

    private mutating func add(keys: [[UInt8]]) {
        for bytes in keys {
            let key = RegistryKey(bytes: bytes)
            known[key.id] = key
        }
    }

    /// Those who speak for what a statement names.
    private mutating func add(_ state: RegistryState, named id: RegistryID) {
        if let subject = state.subjects[id] { add(subject) }
        if let seal = state.unproven[id]?.statement.seal { add(keys: [seal.key]) }
        guard let complaint = state.complaints[id] else { return }
        add(keys: [complaint.statement.key])
        let target = RegistryID(complaint.statement.target)
        if let subject = state.subjects[target] ?? state.subject(with: complaint) { add(subject) }
    }

    private mutating func add(_ subject: Subject) {
        var keys = [subject.key] + subject.vouches.compactMap(\.key)
        keys += subject.guardians.flatMap(\.keys)
        if let recovery = subject.recovery { keys.append(recovery.key) }
        for key in keys { known[key.id] = key }
    }
}
