// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Exports

/// What can be wrong with what a person asked to export.
enum ExportFailure {
    static var noSource: Failure {
        Failure(
            .usage,
            Text(
                en: "labels need the DID of the label server",
                es: "las etiquetas necesitan el DID del servidor de etiquetas"
            ),
            hint: Text(en: "for example --source did:web:…", es: "por ejemplo --source did:web:…")
        )
    }

    static var noProfiles: Failure {
        Failure(
            .usage,
            Text(
                en: "verifications carry names, which the registry does not know: --profiles FILE",
                es:
                    "las verificaciones llevan nombres que aquí no se conocen: --profiles ARCHIVO"
            )
        )
    }

    static func badProfile(_ file: String, line: Int) -> Failure {
        Failure(
            .failed,
            Text(
                en: "\(file), line \(line): not {\"did\", \"displayName\", \"handle\"}",
                es: "\(file), línea \(line): no es {\"did\", \"displayName\", \"handle\"}"
            )
        )
    }

    static func badLine(_ text: String) -> Failure {
        let known = TrustText.Attribute.allCases.map(\.rawValue).joined(separator: ", ")
        return Failure(
            .usage,
            Text(
                en: "“\(text)” is no line of trust.txt: ATTRIBUTE=ADDRESS, of \(known)",
                es: "«\(text)» no es una línea de trust.txt: ATRIBUTO=DIRECCIÓN, de \(known)"
            )
        )
    }
}

extension ExportError: DescribedFailure {
    var failure: Failure {
        switch self {
        case .notPublic:
            Failure(
                .notAllowed,
                Text(
                    en: "only a snapshot for everybody is exported",
                    es: "solo se exporta una instantánea pública"
                )
            )
        case .notAnAddress(let text):
            Failure(
                .usage,
                Text(
                    en: "“\(text)” is no address that trust.txt can hold",
                    es: "«\(text)» no es una dirección para trust.txt"
                ),
                hint: Text(en: "https://…, without spaces", es: "https://…, sin espacios")
            )
        case .namesASource:
            Failure(
                .notAllowed,
                Text(
                    en: "trust.txt is for organisations: an address names the account of a source",
                    es:
                        "trust.txt es para organizaciones: una dirección nombra una cuenta ajena"
                )
            )
        }
    }
}
