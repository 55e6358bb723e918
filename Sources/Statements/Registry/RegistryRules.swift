// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a charter asks of sources: data, so that a council can change it in the open.
///
/// Spec: `docs/spec/registry.md`, section 3.1.
package struct RegistryRules: Equatable, Sendable {
    /// Vouches for the tier that only platforms see.
    package let provisional: RegistryQuorum
    /// Vouches for the badge.
    package let attested: RegistryQuorum
    /// Vouches for the highest tier, besides an attested epoch before.
    package let strong: RegistryQuorum
    /// Verifiers that looked at an account and saw the subject's proof on it.
    package let observers: RegistryQuorum
    /// Verifiers that can suspend a source for a few days.
    package let emergency: RegistryQuorum
    /// Days that a vouch has to stand unopposed before it counts for the badge.
    package let objectionDays: Int
    /// Days that a provisional tier lasts.
    package let provisionalDays: Int
    /// Days that vouches count after their epoch.
    package let graceDays: Int
    /// Days after which control of an account has to be shown again.
    package let controlDays: Int
    /// Days that an emergency suspension lasts at most.
    package let emergencyDays: Int

    /// The rules of `design/registry.md`.
    package static let standard = RegistryRules(
        provisional: RegistryQuorum(count: 2, constituencies: 2),
        attested: RegistryQuorum(count: 3, constituencies: 2),
        strong: RegistryQuorum(count: 5, constituencies: 3),
        observers: RegistryQuorum(count: 2, constituencies: 1),
        emergency: RegistryQuorum(count: 2, constituencies: 2),
        objectionDays: 3,
        provisionalDays: 30,
        graceDays: 21,
        controlDays: 90,
        emergencyDays: 3
    )

    package init(
        provisional: RegistryQuorum,
        attested: RegistryQuorum,
        strong: RegistryQuorum,
        observers: RegistryQuorum,
        emergency: RegistryQuorum,
        objectionDays: Int,
        provisionalDays: Int,
        graceDays: Int,
        controlDays: Int,
        emergencyDays: Int
    ) {
        self.provisional = provisional
        self.attested = attested
        self.strong = strong
        self.observers = observers
        self.emergency = emergency
        self.objectionDays = objectionDays
        self.provisionalDays = provisionalDays
        self.graceDays = graceDays
        self.controlDays = controlDays
        self.emergencyDays = emergencyDays
    }

    init(fields: inout StatementFields) throws(StatementError) {
        provisional = try fields.quorum("provisional")
        attested = try fields.quorum("attested")
        strong = try fields.quorum("strong")
        observers = try fields.quorum("observers")
        emergency = try fields.quorum("emergency")
        objectionDays = Int(try fields.integer("objectionDays", in: 0...30))
        provisionalDays = Int(try fields.integer("provisionalDays", in: 1...90))
        graceDays = Int(try fields.integer("graceDays", in: 0...45))
        controlDays = Int(try fields.integer("controlDays", in: 1...365))
        emergencyDays = Int(try fields.integer("emergencyDays", in: 1...14))
        // A badge by one organisation, or by one constituency, is what this registry is against.
        let least = RegistryQuorum(count: 2, constituencies: 2)
        guard provisional.isAtLeast(least), emergency.isAtLeast(least),
            attested.isAtLeast(provisional), strong.isAtLeast(attested)
        else { throw .invalidValue(field: "rules") }
    }

    package var json: JSONValue {
        [
            "attested": attested.json,
            "controlDays": .integer(Int64(controlDays)),
            "emergency": emergency.json,
            "emergencyDays": .integer(Int64(emergencyDays)),
            "graceDays": .integer(Int64(graceDays)),
            "objectionDays": .integer(Int64(objectionDays)),
            "observers": observers.json,
            "provisional": provisional.json,
            "provisionalDays": .integer(Int64(provisionalDays)),
            "strong": strong.json,
        ]
    }
}
