// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// Any statement of the registry.
package enum RegistryStatement: Equatable, Sendable {
    case charter(CharterStatement)
    case batch(BatchStatement)
    case accreditVerifier(AccreditVerifierStatement)
    case removeVerifier(RemoveVerifierStatement)
    case register(RegisterStatement)
    case rotateKey(RotateKeyStatement)
    case proveControl(ProveControlStatement)
    case vouch(VouchStatement)
    case withdrawVouch(WithdrawVouchStatement)
    case suspend(SuspendStatement)
    case revoke(RevokeStatement)
    case memorial(MemorialStatement)
    case designateNetwork(DesignateNetworkStatement)
    case withdrawDesignation(WithdrawDesignationStatement)
    case correct(CorrectStatement)

    /// Reads the statement in an envelope, its signatures not looked at.
    ///
    /// - Throws: `.unexpectedType` for what is not the registry's; the field errors.
    package init(_ envelope: Envelope) throws(StatementError) {
        self =
            switch envelope.payloadType {
            case CharterStatement.payloadType: .charter(try envelope.read())
            case BatchStatement.payloadType: .batch(try envelope.read())
            case AccreditVerifierStatement.payloadType: .accreditVerifier(try envelope.read())
            case RemoveVerifierStatement.payloadType: .removeVerifier(try envelope.read())
            case RegisterStatement.payloadType: .register(try envelope.read())
            case RotateKeyStatement.payloadType: .rotateKey(try envelope.read())
            case ProveControlStatement.payloadType: .proveControl(try envelope.read())
            case VouchStatement.payloadType: .vouch(try envelope.read())
            case WithdrawVouchStatement.payloadType: .withdrawVouch(try envelope.read())
            case SuspendStatement.payloadType: .suspend(try envelope.read())
            case RevokeStatement.payloadType: .revoke(try envelope.read())
            case MemorialStatement.payloadType: .memorial(try envelope.read())
            case DesignateNetworkStatement.payloadType: .designateNetwork(try envelope.read())
            case WithdrawDesignationStatement.payloadType:
                .withdrawDesignation(try envelope.read())
            case CorrectStatement.payloadType: .correct(try envelope.read())
            default: throw .unexpectedType
            }
    }

    /// Which registry, and which day the signers claim.
    package var head: RegistryHead {
        switch self {
        case .charter(let statement): statement.head
        case .batch(let statement): statement.head
        case .accreditVerifier(let statement): statement.head
        case .removeVerifier(let statement): statement.head
        case .register(let statement): statement.head
        case .rotateKey(let statement): statement.head
        case .proveControl(let statement): statement.head
        case .vouch(let statement): statement.head
        case .withdrawVouch(let statement): statement.head
        case .suspend(let statement): statement.head
        case .revoke(let statement): statement.head
        case .memorial(let statement): statement.head
        case .designateNetwork(let statement): statement.head
        case .withdrawDesignation(let statement): statement.head
        case .correct(let statement): statement.head
        }
    }
}
