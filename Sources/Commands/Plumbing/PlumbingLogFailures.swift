// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Storage
import TransparencyLog

extension TransparencyLogError: DescribedFailure {
    package var failure: Failure {
        Failure(kind, message, word: word)
    }

    private var kind: FailureClass {
        switch self {
        case .malformedKey, .malformedName, .malformedPolicy, .malformedTilePath: .usage
        case .entryTooLong: .failed
        default: .doesNotVerify
        }
    }

    /// The class of the failure, for programs.
    private var word: String {
        switch self {
        case .malformedHash: "hash"
        case .malformedKey, .malformedName: "key"
        case .malformedNote: "note"
        case .malformedCheckpoint: "checkpoint"
        case .malformedProof: "proof"
        case .malformedRequest: "request"
        case .malformedEvidence: "evidence"
        case .malformedPolicy: "policy"
        case .malformedTilePath, .malformedTile, .malformedBundle: "tile"
        case .entryTooLong: "entry"
        case .tooLong: "length"
        case .invalidSignature, .noKnownSignature: "signature"
        case .unknownLog: "origin"
        case .quorumNotReached: "quorum"
        case .indexOutOfRange: "index"
        case .rangeInvalid: "range"
        case .inclusionNotProven: "inclusion"
        case .consistencyNotProven: "consistency"
        case .noContradiction: "no-fork"
        }
    }

    private var message: Text {
        switch self {
        case .malformedNote, .malformedCheckpoint, .malformedProof, .malformedPolicy:
            formatMessage
        case .malformedHash, .malformedKey, .malformedName, .malformedTilePath, .malformedTile,
            .malformedBundle, .malformedEvidence, .entryTooLong, .tooLong:
            inputMessage
        default: proofMessage
        }
    }

    private var formatMessage: Text {
        switch self {
        case .malformedNote(let line):
            Text(
                en: "the signed note breaks its format in line \(line)",
                es: "la nota firmada falla en la línea \(line)"
            )
        case .malformedCheckpoint(let line):
            Text(
                en: "the checkpoint breaks its format in line \(line)",
                es: "el checkpoint falla en la línea \(line)"
            )
        case .malformedPolicy(let line):
            Text(
                en: "the policy breaks its format in line \(line)",
                es: "la política falla en la línea \(line)"
            )
        case .malformedProof(let line):
            Text(
                en: "the proof file breaks its format in line \(line)",
                es: "el archivo de prueba falla en la línea \(line)"
            )
        default: Text(en: "the format is broken", es: "el formato falla")
        }
    }

    private var inputMessage: Text {
        switch self {
        case .malformedEvidence:
            Text(
                en: "this is no evidence against a log",
                es: "no es evidencia contra un registro"
            )
        case .malformedHash: Text(en: "this is no SHA-256 hash", es: "no es un resumen SHA-256")
        case .malformedKey: Text(en: "this is no key of a log", es: "no es una clave de registro")
        case .malformedName:
            Text(
                en: "a name is not empty and has neither spaces nor “+”",
                es: "un nombre no está vacío ni lleva espacios ni «+»"
            )
        case .entryTooLong(let limit):
            Text(
                en: "an entry is longer than \(limit) bytes",
                es: "una entrada pasa de \(limit) bytes"
            )
        case .tooLong(let limit):
            Text(
                en: "the text is longer than \(limit) bytes",
                es: "el texto pasa de \(limit) bytes"
            )
        default: Text(en: "this is no tile of a log", es: "no es una pieza de un registro")
        }
    }

    private var proofMessage: Text {
        switch self {
        case .invalidSignature(let line):
            Text(
                en: "signature \(line) of the checkpoint does not verify",
                es: "la firma \(line) del checkpoint no se verifica"
            )
        case .noKnownSignature:
            Text(
                en: "the checkpoint is not signed by a known key",
                es: "el checkpoint no está firmado por una clave conocida"
            )
        case .unknownLog:
            Text(
                en: "the checkpoint is of another log",
                es: "el checkpoint es de otro registro"
            )
        case .quorumNotReached(let valid):
            Text(
                en: "too few witnesses cosigned the checkpoint (\(valid))",
                es: "muy pocos testigos cofirmaron el checkpoint (\(valid))"
            )
        case .indexOutOfRange:
            Text(en: "the log has no such entry", es: "el registro no tiene esa entrada")
        case .noContradiction:
            Text(
                en: "the two checkpoints do not contradict each other",
                es: "los dos checkpoints no se contradicen"
            )
        case .inclusionNotProven:
            Text(
                en: "the proof does not lead from this entry to the checkpoint",
                es: "la prueba no lleva de esta entrada al checkpoint"
            )
        default:
            Text(
                en: "the log does not extend the older one",
                es: "el registro no extiende al anterior"
            )
        }
    }
}

extension TiledLogError: DescribedFailure {
    package var failure: Failure {
        switch self {
        case .notFound:
            Failure(
                .failed,
                Text(en: "there is no log here", es: "aquí no hay ningún registro"),
                word: "no-log"
            )
        case .exists:
            Failure(
                .notAllowed,
                Text(en: "there is a log here already", es: "aquí ya hay un registro"),
                word: "exists"
            )
        case .locked:
            Failure(
                .notAllowed,
                Text(
                    en: "another process has the log open",
                    es: "otro proceso tiene abierto el registro"
                ),
                word: "locked"
            )
        case .superseded:
            Failure(
                .notAllowed,
                Text(
                    en: "another process took the log over, so this one ends",
                    es: "otro proceso tomó el registro, así que este termina"
                ),
                word: "superseded"
            )
        case .damaged(let path):
            Failure(
                .storeDamaged,
                Text(
                    en: "a file of the log is missing or damaged (\(path))",
                    es: "falta o está dañado un archivo del registro (\(path))"
                ),
                word: "damaged"
            )
        case .wrongKey(let error): error.failure
        default: refusal
        }
    }

    private var refusal: Failure {
        switch self {
        case .needsReopening:
            Failure(
                .failed,
                Text(
                    en: "it is not known whether the last entries were kept",
                    es: "no se sabe si se guardaron las últimas entradas"
                ),
                hint: Text(en: "try again", es: "intente de nuevo"),
                word: "interrupted"
            )
        case .tooManyEntries(let limit):
            Failure(
                .usage,
                Text(
                    en: "a batch has at most \(limit) entries",
                    es: "un lote tiene a lo más \(limit) entradas"
                ),
                word: "batch"
            )
        case .entryTooLong(let limit): TransparencyLogError.entryTooLong(limit: limit).failure
        case .outOfRange:
            Failure(
                .failed,
                Text(en: "the log is not that large", es: "el registro no es tan grande"),
                word: "index"
            )
        case .invalidCosignature: TransparencyLogError.noKnownSignature.failure
        default:
            Failure(
                .failed,
                Text(
                    en: "this log keeps no entries, only their hashes",
                    es: "este registro no guarda entradas, solo sus resúmenes"
                ),
                word: "no-entries"
            )
        }
    }
}

extension FileSystemError: DescribedFailure {
    package var failure: Failure {
        let (path, reason) = place
        return Failure(
            .failed,
            Text(en: "\(path): \(reason.en)", es: "\(path): \(reason.es)"),
            word: "io"
        )
    }

    private var place: (path: String, reason: Text) {
        switch self {
        case .notFound(let path): (path, Text(en: "it does not exist", es: "no existe"))
        case .exists(let path): (path, Text(en: "it exists already", es: "ya existe"))
        case .notPermitted(let path):
            (path, Text(en: "permission denied", es: "permiso denegado"))
        case .noSpace(let path): (path, Text(en: "the disk is full", es: "el disco está lleno"))
        case .readOnly(let path):
            (path, Text(en: "the disk is read-only", es: "el disco es de solo lectura"))
        case .locked(let path):
            (path, Text(en: "another process uses it", es: "otro proceso lo usa"))
        case .tooLarge(let path, let limit):
            (
                path,
                Text(en: "it has more than \(limit) bytes", es: "tiene más de \(limit) bytes")
            )
        case .failed(_, let path, let code): (path, SystemReason(code).text)
        }
    }
}
