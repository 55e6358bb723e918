// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Sodium
import Statements
import Vrf

extension World {
    static let beacons = ["beacon-press", "beacon-rights", "beacon-academia"]

    static func function(_ name: String) throws -> VrfKey {
        try VrfKey(seed: SecretBytes(copying: SHA256.hash(Array("vrf \(name)".utf8))))
    }

    static func holder(_ name: String) throws -> BeaconHolder {
        BeaconHolder(
            constituency: String(name.dropFirst("beacon-".count)),
            key: try publicKey(name),
            function: try function(name).publicKey.bytes
        )
    }

    /// A holder's word on a day; on another one when it lies.
    func output(
        _ name: String,
        for day: Int64,
        provenFor proven: Int64? = nil
    ) throws -> BeaconStatement {
        let key = try Self.function(name)
        let input = PanelSeed.input(context: state.context, day: proven ?? day)
        return BeaconStatement(
            head: head,
            day: day,
            holder: key.publicKey.bytes,
            proof: try key.prove(input).bytes
        )
    }

    @discardableResult
    mutating func speak(_ name: String, for day: Int64) throws -> Refusal? {
        try submit(output(name, for: day), [name])
    }

    /// Puts a charter in force that names the holders.
    @discardableResult
    mutating func nameBeacons() throws -> Refusal? {
        let charter = try Self.charter(
            number: 2,
            date: state.clock,
            beacons: Self.beacons.map(Self.holder)
        )
        let refusal = try submit(charter, Self.roots)
        try pass(days: Int64(charter.limits[.charterDelayDays]))
        return refusal
    }
}
