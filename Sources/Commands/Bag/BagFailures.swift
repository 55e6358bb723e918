// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Storage
internal import Vault

extension BagFlaw {
    /// The flaw as a sentence.
    var text: Text {
        switch self {
        case .file(let path):
            let path = BytePath(path).text
            return Text(
                en: "\(path) is missing, changed, or has no place in the bag",
                es: "\(path) falta, cambió o no tiene lugar en el paquete"
            )
        case .tooManyFiles:
            return Text(
                en: "the bag has too many files",
                es: "el paquete tiene demasiados archivos"
            )
        case .signature:
            return Text(
                en: "the signature of who made the bag is wrong, or is of another bag",
                es: "la firma de quien hizo el paquete es incorrecta, o es de otro paquete"
            )
        case .receipt(let item):
            return Text(
                en: "the receipt of item \(item) proves nothing or something else",
                es: "el recibo del objeto \(item) no prueba nada, o prueba otra cosa"
            )
        case .evidence(let item):
            return Text(
                en: "evidence.json of item \(item) is not what was receipted",
                es: "evidence.json del objeto \(item) no es lo que tiene recibo"
            )
        case .otherLog:
            return Text(
                en: "the bag is of another log than the one asked for",
                es: "el paquete es de otro registro que el indicado"
            )
        case .fork:
            return Text(
                en: "the log contradicts itself: it was set back, or copied, and used again",
                es: "el registro se contradice: retrocedió, o se copió, y se volvió a usar"
            )
        case .timestamp(let path):
            return Text(
                en: "the time stamp \(path) does not verify",
                es: "el sello de tiempo \(path) no se verifica"
            )
        case .bracket(let item):
            return Text(
                en: "what proves the time of item \(item) is missing or contradicts itself",
                es: "lo que prueba la hora del objeto \(item) falta o se contradice"
            )
        case .custody:
            return Text(
                en: "the custody log contradicts the evidence",
                es: "la cadena de custodia contradice la evidencia"
            )
        }
    }
}
