// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Storage
import Vault

extension DisclosureError: DescribedFailure {
    var failure: Failure {
        switch self {
        case .fieldMissing(let path):
            Failure(
                .failed,
                Text(
                    en: "the item has no field “\(path)”",
                    es: "el objeto no tiene el campo «\(path)»"
                ),
                hint: Text(
                    en: "fields are called note, capturedAt, files/0/name, files/*/sha256;"
                        + " `disclose fields` shows them all",
                    es: "los campos se llaman note, capturedAt, files/0/name, files/*/sha256;"
                        + " `disclose fields` los muestra"
                )
            )
        case .fileMissing(let name):
            Failure(
                .failed,
                Text(
                    en: "the item has no file “\(name)”",
                    es: "el objeto no tiene el archivo «\(name)»"
                ),
                hint: Text(
                    en: "give its number or its whole name; `disclose fields` shows them",
                    es: "indique su número o su nombre completo; `disclose fields` los muestra"
                )
            )
        case .nothingChosen:
            Failure(
                .usage,
                Text(en: "nothing to show was chosen", es: "no se eligió nada que mostrar"),
                hint: Text(en: "give --fields or --file", es: "indique --fields o --file")
            )
        case .tooLarge:
            Failure(
                .failed,
                Text(
                    en: "that is more than one package holds",
                    es: "es más de lo que cabe en un paquete"
                ),
                hint: Text(
                    en: "choose fewer fields, or make several packages",
                    es: "elija menos campos, o haga varios paquetes"
                )
            )
        default: Failure(.doesNotVerify, flaw)
        }
    }

    private var flaw: Text {
        switch self {
        case .malformed(let place):
            Text(
                en: "the package is malformed: \(place)",
                es: "el paquete está mal formado: \(place)"
            )
        case .notReceipted(let leaf) where leaf == 0:
            Text(
                en: "the fields of the item are not those of the receipt",
                es: "los campos del objeto no son los del recibo"
            )
        case .notReceipted(let leaf):
            Text(
                en: "the fields of files/\(leaf - 1) are not those of the receipt",
                es: "los campos de files/\(leaf - 1) no son los del recibo"
            )
        case .contentDiffers(let path):
            Text(
                en: "\(path.text) is not the file that was deposited",
                es: "\(path.text) no es el archivo que se depositó"
            )
        case .contentMissing(let path):
            Text(en: "\(path.text) is missing", es: "falta \(path.text)")
        case .stranger(let path):
            Text(
                en: "\(path.text) is in the package, and nothing proves it",
                es: "\(path.text) está en el paquete y nada lo prueba"
            )
        default: Text(en: "it does not verify", es: "no se verifica")
        }
    }
}
