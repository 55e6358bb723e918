// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// Why a statement or its envelope was refused.
///
/// Fields are named by their path from the top of the document, `trustees[2].key` for example. No
/// case carries a value.
package enum StatementError: Error, Equatable, Sendable {
    /// The envelope is longer than a log entry may be.
    case tooLong(limit: Int)
    /// The envelope is not JSON, or not in canonical form.
    case malformedEnvelope(EncodingError)
    /// The payload is not canonical JSON.
    case malformedPayload(EncodingError)
    /// A field that has to be there is not.
    case missingField(String)
    /// A field that this version does not have is there.
    case unknownField(String)
    /// A field has another JSON type than it should.
    case wrongType(field: String)
    /// A field has the right type but a length, value or spelling that is not allowed.
    case invalidValue(field: String)
    /// The statement is of another type than the one asked for.
    case unexpectedType
    /// The statement is of a version that this program does not know.
    case unknownVersion
    /// The payload type of the envelope does not fit the type and version inside the payload.
    case payloadTypeMismatch
    /// The envelope carries no signature, too many, one twice, or not in the order of key ids.
    case invalidSignatureList
    /// A signature by one of the expected keys does not verify.
    case invalidSignature(index: Int)
    /// Fewer of the expected keys have signed than are needed.
    case notEnoughSignatures(needed: Int, valid: Int)
}
