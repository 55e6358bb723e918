// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

extension StatementError: DescribedFailure {
    package var failure: Failure {
        switch self {
        case .tooLong(let limit):
            Self.malformed(
                Text(
                    en: "the statement is longer than \(limit) bytes",
                    es: "la declaración mide más de \(limit) bytes"
                )
            )
        case .malformedEnvelope:
            Self.malformed(
                Text(en: "this is no signed statement", es: "esto no es una declaración firmada")
            )
        case .malformedPayload:
            Self.malformed(
                Text(
                    en: "what was signed is no canonical JSON",
                    es: "lo firmado no es JSON canónico"
                )
            )
        case .missingField(let field):
            Self.malformed(
                Text(en: "the field \(field) is missing", es: "falta el campo \(field)")
            )
        case .unknownField(let field):
            Self.malformed(
                Text(en: "the field \(field) is unknown", es: "el campo \(field) es desconocido")
            )
        case .wrongType(let field):
            Self.malformed(
                Text(
                    en: "the field \(field) is of the wrong type",
                    es: "el campo \(field) es de otro tipo"
                )
            )
        case .invalidValue(let field):
            Self.malformed(
                Text(
                    en: "the field \(field) has a value that is not allowed",
                    es: "el campo \(field) tiene un valor no permitido"
                )
            )
        case .unexpectedType:
            Self.malformed(
                Text(
                    en: "this is another kind of statement",
                    es: "esta es otra clase de declaración"
                )
            )
        case .unknownVersion:
            Self.malformed(
                Text(
                    en: "the statement is of a version that this program does not know",
                    es: "la declaración es de una versión que este programa no conoce"
                )
            )
        case .payloadTypeMismatch:
            Self.malformed(
                Text(
                    en: "the statement is not of the type that its envelope says",
                    es: "la declaración no es del tipo que dice su sobre"
                )
            )
        case .invalidSignatureList:
            Self.malformed(
                Text(
                    en: "the list of signatures is not in order",
                    es: "la lista de firmas no está en orden"
                )
            )
        case .invalidSignature(let index):
            Failure(
                .doesNotVerify,
                Text(
                    en: "signature \(index + 1) does not verify",
                    es: "la firma \(index + 1) no se verifica"
                ),
                word: "signature"
            )
        case .notEnoughSignatures(let needed, let valid):
            Failure(
                .doesNotVerify,
                Text(
                    en: "\(valid) of \(needed) expected signatures are there",
                    es: "hay \(valid) de \(needed) firmas esperadas"
                ),
                word: "signature"
            )
        }
    }

    private static func malformed(_ message: Text) -> Failure {
        Failure(.doesNotVerify, message, word: "statement")
    }
}
