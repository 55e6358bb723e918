// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import SnapshotFormat
import Storage

/// What is wrong with a file that the person named.
struct FeedFileFailure: DescribedFailure {
    let path: String
    let error: FeedError

    var failure: Failure {
        switch error {
        case .input(let error): input(error)
        case .unknownFormat:
            Failure(
                .failed,
                Text(
                    en: "\(path): the header is of no format that can be read",
                    es: "\(path): el encabezado no es de ningún formato conocido"
                ),
                hint: Text(
                    en: "columns needed: \(Self.columns)",
                    es: "columnas necesarias: \(Self.columns)"
                )
            )
        case .dataset(let error): dataset(error)
        case .postUnknown(let name):
            Failure(
                .failed,
                Text(
                    en: "\(path) has no post “\(name)” until that time",
                    es: "\(path) no tiene la publicación «\(name)» hasta ese momento"
                )
            )
        case .noPosts:
            Failure(
                .failed,
                Text(
                    en: "\(path) has no posts with a text until that time",
                    es: "\(path) no tiene publicaciones con texto hasta ese momento"
                ),
                hint: Text(
                    en: "import a file of posts, or give a later --as-of",
                    es: "importe un archivo de publicaciones, o indique un --as-of posterior"
                )
            )
        case .policy(let fault): policy(fault)
        }
    }

    private static let columns = FeedFormat.allCases
        .filter { !$0.requiredColumns.isEmpty }
        .map { $0.requiredColumns.joined(separator: ",") }.joined(separator: "; ")

    private func input(_ error: FeedKernelError) -> Failure {
        switch error {
        case .csv(let fault):
            let place = "\(path):\(fault.line):\(fault.column)"
            let field = fault.field.map { " (\($0))" } ?? ""
            let expected = fault.expected.text
            return Failure(
                .failed,
                Text(
                    en: "\(place): expected \(expected.en)\(field)",
                    es: "\(place): se esperaba \(expected.es)\(field)"
                ),
                // A header cannot be skipped, nor a record whose end was not seen.
                hint: fault.line == 1 || fault.isTooLong
                    ? nil
                    : Text(
                        en: "--lenient skips and counts malformed records",
                        es: "--lenient omite y cuenta los registros mal formados"
                    )
            )
        case .missingColumns(let names):
            let list = names.joined(separator: ", ")
            return Failure(
                .failed,
                Text(
                    en: "\(path):1:1: columns are missing: \(list)",
                    es: "\(path):1:1: faltan columnas: \(list)"
                )
            )
        case .emptyFile:
            return Failure(
                .failed,
                Text(en: "\(path): the file is empty", es: "\(path): el archivo está vacío")
            )
        case .tooManyIdentifiers, .tooManyPairs:
            return Failure(
                .failed,
                Text(
                    en: "\(path): more co-shares lie within the window than memory can hold",
                    es: "\(path): hay más coincidencias en la ventana de las que caben en memoria"
                ),
                hint: Text(
                    en: "give a smaller --window, or leave out what everybody shares",
                    es: "indique un --window menor, u omita lo que todos difunden"
                )
            )
        case .tooManySimilar(let limit):
            return Failure(
                .failed,
                Text(
                    en: "\(path): more than \(limit) pairs of accounts have things in common",
                    es: "\(path): más de \(limit) pares de cuentas tienen cosas en común"
                ),
                hint: Text(
                    en: "give --min-similarity, --max-sharers or a greater --min-participation",
                    es: "indique --min-similarity, --max-sharers o un --min-participation mayor"
                )
            )
        case .parameterOutOfRange(let name):
            return Failure(
                .usage,
                Text(
                    en: "--\(name) is out of its range",
                    es: "--\(name) está fuera de su rango"
                )
            )
        }
    }

    private func dataset(_ error: SQLiteFileError) -> Failure {
        let text: Text
        var kind = FailureClass.failed
        switch error {
        case .notADatabase, .otherApplication:
            text = Text(en: "this is no dataset", es: "no es un conjunto de datos")
        case .unknownVersion(let version):
            text = Text(
                en: "the dataset has version \(version), this program knows \(Dataset.version)",
                es: "el conjunto tiene la versión \(version), se conoce la \(Dataset.version)"
            )
        case .damaged:
            kind = .storeDamaged
            text = Text(en: "the dataset is damaged", es: "el conjunto de datos está dañado")
        case .cannotOpen: text = Text(en: "it cannot be opened", es: "no se puede abrir")
        case .readOnly: text = Text(en: "it may not be written", es: "no se puede escribir")
        case .diskFull: text = Text(en: "the disk is full", es: "el disco está lleno")
        case .locked:
            text = Text(
                en: "another process is using it",
                es: "otro proceso lo está usando"
            )
        case .failed(let code):
            text = Text(en: "SQLite error \(code)", es: "error \(code) de SQLite")
        }
        return Failure(kind, Text(en: "\(path): \(text.en)", es: "\(path): \(text.es)"))
    }

    private func policy(_ fault: PolicyFault) -> Failure {
        let key = fault.key.isEmpty ? "" : "\(fault.key): "
        let text = fault.kind.text
        return Failure(
            .failed,
            Text(
                en: "\(path):\(fault.line): \(key)\(text.en)",
                es: "\(path):\(fault.line): \(key)\(text.es)"
            ),
            hint: Text(
                en: "“resguardo feed policy show” prints a policy with all keys explained",
                es: "«resguardo feed policy show» muestra una política con todo explicado"
            )
        )
    }

    /// Runs `body`, and names the file in what it throws.
    static func naming<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as FeedError {
            throw FeedFileFailure(path: path, error: error)
        } catch let error as FeedKernelError {
            throw FeedFileFailure(path: path, error: .input(error))
        } catch let error as PolicyFault {
            throw FeedFileFailure(path: path, error: .policy(error))
        }
    }
}

extension CSVFault {
    /// Whether a record was given up before its end: where the next one begins is not known.
    fileprivate var isTooLong: Bool {
        expected == .shorter(limit: CSVRecordReader.recordByteCountMax)
    }
}

extension CSVFault.Expectation {
    /// What was expected, for a person.
    var text: Text {
        switch self {
        case .closingQuote: Text(en: "a closing quote", es: "una comilla de cierre")
        case .delimiterAfterQuote:
            Text(
                en: "a comma or a line end after the quote",
                es: "una coma o un fin de línea tras la comilla"
            )
        case .quoteAtFieldStart:
            Text(
                en: "a quote only at the start of a field",
                es: "comillas solo al inicio de un campo"
            )
        case .lineFeed:
            Text(
                en: "a line feed after the carriage return",
                es: "un salto de línea tras el retorno de carro"
            )
        case .fieldCount(let count): Text(en: "\(count) fields", es: "\(count) campos")
        case .time:
            Text(
                en: "seconds since 1970 or YYYY-MM-DD HH:MM:SS",
                es: "segundos desde 1970 o AAAA-MM-DD HH:MM:SS"
            )
        case .identifier: Text(en: "an identifier", es: "un identificador")
        case .oneOf(let words):
            Text(
                en: "one of \(words.joined(separator: ", "))",
                es: "uno de \(words.joined(separator: ", "))"
            )
        case .count: Text(en: "a whole number", es: "un número entero")
        case .weight(let limit):
            Text(
                en: "a number over 0 and at most \(limit)",
                es: "un número mayor que 0 y a lo más \(limit)"
            )
        case .text: Text(en: "UTF-8 text without NUL", es: "texto UTF-8 sin NUL")
        case .shorter(let limit):
            Text(en: "at most \(limit) bytes", es: "a lo más \(limit) bytes")
        case .json: Text(en: "an object of JSON", es: "un objeto de JSON")
        case .gzip: Text(en: "a whole gzip file", es: "un archivo gzip completo")
        }
    }
}

extension PolicyFault.Kind {
    /// What is wrong, for a person.
    var text: Text {
        switch self {
        case .notYAML: Text(en: "this is no YAML", es: "esto no es YAML")
        case .tooLong(let limit):
            Text(en: "longer than \(limit) bytes", es: "pasa de \(limit) bytes")
        case .unknownKey: Text(en: "unknown key", es: "clave desconocida")
        case .duplicateKey: Text(en: "the key is there twice", es: "la clave está dos veces")
        case .missingKey: Text(en: "the key is missing", es: "falta la clave")
        case .notAMapping:
            Text(en: "expected keys with values", es: "se esperaban claves con valores")
        case .notANumber(let range):
            Text(
                en: "expected a number from \(number(range.lowerBound)) to "
                    + number(range.upperBound),
                es: "se esperaba un número de \(number(range.lowerBound)) a "
                    + number(range.upperBound)
            )
        case .notADuration:
            Text(
                en: "expected a duration such as 10s, 5m, 6h or 14d",
                es: "se esperaba una duración como 10s, 5m, 6h o 14d"
            )
        case .notAText: Text(en: "expected a text", es: "se esperaba un texto")
        case .paidMustBeOne:
            Text(
                en: "paid verification gives nothing: only 1 is allowed",
                es: "la verificación pagada no da nada: solo se permite 1"
            )
        }
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
