// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age

extension AgeError: DescribedFailure {
    package var failure: Failure {
        Failure(kind, message, hint: hint, word: failureClass.rawValue)
    }

    private var kind: FailureClass {
        switch self {
        case .noRecipients, .incompatibleRecipients: .usage
        default: .failed
        }
    }

    private var message: Text {
        switch failureClass {
        case .header: headerMessage
        case .mac:
            Text(
                en: "the header was changed after the file was sealed",
                es: "la cabecera fue modificada después de sellar el archivo"
            )
        case .noMatch:
            Text(
                en: "none of the identities opens this file",
                es: "ninguna de las identidades abre este archivo"
            )
        case .payload: payloadMessage
        case .armor, .key: textMessage
        case .recipients: recipientsMessage
        case .range:
            Text(
                en: "the range lies outside the file",
                es: "el rango queda fuera del archivo"
            )
        case .source, .sink: systemMessage
        case .plugin:
            Text(
                en: "the age client does not speak the plugin protocol",
                es: "el cliente de age no habla el protocolo de complementos"
            )
        case .memory:
            Text(
                en: "there is not enough memory for the passphrase's work factor",
                es: "no hay memoria suficiente para el factor de trabajo de la contraseña"
            )
        }
    }

    private var hint: Text? {
        switch self {
        case .noRecipients:
            Text(
                en: "give -r RECIPIENT, -R FILE, -i FILE or -p",
                es: "indique -r DESTINATARIO, -R ARCHIVO, -i ARCHIVO o -p"
            )
        case .incompatibleRecipients:
            Text(
                en: "seal twice: once for each kind of recipient",
                es: "selle dos veces: una por cada clase de destinatario"
            )
        default: nil
        }
    }

    private var headerMessage: Text {
        switch self {
        case .malformedHeader(let line):
            Text(
                en: "this is no valid age file: its header breaks the format in line \(line)",
                es: "no es un archivo age válido: su cabecera falla en la línea \(line)"
            )
        case .headerTooLong(let limit):
            Text(
                en: "the header passes the limit of \(limit)",
                es: "la cabecera supera el límite de \(limit)"
            )
        case .malformedStanza(let index):
            Text(
                en: "recipient \(index + 1) in the header is malformed",
                es: "el destinatario \(index + 1) de la cabecera está mal formado"
            )
        case .workFactorTooHigh(let limit):
            Text(
                en: "the passphrase's work factor is above \(limit)",
                es: "el factor de trabajo de la contraseña supera \(limit)"
            )
        case .passphraseNotAlone:
            Text(
                en: "a passphrase stands beside other recipients in the header",
                es: "hay una contraseña junto a otros destinatarios en la cabecera"
            )
        default:
            Text(
                en: "the file ends right after its header",
                es: "el archivo termina justo después de su cabecera"
            )
        }
    }

    private var payloadMessage: Text {
        switch self {
        case .payloadTruncated(let index):
            Text(
                en: "the file is cut short: chunk \(index) is missing or incomplete",
                es: "el archivo está cortado: el bloque \(index) falta o está incompleto"
            )
        case .trailingPayload(let index):
            Text(
                en: "bytes follow the last chunk, number \(index)",
                es: "hay bytes después del último bloque, el número \(index)"
            )
        case .emptyLastChunk(let index):
            Text(
                en: "the last chunk, number \(index), is empty",
                es: "el último bloque, el número \(index), está vacío"
            )
        case .chunkAuthenticationFailed(let index):
            Text(
                en: "chunk \(index) was changed or is damaged",
                es: "el bloque \(index) fue modificado o está dañado"
            )
        default: Text(en: "the payload is damaged", es: "el contenido está dañado")
        }
    }

    private var textMessage: Text {
        switch self {
        case .malformedArmor(let line):
            Text(
                en: "the armor breaks the format in line \(line)",
                es: "la armadura de texto falla en la línea \(line)"
            )
        case .malformedRecipient(let line):
            Text(
                en: "line \(line) is no recipient (age1… or age1pq1…)",
                es: "la línea \(line) no es un destinatario (age1… o age1pq1…)"
            )
        case .malformedIdentity(let line):
            Text(
                en: "line \(line) is no identity (AGE-SECRET-KEY-…)",
                es: "la línea \(line) no es una identidad (AGE-SECRET-KEY-…)"
            )
        default:
            Text(
                en: "the file of keys is too long, or holds no key",
                es: "el archivo de claves es demasiado largo, o no tiene ninguna"
            )
        }
    }

    private var recipientsMessage: Text {
        self == .noRecipients
            ? Text(
                en: "nobody was named who may open the file",
                es: "no se indicó quién puede abrir el archivo"
            )
            : Text(
                en: "post-quantum, classic and passphrase recipients cannot be mixed",
                es: "no se pueden mezclar destinatarios poscuánticos, clásicos y contraseñas"
            )
    }

    private var systemMessage: Text {
        switch self {
        case .sourceFailed(let code):
            Text(
                en: "cannot read the input: \(SystemReason(code).text.en)",
                es: "no se puede leer la entrada: \(SystemReason(code).text.es)"
            )
        case .sinkFailed(let code):
            Text(
                en: "cannot write the output: \(SystemReason(code).text.en)",
                es: "no se puede escribir la salida: \(SystemReason(code).text.es)"
            )
        default: Text(en: "input or output failed", es: "falló la entrada o la salida")
        }
    }
}
