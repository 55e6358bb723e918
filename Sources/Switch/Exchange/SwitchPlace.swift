// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements
package import TransparencyLog

/// Where the people of a switch trade statements: a shared directory, or the logs of several nodes.
///
/// Spec: `docs/spec/switch.md`, section 9.
package protocol SwitchPlace: AnyObject {
    /// Logs and witnesses, as an arming names them.
    var policyText: String { get }
    /// The same, read.
    var policy: LogPolicy { get }
    /// In how many logs a statement has to stand before it counts.
    var receiptCountMin: Int { get }

    /// What the logs hold, with its times.
    ///
    /// - Throws: What reading them throws.
    func log() throws -> WitnessedLog

    /// Has the logs take statements.
    ///
    /// - Parameters:
    ///   - envelopes: The statements.
    ///   - now: The time, for a witness that has no clock of its own.
    /// - Returns: How many logs have all of them, durable and witnessed.
    /// - Throws: What writing them throws, if no log has them.
    @discardableResult
    func append(_ envelopes: [Envelope], asOf now: Int64) throws -> Int

    /// The newest checkpoint, cosigned now.
    ///
    /// - Throws: What reading the logs throws.
    func refresh(asOf now: Int64) throws -> SignedNote

    /// Stores an escrow file, before the arming that names it.
    ///
    /// - Throws: What writing it throws.
    func store(_ escrow: EscrowFile) throws

    /// Reads the escrow file that an arming names.
    ///
    /// - Throws: ``SwitchError/escrowMissing``, ``SwitchError/escrowChanged``.
    func escrow(_ digest: [UInt8]) throws -> EscrowFile
}

extension Exchange: SwitchPlace {
    /// There is one log.
    package var receiptCountMin: Int { 1 }
}
