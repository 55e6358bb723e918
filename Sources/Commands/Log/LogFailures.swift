// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import TimeStamping

extension TimestampError: DescribedFailure {
    package var failure: Failure {
        if case .refused = self { return Failure(.failed, message) }
        if case .noRoots = self {
            return Failure(
                .usage,
                message,
                hint: Text(
                    en: "give a PEM file with --tsa-roots FILE",
                    es: "indique un archivo PEM con --tsa-roots ARCHIVO"
                )
            )
        }
        return Failure(.doesNotVerify, message)
    }

    private var message: Text {
        switch self {
        case .malformed:
            Text(
                en: "what the authority sent is no RFC 3161 response",
                es: "lo que envió la autoridad no es una respuesta RFC 3161"
            )
        case .refused(let status):
            Text(
                en: "the authority refused (status \(status))",
                es: "la autoridad se negó (estado \(status))"
            )
        case .otherData:
            Text(
                en: "the authority's answer is about other data",
                es: "la respuesta de la autoridad es sobre otros datos"
            )
        case .otherNonce:
            Text(
                en: "the authority's answer is to another question: it may be an old one",
                es: "la respuesta de la autoridad es a otra pregunta: puede ser una vieja"
            )
        case .noRoots:
            Text(
                en: "there is no certificate to check the authority's signature with",
                es: "no hay certificado con que revisar la firma de la autoridad"
            )
        case .untrusted:
            Text(
                en: "the authority's signature is wrong, or no given certificate vouches for it",
                es: "la firma de la autoridad es incorrecta, o ningún certificado dado la respalda"
            )
        }
    }
}
