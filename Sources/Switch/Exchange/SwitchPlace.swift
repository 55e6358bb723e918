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
    /// The one switch that is traded here, where only one can be.
    var onlySwitch: SwitchID? { get }
    /// Whether it was made for trying things out, so that moved clocks may sign in it.
    var isDemo: Bool { get }
    /// Whether a log was seen to do what none may do.
    var isAlarmed: Bool { get }

    /// What the logs hold, with its times.
    ///
    /// - Throws: What reading them throws.
    func log() throws -> WitnessedLog

    /// The time by which it counts.
    ///
    /// - Parameter clock: This machine's.
    /// - Returns: Nil when too few witnesses were heard to know.
    /// - Throws: What reading the logs throws.
    func time(orOf clock: Int64) throws -> Int64?

    /// Has the logs take statements, and first whatever any of them lacks.
    ///
    /// - Parameters:
    ///   - envelopes: The statements; none just to even the logs out.
    ///   - now: The time, for a witness that has no clock of its own.
    /// - Returns: How many logs have all of them, durable and witnessed.
    /// - Throws: What writing them throws, if no log has them.
    @discardableResult
    func append(_ envelopes: [Envelope], asOf now: Int64) throws -> Int

    /// All statements of a switch with all their proofs, for another way than this one.
    ///
    /// - Throws: What reading the logs throws.
    func export(_ id: SwitchID) throws -> [SwitchText]

    /// Takes in what somebody carried here.
    ///
    /// - Parameters:
    ///   - texts: What ``export(_:)`` gave, here or elsewhere.
    ///   - id: The switch that is meant; nothing of another is taken.
    ///   - now: As for ``append(_:asOf:)``.
    /// - Returns: How many of them are in order.
    /// - Throws: What reading and writing throw.
    func takeIn(_ texts: [SwitchText], of id: SwitchID, asOf now: Int64) throws -> Int

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
